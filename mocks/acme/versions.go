package acme

import (
	"fmt"
	"strings"
)

// etag is the weak entity tag of a record (RFC 7644 §3.14). It begins anew with each
// resource, and no id is given twice.
func (r *record) etag() string { return fmt.Sprintf(`W/"%d"`, r.version) }

// matchesTag reports whether a list of entity tags, as in If-Match and
// If-None-Match, holds a tag. A star stands for any (RFC 9110 §13.1).
func matchesTag(list, tag string) bool {
	for _, one := range strings.Split(list, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
