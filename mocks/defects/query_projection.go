package defects

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// projections are the defects of attributes and excludedAttributes (RFC 7644 §3.4.2.5).
func projections() []Defect {
	return []Defect{
		{
			Name:    "attributes-with-excluded-500",
			Summary: "attributes and excludedAttributes together are answered 500.",
			Checks:  []string{"querying.projection.both"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if asked := r.Request.URL.Query(); isSCIM(r.Request) && asked.Has("attributes") && asked.Has("excludedAttributes") {
					refuse(r, &acme.Error{Status: http.StatusInternalServerError, Detail: "internal error"})
				}
			}),
		},
		{
			Name:    "attributes-whole-complex",
			Summary: "attributes=name.familyName brings the whole name.",
			Checks:  []string{"querying.projection.notation.parts"},
			Gaps:    []string{"nonconformant"},
			Install: onParameters(func(p url.Values) {
				names := strings.Split(p.Get("attributes"), ",")
				for i, name := range names {
					if !strings.Contains(name, ":") {
						names[i], _, _ = strings.Cut(name, ".")
					}
				}
				if p.Has("attributes") {
					p.Set("attributes", strings.Join(names, ","))
				}
			}),
		},
		{
			Name:    "attributes-ignored-in-lists",
			Summary: "The parameter attributes is ignored in lists, and obeyed on a single resource.",
			Checks:  []string{"querying.projection.attributes"},
			Gaps:    []string{"nonconformant"},
			Install: onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				if parameters := r.URL.Query(); isSCIM(r) && strings.HasSuffix(r.URL.Path, "/Users") && parameters.Has("attributes") {
					parameters.Del("attributes")
					r.URL.RawQuery = parameters.Encode()
				}
				return false
			}),
		},
	}
}
