package querying

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerSort() {
	It("sorts by an attribute, upwards unless it is told otherwise",
		spec.ID("querying.sort.order"), spec.Covers("RFC7644-3.4.2.3-01"), spec.Needs("sort", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			up := with(f.mustTitles(ctx, t, ""))
			t.CheckThat("RFC7644-3.4.2.3-01", "the titles upwards, as sortBy is given without sortOrder", up, Equal(f.titles(true)))
			down := with(f.mustTitles(ctx, t, "descending"))
			t.CheckThat("RFC7644-3.4.2.3-01", "the titles downwards, as sortOrder is descending", down, Equal(f.titles(false)))
		})

	// RFC 7644 §3.4.2.3: what has no value is "ordered last if ascending and first if descending".
	It("puts users without a value last, and first in descending order",
		spec.ID("querying.sort.missing"), spec.Covers("RFC7644-3.4.2.3-02"), spec.Needs("sort", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			up, down := f.mustTitles(ctx, t, ""), f.mustTitles(ctx, t, "descending")
			if len(up) > 0 && len(with(up)) == len(up) {
				t.NotTested("Each test user has a title, as the service or the profile gives one.")
			}
			nobody := []string{untitled, untitled} // as many of the sample have none
			t.CheckThat("RFC7644-3.4.2.3-02", "whoever has no title last, upwards", up[max(0, len(up)-len(nobody)):], Equal(nobody))
			t.CheckThat("RFC7644-3.4.2.3-02", "whoever has no title first, downwards", down[:min(len(nobody), len(down))], Equal(nobody))
		})

	It("sorts names without regard to letter case, and times as times",
		spec.ID("querying.sort.type"), spec.Covers("RFC7644-3.4.2.3-03"), spec.Needs("sort"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			names := f.names()
			slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
			t.CheckThat("RFC7644-3.4.2.3-03", "userNames in the order of the alphabet, capitals among the others",
				f.words(f.inOrder(ctx, t, "sortBy", "userName")...), Equal(names))
			newest := f.ours(f.inOrder(ctx, t, "sortBy", "meta.created", "sortOrder", "descending")...)
			if slices.ContainsFunc(newest, func(row scim.Document) bool { return made(row).IsZero() }) {
				return // that there is no meta.created is the matter of another check
			}
			inTime := slices.Clone(newest)
			slices.SortStableFunc(inTime, func(a, b scim.Document) int { return made(b).Compare(made(a)) })
			t.CheckThat("RFC7644-3.4.2.3-03", "the latest meta.created first", f.called(newest), And(HaveLen(len(f.birds)), Equal(f.called(inTime))))
		})

	It("sorts by a part of a complex attribute",
		spec.ID("querying.sort.path"), spec.Covers("RFC7644-3.4.2.3-04"), spec.Needs("sort", "attribute:name"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			given := func(parameters ...string) []string {
				list := []string{}
				for _, row := range f.ours(f.inOrder(ctx, t, append(parameters, "sortBy", "name.givenName")...)...) {
					list = append(list, f.of(row).given)
				}
				return list
			}
			want := []string{}
			for _, b := range f.birds {
				want = append(want, b.given)
			}
			slices.Sort(want)
			t.CheckThat("RFC7644-3.4.2.3-04", "the given names upwards, by sortBy=name.givenName", given(), Equal(want))
			// attributes says what is shown of a user, and not what there is to sort by.
			t.CheckThat("RFC7644-3.4.2.3-04", "the same order by sortBy=name.givenName where userName alone is asked for", given("attributes", "userName"), Equal(want))
		})

	It("sorts by the primary one of several values",
		spec.ID("querying.sort.primary"), spec.Covers("RFC7644-3.4.2.3-04"), spec.Needs("sort", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			pair := f.mustPair(ctx, t)
			pages := pair.inOrder(ctx, t, "sortBy", "emails.value")
			if two := pair.ours(pages...); len(two) > 0 && !hasPrimary(two) {
				t.NotTested("The service does not show two addresses with a primary one, as they were sent, so that none can be sorted by.")
			}
			t.CheckThat("RFC7644-3.4.2.3-04", "by sortBy=emails.value first the user whose primary address comes first in the alphabet",
				pair.words(pages...), Equal([]string{"second", "first"}))
		})

	It("takes a sortBy that it does not support for nothing, or refuses it in a way that can be understood",
		spec.ID("querying.sort.unsupported"), spec.Covers("RFC7644-3.4.2.3-05", "RFC7644-3.12-01"), spec.Needs("no-sort"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			reply := t.Get(ctx, "sort where it is not supported", f.path("sortBy", "userName"))
			t.Record("RFC7644-3.4.2.3-05", "sortBy on a service that claims no sorting", outcomeOf(reply))
			if reply.Status != 501 { // the status of what a service does not offer
				understood(t, "a sortBy", reply)
				return
			}
			t.CheckThat("RFC7644-3.12-01", "the schema of a SCIM error", reply.Doc["schemas"], ContainElement(scim.ErrorSchema))
		})
}

// untitled stands for no title.
const untitled = "no title"

// mustTitles lists the titles of the sample in an order, which is asked for once.
func (f *flock) mustTitles(ctx context.Context, t *spec.T, order string) []string {
	GinkgoHelper()
	parameters := []string{"sortBy", "title"}
	if order != "" {
		parameters = append(parameters, "sortOrder", order)
	}
	pages := spec.Shared(t, "querying.sort."+order, func() []*scim.Reply { return f.inOrder(ctx, t, parameters...) })
	list := []string{}
	for _, p := range pages {
		t.Cite(p.Exchanges...)
		for _, row := range f.ours(p) {
			list = append(list, cmp.Or(row.Text("title"), untitled))
		}
	}
	if len(list) > 0 && len(with(list)) == 0 {
		t.NotTested("Users who were created with a title are listed without it, so that there is nothing to sort by.")
	}
	return list
}

// with leaves those out who have no title.
func with(titles []string) []string {
	return slices.DeleteFunc(slices.Clone(titles), func(title string) bool { return title == untitled })
}

// titles are those that the sample was given, in order.
func (f *flock) titles(up bool) []string {
	var list []string
	for _, b := range f.birds {
		if b.title != "" {
			list = append(list, b.title)
		}
	}
	slices.Sort(list)
	if !up {
		slices.Reverse(list)
	}
	return list
}

// called names who is listed.
func (f *flock) called(list []scim.Document) []string {
	names := []string{}
	for _, row := range list {
		names = append(names, f.of(row).word)
	}
	return names
}

// made is the time of creation that is shown.
func made(row scim.Document) time.Time {
	at, err := time.Parse(time.RFC3339Nano, row.Text("meta", "created"))
	if err != nil {
		return time.Time{}
	}
	return at
}

// hasPrimary reports a list with somebody whose second address is the primary one.
func hasPrimary(list []scim.Document) bool {
	return slices.ContainsFunc(list, func(row scim.Document) bool {
		mails := row.Objects("emails")
		return len(mails) > 1 && slices.ContainsFunc(mails, func(m scim.Document) bool {
			return m.Flag("primary") && strings.HasPrefix(m.Text("value"), "alpha")
		})
	})
}

// mustPair makes two users, of whom the second has the address that comes first, and comes
// last by the address that is not the primary one.
func (f *flock) mustPair(ctx SpecContext, t *spec.T) *flock {
	GinkgoHelper()
	pair := &flock{}
	for _, p := range []struct{ word, other, primary string }{{"first", "", "middle"}, {"second", "zulu", "alpha"}} {
		s := t.Subjects.Draft()
		if pair.prefix == "" {
			pair.prefix = s.ExternalID + "-mails-"
		}
		giveNames(t, s, pair.prefix, p.word)
		at := "-" + s.UserName
		mails := []any{map[string]any{"value": p.primary + at, "type": "work", "primary": true}}
		if p.other != "" {
			mails = append([]any{map[string]any{"value": p.other + at, "type": "home"}}, mails...)
		}
		t.CleanUp(s)
		t.Must(t.Subjects.AdmitReply(t.Context(ctx, ""), s, map[string]any{"emails": mails}))
		pair.birds = append(pair.birds, bird{Subject: s, word: p.word})
	}
	if pair.all = f.all; f.alone() {
		pair.scope = beginsWith("userName", pair.prefix)
		pair.all, _ = t.ReadUntil(ctx, "find the two", getting(t, pair.path()), pair.holdsAll)
	}
	return pair
}
