package defects

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// operational is passing trouble, which is no defect: a run may come out
// inconclusive, but must not show a gap.
func operational() []Defect {
	return []Defect{
		{
			Name: "every-tenth-503", Summary: "Every tenth SCIM request is answered 503.", Operational: true,
			Install: every(10, func(w http.ResponseWriter) {
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(http.StatusServiceUnavailable)
			}),
		},
		{
			Name: "throttled-429", Summary: "Every fifteenth SCIM request is answered 429 with Retry-After.", Operational: true,
			Install: every(15, func(w http.ResponseWriter) {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusTooManyRequests)
			}),
		},
		{
			Name: "dropped-connections", Summary: "Every fifteenth SCIM request is cut off before it takes effect.", Operational: true,
			Install: every(15, func(http.ResponseWriter) { panic(http.ErrAbortHandler) }),
		},
		{
			Name: "slow-replies", Summary: "Every SCIM reply takes 200 milliseconds longer.", Operational: true,
			Install: func(h *acme.Hooks) {
				h.OnRequest = append(h.OnRequest, func(_ http.ResponseWriter, r *http.Request) bool {
					if isSCIM(r) {
						select {
						case <-time.After(200 * time.Millisecond):
						case <-r.Context().Done():
						}
					}
					return false
				})
			},
		},
	}
}

// every answers each nth SCIM request by itself.
func every(n int64, answer func(http.ResponseWriter)) func(*acme.Hooks) {
	return func(h *acme.Hooks) {
		var seen atomic.Int64
		h.OnRequest = append(h.OnRequest, func(w http.ResponseWriter, r *http.Request) bool {
			if !isSCIM(r) || seen.Add(1)%n != 0 {
				return false
			}
			answer(w)
			return true
		})
	}
}

func isSCIM(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/scim/") }
