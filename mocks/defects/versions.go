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
			Checks:  []string{"versions.if-match-stale.*"},
			Gaps:    []string{"declared-not-delivered etag"},
			Install: withoutHeader("If-Match"),
		},
		{
			Name:    "if-none-match-ignored",
			Summary: "If-None-Match is ignored: what is unchanged is sent again.",
			Checks:  []string{"versions.if-none-match"},
			Gaps:    []string{"declared-not-delivered etag"},
			Install: withoutHeader("If-None-Match"),
		},
		{
			Name:    "if-match-conflict-409",
			Summary: "An old version in If-Match is answered 409 instead of 412.",
			Checks:  []string{"versions.if-match-stale.*"},
			Gaps:    []string{"declared-not-delivered etag"},
			Install: onStatus(http.StatusPreconditionFailed, func(r *acme.Reply) { setStatus(r, http.StatusConflict) }),
		},
		{
			Name:    "etag-missing",
			Summary: "etag is claimed, and no answer has the header.",
			Checks:  []string{"versions.etag"},
			Gaps:    []string{"declared-not-delivered etag"},
			Install: writeReply(func(r *acme.Reply) { r.Header.Del("ETag") }),
		},
		{
			Name:    "etag-differs-from-meta",
			Summary: "The header ETag is another than meta.version.",
			Checks:  []string{"versions.etag", "versions.if-none-match", "versions.if-match-current"},
			Gaps:    []string{"declared-not-delivered etag"},
			Install: writeReply(func(r *acme.Reply) {
				if tag := r.Header.Get("ETag"); tag != "" {
					r.Header.Set("ETag", strings.Replace(tag, `"`, `"v`, 1))
				}
			}),
		},
		{
			Name:    "version-stands-still",
			Summary: "The version of a resource is the same after a change.",
			Checks:  []string{"versions.if-match-current", "versions.if-match-stale.*"},
			Gaps:    []string{"declared-not-delivered etag"},
			Install: versionStandsStill,
		},
		{
			Name:    "if-match-refused-and-applied",
			Summary: "ETags are not claimed, and a write with If-Match is refused and carried out all the same.",
			Checks:  []string{"versions.unsupported"},
			Gaps:    []string{"nonconformant"},
			Install: both(claims("etag", "supported", false), ifMatchHalfApplied("")),
		},
		{
			Name:    "unchanged-by-any-tag",
			Summary: "Any If-None-Match is answered 304, also that of an old version.",
			Checks:  []string{"versions.if-none-match"},
			Gaps:    []string{"declared-not-delivered etag"},
			Install: onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				if r.Header.Get("If-None-Match") != "" {
					r.Header.Set("If-None-Match", "*")
				}
				return false
			}),
		},
	}
}

// ifMatchHalfApplied carries a request out whose If-Match begins with mark, and answers 412.
func ifMatchHalfApplied(mark string) func(*acme.Config) {
	const asked = "X-Asked-Version"
	return func(config *acme.Config) {
		onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
			tag := r.Header.Get("If-Match")
			if tag != "" && strings.HasPrefix(tag, mark) && isSCIM(r) {
				r.Header.Set(asked, tag)
				r.Header.Del("If-Match")
			}
			return false
		})(config)
		writeReply(func(r *acme.Reply) {
			if r.Request.Header.Get(asked) != "" {
				refuse(r, &acme.Error{Status: http.StatusPreconditionFailed, Detail: "the version is another"})
			}
		})(config)
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
