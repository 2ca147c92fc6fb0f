package exchange

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/target"
)

// A reply that goes on is handed over at its header, gives its turn back, and is recorded
// without its body; any other is read whole, within the limit.
func TestOpening(t *testing.T) {
	for name, c := range map[string]struct {
		status            int
		contentType, body string
		goesOn            bool
		wrong             string
	}{
		"a stream":           {200, "text/event-stream", "data: secret\n", true, ""},
		"a refused stream":   {401, "text/event-stream", "who are you?\n", false, ""},
		"a page":             {200, "text/html", "sign in\n", false, ""},
		"a page with no end": {200, "text/html", strings.Repeat("x", 2<<10), false, ErrBodyTooLarge.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", c.contentType)
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
				_ = http.NewResponseController(w).Flush()
				if c.goesOn {
					<-r.Context().Done()
				}
			}))
			defer server.Close()
			base, err := NewBase(target.TLS{}, true)
			g.Expect(err).NotTo(HaveOccurred())
			transport := &Transport{
				Base: base, Recorder: NewRecorder(redact.New(), ""), Agent: "scimproof/t (run=r", MaxBody: 1 << 10, Slots: make(chan struct{}, 1),
			}
			ctx, trail := WithTrail(t.Context())
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, http.NoBody)
			g.Expect(err).NotTo(HaveOccurred())
			resp, err := transport.Opening().RoundTrip(req)
			list := transport.Recorder.Exchanges()
			g.Expect(list).To(HaveLen(1))
			g.Expect(trail.IDs).To(Equal([]string{list[0].ID}))
			g.Expect(list[0].RequestHeaders).To(HaveKeyWithValue("User-Agent", "scimproof/t (run=r)"))
			g.Expect(transport.Slots).To(BeEmpty(), "an open stream keeps nobody from their turn")
			if c.wrong != "" {
				g.Expect(err).To(MatchError(c.wrong))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			defer func() { _ = resp.Body.Close() }()
			line, err := bufio.NewReader(resp.Body).ReadString('\n')
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(line).To(Equal(c.body))
			want := c.body
			if c.goesOn {
				want = ""
			}
			g.Expect(list[0].ResponseBody).To(Equal(want))
			g.Expect(list[0].Status).To(Equal(c.status))
		})
	}
}
