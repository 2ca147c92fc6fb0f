package users

import (
	"regexp"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// modelMoments are the times in meta.
var modelMoments = [...]string{"created", "lastModified"}

func registerModelMeta() {
	It("shows meta with all that the service itself gives a resource",
		spec.ID("users.meta.complete"), spec.Covers("RFC7643-3.1-11"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, sight := range mustModelSights(ctx, t) {
				var missing []string
				for _, name := range []string{"resourceType", "created", "lastModified", "location"} {
					if _, shown := sight.reply.Doc.Get("meta", name); !shown {
						missing = append(missing, name)
					}
				}
				t.CheckThat("RFC7643-3.1-11", "resourceType, created, lastModified and location within meta, none missing, in "+sight.what, modelList(missing), BeEmpty())
			}
		})

	// RFC 7643 §2.3.5: a dateTime is one of XML Schema, with a date and a time.
	It("shows times as dateTimes",
		spec.ID("users.meta.times"), spec.Covers("RFC7643-2.3.5-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, sight := range mustModelSights(ctx, t) {
				for _, name := range modelMoments {
					value, shown := sight.reply.Doc.Get("meta", name)
					text, _ := value.(string)
					_, zoned, ok := modelMoment(text)
					t.CheckThat("RFC7643-2.3.5-01", "a dateTime, or none, for meta."+name+" in "+sight.what, modelWritten(value, ok || !shown), Equal("a dateTime, or none"))
					if ok && !zoned {
						t.Prefer("RFC7643-2.3.5-01", "a time zone in meta."+name+" in "+sight.what, text, HaveSuffix("Z"))
					}
				}
			}
		})

	// RFC 7643 §3.1: what was never changed since has the time of its creation.
	It("shows a new resource as last modified when it was created",
		spec.ID("users.meta.untouched"), spec.Covers("RFC7643-3.1-12"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, sight := range mustModelSights(ctx, t)[:2] { // a group may have got its members one by one
				created, modified := mustModelTimes(t, sight.reply)
				expected := "lastModified " + created.Format(time.RFC3339Nano) + ", as created, in " + sight.what
				if gap := modified.Sub(created).Abs(); gap > 0 && gap < time.Second {
					// Two readings of the clock mislead nobody who looks for changes.
					t.Prefer("RFC7643-3.1-12", expected, modified.Format(time.RFC3339Nano), Equal(created.Format(time.RFC3339Nano)))
					continue
				}
				t.CheckThat("RFC7643-3.1-12", expected, modified.In(created.Location()).Format(time.RFC3339Nano), Equal(created.Format(time.RFC3339Nano)))
			}
		})

	It("shows the address of each resource",
		spec.ID("users.meta.location"), spec.Covers("RFC7643-3.1-14"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, sight := range mustModelSights(ctx, t)[1:] { // what the answer to a creation shows is compared to its header elsewhere
				modelLocated(ctx, t, sight)
			}
		})
}

// modelWritten shows a reader a time that is none, and calls the others by one name.
func modelWritten(value any, ok bool) any {
	if ok {
		return "a dateTime, or none"
	}
	return value
}

// modelDateTime is the dateTime of XML Schema, whose zone may be missing.
var modelDateTime = regexp.MustCompile(`^(\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$`)

// modelMoment reads a dateTime. One without a zone is taken for UTC.
func modelMoment(text string) (at time.Time, zoned, ok bool) {
	parts := modelDateTime.FindStringSubmatch(text)
	if parts == nil {
		return time.Time{}, false, false
	}
	zone := parts[2]
	if zone == "" {
		zone = "Z"
	}
	at, err := time.Parse(time.RFC3339Nano, parts[1]+zone)
	return at, parts[2] != "", err == nil
}

// mustModelTimes reads created and lastModified; without them there is nothing to compare.
func mustModelTimes(t *spec.T, r *scim.Reply) (created, modified time.Time) {
	GinkgoHelper()
	var at [len(modelMoments)]time.Time
	for i, name := range modelMoments {
		var ok bool
		if at[i], _, ok = modelMoment(r.Doc.Text("meta", name)); !ok {
			t.NotTested("The service shows no readable meta." + name + ", which is the matter of the checks users.meta.complete and users.meta.times.")
		}
	}
	return at[0], at[1]
}

// modelLocated follows meta.location.
func modelLocated(ctx SpecContext, t *spec.T, sight modelSight) {
	GinkgoHelper()
	location, id := sight.reply.Doc.Text("meta", "location"), sight.reply.Doc.Text("id")
	if !t.CheckThat("RFC7643-3.1-14", "an absolute address for meta.location in "+sight.what, location, MatchRegexp(`^https?://[^/]+/`)) {
		return
	}
	path, where := modelBelow(t, location)
	if where == modelElsewhere {
		// A proxy in between may know the service by another name; nothing is sent there.
		t.Prefer("RFC7643-3.1-14", "meta.location below "+t.SCIM.Base().String()+" in "+sight.what, location, HavePrefix(t.SCIM.Base().String()))
		return
	}
	read, _ := t.ReadUntil(ctx, "read at meta.location", personReading(t, path), (*scim.Reply).OK)
	t.CheckThat("RFC7643-3.1-14", "the resource "+id+" at the meta.location in "+sight.what+", "+location, read.Doc.Text("id"), Equal(id))
}
