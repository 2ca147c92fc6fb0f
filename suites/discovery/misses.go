package discovery

import (
	"fmt"
	"strings"
)

// misses are sentences on what is not as it should be, for one fact on many attributes.
type misses []string

func (m *misses) add(format string, args ...any) { *m = append(*m, fmt.Sprintf(format, args...)) }

// String reads them out; empty where nothing is wrong.
func (m misses) String() string {
	const told = 8
	if len(m) > told {
		return strings.Join(m[:told], "; ") + fmt.Sprintf("; and %d more", len(m)-told)
	}
	return strings.Join(m, "; ")
}
