package defects

import (
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/scimproof/scimproof/mocks/acme"
)

// negotiation are the defects of what is asked for and how: media types, methods, versions
// and texts (RFC 7644 §3.8, §3.12, §3.13, §7.7).
func negotiation() []Defect {
	return []Defect{
		{
			Name:    "accept-json-406",
			Summary: "Whoever asks for application/json is answered 406.",
			Checks:  []string{"errors.media.json"},
			Gaps:    []string{"nonconformant"},
			Install: refuseHeader("Accept", "application/json", http.StatusNotAcceptable),
		},
		{
			Name:    "json-bodies-refused",
			Summary: "A body of application/json is answered 415.",
			Checks:  []string{"errors.media.request", "story.onelogin"},
			Gaps:    []string{"nonconformant", "refused-explicitly create", "partial-support deactivate", "refused-explicitly group-push", "refused-explicitly update"},
			Install: refuseHeader("Content-Type", "application/json", http.StatusUnsupportedMediaType),
		},
		{
			Name:    "doubled-attribute-shown-otherwise",
			Summary: "Of two values for active in one object the answer shows the last, and the first is stored.",
			Checks:  []string{"errors.media.doubled"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: doubledShownOtherwise,
		},
		{
			Name:    "method-refused-without-allow",
			Summary: "A 405 does not say which methods there are.",
			Checks:  []string{"errors.status.method"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) { r.Header.Del("Allow") }),
		},
		{
			Name:    "denied-bulk-405",
			Summary: "Bulk is said not to be supported, and answered 405 instead of 501.",
			Checks:  []string{"errors.status.unsupported", "bulk.unsupported"},
			Gaps:    []string{"nonconformant"},
			Install: both(claims("bulk", "supported", false), refusePath("/Bulk", http.StatusMethodNotAllowed)),
		},
		{
			Name:    "denied-patch-405",
			Summary: "PATCH is said not to be supported, and some are answered 405 instead of 501.",
			Checks:  []string{"errors.status.unsupported", "patching.message.unclaimed"},
			Gaps:    []string{"nonconformant"},
			Install: both(claims("patch", "supported", false), refuseThat(http.StatusMethodNotAllowed, somePatch)),
		},
		{
			Name:    "redirect-loses-the-method",
			Summary: "An address with a slash at its end is answered 301, which turns a PATCH into a GET.",
			Checks:  []string{"errors.status.redirect"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onRequest(func(w http.ResponseWriter, r *http.Request) bool {
				plain, slashed := strings.CutSuffix(r.URL.Path, "/")
				if !slashed || !isSCIM(r) {
					return false
				}
				w.Header().Set("Location", plain)
				w.WriteHeader(http.StatusMovedPermanently)
				return true
			}),
		},
		{
			Name:    "any-version-answered",
			Summary: "Version 99 of the protocol is answered as version 2.",
			Checks:  []string{"errors.status.version"},
			Gaps:    []string{"nonconformant"},
			Install: onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				r.URL.Path = strings.Replace(r.URL.Path, "/scim/v99/", "/scim/v2/", 1)
				return false
			}),
		},
		{
			Name:    "throttled-without-retry-after",
			Summary: "The third SCIM request is answered 429, and not when to come back.",
			Checks:  []string{"errors.status.throttled"},
			Gaps:    []string{"nonconformant"},
			Install: throttledOnce,
		},
		{
			Name:    "quotes-in-text-500",
			Summary: "A PATCH with an apostrophe in its text is answered 500.",
			Checks:  []string{"errors.text.hostile"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				for _, o := range c.Operations {
					if text, ok := o.Value.(string); ok && strings.Contains(text, "'") {
						c.Err = &acme.Error{Status: http.StatusInternalServerError, Detail: "internal error"}
					}
				}
			}),
		},
	}
}

// somePatch tells a PATCH of somebody unknown and one of a name: a service without any
// would spoil all other checks.
func somePatch(r *http.Request) bool {
	return r.Method == http.MethodPatch && (strings.HasSuffix(r.URL.Path, "dead") || replaceInBody(r, `"Unclaimed"`, `"Unclaimed"`))
}

// throttledOnce throttles a single request.
func throttledOnce(c *acme.Config) {
	var seen atomic.Int64
	onRequest(func(w http.ResponseWriter, r *http.Request) bool {
		if !isSCIM(r) || seen.Add(1) != 3 {
			return false
		}
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	})(c)
}

// doubledShownOtherwise takes the doubled attribute, stores one of its values and shows the
// other.
func doubledShownOtherwise(c *acme.Config) {
	const doubled = "X-Doubled"
	onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
		if isSCIM(r) && r.Method == http.MethodPatch && replaceInBody(r, `"active":true,"active":false`, `"active":true`) {
			r.Header.Set(doubled, "yes")
		}
		return false
	})(c)
	writeReply(func(r *acme.Reply) {
		if r.Request.Header.Get(doubled) != "" && r.Body != nil {
			r.Body["active"] = false
		}
	})(c)
}
