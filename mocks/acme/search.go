package acme

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// urnSearchRequest marks the body of a POST to /.search.
const urnSearchRequest = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

// search is a query as a client asks for it: in the address of a GET or in the body of
// a POST, which mean the same (RFC 7644 §3.4.2, §3.4.3).
type search struct {
	filter, sortBy    string
	descending        bool
	startIndex, count *int    // nil for not given
	countUnread       bool    // a count was given that is no number
	cursor            *string // nil for paging by index, empty for the first page
	shape             shape
}

// shape is which attributes a client wants to see of a resource, separated by commas;
// empty for the default (RFC 7644 §3.9).
type shape struct {
	attributes, excluded string
	// written are the attributes that were just written.
	written []string
}

// shapeOf reads the shape that an address asks for.
func shapeOf(r *http.Request) shape {
	parameters := r.URL.Query()
	return shape{attributes: parameters.Get("attributes"), excluded: parameters.Get("excludedAttributes")}
}

// query is the search as hooks see it. A startIndex below 1 is 1, and a negative count
// is 0 (RFC 7644 §3.4.2.4).
func (s *search) query(kind string) *Query {
	q := &Query{Type: kind, Filter: s.filter, SortBy: s.sortBy, Descending: s.descending, Start: 1, Count: maxResults}
	if s.startIndex != nil {
		q.Start = max(1, *s.startIndex)
	}
	if s.count != nil {
		q.Count = min(maxResults, max(0, *s.count))
	}
	return q
}

// searchInAddress reads the parameters of a GET. Numbers that are none count as not
// given.
func searchInAddress(r *http.Request) (*search, error) {
	parameters, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, model.BadRequest("invalidSyntax", "the parameters cannot be read")
	}
	s := &search{
		filter: parameters.Get("filter"), sortBy: parameters.Get("sortBy"), shape: shapeOf(r),
		startIndex: number(parameters.Get("startIndex")), count: number(parameters.Get("count")),
	}
	s.countUnread = s.count == nil && parameters.Get("count") != ""
	if parameters.Has("cursor") {
		cursor := parameters.Get("cursor")
		s.cursor = &cursor
	}
	if err := readFilter(s.filter, parameters.Has("filter")); err != nil {
		return nil, err
	}
	return s, s.setOrder(parameters.Get("sortOrder"))
}

// readFilter refuses a filter that is given and holds nothing (RFC 7644 §3.4.2.2).
func readFilter(text string, given bool) error {
	if given && text == "" {
		return model.BadRequest("invalidFilter", "the filter must contain an expression")
	}
	return nil
}

// number reads a number; nil if it is none.
func number(text string) *int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil
	}
	return &n
}

// setOrder reads sortOrder, which has no meaning without sortBy (RFC 7644 §3.4.2.3).
func (s *search) setOrder(text string) error {
	switch {
	case strings.EqualFold(text, "descending"):
		s.descending = true
	case text != "" && !strings.EqualFold(text, "ascending"):
		return model.BadRequest("invalidValue", "sortOrder must be ascending or descending")
	}
	return nil
}

// searchByPost answers POST to /.search (RFC 7644 §3.4.3).
func (a *App) searchByPost(kind string) handler {
	return func(r *http.Request) (*Reply, error) {
		body, err := readObject(r)
		if err != nil {
			return nil, err
		}
		s, err := searchInBody(body)
		if err != nil {
			return nil, err
		}
		return a.answer(r, kind, s)
	}
}

// searchInBody reads a SearchRequest. Other than in an address, what has the wrong type
// is refused: JSON leaves no doubt about it.
func searchInBody(body map[string]any) (*search, error) {
	if !hasSchema(body, urnSearchRequest) {
		return nil, model.BadRequest("invalidSyntax", "schemas must contain %s", urnSearchRequest)
	}
	b := fields{body: body}
	filter := b.text("filter")
	s := &search{
		filter: deref(filter), sortBy: deref(b.text("sortBy")), cursor: b.text("cursor"),
		startIndex: b.number("startIndex"), count: b.number("count"),
		shape: shape{attributes: b.names("attributes"), excluded: b.names("excludedAttributes")},
	}
	order := deref(b.text("sortOrder"))
	if err := cmp.Or(b.err, readFilter(s.filter, filter != nil)); err != nil {
		return nil, err
	}
	return s, s.setOrder(order)
}

// hasSchema reports whether a message is said to be of a kind.
func hasSchema(body map[string]any, urn string) bool {
	_, sent, _ := model.Lookup(body, "schemas")
	list, _ := sent.([]any)
	for _, one := range list {
		if text, _ := one.(string); strings.EqualFold(text, urn) {
			return true
		}
	}
	return false
}

// fields reads the attributes of a message and remembers the first that is of a wrong
// type.
type fields struct {
	body map[string]any
	err  error
}

func (f *fields) refuse(name, must string) {
	if f.err == nil {
		f.err = model.BadRequest("invalidValue", "%s must be %s", name, must)
	}
}

// text returns a string, nil for none.
func (f *fields) text(name string) *string {
	_, value, _ := model.Lookup(f.body, name)
	text, ok := value.(string)
	if !ok {
		if value != nil {
			f.refuse(name, "text")
		}
		return nil
	}
	return &text
}

// number returns an integer, nil for none.
func (f *fields) number(name string) *int {
	_, value, _ := model.Lookup(f.body, name)
	n, ok := value.(float64)
	if !ok || n != math.Trunc(n) || math.Abs(n) > 1<<53 {
		if value != nil {
			f.refuse(name, "an integer")
		}
		return nil
	}
	whole := int(n)
	return &whole
}

// names returns a list of attribute names, separated by commas.
func (f *fields) names(name string) string {
	_, value, _ := model.Lookup(f.body, name)
	list, ok := value.([]any)
	if !ok && value != nil {
		f.refuse(name, "a list")
	}
	var out []string
	for _, item := range list {
		text, ok := item.(string)
		if !ok {
			f.refuse(name, "a list of names")
		}
		out = append(out, text)
	}
	return strings.Join(out, ",")
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
