package users

import (
	"net/http"
	"regexp"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// modelDateTime is the form of an xsd:dateTime: the zone may be missing, and a fraction may have
// any length.
var modelDateTime = regexp.MustCompile(`^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$`)

func registerModelTimes() {
	// RFC 7643 §2.3.5: a dateTime has both a date and a time, in the form of XML Schema.
	It("writes the times in meta as dateTime values",
		spec.ID("users.model.times.form"), spec.Covers("RFC7643-2.3.5-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			looked := false
			for _, seen := range modelLooks(ctx, t) {
				for _, name := range []string{"created", "lastModified"} {
					v, shown := seen.doc.Get("meta", name)
					if !shown {
						continue
					}
					looked = true
					text, _ := v.(string)
					_, parses := modelMoment(text)
					if t.CheckThat("RFC7643-2.3.5-01", "a dateTime as meta."+name+" in "+seen.what, v, And(BeAssignableToTypeOf(""), MatchRegexp(modelDateTime.String()))) {
						t.CheckThat("RFC7643-2.3.5-01", "a day and an hour that there are as meta."+name+" in "+seen.what, modelEither(parses, text+", which is one", text+", which is none"), HaveSuffix("which is one"))
						t.Prefer("RFC7643-2.3.5-01", "a time zone in meta."+name+" in "+seen.what, text, MatchRegexp(`(Z|[+-]\d\d:\d\d)$`))
					}
				}
			}
			if !looked {
				t.NotTested("No resource has times in meta, which is the matter of the check users.model.meta.assigned.")
			}
		})

	It("shows the time of its creation as that of the last change of a user whom nobody changed",
		spec.ID("users.model.times.unchanged"), spec.Covers("RFC7643-3.1-12"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			created, modified := modelTimes(t, mustPerson(ctx, t).read)
			apart := modified.Sub(created).Abs()
			if apart < time.Second {
				// Two looks at the clock in one request.
				t.Prefer("RFC7643-3.1-12", "no difference between created and lastModified", apart.String(), Equal("0s"))
				return
			}
			t.CheckThat("RFC7643-3.1-12", "lastModified at the time of creation, "+created.Format(time.RFC3339), modified.Format(time.RFC3339), Equal(created.Format(time.RFC3339)))
		})

	It("moves lastModified of a user who is changed, and leaves created as it was",
		spec.ID("users.model.times.changed"), spec.Covers("RFC7643-3.1-13"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			victim := mustModelVictim(ctx, t)
			before := personRead(ctx, t, victim.ID)
			title := "Changed " + before.Doc.Text("meta", "lastModified")
			reply := personSets(ctx, t, victim, "change the title", "title", title)
			if !reply.OK() {
				t.NotTested("The service takes no title.")
			}
			after := personUntil(ctx, t, victim.ID, personText("title", title))
			if after.Doc.Text("title") != title {
				t.NotTested("The title is not changed, which is the matter of the checks of PATCH and PUT.")
			}
			modelMoved(t, "a change of title", before, after, reply)
		})

	It("moves lastModified of a group that gets a member, and leaves created as it was",
		spec.ID("users.model.times.group"), spec.Covers("RFC7643-3.1-13"), spec.Needs("groups", "patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person, group := mustPerson(ctx, t), t.MustGroup(ctx)
			before := personReadGroup(ctx, t, group)
			reply := t.Patch(ctx, "add a member", scim.GroupPath(group.ID), map[string]any{"op": "add", "path": "members", "value": []any{map[string]any{"value": person.ID}}})
			after, _ := t.ReadUntil(ctx, "read the group", personReading(t, scim.GroupPath(group.ID)), func(r *scim.Reply) bool { return len(r.Doc.Objects("members")) > 0 })
			if len(after.Doc.Objects("members")) == 0 {
				t.NotTested("The member is not in the group, which is the matter of the checks of groups.")
			}
			modelMoved(t, "the addition of a member", before, after, reply)
		})
}

// modelTimes are created and lastModified; without them there is no verdict.
func modelTimes(t *spec.T, r *scim.Reply) (created, modified time.Time) {
	GinkgoHelper()
	created, one := modelMoment(r.Doc.Text("meta", "created"))
	modified, other := modelMoment(r.Doc.Text("meta", "lastModified"))
	if !one || !other {
		t.NotTested("There are no times to compare, which is the matter of the checks users.model.meta.assigned and users.model.times.form.")
	}
	return created, modified
}

// modelMoved compares the times before and after a change.
func modelMoved(t *spec.T, what string, before, after, reply *scim.Reply) {
	GinkgoHelper()
	created, modified := modelTimes(t, before)
	still, moved := modelTimes(t, after)
	t.CheckThat("RFC7643-3.1-13", "created as it was, after "+what, still.UTC().Format(time.RFC3339Nano), Equal(created.UTC().Format(time.RFC3339Nano)))
	seen := modelEither(moved.After(modified), "later", modelEither(moved.Before(modified), "earlier", "the same"))
	want := Equal("later")
	if modelSameSecond(modified, reply) { // whose end a clock of whole seconds does not show
		want = Or(Equal("later"), Equal("the same"))
	}
	t.CheckThat("RFC7643-3.1-13", "a later lastModified after "+what, seen, want)
}

// modelSameSecond reports a lastModified in whole seconds, and a reply within that second by the
// service's own clock.
func modelSameSecond(modified time.Time, reply *scim.Reply) bool {
	now, err := http.ParseTime(reply.Header.Get("Date"))
	return modified.Nanosecond() == 0 && (err != nil || !now.After(modified))
}

// modelMoment reads a dateTime. One without a zone is taken for UTC.
func modelMoment(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// modelEither is one of two phrases.
func modelEither(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}
