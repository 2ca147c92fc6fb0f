package querying

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// The people of the sample, as words name them. Their titles are chosen so that each wrong
// way of comparing gives another answer.
const (
	clerk      = "the clerk"          // "{KEY} clerk", two e-mail addresses, employeeNumber "{KEY}-1"
	works      = "the clerk of works" // "{KEY} clerk of works", which begins with the clerk's; employeeNumber "{KEY}-2"
	deputy     = "the deputy"         // "Deputy {KEY} clerk", which ends with the clerk's
	accountant = "the accountant"     // "{KEY} accountant"
	manager    = "the manager"        // "{KEY} manager"
	porter     = "the porter"         // no title
	leaver     = "the leaver"         // inactive, no title, and outside of the scope
)

// sample are test users for checks that only read. {KEY} is a random word that nobody else
// has, neither another user of the tenant nor one of another check. All but the leaver have
// a displayName that begins with "Scimproof {KEY}", which is what narrows a filter down that
// would find the whole tenant.
type sample struct {
	key    string
	people []*person
	// refused is how the service would not create somebody; nil if it did.
	refused *subject.RefusedError
}

// person is one of the sample.
type person struct {
	*subject.Subject
	role string
	// shown is the user as the answer to the create has it, or else a read.
	shown scim.Document
}

// home is the clerk's second e-mail address.
func (s *sample) home() string { return s.key + "-home@" + s.domain() }

func (s *sample) domain() string {
	_, domain, _ := strings.Cut(s.find(clerk).Email, "@")
	return domain
}

// find returns the person of a role.
func (s *sample) find(role string) *person {
	i := slices.IndexFunc(s.people, func(p *person) bool { return p.role == role })
	return s.people[i]
}

// mustSample returns the sample, and makes it the first time. Without one there is no
// verdict.
func mustSample(ctx SpecContext, t *spec.T) *sample {
	GinkgoHelper()
	s := spec.Shared(t, "querying.sample", func() *sample { return makeSample(ctx, t) })
	mustHave(t, s.refused)
	return s
}

// mustHave ends a check whose sample the service would not create.
func mustHave(t *spec.T, refused *subject.RefusedError) {
	GinkgoHelper()
	if refused != nil {
		t.Must(refused.Reply, refused)
	}
}

// mustTitled is the sample of a service that keeps titles.
func mustTitled(ctx SpecContext, t *spec.T) *sample {
	GinkgoHelper()
	s := mustSample(ctx, t)
	if s.find(clerk).shown.Text("title") == "" {
		t.NotTested("A user who is created with a title is shown without it, which is the matter of another check.")
	}
	return s
}

// makeSample creates the people one by one, so that the last one is also the latest, and
// waits until lists show them.
func makeSample(ctx SpecContext, t *spec.T) *sample {
	GinkgoHelper()
	s := &sample{key: t.Subjects.Draft().Marker}
	for _, role := range []string{leaver, clerk, works, deputy, accountant, manager, porter} {
		p := &person{Subject: t.Subjects.Draft(), role: role}
		if role != leaver {
			p.DisplayName = "Scimproof " + s.key + strings.TrimPrefix(role, "the")
		}
		s.people = append(s.people, p)
		var made *scim.Reply
		if made, s.refused = sampleCreate(ctx, t, p.Subject, sampleAttributes(ctx, t, s, p)); s.refused != nil {
			return s
		}
		if p.shown = made.Doc; p.shown.Text("userName") == "" { // an answer with next to nothing in it
			p.shown = t.Send(ctx, "read what was stored", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.AwaitUser(ctx, p.ID) }).Doc
		}
	}
	sampleListed(ctx, t, s.find(porter).Subject)
	return s
}

// sampleCreate creates a user who stays until all checks are over. What is refused once would
// be refused to each check anew, so that it is kept in mind; trouble passes, and ends this
// check alone.
func sampleCreate(ctx context.Context, t *spec.T, s *subject.Subject, extra map[string]any) (made *scim.Reply, refused *subject.RefusedError) {
	GinkgoHelper()
	t.AtEnd(func(ctx context.Context) { t.Subjects.Remove(t.Context(ctx, "clean up"), s) })
	reply, err := t.Subjects.AdmitReply(t.Context(ctx, ""), s, extra)
	if errors.As(err, &refused) {
		return nil, refused
	}
	return t.Must(reply, err), nil
}

// sampleListed waits until lists show a user, as far as they may lag.
func sampleListed(ctx SpecContext, t *spec.T, s *subject.Subject) {
	GinkgoHelper()
	t.ReadUntil(ctx, "wait until lists show the user", func(ctx context.Context) (*scim.Reply, error) {
		return t.SCIM.FindUser(ctx, s.UserName)
	}, func(r *scim.Reply) bool { return r.Doc.FindUser(s.UserName) != nil })
}

// sampleAttributes are what somebody has beside the usual ones. What the service's schema
// does not have is left out, as it may be refused.
func sampleAttributes(ctx context.Context, t *spec.T, s *sample, p *person) map[string]any {
	extra := map[string]any{}
	titles := map[string]string{
		clerk: s.key + " clerk", works: s.key + " clerk of works", deputy: "Deputy " + s.key + " clerk",
		accountant: s.key + " accountant", manager: s.key + " manager",
	}
	if title := titles[p.role]; title != "" && sampleHas(ctx, t, "attribute:title") {
		extra["title"] = title
	}
	switch p.role {
	case clerk:
		p.ExternalID += "-MiXed"
		extra["emails"] = []any{
			map[string]any{"value": p.Email, "type": "work", "primary": true},
			map[string]any{"value": s.home(), "type": "home"},
		}
		sampleEmployee(ctx, t, extra, s.key+"-1")
	case works:
		sampleEmployee(ctx, t, extra, s.key+"-2")
	case leaver:
		extra["active"] = false
	}
	return extra
}

// sampleEmployee adds an employee number where there is the extension for it.
func sampleEmployee(ctx context.Context, t *spec.T, extra map[string]any, number string) {
	if sampleHas(ctx, t, "enterprise") {
		maps.Copy(extra, t.WithExtension(scim.EnterpriseSchema, map[string]any{"employeeNumber": number}))
	}
}

func sampleHas(ctx context.Context, t *spec.T, gate string) bool {
	return t.Features.Gate(t.Context(ctx, ""), gate).Open
}
