package access

import (
	"net/http"
	"net/url"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/access/chromium"
)

func TestAJarKnowsTheAttributesOfItsCookies(t *testing.T) {
	for name, c := range map[string]struct {
		from, set string
		want      chromium.Cookie
	}{
		"of one host":       {"https://app.example.com/a/b", "n=v; HttpOnly", chromium.Cookie{URL: "https://app.example.com/a", Cookie: http.Cookie{Path: "/a", HttpOnly: true}}},
		"of a domain":       {"https://app.example.com/", "n=v; Domain=.example.com; Path=/x; Secure", chromium.Cookie{URL: "https://app.example.com/x", Cookie: http.Cookie{Path: "/x", Domain: "example.com", Secure: true}}},
		"at the root":       {"http://127.0.0.1:8080/login", "n=v", chromium.Cookie{URL: "http://127.0.0.1:8080/", Cookie: http.Cookie{Path: "/"}}},
		"without a path":    {"http://127.0.0.1:8080", "n=v; Path=odd", chromium.Cookie{URL: "http://127.0.0.1:8080/", Cookie: http.Cookie{Path: "/"}}},
		"for one site only": {"https://a.example/", "n=v; SameSite=Strict", chromium.Cookie{URL: "https://a.example/", Cookie: http.Cookie{Path: "/", SameSite: http.SameSiteStrictMode}}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			jar := newJar()
			put(g, jar, c.from, c.set)
			got := jar.all(nil)
			g.Expect(got).To(HaveLen(1))
			got[0].Raw, got[0].Unparsed = "", nil
			c.want.Name, c.want.Value = "n", "v"
			g.Expect(got[0]).To(Equal(c.want))
			g.Expect(jar.all([]string{"n"})).To(HaveLen(1))
			g.Expect(jar.all([]string{})).To(BeEmpty())
		})
	}
}

func put(g *WithT, jar http.CookieJar, from, line string) {
	u, err := url.Parse(from)
	g.Expect(err).NotTo(HaveOccurred())
	cookie, err := http.ParseSetCookie(line)
	g.Expect(err).NotTo(HaveOccurred())
	jar.SetCookies(u, []*http.Cookie{cookie})
}

func TestAJarFollowsTheBrowser(t *testing.T) {
	g := NewWithT(t)
	jar := newJar()
	put(g, jar, "https://app.example.com/", "kept=1")
	put(g, jar, "https://app.example.com/", "gone=1")
	put(g, jar, "https://app.example.com/", "dead=1")
	put(g, jar, "https://app.example.com/", "dead=; Max-Age=0")
	put(g, jar, "https://app.example.com/", "foreign=1; Domain=example.org")
	given := jar.all(nil)
	g.Expect(given).To(HaveLen(2), "what is dead or refused is not handed on")
	jar.take(given, []chromium.Cookie{
		{URL: "https://app.example.com/", Cookie: http.Cookie{Name: "kept", Value: "2", Path: "/"}},
		{URL: "https://idp.example.net/", Cookie: http.Cookie{Name: "sso", Value: "3", Path: "/"}},
	})
	values := map[string]string{}
	for _, c := range jar.all(nil) {
		values[c.Name] = c.Value
	}
	g.Expect(values).To(Equal(map[string]string{"kept": "2", "sso": "3"}))
	u, _ := url.Parse("https://app.example.com/page")
	g.Expect(jar.Cookies(u)).To(ConsistOf(HaveField("Value", "2")), "a request has them, too")
}
