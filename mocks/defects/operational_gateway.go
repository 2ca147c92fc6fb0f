package defects

import (
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// gatewayTrouble is passing trouble of what stands before a service, and of services
// with several nodes.
func gatewayTrouble() []Defect {
	return []Defect{
		{
			Name:    "every-twelfth-502",
			Summary: "Every twelfth SCIM request is answered 502 with a gateway's page, and does not reach the service.",
			Install: every(12, func(w http.ResponseWriter) {
				w.Header().Set("Content-Type", "text/html")
				w.WriteHeader(http.StatusBadGateway)
				_, _ = w.Write([]byte("<html><h1>502 Bad Gateway</h1></html>\n")) // a client that went away gets none
			}),
		},
		{
			Name:    "every-twelfth-503-until",
			Summary: "Every twelfth SCIM request is answered 503 with Retry-After as a date, a second on.",
			Install: every(12, func(w http.ResponseWriter) {
				answer(http.StatusServiceUnavailable, time.Now().Add(time.Second).UTC().Format(http.TimeFormat))(w)
			}),
		},
		{
			Name:    "throttled-at-first",
			Summary: "For two seconds from the first SCIM request, each is answered 429 with Retry-After: 1.",
			Install: func(c *acme.Config) {
				var first atomic.Int64
				onRequest(func(w http.ResponseWriter, r *http.Request) bool {
					now := time.Now()
					first.CompareAndSwap(0, now.UnixNano())
					if !isSCIM(r) || now.Sub(time.Unix(0, first.Load())) > 2*time.Second {
						return false
					}
					answer(http.StatusTooManyRequests, "1")(w)
					return true
				})(c)
			},
		},
		{
			Name:    "replies-cut-short",
			Summary: "Every fifteenth SCIM request is not carried out, and its reply breaks off after the headers.",
			Install: every(15, func(w http.ResponseWriter) {
				w.Header().Set("Content-Type", "application/scim+json")
				w.Header().Set("Content-Length", "2000")
				w.WriteHeader(http.StatusOK)
				_ = http.NewResponseController(w).Flush() // else the headers would be lost, too
				panic(http.ErrAbortHandler)               // net/http's way to close the connection
			}),
		},
		{
			Name:    "replies-lost",
			Summary: "Every fifteenth SCIM request is carried out, and its connection cut off before the reply.",
			Install: func(c *acme.Config) {
				var sent atomic.Int64
				writeReply(func(*acme.Reply) {
					if sent.Add(1)%15 == 0 {
						panic(http.ErrAbortHandler) // net/http's way to close the connection
					}
				})(c)
			},
		},
		{
			Name:    "read-lag-new-800ms",
			Summary: "A new resource is seen, by its id or in lists, 800 milliseconds after its creation.",
			Install: onRead(func(r *acme.Read) {
				if r.Previous == nil && r.Now.Sub(r.ChangedAt) < 800*time.Millisecond {
					r.Current = nil
				}
			}),
		},
		{
			Name:    "list-lag-800ms",
			Summary: "A new resource is found by lists and filters 800 milliseconds after its creation; by its id it is seen at once.",
			Install: func(c *acme.Config) {
				var made sync.Map
				beforeChange(func(c *acme.Change) {
					if c.Method == http.MethodPost && c.Err == nil {
						made.Store(c.ID, time.Now())
					}
				})(c)
				onQuery(func(q *acme.Query) {
					q.Found = slices.DeleteFunc(q.Found, func(r acme.Resource) bool {
						at, known := made.Load(r.Text("id"))
						return known && time.Since(at.(time.Time)) < 800*time.Millisecond
					})
				})(c)
			},
		},
	}
}
