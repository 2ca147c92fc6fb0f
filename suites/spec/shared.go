package spec

import (
	"context"
	"sync"

	"github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/subject"
)

// shelf holds what several checks look at, so that it is made once.
type shelf struct {
	mu     sync.Mutex
	things map[string]any
	undo   []func(context.Context)
}

// Shared returns what was made under the key, and makes it the first time. Checks that share
// something only read it, or leave it as it was. What make creates through Keep stays until
// the run is over.
func Shared[V any](t *T, key string, make func() V) V {
	ginkgo.GinkgoHelper()
	t.shared.mu.Lock()
	thing, made := t.shared.things[key]
	t.shared.mu.Unlock()
	if made {
		return thing.(V) //nolint:forcetypeassert // A key has one type.
	}
	value := make()
	t.shared.mu.Lock()
	defer t.shared.mu.Unlock()
	if t.shared.things == nil {
		t.shared.things = map[string]any{}
	}
	t.shared.things[key] = value
	return value
}

// Discard forgets what is shared under the key, as a check found it changed. The next one
// makes it anew.
func (t *T) Discard(key string) {
	t.shared.mu.Lock()
	defer t.shared.mu.Unlock()
	delete(t.shared.things, key)
}

// AtEnd runs when the checks are over, also after an interrupt, last come first served.
func (s *Session) AtEnd(undo func(context.Context)) {
	s.shared.mu.Lock()
	defer s.shared.mu.Unlock()
	s.shared.undo = append(s.shared.undo, undo)
}

// Close removes what checks shared. It is called once, after the last check.
func (s *Session) Close(ctx context.Context) {
	s.shared.mu.Lock()
	undo := s.shared.undo
	s.shared.undo = nil
	s.shared.mu.Unlock()
	for i := len(undo) - 1; i >= 0; i-- {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
		undo[i](bounded)
		cancel()
	}
}

// MustKeptUser creates a test user who stays until all checks are over, for what they
// share, with attributes beside the usual ones.
func (t *T) MustKeptUser(ctx context.Context, extra map[string]any) *subject.Subject {
	ginkgo.GinkgoHelper()
	s := t.Subjects.Draft()
	t.AtEnd(func(ctx context.Context) { t.Subjects.Remove(t.Context(ctx, "clean up"), s) })
	reply, err := t.Subjects.AdmitReply(t.Context(ctx, ""), s, extra)
	t.Must(reply, err)
	if t.Target.Limits.ReadLag > 0 { // whoever shares it need not wait until it is seen
		t.Send(ctx, "wait for the new user", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.AwaitUser(ctx, s.ID) })
	}
	return s
}

// MustKeptGroup creates a test group that stays until all checks are over.
func (t *T) MustKeptGroup(ctx context.Context, members ...*subject.Subject) *subject.Group {
	ginkgo.GinkgoHelper()
	g := t.Subjects.DraftGroup()
	t.AtEnd(func(ctx context.Context) { t.Subjects.RemoveGroup(t.Context(ctx, "clean up"), g) })
	t.Must(t.Subjects.MakeGroup(t.Context(ctx, ""), g, members...))
	if t.Target.Limits.ReadLag > 0 {
		t.Send(ctx, "wait for the new group", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.AwaitGroup(ctx, g.ID) })
	}
	return g
}

// Cite makes the exchanges of a shared reply evidence of this check.
func (t *T) Cite(exchanges ...string) { t.evidence = append(t.evidence, exchanges...) }
