package querying

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

func registerProjections() {
	It("shows the attributes that are asked for and no others",
		spec.ID("querying.projection.attributes"), spec.Covers("RFC7644-3.4.2.5-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			alone := t.Get(ctx, "read userName alone", f.one("attributes=userName"))
			t.CheckThat("RFC7644-3.4.2.5-01", "userName and nothing beside it on a read with attributes=userName", parts(ctx, t, alone.Doc, "username"), Equal([]string{"username"}))
			list := t.Get(ctx, "list userNames alone", f.path("attributes", "userName", "count", "2"))
			shown := []string{}
			for _, row := range rows(list) {
				shown = append(shown, parts(ctx, t, row, "username")...)
			}
			t.CheckThat("RFC7644-3.4.2.5-01", "userName and nothing beside it in a list with attributes=userName", distinct(shown), Equal([]string{"username"}))
		})

	It("shows the id also to whoever asks for something else alone",
		spec.ID("querying.projection.minimum"), spec.Covers("RFC7644-3.9-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			read := t.Get(ctx, "read displayName alone", f.one("attributes=displayName"))
			t.CheckThat("RFC7644-3.9-01", "the id with attributes=displayName", read.Doc.Text("id"), Equal(f.birds[0].ID))
		})

	It("leaves out what it is asked to leave out, and shows the rest",
		spec.ID("querying.projection.excluded"), spec.Covers("RFC7644-3.4.2.5-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			whole := t.Get(ctx, "read all", f.one(""))
			read := t.Get(ctx, "read all but emails", f.one("excludedAttributes=emails"))
			if !slices.Contains(attributesOf(whole.Doc), "emails") {
				t.NotTested("A user is shown without emails, so that there is nothing to leave out.")
			}
			want := outside(attributesOf(whole.Doc), "emails", "password")
			t.CheckThat("RFC7644-3.4.2.5-02", "all attributes but emails with excludedAttributes=emails",
				outside(attributesOf(read.Doc), "password"), Equal(want)) // which nobody may see either way
		})

	// Microsoft Entra ID reads groups so: with the members of a large one no answer comes in time.
	It("leaves the members of a group out where it is asked to",
		spec.ID("querying.projection.excluded-members"), spec.Covers("RFC7644-3.4.2.5-02"), spec.Needs("groups"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			path := scim.GroupPath(mustCrew(ctx, t, mustFlock(ctx, t)).ID)
			whole, _ := t.ReadUntil(ctx, "read the group", getting(t, path), func(r *scim.Reply) bool { return len(r.Doc.Values("members")) > 0 })
			if len(whole.Doc.Values("members")) == 0 {
				t.NotTested("The service shows no members of a group by itself, so that there is nothing to leave out.")
			}
			read := t.Get(ctx, "read it without members", path+"?excludedAttributes=members")
			t.CheckThat("RFC7644-3.4.2.5-02", "all of the group but members with excludedAttributes=members",
				attributesOf(read.Doc), Equal(outside(attributesOf(whole.Doc), "members")))
		})

	// RFC 7644 §3.4.2.5: excludedAttributes has no effect on what is always returned.
	It("shows the id also to whoever asks to leave it out",
		spec.ID("querying.projection.always"), spec.Covers("RFC7644-3.4.2.5-03"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			read := t.Get(ctx, "read all but the id", f.one("excludedAttributes=id"))
			t.CheckThat("RFC7644-3.4.2.5-03", "the id with excludedAttributes=id", read.Doc.Text("id"), Equal(f.birds[0].ID))
		})

	It("refuses attributes and excludedAttributes together, or lets one of them win",
		spec.ID("querying.projection.both"), spec.Covers("RFC7644-3.9-03"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			read := t.Get(ctx, "read with both", f.one("attributes=userName&excludedAttributes=userName"))
			t.CheckThat("RFC7644-3.9-03", "status 400 or 200 where both are given", read.Status, Or(Equal(http.StatusBadRequest), Equal(http.StatusOK)))
			t.Record("RFC7644-3.9-03", "attributes and excludedAttributes together", winner(read))
		})

	It("answers a write with the id, whatever part of the resource is asked for",
		spec.ID("querying.projection.writes"), spec.Covers("RFC7644-3.9-01", "RFC7644-3.9-04"),
		func(ctx SpecContext) { projectWrites(ctx, spec.From(ctx)) })

	It("shows no password to whoever asks for it",
		spec.ID("querying.projection.password"), spec.Covers("RFC7644-3.9-05"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			f := mustFlock(ctx, t)
			alone := t.Get(ctx, "ask for the password", f.one("attributes=password"))
			t.CheckThat("RFC7644-3.9-05", "no password on a read with attributes=password", secrets(alone.Doc), Equal("no password"))
			list := t.Get(ctx, "ask for passwords", f.path("attributes", "password", "count", "2"))
			t.CheckThat("RFC7644-3.9-05", "no password in a list with attributes=password", secrets(rows(list)...), Equal("no password"))
		})
}

// one is the address of one user of the sample, with further parameters.
func (f *flock) one(query string) string {
	return strings.TrimSuffix(scim.UserPath(f.birds[0].ID)+"?"+query, "?")
}

// mustCrew returns a group with one user of the sample, which stays as it is. Its displayName
// begins as that user's.
func mustCrew(ctx context.Context, t *spec.T, f *flock) *subject.Group {
	GinkgoHelper()
	return spec.Shared(t, "querying.pages.crew", func() *subject.Group {
		g := t.Subjects.DraftGroup()
		g.DisplayName = f.birds[0].DisplayName + "-crew"
		t.AtEnd(func(ctx context.Context) { t.Subjects.RemoveGroup(t.Context(ctx, "clean up"), g) })
		t.Must(t.Subjects.MakeGroup(t.Context(ctx, ""), g, f.birds[0].Subject))
		return g
	})
}

// projectWrites creates a user and replaces it, and asks to see the userName alone.
func projectWrites(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	body := s.Document(t.Target.SCIM.UserExtra)
	made := t.PostUser(ctx, "create, and ask for the userName alone", s.UserName, scim.Request{Path: "?attributes=userName", Body: body})
	t.Record("RFC7644-3.9-04", "attributes=userName on a POST", extent(ctx, t, made.Reply))
	if !made.OK() {
		t.Prefer("RFC7644-3.9-01", "a create that is carried out with attributes=userName", made.Status, Equal(http.StatusCreated))
		return
	}
	if !t.CheckThat("RFC7644-3.9-01", "the id in the answer to a POST with attributes=userName", made.Doc.Text("id"), Not(BeEmpty())) {
		return
	}
	put := t.Put(ctx, "replace, and ask for the userName alone", scim.UserPath(made.ID)+"?attributes=userName", body)
	t.Record("RFC7644-3.9-04", "attributes=userName on a PUT", extent(ctx, t, put))
	if put.OK() && put.Doc != nil {
		t.CheckThat("RFC7644-3.9-01", "the id in the answer to a PUT with attributes=userName", put.Doc.Text("id"), Equal(made.ID))
	}
}

// extent says how much of a resource an answer to attributes=userName shows.
func extent(ctx context.Context, t *spec.T, r *scim.Reply) string {
	switch {
	case !r.OK():
		return answered(r)
	case r.Doc == nil:
		return "no resource in the answer"
	case slices.Equal(parts(ctx, t, r.Doc, "username"), []string{"username"}):
		return "limits the answer"
	}
	return "has no effect"
}

// winner says which of attributes=userName and excludedAttributes=userName was obeyed.
func winner(r *scim.Reply) string {
	_, name := r.Doc.Get("userName")
	_, mails := r.Doc.Get("emails")
	switch {
	case !r.OK():
		return answered(r)
	case name && !mails:
		return "attributes wins"
	case mails && !name:
		return "excludedAttributes wins"
	case name:
		return "neither is obeyed"
	}
	return "both are obeyed"
}

// secrets says whether resources show a password, and never which.
func secrets(list ...scim.Document) string {
	for _, d := range list {
		if v, shown := d.Get("password"); shown && v != "" {
			return "a password"
		}
	}
	return "no password"
}

// query encodes one parameter.
func query(name, value string) string { return url.Values{name: {value}}.Encode() }
