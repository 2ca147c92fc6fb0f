package acme_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// signInByScript sends what the script of /app/login sends.
func signInByScript(t *testing.T, c *Client, prefix, cookie, header, body string) *Reply {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://acme.test"+prefix+"/app/login", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Cookie", "acme_csrf="+cookie)
	r.Header.Set("X-Csrf-Token", header)
	return c.Send(r)
}

func TestSigningInByScript(t *testing.T) {
	c, g := start(t)
	id := c.NewUser(ada, password)
	token := c.Browse("/app/csrf", "")
	g.Expect(token.Get("token")).To(Equal(token.Cookie("acme_csrf")))
	in := signInByScript(t, c, "", token.Cookie("acme_csrf"), token.Get("token").(string), `{"username":"`+ada+`","password":"`+password+`"}`)
	g.Expect(in.Status).To(Equal(http.StatusOK))
	session := "acme_session=" + in.Cookie("acme_session")
	g.Expect(c.Browse("/home", session).Status).To(Equal(http.StatusOK), "the session is the same")
	g.Expect(c.Browse("/api/me", session).Status).To(Equal(http.StatusOK))

	c.SetActive(id, false)
	g.Expect(c.Browse("/api/me", session).Status).To(Equal(http.StatusUnauthorized))
	again := signInByScript(t, c, "", "x", "x", `{"username":"`+ada+`","password":"`+password+`"}`)
	g.Expect(again.Status).To(Equal(http.StatusUnauthorized))
	g.Expect(again.Cookie("acme_session")).To(BeEmpty())
}

func TestSigningInByScriptIsRefused(t *testing.T) {
	right := `{"username":"` + ada + `","password":"` + password + `"}`
	for name, refused := range map[string]struct {
		cookie, header, body string
		status               int
	}{
		"no token":       {"", "", right, http.StatusForbidden},
		"no cookie":      {"", "x", right, http.StatusForbidden},
		"another token":  {"x", "y", right, http.StatusForbidden},
		"wrong password": {"x", "x", `{"username":"` + ada + `","password":"wrong"}`, http.StatusUnauthorized},
		"no JSON":        {"x", "x", "username=" + ada, http.StatusBadRequest},
		"a list":         {"x", "x", "[]", http.StatusBadRequest},
		"a number":       {"x", "x", `{"username":1,"password":2}`, http.StatusUnauthorized},
		"twice":          {"x", "x", `{"username":"` + ada + `",` + right[1:], http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			c, g := start(t)
			c.NewUser(ada, password)
			reply := signInByScript(t, c, "", refused.cookie, refused.header, refused.body)
			g.Expect(reply.Status).To(Equal(refused.status))
			g.Expect(reply.Get("error")).NotTo(BeEmpty())
			g.Expect(reply.Cookie("acme_session")).To(BeEmpty())
		})
	}
}

// The page holds neither form nor name, and allows its own script alone.
func TestThePageThatAScriptBuilds(t *testing.T) {
	c := New(t, acme.Config{Sister: &acme.Config{SCIMToken: "sister-secret-for-tests"}})
	g := NewWithT(t)
	for _, prefix := range []string{"", "/globex"} {
		for _, path := range []string{"/app/login", "/app/"} {
			page := c.Browse(prefix+path, "")
			g.Expect(page.Status).To(Equal(http.StatusOK))
			g.Expect(page.Text).To(And(ContainSubstring(`src="`+prefix+`/app/webapp.js"`), Not(ContainSubstring("<form"))))
			g.Expect(page.Header.Get("Content-Security-Policy")).To(Equal("default-src 'self'"))
		}
		script := c.Browse(prefix+"/app/webapp.js", "")
		g.Expect(script.Header.Get("Content-Type")).To(HavePrefix("text/javascript"))
		g.Expect(script.Text).To(ContainSubstring("X-Csrf-Token"))
	}
}
