package defects

import (
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// versions are the defects of ETags (RFC 7644 §3.14).
func versions() []Defect {
	return []Defect{
		{
			Name:    "if-match-ignored",
			Summary: "If-Match is ignored: a write to an old version overwrites the new one.",
			Install: withoutHeader("If-Match"),
		},
		{
			Name:    "if-none-match-ignored",
			Summary: "If-None-Match is ignored: what is unchanged is sent again.",
			Install: withoutHeader("If-None-Match"),
		},
		{
			Name:    "if-match-conflict-409",
			Summary: "An old version in If-Match is answered 409 instead of 412.",
			Install: onStatus(http.StatusPreconditionFailed, func(r *acme.Reply) { setStatus(r, http.StatusConflict) }),
		},
		{
			Name:    "etag-missing",
			Summary: "etag is claimed, and no answer has the header.",
			Install: writeReply(func(r *acme.Reply) { r.Header.Del("ETag") }),
		},
		{
			Name:    "etag-differs-from-meta",
			Summary: "The header ETag is another than meta.version.",
			Install: writeReply(func(r *acme.Reply) {
				if tag := r.Header.Get("ETag"); tag != "" {
					r.Header.Set("ETag", strings.Replace(tag, `"`, `"v`, 1))
				}
			}),
		},
		{
			Name:    "version-stands-still",
			Summary: "The version of a resource is the same after a change.",
			Install: versionStandsStill,
		},
		{
			Name:    "unchanged-by-any-tag",
			Summary: "Any If-None-Match is answered 304, also that of an old version.",
			Install: onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				if r.Header.Get("If-None-Match") != "" {
					r.Header.Set("If-None-Match", "*")
				}
				return false
			}),
		},
	}
}

// withoutHeader takes a header out of SCIM requests.
func withoutHeader(name string) func(*acme.Config) {
	return onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
		if isSCIM(r) {
			r.Header.Del(name)
		}
		return false
	})
}

func versionStandsStill(config *acme.Config) {
	onResources(func(resource map[string]any) {
		if meta, ok := resource["meta"].(map[string]any); ok && meta["version"] != nil {
			meta["version"] = `W/"1"`
		}
	})(config)
	writeReply(func(r *acme.Reply) {
		if r.Header.Get("ETag") != "" {
			r.Header.Set("ETag", `W/"1"`)
		}
	})(config)
	withoutHeader("If-Match")(config)
}
