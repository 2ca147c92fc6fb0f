package exchange

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/time/rate"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/target"
)

// sent sends one request to a handler and returns its record.
func sent(t *testing.T, handler http.HandlerFunc, change func(*Transport, *http.Request)) (reports.Exchange, error) {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	base, err := NewBase(target.TLS{}, true)
	if err != nil {
		t.Fatal(err)
	}
	recorder := NewRecorder(redact.New(), "scimproof-")
	transport := &Transport{Base: base, Recorder: recorder, Agent: "scimproof/t (run=r", MaxBody: 1 << 20, Timeout: 5 * time.Second}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/x?token=abc&page=2", strings.NewReader(`{"password":"pass-word-9","note":"hello"}`))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(transport, req)
	}
	resp, err := transport.RoundTrip(req)
	if err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	list := recorder.Exchanges()
	if len(list) != 1 {
		t.Fatalf("%d exchanges recorded", len(list))
	}
	return list[0], err
}

func TestAnExchangeIsRecordedWithoutItsSecrets(t *testing.T) {
	g := NewWithT(t)
	x, err := sent(t, func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "cookie-secret-1"})
		w.Header().Set("X-Api-Key", "header-secret-1")
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Location", "https://app.example.com/cb?code=code-secret-1")
		_, _ = io.WriteString(w, `{"access_token":"body-secret-1","echo":"pass-word-9 cookie-secret-1 header-secret-1"}`)
	}, func(_ *Transport, r *http.Request) {
		r.Header.Set("Authorization", "Bearer bearer-secret-1")
		r.Header.Set("Content-Type", "application/json")
	})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(x.URL).To(SatisfyAll(ContainSubstring("page=2"), Not(ContainSubstring("abc"))))
	g.Expect(x.RequestBody).To(SatisfyAll(ContainSubstring("hello"), Not(ContainSubstring("pass-word-9"))))
	g.Expect(x.RequestHeaders).To(HaveKeyWithValue("Authorization", "Bearer ‹withheld›"))
	g.Expect(x.ResponseHeaders).To(HaveKeyWithValue("Set-Cookie", "sid=‹withheld›"))
	g.Expect(x.ResponseHeaders).To(HaveKeyWithValue("X-Api-Key", "‹withheld›"))
	g.Expect(x.ResponseHeaders["Location"]).NotTo(ContainSubstring("code-secret-1"))
	for _, secret := range []string{"body-secret-1", "pass-word-9", "cookie-secret-1", "header-secret-1"} {
		g.Expect(x.ResponseBody).NotTo(ContainSubstring(secret))
	}
}

func TestRealPeopleAreNotKept(t *testing.T) {
	g := NewWithT(t)
	x, err := sent(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"totalResults":3,"Resources":[{"userName":"jane@example.com"},{"userName":"scimproof-ab-1@example.com"},{"userName":"joe"}]}`)
	}, nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(x.ResponseBody).To(SatisfyAll(ContainSubstring("scimproof-ab-1"), ContainSubstring("2 resources of others"), Not(ContainSubstring("jane")), Not(ContainSubstring("joe"))))
}

func TestHostileBodiesAreMadeHarmlessAndShort(t *testing.T) {
	g := NewWithT(t)
	x, err := sent(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "a\x1b[31m\x00b\xff"+strings.Repeat("é", keepBody))
	}, nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(x.ResponseBody).To(HavePrefix("a\uFFFD[31m\uFFFDb\uFFFDé"))
	g.Expect(len(x.ResponseBody)).To(BeNumerically("<", keepBody+100))
	g.Expect(x.ResponseBody).To(ContainSubstring("bytes more)"))
}

func TestAReplyBeyondTheLimitIsAnError(t *testing.T) {
	g := NewWithT(t)
	x, err := sent(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 2000))
	}, func(tr *Transport, _ *http.Request) { tr.MaxBody = 1000 })
	g.Expect(err).To(MatchError(ErrBodyTooLarge))
	g.Expect(x.Error).To(ContainSubstring("limits.maxBodyBytes"))
}

func TestRequestsAreBounded(t *testing.T) {
	g := NewWithT(t)
	var now, most atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(5 * time.Millisecond) // long enough for others to come in, if they could
	}))
	defer server.Close()
	base, err := NewBase(target.TLS{}, false)
	g.Expect(err).NotTo(HaveOccurred())
	transport := &Transport{
		Base: base, Recorder: NewRecorder(redact.New(), ""), MaxBody: 1 << 10,
		Slots: make(chan struct{}, 2), Rate: rate.NewLimiter(200, 1),
	}
	start := time.Now()
	done := make(chan error)
	const n = 20
	for range n {
		go func() {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
			if err == nil {
				var resp *http.Response
				if resp, err = transport.RoundTrip(req); err == nil {
					err = resp.Body.Close()
				}
			}
			done <- err
		}()
	}
	for range n {
		g.Expect(<-done).To(Succeed())
	}
	g.Expect(most.Load()).To(BeNumerically("<=", 2))
	g.Expect(time.Since(start)).To(BeNumerically(">=", (n-1)*5*time.Millisecond), "200 a second")
}

func TestAWaitingRequestCanBeGivenUp(t *testing.T) {
	g := NewWithT(t)
	transport := &Transport{Recorder: NewRecorder(redact.New(), ""), Slots: make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1/", nil)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = transport.RoundTrip(req)
	g.Expect(err).To(MatchError(context.Canceled))
}

func TestHealthCounts(t *testing.T) {
	g := NewWithT(t)
	r := NewRecorder(redact.New(), "")
	for _, e := range []reports.Exchange{{Status: 200, Attempt: 1}, {Status: 503, Attempt: 1}, {Status: 501, Attempt: 2}, {Status: 429, Attempt: 3}, {Error: "x", Attempt: 1}} {
		r.add(e)
	}
	g.Expect(r.Health()).To(Equal(reports.Health{Requests: 5, Retries: 2, Errors: 2, Throttled: 1}))
}

func TestTLSFilesThatCannotBeUsedAreNamed(t *testing.T) {
	for name, o := range map[string]target.TLS{
		"scim.tls.caFile":   {CAFile: "/nowhere.pem"},
		"scim.tls.certFile": {CertFile: "/nowhere.pem", KeyFile: "/nowhere.key"},
	} {
		_, err := NewBase(o, false)
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(name)))
	}
}

// A record goes on where an earlier process, or an earlier part of it, ended.
func TestIDsGoOn(t *testing.T) {
	g := NewWithT(t)
	r := NewRecorder(redact.New(), "scimproof-")
	r.Continue(41)
	g.Expect(r.add(reports.Exchange{RequestBody: "first"})).To(Equal("x0042"))
	g.Expect(r.add(reports.Exchange{RequestBody: "second"})).To(Equal("x0043"))
	r.Shorten("x0043")
	r.Shorten("x0041") // of the earlier process
	g.Expect(r.Drain()).To(HaveExactElements(HaveField("RequestBody", "first"), HaveField("RequestBody", "")))
	g.Expect(r.add(reports.Exchange{RequestBody: "third"})).To(Equal("x0044"))
	r.Shorten("x0042") // handed over
	g.Expect(r.Drain()).To(HaveExactElements(HaveField("RequestBody", "third")))
}

// A long body is cut before it is redacted, and never inside a word: what is left of a secret
// would not be known for one.
func TestALongBodyIsHeldInPart(t *testing.T) {
	g := NewWithT(t)
	g.Expect(held([]byte("short"))).To(Equal("short"))
	long := `{"list": [` + strings.Repeat(`"filler", `, holdBody/10-2) + `"secret-` + strings.Repeat("x", 100) + `"]}`
	cut := held([]byte(long))
	g.Expect(len(cut)).To(BeNumerically("<=", holdBody+40))
	g.Expect(cut).To(HaveSuffix("bytes more)"))
	g.Expect(cut).NotTo(ContainSubstring("secret"))
	g.Expect(held([]byte(strings.Repeat("x", 2*holdBody)))).To(HavePrefix(" … ("), "one word is left out as a whole")
}

func TestALongListIsRidOfStrangersBeforeItIsCut(t *testing.T) {
	g := NewWithT(t)
	people := strings.Repeat(`{"userName": "somebody.real@example.com"},`, 4000)
	e, err := sent(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"Resources": [`+people+`{"userName": "scimproof-x"}]}`)
	}, func(tr *Transport, _ *http.Request) { tr.MaxBody = 1 << 20 })
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(e.ResponseBody).NotTo(ContainSubstring("somebody.real"))
	g.Expect(e.ResponseBody).To(ContainSubstring("scimproof-x"))
}
