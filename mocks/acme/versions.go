package acme

import (
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
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

// tagged returns a user with the groups that are shown of them, and a version of its
// own for these groups: who compares versions before using a copy would keep on showing
// memberships that ended (RFC 9110 §8.8.3: a tag changes with the representation).
// lastModified stays, as nobody changed the user.
func tagged(doc Resource, groups []any) Resource {
	if len(groups) == 0 {
		return doc
	}
	sum := fnv.New64a()
	_, _ = fmt.Fprint(sum, groups...) // which cannot fail; maps are printed in the order of their keys
	stored, _ := doc["meta"].(map[string]any)
	meta := maps.Clone(stored)
	version, _ := meta["version"].(string)
	meta["version"] = fmt.Sprintf(`%s-%016x"`, strings.TrimSuffix(version, `"`), sum.Sum64())
	doc["groups"], doc["meta"] = groups, meta
	return doc
}

// unchanged answers 304 to a GET of what the client has already (RFC 7644 §3.14).
func unchanged(r *http.Request, doc Resource) *Reply {
	tags := strings.Join(r.Header.Values("If-None-Match"), ",")
	if tags == "" || !isGet(r) || !matchesTag(tags, doc.Text("meta", "version")) {
		return nil
	}
	return &Reply{Status: http.StatusNotModified, Header: tagOf(doc)}
}

// tagOf is the header ETag of a resource.
func tagOf(doc Resource) http.Header {
	header := http.Header{}
	if version := doc.Text("meta", "version"); version != "" {
		header.Set("ETag", version)
	}
	return header
}

// ifMatch returns the versions that a write is meant for; empty for any.
func ifMatch(r *http.Request) string { return strings.Join(r.Header.Values("If-Match"), ",") }
