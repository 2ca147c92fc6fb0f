package discovery

import (
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

func registerWritten() {
	It("stores each attribute that its schema says can be written",
		spec.ID("discovery.schema.mutability.read-write"), spec.Covers(asPublished), spec.Needs("schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			looked := 0
			for _, f := range filledResources(ctx, t) {
				if len(f.written)+len(f.refused) == 0 {
					continue // no value could be made up
				}
				looked++
				t.CheckThat(asPublished, "what was sent of each attribute of a "+f.kind.name+" that can be written", unkept(f, f.read.Doc).String(), BeEmpty())
				var unwritable misses
				for _, r := range f.refused {
					// A value that was made up may be refused for what it is; not so for being written.
					if r.reply.Doc.Text("scimType") == "mutability" {
						unwritable.add("%s", r.field)
					} else {
						t.Record(asPublished, "a made-up value of "+r.field.String(), "is refused: "+cut(r.reply.Doc.Text("detail")))
					}
				}
				t.CheckThat(asPublished, "no refusal of an attribute for its mutability", unwritable.String(), BeEmpty())
			}
			if looked == 0 {
				t.NotTested("The schemas have no attribute that can be written and that a value can be made up for.")
			}
		})

	It("lets nobody write what its schema says is read-only",
		spec.ID("discovery.schema.mutability.read-only"), spec.Covers(asPublished), spec.Needs("schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			filled := filledUser(ctx, t)
			sealed := readOnly(filled)
			if len(sealed) == 0 {
				t.NotTested("The schemas have no read-only attribute that a value can be made up for.")
			}
			who := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with values for what is read-only", who.UserName, scim.Request{Body: with(sealed, t, who)})
			path := scim.UserPath(made.ID)
			if made.OK() {
				t.CheckThat(asPublished, "nothing read-only as a create had it", taken(sealed, mustRead(ctx, t, path).Doc).String(), BeEmpty())
			} else {
				who = t.MustUser(ctx)
				path = scim.UserPath(who.ID)
			}
			t.Put(ctx, "replace with values for what is read-only", path, with(sealed, t, who))
			t.CheckThat(asPublished, "nothing read-only as a PUT had it", taken(sealed, mustRead(ctx, t, path).Doc).String(), BeEmpty())
		})

	It("keeps what its schema says is set once",
		spec.ID("discovery.schema.mutability.immutable"), spec.Covers(asPublished), spec.Needs("schemas", "immutable-attribute"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := filledUser(ctx, t)
			fixed := immutable(user)
			if len(fixed) == 0 {
				t.NotTested("The schemas have no immutable attribute that a value can be made up for.")
			}
			for _, s := range fixed {
				body := user.sent.Clone()
				s.write(body)
				// That it is refused is advised (RFC 7644 §3.5.1); what counts here is that nothing changes.
				t.Put(ctx, "change what is set once", user.path(), body)
			}
			changed := unlike(fixed, user.read.Doc, mustRead(ctx, t, user.path()).Doc)
			t.CheckThat(asPublished, "what was set before", changed.String(), BeEmpty())
			if len(changed) > 0 {
				t.Discard(filledUserKey)
			}
		})

	It("takes the values that its schema suggests, and has its way with others",
		spec.ID("discovery.schema.canonical"), spec.Covers("RFC7643-7-08", asPublished), spec.Needs("schemas", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := filledUser(ctx, t)
			if typed := severalTyped(user); len(typed) > 0 {
				t.CheckThat(asPublished, "each suggested type, as it was sent", unsuggested(user, typed).String(), BeEmpty())
			}

			draft := t.Subjects.Draft()
			body := draft.Document(t.Target.SCIM.UserExtra)
			body["emails"] = []any{map[string]any{"value": draft.Email, "type": "zz-harness", "primary": true}}
			made := t.PostUser(ctx, "create with a type that nobody suggests", draft.UserName, scim.Request{Body: body})
			t.CheckThat(asPublished, "a new user, or status 400", outcome(made), Or(HavePrefix(created), HaveSuffix("status 400")))
			seen := "is refused"
			if made.ID != "" {
				seen = "makes the type " + strings.Join(typesOf(made.Doc.Objects("emails")), ", ")
			}
			t.Record("RFC7643-7-08", "an e-mail address of the type zz-harness", seen)
		})
}

// with is the body of a user with values for what they cannot write.
func with(sealed []seal, t *spec.T, who *subject.Subject) scim.Document {
	body := who.Document(t.Target.SCIM.UserExtra).Clone()
	for _, s := range sealed {
		s.write(body)
	}
	return body
}

func typesOf(list []scim.Document) []string {
	var kinds []string
	for _, d := range list {
		kinds = append(kinds, d.Text("type"))
	}
	return kinds
}

// mustRead reads a resource back; where it cannot be read, nothing is known of it.
func mustRead(ctx SpecContext, t *spec.T, path string) *scim.Reply {
	GinkgoHelper()
	read, _ := t.ReadUntil(ctx, "read back", reading(t, path), (*scim.Reply).OK)
	if !read.OK() {
		t.NotTested("What was written cannot be read back, which is the matter of other checks.")
	}
	return read
}

// severalTyped are the attributes of which several values were sent, each of a suggested type.
func severalTyped(f *filled) []field {
	return slices.DeleteFunc(severalSent(f), func(at field) bool { kinds, _ := at.Find("type"); return len(kinds.Canonical) == 0 })
}

// unsuggested tells which suggested types of values did not come back, among those that did.
func unsuggested(f *filled, typed []field) (m misses) {
	for _, at := range typed {
		shown := typesOf(scim.Document{"list": at.in(f.read.Doc)}.Objects("list"))
		wanted := typesOf(scim.Document{"list": at.in(f.sent)}.Objects("list"))
		for _, sent := range wanted {
			// Fewer values than were sent are another matter.
			if len(shown) >= len(wanted) && !slices.Contains(shown, sent) {
				m.add("%s of the type %s", at, sent)
			}
		}
	}
	return m
}
