package discovery

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerCompared() {
	It("tells letter case apart in a filter where its schema says so, and nowhere else",
		spec.ID("discovery.schema.case-exact"), spec.Covers(asPublished), spec.Needs("schemas", "filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := sieve{t, filledUser(ctx, t)}
			texts := s.findable(ctx)
			if len(texts) == 0 {
				t.NotTested("No text of a user can be found by a filter.")
			}
			exact, folded := parted(texts)
			if len(exact)+len(folded) == 0 {
				t.NotTested("The user can be found by references alone, which may be caseExact or not.")
			}
			if len(exact) > 0 {
				t.CheckThat(asPublished, "no user by a caseExact attribute in other letters", namesOf(s.suspects(ctx, " or ", exact, true)), BeEmpty())
			}
			if len(folded) > 0 {
				t.CheckThat(asPublished, "the user by an attribute in other letters that is not caseExact", namesOf(s.suspects(ctx, " and ", folded, false)), BeEmpty())
			}
		})
}

// lettered lists the texts of a user that have letters to write in another case.
func lettered(user *filled) []field {
	var list []field
	for _, at := range append(slices.Clone(user.written), named(user)...) {
		text, ok := at.in(user.sent).(string)
		comparable := at.Type == "string" || at.Type == "reference"
		if ok && comparable && !at.MultiValued && !isSecret(at) && at.Returned != "request" && flipped(text) != text && len(at.Canonical) == 0 {
			list = append(list, at)
		}
	}
	return list
}

// named is the userName, which every user has.
func named(user *filled) []field {
	return slices.DeleteFunc(slices.Clone(user.fields), func(at field) bool { return at.urn != "" || at.Name != "userName" })
}

// parted tells the attributes that are caseExact from those that are not. A reference is case
// exact (RFC 7643 §2.3.7), also where its schema says otherwise, as that of RFC 7643 §8.7.1
// does of profileUrl: it may be found in other letters or not.
func parted(list []field) (exact, folded []field) {
	for _, at := range list {
		switch {
		case at.CaseExact:
			exact = append(exact, at)
		case at.Type != "reference":
			folded = append(folded, at)
		}
	}
	return exact, folded
}

// sieve finds the filled user by filters.
type sieve struct {
	t    *spec.T
	user *filled
}

// findable are the attributes by which the user is found at all.
func (s sieve) findable(ctx SpecContext) []field {
	GinkgoHelper()
	list := lettered(s.user)
	all, _ := s.t.ReadUntil(ctx, "find by all attributes", s.reading(" and ", as, list...), s.holds)
	if s.holds(all) {
		return list
	}
	return slices.DeleteFunc(list, func(at field) bool { return !s.finds(ctx, "", as, at) })
}

// suspects are the attributes by which the user is found in other letters, or is not, against
// what is expected. One filter speaks for all of them; only where it does not come out as
// expected is each tried by itself.
func (s sieve) suspects(ctx SpecContext, join string, list []field, found bool) []field {
	GinkgoHelper()
	if s.finds(ctx, join, flipped, list...) != found {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(list), func(at field) bool { return s.finds(ctx, join, flipped, at) != found })
}

// finds reports whether a filter on the attributes finds the user.
func (s sieve) finds(ctx SpecContext, join string, spelled func(string) string, list ...field) bool {
	GinkgoHelper()
	return s.holds(s.t.Send(ctx, "find by letters", s.reading(join, spelled, list...)))
}

func (s sieve) reading(join string, spelled func(string) string, list ...field) func(context.Context) (*scim.Reply, error) {
	var terms []string
	for _, at := range list {
		text, _ := at.in(s.user.sent).(string)
		terms = append(terms, fmt.Sprintf("%s eq %q", at, spelled(text)))
	}
	return reading(s.t, s.user.kind.path+"?"+url.Values{"filter": {strings.Join(terms, join)}}.Encode())
}

func (s sieve) holds(r *scim.Reply) bool {
	return slices.ContainsFunc(r.Doc.Resources(), func(d scim.Document) bool { return d.Text("id") == s.user.id })
}

func as(text string) string { return text }

// flipped writes small letters large and large ones small.
func flipped(text string) string {
	return strings.Map(func(r rune) rune {
		if lower := strings.ToLower(string(r)); lower != string(r) {
			return []rune(lower)[0]
		}
		return []rune(strings.ToUpper(string(r)))[0]
	}, text)
}
