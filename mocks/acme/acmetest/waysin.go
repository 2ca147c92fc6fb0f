package acmetest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/scimproof/scimproof/mocks/acme"
)

// OutboxToken opens the outbox of applications whose configuration has it.
const OutboxToken = "outbox-secret-for-tests"

// NewPerson creates a user with e-mail addresses, the first of them primary, and returns
// the id. Without a password they have none.
func (c *Client) NewPerson(userName, password string, emails ...string) string {
	c.t.Helper()
	list := List{}
	for i, address := range emails {
		list = append(list, Object{"value": address, "primary": i == 0})
	}
	body := Object{"schemas": List{User}, "userName": userName, "displayName": "Display of " + userName, "emails": list}
	if password != "" {
		body["password"] = password
	}
	reply := c.SCIM(http.MethodPost, "/Users", body)
	if reply.Status != http.StatusCreated {
		c.t.Fatalf("POST /Users answered %d: %s", reply.Status, reply.Text)
	}
	return reply.ID()
}

// Mails lists the mails to an address, newest last.
func (c *Client) Mails(to string) []acme.Mail {
	c.t.Helper()
	reply := c.API(http.MethodGet, "/outbox?to="+url.QueryEscape(to), OutboxToken, nil)
	var mails []acme.Mail
	if err := json.Unmarshal([]byte(reply.Text), &mails); err != nil {
		c.t.Fatalf("the outbox answered %d: %v", reply.Status, err)
	}
	return mails
}

// Link returns the link of the last mail to an address, which there must be.
func (c *Client) Link(to string) string {
	c.t.Helper()
	mails := c.Mails(to)
	if len(mails) == 0 {
		c.t.Fatalf("no mail to %s", to)
	}
	return mails[len(mails)-1].Link
}

// LinkToken returns the token in the last mail to an address, which there must be.
func (c *Client) LinkToken(to string) string {
	c.t.Helper()
	_, token, _ := strings.Cut(c.Link(to), "?token=")
	return token
}

// SSOKey signs assertions for applications whose configuration has it.
var SSOKey = []byte("sso-key-for-tests-with-32-bytes!")

// Assertion is the identity provider's word for somebody, issued now and good for a
// minute. Claims that are given replace those, nil leaves one out.
func (c *Client) Assertion(userName, email string, claims Object) string {
	c.t.Helper()
	now := c.Clock.Now()
	all := jwt.MapClaims{
		"iss": "workforce-identity", "aud": "acme", "sub": userName, "email": email, "name": "Display of " + userName,
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "jti": uuid.NewString(),
	}
	for name, value := range claims {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, all).SignedString(SSOKey)
	if err != nil {
		c.t.Fatal(err)
	}
	return signed
}

// AppPassword has a token's owner make an app password, and returns it.
func (c *Client) AppPassword(access string) string {
	secret, _ := c.API(http.MethodPost, "/api/app-passwords", access, Object{"label": "calendar"}).Get("password").(string)
	return secret
}

// PublicKey is what SSHKey registers.
const PublicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKeyOfATest laptop"

// SSHKey has a token's owner register a public key, and returns its id.
func (c *Client) SSHKey(access string) string {
	return c.API(http.MethodPost, "/api/ssh-keys", access, Object{"label": "laptop", "key": PublicKey}).ID()
}

// AuthorizedKeys lists the keys that open for a name, as the server that speaks SSH asks
// for them.
func (c *Client) AuthorizedKeys(userName string) string {
	return c.API(http.MethodGet, "/ssh/authorized-keys?user="+userName, OutboxToken, nil).Text
}

// Dav asks for the listing that takes app passwords.
func (c *Client) Dav(userName, password string) *Reply {
	r := httptest.NewRequestWithContext(c.t.Context(), http.MethodGet, "http://acme.test/dav/", nil)
	r.SetBasicAuth(userName, password)
	return c.Send(r)
}

// RememberMe signs in to be remembered, and returns the cookie for that.
func (c *Client) RememberMe(userName, password string) string {
	return c.SignIn(userName, password, "remember", "yes").Cookie("acme_remember")
}

// ForgotPassword asks for a reset link and returns its token.
func (c *Client) ForgotPassword(email string) string {
	c.t.Helper()
	c.Form("/password/forgot", "", "email", email)
	return c.LinkToken(email)
}

// ResetPassword uses the token of a reset link.
func (c *Client) ResetPassword(token, password string) *Reply {
	return c.Form("/password/reset", "", "token", token, "password", password)
}

// MagicLink asks for a link that signs in, and returns it.
func (c *Client) MagicLink(email string) string {
	c.t.Helper()
	c.Form("/login/magic", "", "email", email)
	return c.Link(email)
}

// Invite has a token's owner invite an address that has no account. It returns the
// invitation's id and the token in the link.
func (c *Client) Invite(access, email string) (id, token string) {
	c.t.Helper()
	return c.API(http.MethodPost, "/api/invitations", access, Object{"email": email}).ID(), c.LinkToken(email)
}

// Join accepts an invitation.
func (c *Client) Join(token, userName, password string) *Reply {
	return c.Form("/invitation", "", "token", token, "userName", userName, "password", password)
}

// SSO presents an assertion.
func (c *Client) SSO(assertion string) *Reply { return c.Form("/sso", "", "assertion", assertion) }
