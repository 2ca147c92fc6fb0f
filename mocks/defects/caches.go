package defects

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// caches are the defects in which the decision is an old one: it was remembered too
// long, or by some of the machines.
func caches() []Defect {
	session, tokens := []acme.CredentialKind{acme.Session}, []acme.CredentialKind{acme.PersonalToken, acme.AccessToken}
	return []Defect{
		{
			Name:     "session-cached-3s",
			Summary:  "A web session goes on working for three seconds after its owner has left, as a signed cookie would.",
			Imitates: "simstudioai/sim #7567, where a cookie is cached for minutes",
			Checks:   []string{"survival.deactivate.*.web-session", "survival.delete.web-session", "survival.delete-inactive.web-session"},
			Gaps:     slices.Concat(gaps("delayed deactivate", session), gaps("delayed delete", session), gaps("revived-access delete-inactive", session)),
			Watch:    8 * time.Second,
			Delay:    3 * time.Second,
			Install:  judge(late(3*time.Second, acme.Session)),
		},
		{
			Name:    "login-accepted-for-3s",
			Summary: "The right password opens new sessions for three seconds after a deactivation.",
			Checks:  []string{"survival.deactivate.*.local-password"},
			Gaps:    []string{"delayed deactivate local-password"},
			Watch:   8 * time.Second,
			Delay:   3 * time.Second,
			Install: judge(func(c *acme.Credential) {
				if c.Owner.State == acme.Inactive {
					late(3*time.Second, acme.Password)(c)
				}
			}),
		},
		{
			Name:     "replicas-disagree",
			Summary:  "Every second use of a token meets a machine that has not heard of the deactivation.",
			Imitates: "BerriAI/litellm #42064, where each proxy keeps its own copy",
			Checks:   neverCut(tokens),
			Gaps:     append(gaps("survived-access deactivate", tokens), granted("survived-access deactivate ", tokens)...),
			Install: func(c *acme.Config) {
				var used turns
				judge(func(c *acme.Credential) {
					if c.Owner.State == acme.Inactive && isOne(c, tokens...) && used.next(c)%2 == 1 {
						letIn(c, c.Owner)
					}
				})(c)
			},
		},
		{
			Name: "first-use-after-departure-works",
			// The silent twin's first use is the last of the event.
			Checks:  []string{"survival.deactivate.*.web-session", "survival.sync.*.web-session", "survival.out-of-band.*.web-session"},
			Gaps:    slices.Concat(gaps("survived-access deactivate", session), gaps("revived-access sync", session), gaps("revived-access out-of-band", session)),
			Summary: "A web session is only ended when it is next used, and that use still succeeds.",
			Install: func(c *acme.Config) {
				var used turns
				judge(func(c *acme.Credential) {
					if c.Owner.State == acme.Inactive && isOne(c, acme.Session) && used.next(c) == 1 {
						letIn(c, c.Owner)
					}
				})(c)
			},
		},
		{
			Name:    "access-comes-back-after-1s",
			Summary: "A personal token is refused for one second after a deactivation, and works again when a cache is filled anew.",
			Checks:  neverCut([]acme.CredentialKind{acme.PersonalToken}),
			Gaps:    []string{"survived-access deactivate personal-token", "survived-access deactivate direct-grant"},
			Install: judge(func(c *acme.Credential) {
				if c.Owner.State == acme.Inactive && isOne(c, acme.PersonalToken) && c.Now.Sub(c.Owner.LastDeparture()) >= time.Second {
					letIn(c, c.Owner)
				}
			}),
		},
	}
}

// late lets a kind of credential in for a while after its owner has left.
func late(d time.Duration, kinds ...acme.CredentialKind) func(*acme.Credential) {
	return func(c *acme.Credential) {
		if c.Owner.State != acme.Active && isOne(c, kinds...) && c.Now.Sub(c.Owner.LastDeparture()) < d {
			letIn(c, c.Owner)
		}
	}
}

func isOne(c *acme.Credential, kinds ...acme.CredentialKind) bool {
	for _, kind := range kinds {
		if c.Kind == kind {
			return true
		}
	}
	return false
}

// turns counts the uses of each credential since its owner's last departure.
type turns struct {
	mu   sync.Mutex
	used map[string]int
}

// next counts one use and returns how many there were, from 1.
func (t *turns) next(c *acme.Credential) int {
	key := strings.Join([]string{
		string(c.Kind), c.Owner.User.Text("id"), c.IssuedAt.String(), c.Owner.LastDeparture().String(),
	}, " ")
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.used == nil {
		t.used = map[string]int{}
	}
	t.used[key]++
	return t.used[key]
}
