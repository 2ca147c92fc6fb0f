package spec

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/subject"
)

// Interrupted is why a spec was skipped when its run was cut short.
const Interrupted = "interrupted"

// cleanUpTime bounds the removal of one test user.
const cleanUpTime = 30 * time.Second

// MustUser creates a test user who is removed after the spec. Without one there
// is no verdict.
func (t *T) MustUser(ctx context.Context) *subject.Subject {
	ginkgo.GinkgoHelper()
	return t.MustUserWith(ctx, nil)
}

// MustUserWith is MustUser with attributes beside the usual ones.
func (t *T) MustUserWith(ctx context.Context, extra map[string]any) *subject.Subject {
	ginkgo.GinkgoHelper()
	s := t.Subjects.Draft()
	t.CleanUp(s)
	t.Must(t.Subjects.AdmitReply(t.Context(ctx, ""), s, extra))
	return s
}

// WithExtension are the attributes by which a user has values of an extension, beside what
// the profile says that each user needs (userExtra).
func (t *T) WithExtension(urn string, values map[string]any) map[string]any {
	needed := t.Target.SCIM.UserExtra
	part := map[string]any{}
	if given, ok := needed[urn].(map[string]any); ok {
		maps.Copy(part, given)
	}
	maps.Copy(part, values)
	schemas := []any{scim.UserSchema}
	if given, ok := needed["schemas"].([]any); ok {
		schemas = slices.Clone(given)
	}
	if !slices.Contains(schemas, any(urn)) {
		schemas = append(schemas, urn)
	}
	return map[string]any{"schemas": schemas, urn: part}
}

// CleanUp removes a test user after the spec, also after an interrupt, and also when
// the interrupt comes in the middle of it.
func (t *T) CleanUp(s *subject.Subject) {
	ginkgo.DeferCleanup(func(ctx context.Context) {
		t.tidy(ctx, func(ctx context.Context) { t.Subjects.Remove(ctx, s) })
	})
}

// Must takes the outcome of a request: the reply is returned and becomes
// evidence. Without a usable answer the spec ends here and its verdict is passing
// trouble; with a refused test user it ends without evidence.
func (t *T) Must(reply *scim.Reply, err error) *scim.Reply {
	ginkgo.GinkgoHelper()
	if reply != nil {
		t.evidence = append(t.evidence, reply.Exchanges...)
	}
	if err == nil {
		return reply
	}
	if errors.Is(err, context.Canceled) {
		ginkgo.Skip(Interrupted)
	}
	kind := reports.TroubleUndecided
	if trouble := scim.AsTrouble(err); trouble != nil {
		t.evidence = append(t.evidence, trouble.Exchanges...)
		kind = reports.TroubleOperational
	}
	t.Note(reports.Observation{Trouble: &reports.Trouble{Kind: kind, Message: err.Error()}})
	ginkgo.Skip(err.Error())
	return nil
}

// Send sends one SCIM request on behalf of the check; see Must.
func (t *T) Send(ctx context.Context, purpose string, send func(context.Context) (*scim.Reply, error)) *scim.Reply {
	ginkgo.GinkgoHelper()
	return t.Must(t.steady(t.Context(ctx, purpose), send))
}

// ReadUntil reads until the reply shows what a write should have done, for as long
// as the profile lets reads lag (limits.readLag). It returns the last reply and
// how long it took.
func (t *T) ReadUntil(ctx context.Context, purpose string, read func(context.Context) (*scim.Reply, error), shows func(*scim.Reply) bool) (*scim.Reply, time.Duration) {
	ginkgo.GinkgoHelper()
	start := time.Now()
	for {
		reply := t.Send(ctx, purpose, read)
		lag := time.Since(start)
		if shows(reply) || lag >= t.Target.Limits.ReadLag {
			return reply, lag
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			// A write that had no time to show says nothing.
			ginkgo.Skip(Interrupted)
		}
	}
}

// MustGroup creates a test group with members, which is removed after the spec.
func (t *T) MustGroup(ctx context.Context, members ...*subject.Subject) *subject.Group {
	ginkgo.GinkgoHelper()
	g := t.Subjects.DraftGroup()
	ginkgo.DeferCleanup(func(ctx context.Context) {
		t.tidy(ctx, func(ctx context.Context) { t.Subjects.RemoveGroup(ctx, g) })
	})
	t.Must(t.Subjects.MakeGroup(t.Context(ctx, ""), g, members...))
	return g
}
