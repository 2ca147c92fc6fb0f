package acme_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

const callback = "http://127.0.0.1/callback"

func startOAuth(t *testing.T) (*Client, *WithT) {
	t.Helper()
	return New(t, acme.Config{OAuthClients: []acme.OAuthClient{{ID: "gateway", Secret: "gateway-secret"}}}), NewWithT(t)
}

func TestTheCodeFlow(t *testing.T) {
	c, g := startOAuth(t)
	c.NewUser(ada, password)
	session := c.SignIn(ada, password).Cookie("acme_session")
	code := c.Code(session, "a-verifier")
	g.Expect(c.RedeemCode(code, "another-verifier").Status).To(Equal(http.StatusBadRequest))
	tokens := c.RedeemCode(code, "a-verifier")
	g.Expect(tokens.Status).To(Equal(http.StatusOK))
	access := tokens.Get("access_token").(string)
	g.Expect(c.API("GET", "/api/me", access, nil).Get("userName")).To(Equal(ada))

	g.Expect(c.RedeemCode(code, "a-verifier").Get("error")).To(Equal("invalid_grant"), "it works once")
	g.Expect(c.API("GET", "/api/me", access, nil).Status).To(Equal(http.StatusUnauthorized), "what came of a code that comes twice ends")

	late := c.Code(session, "v")
	c.Clock.Advance(time.Minute)
	g.Expect(c.RedeemCode(late, "v").Status).To(Equal(http.StatusBadRequest))
}

func TestACodeDiesWithItsPerson(t *testing.T) {
	c, g := startOAuth(t)
	id := c.NewUser(ada, password)
	code := c.Code(c.SignIn(ada, password).Cookie("acme_session"), "v")
	c.SetActive(id, false)
	g.Expect(c.RedeemCode(code, "v").Status).To(Equal(http.StatusBadRequest))
	c.SetActive(id, true)
	g.Expect(c.RedeemCode(code, "v").Status).To(Equal(http.StatusBadRequest))
}

func TestWhoMayAskForACode(t *testing.T) {
	c, g := startOAuth(t)
	c.NewUser(ada, password)
	session := c.SignIn(ada, password).Cookie("acme_session")
	sum := sha256.Sum256([]byte("v"))
	good := url.Values{
		"response_type": {"code"}, "client_id": {"cli"}, "redirect_uri": {callback},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	ask := func(session string, change ...string) int {
		q := url.Values{}
		for name, values := range good {
			q[name] = values
		}
		for i := 0; i+1 < len(change); i += 2 {
			q.Set(change[i], change[i+1])
		}
		return c.Page("/oauth/authorize?"+q.Encode(), session).Status
	}
	g.Expect(ask(session)).To(Equal(http.StatusOK))
	g.Expect(ask("")).To(Equal(http.StatusSeeOther), "sign in first")
	for _, wrong := range [][]string{
		{"client_id", "other"}, {"redirect_uri", "https://evil.example/"}, {"code_challenge", ""},
		{"code_challenge_method", "plain"}, {"response_type", "token"},
	} {
		g.Expect(ask(session, wrong...)).To(Equal(http.StatusBadRequest), "%v: shown here, sent nowhere", wrong)
	}
	g.Expect(c.Form("/oauth/authorize", "acme_session="+session, "client_id", "cli", "approve", "1").Status).To(Equal(http.StatusForbidden), "without the form's token")
}

func TestARefreshTokenThatComesTwiceEndsItsFamily(t *testing.T) {
	c, g := startOAuth(t)
	c.NewUser(ada, password)
	first := c.PasswordGrant(ada, password).Get("refresh_token").(string)
	next := c.Redeem(first)
	g.Expect(next.Status).To(Equal(http.StatusOK))
	g.Expect(c.Redeem(first).Status).To(Equal(http.StatusBadRequest))
	g.Expect(c.Redeem(next.Get("refresh_token").(string)).Status).To(Equal(http.StatusBadRequest))
	g.Expect(c.API("GET", "/api/me", next.Get("access_token").(string), nil).Status).To(Equal(http.StatusUnauthorized))
}

func TestRevokingARefreshTokenEndsItsAccessTokens(t *testing.T) {
	c, g := startOAuth(t)
	c.NewUser(ada, password)
	tokens := c.PasswordGrant(ada, password)
	c.Form("/oauth/revoke", "", "token", tokens.Get("refresh_token").(string))
	g.Expect(c.API("GET", "/api/me", tokens.Get("access_token").(string), nil).Status).To(Equal(http.StatusUnauthorized), "RFC 7009 §2.1")

	again := c.PasswordGrant(ada, password)
	grants := c.API("GET", "/oauth/grants", again.Get("access_token").(string), nil).Items()
	g.Expect(grants).To(HaveLen(1))
	g.Expect(c.API("DELETE", "/oauth/grants/"+grants[0]["id"].(string), again.Get("access_token").(string), nil).Status).To(Equal(http.StatusNoContent))
	g.Expect(c.Redeem(again.Get("refresh_token").(string)).Status).To(Equal(http.StatusBadRequest))
}

func TestIntrospection(t *testing.T) {
	c, g := startOAuth(t)
	id := c.NewUser(ada, password)
	tokens := c.PasswordGrant(ada, password)
	ask := func(client, secret, token string) *Reply {
		r := httptest.NewRequest("POST", "http://acme.test/oauth/introspect", strings.NewReader(url.Values{"token": {token}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(client, secret)
		return c.Send(r)
	}
	for _, name := range []string{"access_token", "refresh_token"} {
		g.Expect(ask("gateway", "gateway-secret", tokens.Get(name).(string)).Get("username")).To(Equal(ada))
	}
	g.Expect(ask("gateway", "wrong", "x").Status).To(Equal(http.StatusUnauthorized))
	g.Expect(ask("cli", "", "x").Status).To(Equal(http.StatusUnauthorized), "a public client proves nothing")
	g.Expect(ask("gateway", "gateway-secret", "x").Doc).To(Equal(Object{"active": false}))
	c.SetActive(id, false)
	for _, name := range []string{"access_token", "refresh_token"} {
		g.Expect(ask("gateway", "gateway-secret", tokens.Get(name).(string)).Doc).To(Equal(Object{"active": false}))
	}
}

// RFC 8414 §3: what it says of itself is so, also for an issuer with a path.
func TestMetadata(t *testing.T) {
	c := New(t, acme.Config{Sister: &acme.Config{SCIMToken: "sister-secret-for-tests"}})
	for issuer, path := range map[string]string{
		"http://acme.test": "/.well-known/oauth-authorization-server", "http://acme.test/globex": "/.well-known/oauth-authorization-server/globex",
	} {
		g := NewWithT(t)
		said := c.API("GET", path, "", nil)
		g.Expect(said.Get("issuer")).To(Equal(issuer))
		g.Expect(said.Get("grant_types_supported")).To(ConsistOf("authorization_code", "client_credentials", "password", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"))
		for name, value := range said.Doc {
			if address, ok := value.(string); ok && strings.HasSuffix(name, "_endpoint") {
				g.Expect(address).To(HavePrefix(issuer+"/"), name)
				g.Expect(c.API("POST", strings.TrimPrefix(address, "http://acme.test"), "", nil).Status).NotTo(BeElementOf(http.StatusNotFound, http.StatusMethodNotAllowed), name)
			}
		}
	}
}

// RFC 6749 §3.1.2: the query of a redirect URI is kept.
func TestARedirectURIWithAQuery(t *testing.T) {
	const back = "https://app.example/back?of=gateway"
	c, g := New(t, acme.Config{OAuthClients: []acme.OAuthClient{{ID: "gateway", Secret: "s", RedirectURIs: []string{back}}}}), NewWithT(t)
	c.NewUser(ada, password)
	page := c.Form("/oauth/authorize", "acme_csrf=x; acme_session="+c.SignIn(ada, password).Cookie("acme_session"), "csrf", "x", "approve", "1",
		"response_type", "code", "client_id", "gateway", "redirect_uri", back)
	g.Expect(page.Header.Get("Location")).To(HavePrefix(back + "&code="))
}

// Who has a secret may do without PKCE, and proves with it whose code it is.
func TestACodeOfAConfidentialClient(t *testing.T) {
	c := New(t, acme.Config{OAuthClients: []acme.OAuthClient{{ID: "gateway", Secret: "gateway-secret", RedirectURIs: []string{callback}}}})
	c.NewUser(ada, password)
	session := c.SignIn(ada, password).Cookie("acme_session")
	code := func() string {
		fields := url.Values{"response_type": {"code"}, "client_id": {"gateway"}, "redirect_uri": {callback}, "state": {"s"}}
		token := c.Page("/oauth/authorize?"+fields.Encode(), session).Cookie("acme_csrf")
		page := c.Form("/oauth/authorize", "acme_session="+session+"; acme_csrf="+token, "csrf", token, "approve", "1",
			"response_type", "code", "client_id", "gateway", "redirect_uri", callback, "state", "s")
		back, _ := url.Parse(page.Header.Get("Location"))
		return back.Query().Get("code")
	}
	redeem := func(secret string, more ...string) *Reply {
		return c.TokenAs("gateway", secret, append([]string{"grant_type", "authorization_code", "code", code(), "redirect_uri", callback}, more...)...)
	}
	g := NewWithT(t)
	g.Expect(redeem("gateway-secret").Status).To(Equal(http.StatusOK))
	g.Expect(redeem("wrong").Get("error")).To(Equal("invalid_client"))
	g.Expect(redeem("gateway-secret", "code_verifier", "v").Get("error")).To(Equal("invalid_grant"), "none was asked for (RFC 9700 §2.1.1)")
	g.Expect(c.Form("/oauth/token", "", "grant_type", "authorization_code", "code", code(), "redirect_uri", callback, "client_id", "gateway").Get("error")).To(Equal("invalid_client"))
	g.Expect(c.RedeemCode(code(), "").Get("error")).To(Equal("invalid_grant"), "another client's")
}
