package defects

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// operational is passing trouble, which is no defect: a run may come out
// inconclusive, but must not show a gap.
func operational() []Defect {
	return append(gatewayTrouble(), []Defect{
		{
			Name:    "everybody-cut-off",
			Summary: "From the first departure on nobody gets in any more, who stays as little as who left.",
			Only:    "shape: containsAny {put} && event: containsAny {deactivate} && /^credential:/",
			Install: func(c *acme.Config) {
				var off atomic.Bool
				beforeChange(func(c *acme.Change) {
					if c.Type == acme.TypeUser && c.Err == nil && c.Before != nil && c.Before.Active() && (c.After == nil || !c.After.Active()) {
						off.Store(true)
					}
				})(c)
				judge(func(c *acme.Credential) { c.Allowed = c.Allowed && !off.Load() })(c)
			},
		},
		{
			Name:    "every-tenth-503",
			Summary: "Every tenth SCIM request is answered 503.",
			Install: every(10, answer(http.StatusServiceUnavailable, "0")),
		},
		{
			Name:    "throttled-429",
			Summary: "Every fifteenth SCIM request is answered 429 with Retry-After: 1.",
			Install: every(15, answer(http.StatusTooManyRequests, "1")),
		},
		{
			Name:    "dropped-connections",
			Summary: "Every fifteenth SCIM request is cut off before it takes effect.",
			Install: every(15, func(http.ResponseWriter) {
				panic(http.ErrAbortHandler) // net/http's way to close the connection
			}),
		},
		{
			Name:    "slow-replies",
			Summary: "Every SCIM reply takes 50 milliseconds longer.",
			Install: onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				if isSCIM(r) {
					select {
					case <-time.After(50 * time.Millisecond):
					case <-r.Context().Done():
					}
				}
				return false
			}),
		},
		{
			Name:    "read-lag-500ms",
			Summary: "A SCIM read shows what was before a change or deletion for 500 milliseconds; new resources are seen at once.",
			Install: onRead(func(r *acme.Read) {
				if r.Previous != nil && r.Now.Sub(r.ChangedAt) < 500*time.Millisecond {
					r.Current = r.Previous
				}
			}),
		},
	}...)
}

// every gives each nth SCIM request to a function instead of the application.
func every(n int64, instead func(http.ResponseWriter)) func(*acme.Config) {
	return func(c *acme.Config) {
		var seen atomic.Int64
		onRequest(func(w http.ResponseWriter, r *http.Request) bool {
			if !isSCIM(r) || seen.Add(1)%n != 0 {
				return false
			}
			instead(w)
			return true
		})(c)
	}
}

func answer(status int, retryAfter string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", retryAfter)
		w.WriteHeader(status)
	}
}
