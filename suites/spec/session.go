// Package spec is the vocabulary in which checks are written: what a spec covers,
// what it needs, and how it notes what it saw. A spec observes; it never decides
// on severity, owner or verdict.
package spec

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/features"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// Session is what all specs of a run share. It reaches them through the context.
type Session struct {
	Target   *target.Target
	SCIM     *scim.Client
	Subjects *subject.Factory
	Recorder *exchange.Recorder
	Book     *Book
	Features *features.Features
	// Access tries credentials as the profile says.
	Access *access.Driver
	// Clients are the ids of the identity providers that were chosen.
	Clients []string

	shared shelf
}

// Book collects the observations of a run. It is safe for concurrent use.
type Book struct {
	mu   sync.Mutex
	list []reports.Observation
}

// Note adds an observation and gives it its id.
func (b *Book) Note(o reports.Observation) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o.ID = fmt.Sprintf("o%03d", len(b.list)+1)
	if o.Evidence == nil {
		o.Evidence = []string{}
	}
	b.list = append(b.list, o)
}

// Observations returns what was noted, in order.
func (b *Book) Observations() []reports.Observation {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.list)
}

// Of returns what one check noted, in order.
func (b *Book) Of(check string) []reports.Observation {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []reports.Observation
	for _, o := range b.list {
		if o.Check == check {
			list = append(list, o)
		}
	}
	return list
}

type sessionKey struct{}

// With puts the session into the context of a run's nodes.
func With(ctx context.Context, s *Session) context.Context {
	return context.WithValue(ctx, sessionKey{}, s)
}

// T is one running check: its session, and what it has seen so far.
type T struct {
	*Session
	Check        string
	Requirements []string
	evidence     []string
}

// From returns the running check. It is called once, at the top of a spec's body. Where a
// gate is closed (Needs), or no identity provider that the check is about was chosen (For),
// the spec ends here as not tested.
func From(ctx context.Context) *T {
	session, ok := ctx.Value(sessionKey{}).(*Session)
	if !ok {
		ginkgo.Fail("the check was run without a session", 1)
	}
	labels := ginkgo.CurrentSpecReport().Labels()
	t := &T{Session: session, Check: one(labels, idKey), Requirements: many(labels, coversKey)}
	t.admit(ctx, many(labels, gateKey), many(labels, clientKey))
	return t
}

// admit ends the spec where it has nothing to look at.
func (t *T) admit(ctx context.Context, gates, clients []string) {
	ginkgo.GinkgoHelper()
	if len(clients) > 0 && !slices.ContainsFunc(clients, t.Chosen) {
		t.NotTested("It is about identity providers that were not chosen: " + strings.Join(clients, ", ") + ".")
	}
	for _, g := range gates {
		if c := t.Features.Gate(t.Context(ctx, ""), g); !c.Open {
			t.NotTested(c.Why)
		}
	}
}

// Chosen reports whether an identity provider was chosen for this run.
func (s *Session) Chosen(client string) bool { return slices.Contains(s.Clients, client) }

// AnyChosen reports whether one of several was.
func (s *Session) AnyChosen(clients []string) bool { return slices.ContainsFunc(clients, s.Chosen) }

// NotTested ends the spec without a verdict: there is nothing to look at, or the profile
// lacks what it takes. why is a sentence.
func (t *T) NotTested(why string) {
	ginkgo.GinkgoHelper()
	t.Note(reports.Observation{Trouble: &reports.Trouble{Kind: reports.TroubleNotTested, Message: why}})
	ginkgo.Skip(why)
}

// Context marks the requests sent under it as this check's.
func (t *T) Context(ctx context.Context, purpose string) context.Context {
	return exchange.WithLabel(ctx, exchange.Label{Check: t.Check, Purpose: purpose})
}
