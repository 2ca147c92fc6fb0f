package access

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

// serving starts a server for a test.
func serving(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func TestOnlyTheNamedCookiesGoAlong(t *testing.T) {
	g := NewWithT(t)
	url := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			http.SetCookie(w, &http.Cookie{Name: "session", Value: "s"})
			http.SetCookie(w, &http.Cookie{Name: "remember", Value: "r"})
			return
		}
		_, _ = io.WriteString(w, "cookies: "+r.Header.Get("Cookie")+".")
	})
	d, _ := newDriver(t)
	c, err := d.Arm(t.Context(), target.AccessPath{
		Arm: []target.Step{{Method: "GET", URL: url + "/login"}},
		Try: target.Try{Step: target.Step{Method: "GET", URL: url + "/", Cookies: []string{"remember"}}, Allowed: target.Allowed{Marker: "cookies: remember=r."}},
	}, "polled", nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(d.Try(t.Context(), c).Result).To(Equal(reports.TryAllowed))
}

func TestAPartOfAValueIsCaptured(t *testing.T) {
	for match, want := range map[string]string{"/s/(.+)$": "abc123", "/t/(.+)$": ""} {
		g := NewWithT(t)
		url := serving(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, `{"url":"https://elsewhere.example/s/abc123"}`)
		})
		d, _ := newDriver(t)
		c, err := d.Arm(t.Context(), target.AccessPath{Arm: []target.Step{{
			Method: "GET", URL: url, Capture: map[string]target.Capture{"link": {JSON: "url", Match: match}},
		}}}, "polled", nil)
		if want == "" {
			g.Expect(err).To(MatchError(ContainSubstring("does not match /t/(.+)$")))
			g.Expect(err.Error()).NotTo(ContainSubstring("abc123"))
			continue
		}
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(c.values).To(HaveKeyWithValue("link", want))
	}
}

func TestAMailIsWaitedFor(t *testing.T) {
	for wait, arrives := range map[time.Duration]bool{10 * time.Second: true, 0: false} {
		g := NewWithT(t)
		var asked atomic.Int32
		url := serving(t, func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) < 2 {
				_, _ = io.WriteString(w, `[]`)
				return
			}
			_, _ = io.WriteString(w, `[{"token":"mailed-token"}]`)
		})
		d, _ := newDriver(t)
		_, err := d.Arm(t.Context(), target.AccessPath{Arm: []target.Step{{
			Method: "GET", URL: url, WaitUpTo: wait, Capture: map[string]target.Capture{"token": {JSON: "0.token"}},
		}}}, "polled", nil)
		g.Expect(err == nil).To(Equal(arrives), "waiting %s: %v", wait, err)
	}
}

func TestANewSessionIsAccess(t *testing.T) {
	for cookie, want := range map[string]reports.Result{"session=new": reports.TryAllowed, "session=; Max-Age=0": reports.TryDenied, "session=deleted; Expires=Thu, 01 Jan 1970 00:00:00 GMT": reports.TryDenied, "other=x": reports.TryDenied} {
		t.Run(cookie, func(t *testing.T) {
			g := NewWithT(t)
			url := serving(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Set-Cookie", cookie)
				w.WriteHeader(http.StatusSeeOther)
			})
			d, _ := newDriver(t)
			c, err := d.Arm(t.Context(), target.AccessPath{Try: target.Try{
				Step: target.Step{Method: "GET", URL: url}, Allowed: target.Allowed{Status: []int{303}, Cookie: "session"},
			}}, "polled", nil)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(d.Try(t.Context(), c).Result).To(Equal(want))
		})
	}
}

func TestEachCredentialHasATextOfItsOwnAndTheSecretsOfTheProfile(t *testing.T) {
	g := NewWithT(t)
	d, _ := newDriver(t)
	d.Secrets = map[string]string{"secret.outbox": "the-outbox-token"}
	one, err := d.Arm(t.Context(), target.AccessPath{}, "polled", ada)
	g.Expect(err).NotTo(HaveOccurred())
	other, err := d.Arm(t.Context(), target.AccessPath{}, "polled", ada)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(one.values["unique"]).NotTo(Equal(other.values["unique"]))
	g.Expect(one.values).To(HaveKeyWithValue("secret.outbox", "the-outbox-token"))
}

func TestAForgedCredentialHoldsNothingThatWasGiven(t *testing.T) {
	g := NewWithT(t)
	url := serving(t, func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "s"})
		_, _ = io.WriteString(w, `{"token":"the-real-token"}`)
	})
	d, _ := newDriver(t)
	d.Secrets = map[string]string{"secret.client": "of-the-tester"}
	c, err := d.Arm(t.Context(), target.AccessPath{
		Arm: []target.Step{{Method: "GET", URL: url, Capture: map[string]target.Capture{"token": {JSON: "token"}}}},
	}, "polled", map[string]string{"user.userName": "ada", "user.password": "her-password"})
	g.Expect(err).NotTo(HaveOccurred())
	forged := Forge(c)
	g.Expect(forged.values).To(SatisfyAll(HaveKeyWithValue("user.userName", "ada"), HaveKeyWithValue("secret.client", "of-the-tester")))
	g.Expect(forged.values["user.password"]).NotTo(Equal("her-password"))
	g.Expect(forged.values["token"]).NotTo(Equal("the-real-token"))
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	g.Expect(forged.jar.Cookies(req.URL)).To(BeEmpty())
	g.Expect(c.values["token"]).To(Equal("the-real-token"), "the real one is left alone")
}
