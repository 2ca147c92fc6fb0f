package acme_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// loginForms are the endpoints by which people come in.
var loginForms = []string{
	"/login", "/login/magic", "/logout", "/password/forgot", "/password/reset", "/account/password", "/invitation", "/register", "/sso",
}

// Whatever a form holds, it is answered, and not with a failure.
func FuzzLoginForms(f *testing.F) {
	for _, seed := range [][2]string{
		{ada, password}, {adaMail, "a-fresh-password"}, {"\x00", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"}, {"", ""},
		{"bob@mail.example", strings.Repeat("long", 999)}, {"ſ@K.example", "<script>"}, {`"a b"@x`, "%zz"},
		{"eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjFlOTl9.x", "."},
	} {
		f.Add(seed[0], seed[1], "username="+seed[0]+"&token=%")
	}
	f.Fuzz(func(t *testing.T, who, secret, raw string) {
		c := New(t, acme.Config{SelfRegistration: true, SSOKey: SSOKey, OutboxToken: OutboxToken, CookieCache: 1})
		c.NewPerson(ada, password, adaMail)
		session := c.SignIn(ada, password).Cookie("acme_session")
		token := c.ForgotPassword(adaMail)
		invited := c.API(http.MethodPost, "/api/invitations", c.Arm(ada, password).Access, Object{"email": who}).Status == http.StatusCreated
		if invited && len(c.Mails(who)) > 0 {
			token = c.LinkToken(who)
		}
		cookies := "acme_csrf=x; acme_session=" + session + "; acme_remember=" + url.QueryEscape(secret) + "; acme_cache=" + url.QueryEscape(who)
		for _, path := range loginForms {
			for _, reply := range []*Reply{
				c.Form(path, "acme_csrf=x", "username", who, "userName", who, "email", who, "password", secret, "token", token, "csrf", "x",
					"remember", raw, "old", password, "new", secret, "assertion", raw),
				c.Form(path, cookies, "email", who, "token", secret, "assertion", secret, "username", ada, "old", password, "new", who),
				c.Send(rawForm(t, path, raw)),
				c.Browse(path+"?token="+url.QueryEscape(secret), cookies),
			} {
				if reply.Status >= 500 {
					t.Fatalf("%s answered %d", path, reply.Status)
				}
			}
		}
		for _, said := range []string{c.Assertion(who, secret, nil), c.Assertion(who, adaMail, Object{"name": secret, "jti": raw, "aud": raw})} {
			if reply := c.Form("/sso", "", "assertion", said); reply.Status >= 500 {
				t.Fatalf("/sso answered %d", reply.Status)
			}
		}
		if reply := c.Dav(who, secret); reply.Status != http.StatusUnauthorized {
			t.Fatalf("/dav/ answered %d", reply.Status)
		}
	})
}

// rawForm posts a body that need not be a form at all.
func rawForm(t *testing.T, path, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://acme.test"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}
