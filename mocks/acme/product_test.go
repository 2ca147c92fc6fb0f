package acme_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

const (
	ada      = "ada@example.com"
	password = "a-long-password"
)

func TestWebSignIn(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)

	form := c.Page("/login", "")
	g.Expect(form.Status).To(Equal(http.StatusOK))
	g.Expect(form.Text).To(ContainSubstring(`<input type="hidden" name="csrf" value="` + form.Cookie("acme_csrf") + `">`))

	signedIn := c.SignIn("ADA@example.com", password)
	g.Expect(signedIn.Status).To(Equal(http.StatusSeeOther))
	g.Expect(signedIn.Header.Get("Location")).To(Equal("/home"))
	g.Expect(strings.Join(signedIn.Header.Values("Set-Cookie"), "\n")).To(MatchRegexp(`acme_session=\w{40}; Path=/; HttpOnly`))

	home := c.Page("/home", signedIn.Cookie("acme_session"))
	g.Expect(home.Status).To(Equal(http.StatusOK))
	g.Expect(home.Text).To(ContainSubstring("Welcome, Display of ada@example.com"))

	g.Expect(c.SignIn(ada, "wrong").Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.SignIn("nobody", password).Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.SignIn("", "").Status).To(Equal(http.StatusUnauthorized))
}

func TestWebSignInNeedsItsOwnForm(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	for cookie, field := range map[string]string{"": "x", "acme_csrf=x": "y", "acme_csrf=y": "", "acme_csrf=": ""} {
		reply := c.Form("/login", cookie, "username", ada, "password", password, "csrf", field)
		g.Expect(reply.Status).To(Equal(http.StatusForbidden), cookie)
		g.Expect(reply.Cookie("acme_session")).To(BeEmpty())
	}
}

func TestHomeWithoutASessionLeadsToLogin(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	held := c.Arm(ada, password)
	for _, session := range []string{"", "made-up", held.Access, held.Personal, held.Refresh} {
		reply := c.Page("/home", session)
		g.Expect(reply.Status).To(Equal(http.StatusSeeOther))
		g.Expect(reply.Header.Get("Location")).To(Equal("/login"))
		g.Expect(reply.Text).NotTo(ContainSubstring(ada))
	}
}

func TestLogoutEndsTheSession(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	held := c.Arm(ada, password)
	g.Expect(c.Form("/logout", "acme_session="+held.Session).Status).To(Equal(http.StatusSeeOther))
	g.Expect(held.Open()).To(ConsistOf(acme.AccessToken, acme.RefreshToken, acme.PersonalToken, acme.Password))
}

func TestPageEscapesTheName(t *testing.T) {
	c, g := start(t)
	id := c.NewUser(ada, password)
	c.Patch("/Users/"+id, op("replace", "displayName", "<script>x</script>"))
	g.Expect(c.Page("/home", c.SignIn(ada, password).Cookie("acme_session")).Text).NotTo(ContainSubstring("<script>"))
}

func TestAPISignIn(t *testing.T) {
	c, g := start(t)
	id := c.NewUser(ada, password)
	c.Patch("/Users/"+id, op("add", "emails", List{Object{"value": "home@x", "type": "home"}, Object{"value": "work@x", "primary": true}}))
	c.NewGroup("staff", id)

	reply := c.API(http.MethodPost, "/api/login", "", Object{"username": ada, "password": password})
	g.Expect(reply.Status).To(Equal(http.StatusOK))
	g.Expect(reply.Get("session")).To(Equal(reply.Cookie("acme_session")))
	profile := Object{"id": id, "userName": ada, "displayName": "Display of " + ada, "email": "work@x", "groups": List{"staff"}}
	g.Expect(reply.Get("user")).To(Equal(profile))
	g.Expect(c.Page("/api/me", reply.Cookie("acme_session")).Doc).To(Equal(profile))

	g.Expect(c.API(http.MethodPost, "/api/login", "", Object{"username": ada, "password": "wrong"}).Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.API(http.MethodPost, "/api/login", "", Object{}).Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.API(http.MethodPost, "/api/login", "", "{").Status).To(Equal(http.StatusBadRequest))
}

func TestAPINeedsALiveCredential(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	held := c.Arm(ada, password)
	for _, wrong := range []string{"made-up", held.Session, held.Refresh, held.Access + "x", password} {
		reply := c.API(http.MethodGet, "/api/me", wrong, nil)
		g.Expect(reply.Status).To(Equal(http.StatusUnauthorized))
		g.Expect(reply.Header.Get("WWW-Authenticate")).NotTo(BeEmpty())
	}
	g.Expect(c.API(http.MethodGet, "/api/me", "", nil).Status).To(Equal(http.StatusUnauthorized))
}

func TestPersonalTokens(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	c.NewUser("bob", password)
	held, bob := c.Arm(ada, password), c.Arm("bob", password)

	made := c.API(http.MethodPost, "/api/tokens", held.Access, Object{"label": "laptop"})
	g.Expect(made.Status).To(Equal(http.StatusCreated))
	g.Expect(made.Get("token")).To(HavePrefix("acme_pat_"))
	g.Expect(made.Get("label")).To(Equal("laptop"))

	list := c.API(http.MethodGet, "/api/tokens", held.Access, nil)
	g.Expect(list.Text).To(And(ContainSubstring(`"backup"`), ContainSubstring(`"laptop"`), Not(ContainSubstring("acme_pat_"))))

	g.Expect(c.API(http.MethodDelete, "/api/tokens/"+made.ID(), bob.Access, nil).Status).To(Equal(http.StatusNotFound), "another's")
	g.Expect(c.API(http.MethodDelete, "/api/tokens/"+made.ID(), held.Access, nil).Status).To(Equal(http.StatusNoContent))
	g.Expect(c.API(http.MethodGet, "/api/me", made.Get("token").(string), nil).Status).To(Equal(http.StatusUnauthorized))
	g.Expect(held.Use(acme.PersonalToken)).NotTo(BeEmpty(), "the other token lives on")

	g.Expect(c.API(http.MethodPost, "/api/tokens", held.Access, Object{}).Status).To(Equal(http.StatusBadRequest))
	g.Expect(c.API(http.MethodPost, "/api/tokens", held.Personal, Object{"label": "more"}).Status).To(Equal(http.StatusUnauthorized))
	g.Expect(c.API(http.MethodPost, "/api/tokens", "", Object{"label": "more"}).Status).To(Equal(http.StatusUnauthorized))
}

func TestPasswordGrant(t *testing.T) {
	for _, opaque := range []bool{false, true} {
		c, g := New(t, acme.Config{OpaqueAccessTokens: opaque}), NewWithT(t)
		c.NewUser(ada, password)
		reply := c.PasswordGrant(ada, password)
		g.Expect(reply.Status).To(Equal(http.StatusOK))
		g.Expect(reply.Header.Get("Cache-Control")).To(Equal("no-store"))
		g.Expect(reply.Doc).To(And(HaveLen(4), HaveKeyWithValue("token_type", "Bearer"), HaveKeyWithValue("expires_in", 600.0), HaveKey("refresh_token")))
		access := reply.Get("access_token").(string)
		if opaque {
			g.Expect(access).NotTo(ContainSubstring("."))
		} else {
			g.Expect(strings.Split(access, ".")).To(HaveLen(3), "the parts of a JWT")
		}
		g.Expect(c.API(http.MethodGet, "/api/me", access, nil).Get("userName")).To(Equal(ada))
		c.Clock.Advance(10 * time.Minute)
		g.Expect(c.API(http.MethodGet, "/api/me", access, nil).Status).To(Equal(http.StatusUnauthorized), "expired")
	}
}

func TestTokenEndpointErrors(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	held := c.Arm(ada, password)
	for _, tt := range []struct {
		want   string
		fields []string
	}{
		{"invalid_grant", []string{"grant_type", "password", "username", ada, "password", "wrong", "client_id", "cli"}},
		{"invalid_grant", []string{"grant_type", "password", "username", "nobody", "password", password, "client_id", "cli"}},
		{"invalid_request", []string{"grant_type", "password", "username", ada}},
		{"invalid_grant", []string{"grant_type", "refresh_token", "refresh_token", "made-up", "client_id", "cli"}},
		{"invalid_grant", []string{"grant_type", "refresh_token", "refresh_token", held.Access, "client_id", "cli"}},
		{"invalid_grant", []string{"grant_type", "refresh_token", "refresh_token", held.Refresh, "client_id", "another"}},
		{"invalid_request", []string{"grant_type", "refresh_token"}},
		{"invalid_request", nil},
		{"unsupported_grant_type", []string{"grant_type", "implicit"}},
		{"unauthorized_client", []string{"grant_type", "client_credentials", "client_id", "cli"}},
		{"invalid_request", []string{"grant_type", "urn:ietf:params:oauth:grant-type:device_code", "client_id", "cli"}},
	} {
		reply := c.Form("/oauth/token", "", tt.fields...)
		g.Expect(reply.Status).To(Equal(http.StatusBadRequest), "%v", tt.fields)
		g.Expect(reply.Doc).To(Equal(Object{"error": tt.want}), "%v", tt.fields)
	}
	g.Expect(held.Use(acme.RefreshToken)).NotTo(BeEmpty(), "the failures have not spent it")
}

func TestRevocation(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	held := c.Arm(ada, password)

	g.Expect(c.Form("/oauth/revoke", "", "token", held.Personal).Status).To(Equal(http.StatusOK), "not its matter")
	g.Expect(c.Form("/oauth/revoke", "", "token", "made-up").Status).To(Equal(http.StatusOK))
	g.Expect(c.Form("/oauth/revoke", "").Doc).To(Equal(Object{"error": "invalid_request"}))
	g.Expect(held.Open()).To(Equal(Kinds()))

	g.Expect(c.Form("/oauth/revoke", "", "token", held.Access).Status).To(Equal(http.StatusOK))
	g.Expect(held.Open()).To(ConsistOf(acme.Session, acme.RefreshToken, acme.PersonalToken, acme.Password))

	// RFC 7009 §2.1: with a refresh token go the access tokens of the same grant.
	again := c.Arm(ada, password)
	c.Form("/oauth/revoke", "", "token", again.Refresh)
	g.Expect(again.Open()).To(ConsistOf(acme.Session, acme.PersonalToken, acme.Password))
	g.Expect(held.Use(acme.RefreshToken)).NotTo(BeEmpty(), "of another grant")
}

func TestSessionExpires(t *testing.T) {
	c, g := New(t, acme.Config{SessionTTL: time.Hour}), NewWithT(t)
	c.NewUser(ada, password)
	held := c.Arm(ada, password)
	c.Clock.Advance(time.Hour - 1)
	g.Expect(held.Use(acme.Session)).NotTo(BeEmpty())
	c.Clock.Advance(1)
	g.Expect(held.Use(acme.Session)).To(BeEmpty())
}
