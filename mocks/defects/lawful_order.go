package defects

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// reversed encodes a JSON value with the names of each object from Z to A.
func reversed(v any) []byte {
	var out bytes.Buffer
	switch v := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		slices.Reverse(names)
		for i, name := range names {
			out.WriteString(separator(i, "{"))
			out.Write(reversed(name))
			out.WriteByte(':')
			out.Write(reversed(v[name]))
		}
		out.WriteString(closing(len(v), "{}"))
	case []any:
		for i, inner := range v {
			out.WriteString(separator(i, "["))
			out.Write(reversed(inner))
		}
		out.WriteString(closing(len(v), "[]"))
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			return []byte("null")
		}
		return raw
	}
	return out.Bytes()
}

// separator is what stands before the nth part of an object or array.
func separator(n int, opening string) string {
	if n == 0 {
		return opening
	}
	return ","
}

// closing is what stands after the last of n parts; all of it if there is none.
func closing(n int, both string) string {
	if n == 0 {
		return both
	}
	return both[1:]
}
