package html

import (
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/scimproof/scimproof/reports"
)

// The longest texts that the page shows, in characters. report.json has the rest.
const (
	maxText = 2_000
	maxBody = 6_000
)

// cleaned returns a copy of a report in which every text can be shown: this one place, and not
// each template, decides what a hostile string may do. It shares with the report what can be
// shown as it is, which is nearly all of it.
func cleaned(r *reports.Report) *reports.Report {
	clean := cleanValue(reflect.ValueOf(*r), maxText).Interface().(reports.Report)
	return &clean
}

func cleanValue(v reflect.Value, limit int) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		out.SetString(text(v.String(), limit))
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(cleanValue(v.Elem(), limit))
		}
	case reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(cleanValue(v.Index(i), limit))
		}
	case reflect.Map:
		if fitMap(v, limit) {
			return v
		}
		out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
		for entries := v.MapRange(); entries.Next(); {
			out.SetMapIndex(cleanValue(entries.Key(), limit), cleanValue(entries.Value(), limit))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return v
		}
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue // what report.json does not hold is not shown either
			}
			fieldLimit := limit
			if name := v.Type().Field(i).Name; name == "RequestBody" || name == "ResponseBody" {
				fieldLimit = maxBody
			}
			out.Field(i).Set(cleanValue(v.Field(i), fieldLimit))
		}
	default:
		return v
	}
	return out
}

// fitMap reports a map of texts that all can be shown as they are.
func fitMap(v reflect.Value, limit int) bool {
	if v.Type().Key().Kind() != reflect.String || v.Type().Elem().Kind() != reflect.String {
		return false
	}
	for entries := v.MapRange(); entries.Next(); {
		if !fit(entries.Key().String(), limit) || !fit(entries.Value().String(), limit) {
			return false
		}
	}
	return true
}

// fit reports a string that text would not change.
func fit(s string, limit int) bool {
	if len(s) > limit || !utf8.ValidString(s) {
		return false
	}
	return !strings.ContainsFunc(s, hides)
}

// hides reports a character that cannot be seen, or could reorder or hide its neighbours.
func hides(r rune) bool {
	if r == '\n' || r == '\t' {
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}

// text makes one string fit to be shown: valid UTF-8, nothing invisible that
// could reorder or hide its neighbours, and no longer than the limit.
func text(s string, limit int) string {
	if fit(s, limit) {
		return s
	}
	head, rest := cut(strings.ReplaceAll(s, "\r\n", "\n"), limit)
	var out strings.Builder
	for _, r := range head {
		switch {
		case !hides(r):
			out.WriteRune(r) // what is no UTF-8 arrives as U+FFFD
		case r < ' ':
			out.WriteRune('\u2400' + r) // the picture of the control character
		case r == 0x7f:
			out.WriteRune('\u2421')
		default:
			fmt.Fprintf(&out, "⟨U+%04X⟩", r)
		}
	}
	if rest > 0 {
		fmt.Fprintf(&out, " … (%s more in report.json)", plural(rest, "character"))
	}
	return out.String()
}

// cut splits off what goes beyond the limit and counts its characters.
func cut(s string, limit int) (head string, rest int) {
	if len(s) <= limit {
		return s, 0
	}
	n := 0
	for i := range s {
		if n == limit {
			return s[:i], utf8.RuneCountInString(s[i:])
		}
		n++
	}
	return s, 0
}
