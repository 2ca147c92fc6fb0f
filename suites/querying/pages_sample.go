package querying

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// flock is the sample that lists are paged and sorted by: users who are made once and stay
// as they are.
type flock struct {
	birds []bird // in the order of their creation
	// prefix is how their userNames begin.
	prefix string
	// scope is the filter that lists them alone. It is empty where the service has none that
	// works: then everybody is listed, and only they are looked at.
	scope url.Values
	// all is the answer to the plain query of the scope.
	all *scim.Reply
	// refused is how the service would not create somebody; nil if it did.
	refused *subject.RefusedError
}

type bird struct {
	*subject.Subject
	word, title, given string
}

// plumage tells the birds apart. Neither names nor titles are in the order of creation or in
// its reverse, two have no title, and the capitals come first where letter case counts.
var plumage = [...]struct{ word, title, given string }{
	{"gull", "Keeper", "Osprey"}, {"Bittern", "Archivist", "Swift"}, {"egret", "", "Merlin"}, {"Heron", "Surgeon", "Nightjar"},
	{"avocet", "Drummer", "Plover"}, {"Finch", "", "Tern"}, {"crane", "Painter", "Linnet"}, {"Dunlin", "Baker", "Redstart"},
}

// mustFlock returns the sample, and makes it the first time.
func mustFlock(ctx context.Context, t *spec.T) *flock {
	GinkgoHelper()
	f := spec.Shared(t, "querying.pages", func() *flock {
		f := &flock{}
		titled := sampleHas(ctx, t, "attribute:title")
		for _, p := range plumage {
			if f.hatch(ctx, t, p.word, p.title, p.given, titled); f.refused != nil {
				return f
			}
		}
		f.settle(ctx, t)
		return f
	})
	mustHave(t, f.refused)
	t.Cite(f.all.Exchanges...)
	return f
}

// hatch makes one user of the sample. Each attempt at a sample has names of its own, as an
// earlier one may have ended half way.
func (f *flock) hatch(ctx context.Context, t *spec.T, word, title, given string, titled bool) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	if f.prefix == "" {
		f.prefix = s.ExternalID + "-pages-"
	}
	giveNames(t, s, f.prefix, word)
	extra := map[string]any{"name": map[string]any{"givenName": given, "familyName": s.Marker}}
	if title != "" && titled {
		extra["title"] = title
	}
	_, f.refused = sampleCreate(ctx, t, s, extra)
	f.birds = append(f.birds, bird{Subject: s, word: word, title: title, given: given})
}

// giveNames gives a drafted user names by which a filter finds a whole sample.
func giveNames(t *spec.T, s *subject.Subject, prefix, word string) {
	s.UserName = prefix + word + "@" + t.Target.SCIM.MailDomain
	s.Email, s.DisplayName = s.UserName, prefix+word
}

// settle waits until the sample is listed, and finds out whether a filter lists it alone.
func (f *flock) settle(ctx context.Context, t *spec.T) {
	GinkgoHelper()
	if sampleHas(ctx, t, "filter") {
		scope := beginsWith("userName", f.prefix)
		reply, _ := t.ReadUntil(ctx, "list the sample", getting(t, "/Users?"+scope.Encode()), func(r *scim.Reply) bool {
			return f.holdsAll(r) || f.strangers(r)
		})
		if f.holdsAll(reply) && !f.strangers(reply) {
			f.scope, f.all = scope, reply
			return
		}
	}
	f.all = t.Get(ctx, "list everybody", "/Users")
}

// beginsWith is the query of what begins with a text.
func beginsWith(attribute, text string) url.Values {
	return url.Values{"filter": {attribute + ` sw "` + text + `"`}}
}

// getting returns a function that reads a path.
func getting(t *spec.T, path string) func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.Do(ctx, http.MethodGet, path, nil) }
}

// alone reports that the scope lists the sample and nobody else: nobody else writes there,
// so that totals can be held to account.
func (f *flock) alone() bool { return f.scope != nil }

// holdsAll reports a list of the whole sample, or a page of one that counts it.
func (f *flock) holdsAll(r *scim.Reply) bool {
	n := len(f.words(r))
	total, _ := totalIn(r)
	return n == len(f.birds) || n > 0 && (total == len(f.birds) || r.Doc.Text("nextCursor") != "")
}

// strangers reports a list that has others as well.
func (f *flock) strangers(r *scim.Reply) bool { return len(f.words(r)) < len(rows(r)) }

// path is the address of a query in the scope, with further parameters: names and values in
// turn.
func (f *flock) path(parameters ...string) string {
	query := url.Values{}
	for name, values := range f.scope {
		query[name] = values
	}
	for i := 0; i+1 < len(parameters); i += 2 {
		query.Set(parameters[i], parameters[i+1])
	}
	return strings.TrimSuffix("/Users?"+query.Encode(), "?")
}

// words lists who of the sample is in lists, in their order.
func (f *flock) words(replies ...*scim.Reply) []string {
	list := []string{}
	for _, r := range replies {
		for _, row := range rows(r) {
			if b := f.of(row); b != nil {
				list = append(list, b.word)
			}
		}
	}
	return list
}

// of returns who a listed resource is, nil for nobody of the sample.
func (f *flock) of(row scim.Document) *bird {
	i := slices.IndexFunc(f.birds, func(b bird) bool {
		return b.ID == rowID(row) || strings.EqualFold(b.UserName, row.Text("userName"))
	})
	if i < 0 {
		return nil
	}
	return &f.birds[i]
}

// names lists all of the sample, in the order of their creation.
func (f *flock) names() []string {
	var list []string
	for _, b := range f.birds {
		list = append(list, b.word)
	}
	return list
}

// The functions below read lists also where these are not quite in form, which is the matter
// of one check and not of each.

// rows are the resources of a list; one that is there by itself counts.
func rows(r *scim.Reply) []scim.Document {
	v, _ := r.Doc.Get("Resources")
	if one, ok := v.(map[string]any); ok {
		return []scim.Document{one}
	}
	return r.Doc.Resources()
}

// rowID is a resource's id, also where it is a number.
func rowID(row scim.Document) string {
	v, _ := row.Get("id")
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return row.Text("id")
}

// totalIn is a list's totalResults, also where it is a text.
func totalIn(r *scim.Reply) (int, bool) {
	v, _ := r.Doc.Get("totalResults")
	if text, ok := v.(string); ok {
		v = json.Number(text)
	}
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	total, err := n.Int64()
	return int(total), err == nil
}

// size says how many resources a list has, or what came instead.
func size(r *scim.Reply) any {
	if !r.OK() {
		return answered(r)
	}
	return len(rows(r))
}
