package defects

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// searches are defects of POST to /.search.
func searches() []Defect {
	return []Defect{
		{
			Name:    "search-answers-201",
			Summary: "A search by POST is answered 201, as if it had created something.",
			Checks:  []string{"querying.search.query"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if isSearch(r.Request) && r.Status == http.StatusOK {
					r.Status = http.StatusCreated
				}
			}),
		},
		{
			Name:    "search-without-schemas-accepted",
			Summary: "A search by POST that does not say that it is one is carried out.",
			Checks:  []string{"querying.search.schemas"},
			Gaps:    []string{"nonconformant"},
			Install: onSearchBody(func(body map[string]any) {
				body["schemas"] = []any{"urn:ietf:params:scim:api:messages:2.0:SearchRequest"}
			}),
		},
		{
			Name:    "search-pages-ignored",
			Summary: "A search by POST takes no notice of startIndex and count.",
			Checks:  []string{"querying.search.parameters"},
			Gaps:    []string{"nonconformant"},
			Install: onSearchBody(func(body map[string]any) {
				if body["cursor"] == nil {
					delete(body, "startIndex")
					delete(body, "count")
				}
			}),
		},
		{
			Name:    "search-filter-unreadable-ignored",
			Summary: "A filter that cannot be read is ignored in a search by POST, and refused in a GET.",
			Checks:  []string{"querying.search.errors"},
			Gaps:    []string{"nonconformant"},
			Install: onSearchBody(func(body map[string]any) {
				if text, _ := body["filter"].(string); text != "" && !readable(text) {
					delete(body, "filter")
				}
			}),
		},
	}
}

func isSearch(r *http.Request) bool {
	return isSCIM(r) && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/.search")
}

// onSearchBody alters what is searched for by POST.
func onSearchBody(hook func(map[string]any)) func(*acme.Config) { return onBody(isSearch, hook) }

// projections are defects of attributes and excludedAttributes.
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
		{
			Name:    "patch-path-urn-case-sensitive",
			Summary: "A path that begins with the URN of the core schema in another letter case is refused.",
			Checks:  []string{"querying.projection.notation.patch-path"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				if slices.ContainsFunc(c.Operations, func(o acme.Operation) bool {
					return len(o.Path) > len(model.URNUser) && strings.EqualFold(o.Path[:len(model.URNUser)], model.URNUser) && !strings.HasPrefix(o.Path, model.URNUser)
				}) {
					c.Err = model.BadRequest("invalidPath", "unknown attribute")
				}
			}),
		},
	}
}
