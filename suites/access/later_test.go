package access

import (
	"encoding/json"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

func TestACookieOutlivesTheProcess(t *testing.T) {
	at := func(text string) *url.URL {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	hour := time.Now().Add(time.Hour)
	for name, c := range map[string]struct {
		by   string
		set  []http.Cookie
		ask  string
		want []string
	}{
		"a session's":                     {"https://app.example.com/login", []http.Cookie{{Name: "sid", Value: "1"}}, "https://app.example.com/home", []string{"sid=1"}},
		"with an age":                     {"https://app.example.com/", []http.Cookie{{Name: "sid", Value: "1", MaxAge: 60}}, "https://app.example.com/", []string{"sid=1"}},
		"with an end":                     {"https://app.example.com/", []http.Cookie{{Name: "sid", Value: "1", Expires: hour}}, "https://app.example.com/", []string{"sid=1"}},
		"set anew":                        {"https://app.example.com/", []http.Cookie{{Name: "sid", Value: "1"}, {Name: "sid", Value: "2"}}, "https://app.example.com/", []string{"sid=2"}},
		"taken away":                      {"https://app.example.com/", []http.Cookie{{Name: "sid", Value: "1"}, {Name: "sid", MaxAge: -1}}, "https://app.example.com/", nil},
		"taken away by its end":           {"https://app.example.com/", []http.Cookie{{Name: "sid", Value: "1"}, {Name: "sid", Expires: time.Unix(1, 0)}}, "https://app.example.com/", nil},
		"of a path, which is the default": {"https://app.example.com/a/login", []http.Cookie{{Name: "sid", Value: "1"}}, "https://app.example.com/b", nil},
		"of its path":                     {"https://app.example.com/a/login", []http.Cookie{{Name: "sid", Value: "1"}}, "https://app.example.com/a/x", []string{"sid=1"}},
		"of a path that it names":         {"https://app.example.com/a/login", []http.Cookie{{Name: "sid", Value: "1", Path: "/"}}, "https://app.example.com/b", []string{"sid=1"}},
		"two paths":                       {"https://app.example.com/", []http.Cookie{{Name: "sid", Value: "1", Path: "/a"}, {Name: "sid", Value: "2", Path: "/b"}}, "https://app.example.com/a", []string{"sid=1"}},
		"of a domain":                     {"https://app.example.com/", []http.Cookie{{Name: "sid", Value: "1", Domain: "example.com"}}, "https://other.example.com/", []string{"sid=1"}},
		"of one host":                     {"https://app.example.com/", []http.Cookie{{Name: "sid", Value: "1"}}, "https://other.example.com/", nil},
		"with a port":                     {"http://127.0.0.1:8080/", []http.Cookie{{Name: "sid", Value: "1"}}, "http://127.0.0.1:8080/", []string{"sid=1"}},
		"for TLS alone":                   {"https://app.example.com/", []http.Cookie{{Name: "sid", Value: "1", Secure: true}}, "http://app.example.com/", nil},
		"in quotes":                       {"https://app.example.com/", []http.Cookie{{Name: "sid", Value: "a b", Quoted: true}}, "https://app.example.com/", []string{`sid="a b"`}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			j := newJar()
			for i := range c.set {
				j.SetCookies(at(c.by), []*http.Cookie{&c.set[i]})
			}
			raw, err := json.Marshal(j.list())
			g.Expect(err).NotTo(HaveOccurred())
			var kept []Cookie
			g.Expect(json.Unmarshal(raw, &kept)).To(Succeed())
			for _, jar := range []http.CookieJar{j, restoredJar(kept)} {
				var got []string
				for _, cookie := range jar.Cookies(at(c.ask)) {
					got = append(got, cookie.String())
				}
				g.Expect(got).To(Equal(c.want))
			}
		})
	}
	g := NewWithT(t)
	old := restoredJar([]Cookie{{Origin: "https://app.example.com", Name: "sid", Value: "1", Path: "/", Expires: time.Now().Add(-time.Second)}})
	g.Expect(old.Cookies(at("https://app.example.com/"))).To(BeEmpty(), "it has grown old in the file")
	g.Expect(restoredJar([]Cookie{{Origin: "::"}, {Origin: "no origin"}}).list()).To(BeEmpty())
}

func TestACanaryIsTriedAgainByAnotherProcess(t *testing.T) {
	g := NewWithT(t)
	var open atomic.Bool
	open.Store(true)
	base := application(t, func(w http.ResponseWriter) bool {
		if !open.Load() {
			http.Error(w, "no", http.StatusForbidden)
		}
		return open.Load()
	})
	path := webSession(base)
	d, _ := newDriver(t)
	d.Secrets = map[string]string{"secret.box": "secret-of-the-box"}
	user := map[string]string{"user.userName": "ada", "user.password": "right-password", "user.marker": "mark-of-ada"}
	canary, err := d.ArmCanary(t.Context(), path, Plan{GiveUpAfter: time.Second}, 1, user, user)
	g.Expect(err).NotTo(HaveOccurred())
	kept, ok := canary.Keep(DenialsNeeded)
	g.Expect(ok).To(BeTrue())
	raw, err := json.Marshal(kept)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(raw)).NotTo(ContainSubstring("secret-of-the-box"), "the profile has it")

	again, _ := newDriver(t)
	again.Secrets = d.Secrets
	var read Kept
	g.Expect(json.Unmarshal(raw, &read)).To(Succeed())
	restored := again.Restore(path, read)
	g.Expect(again.Vault.Leaks([]byte("session-abc-123 right-password csrf-value-77"))).To(HaveLen(3), "what it holds is known for a secret")
	g.Expect(again.Vault.Text("mark-of-ada")).To(Equal("mark-of-ada"), "and the public names are not")
	g.Expect(restored.polled[0].values).To(HaveKeyWithValue("secret.box", "secret-of-the-box"))

	short := Plan{GiveUpAfter: 300 * time.Millisecond}
	quiet := func(time.Time) func() { return func() {} }
	tries, complete := restored.Again(t.Context(), short, read, quiet)
	g.Expect(complete).To(BeTrue())
	g.Expect(len(tries)).To(BeNumerically(">=", 5), "the leaver and the control user twice, and the twin")
	g.Expect(tries).To(HaveEach(HaveField("Result", reports.TryAllowed)))
	g.Expect(tries[len(tries)-1].Who).To(Equal(reports.WhoSilent))

	open.Store(false)
	tries, _ = restored.Again(t.Context(), short, read, quiet)
	g.Expect(tries).To(HaveEach(HaveField("Result", reports.TryDenied)), "the control user as well, and none of the tries before")
}

func TestWhatCannotBeTriedLater(t *testing.T) {
	for name, c := range map[string]struct {
		path target.AccessPath
		says string
	}{
		"a session":          {target.AccessPath{}, ""},
		"what a try spends":  {target.AccessPath{OneShot: true}, "spends"},
		"an address of ours": {target.AccessPath{Listens: true}, "listener"},
		"an open stream":     {target.AccessPath{Arm: []target.Step{{Stream: &target.Stream{}}}}, "connection"},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(CannotLast(c.path)).To(ContainSubstring(c.says))
		})
	}
	g := NewWithT(t)
	password := target.AccessPath{Kind: target.LocalPassword, MaxTries: 3}
	denied := Taken{Phase: reports.PhaseLeft, Who: reports.WhoPolled, Attempt: Attempt{Result: reports.TryDenied}}
	canary := &Canary{Path: password, polled: []*Credential{{}}, control: &Credential{}, Tries: []Taken{denied, denied}}
	kept, ok := canary.Keep(3)
	g.Expect(ok).To(BeTrue())
	g.Expect(kept.Denied).To(Equal(2), "one is left")
	canary.Tries = append(canary.Tries, denied)
	_, ok = canary.Keep(3)
	g.Expect(ok).To(BeFalse(), "another one could lock the account")
}
