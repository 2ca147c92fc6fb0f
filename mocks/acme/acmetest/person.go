package acmetest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// Credentials are what one person holds.
type Credentials struct {
	UserName, Password                 string
	Session, Access, Refresh, Personal string

	client *Client
}

// Kinds lists the kinds of credential in a fixed order.
func Kinds() []acme.CredentialKind {
	return []acme.CredentialKind{acme.Session, acme.AccessToken, acme.RefreshToken, acme.PersonalToken, acme.Password}
}

// Form posts a form, with cookies as in "name=value; name2=value2".
func (c *Client) Form(path, cookies string, fields ...string) *Reply {
	form := pairs(fields)
	r := httptest.NewRequestWithContext(c.t.Context(), http.MethodPost, "http://acme.test"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cookies != "" {
		r.Header.Set("Cookie", cookies)
	}
	return c.Send(r)
}

// pairs makes a form of names and values in turn.
func pairs(fields []string) url.Values {
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return form
}

// API sends a request to the product with a bearer token, unless that is empty.
func (c *Client) API(method, path, bearer string, body any) *Reply {
	r := httptest.NewRequestWithContext(c.t.Context(), method, "http://acme.test"+path, c.encode(body))
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	return c.Send(r)
}

// Page gets a page of the product with a session, unless that is empty.
func (c *Client) Page(path, session string) *Reply {
	if session == "" {
		return c.Browse(path, "")
	}
	return c.Browse(path, "acme_session="+session)
}

// Browse gets a page with cookies as in "name=value; name2=value2".
func (c *Client) Browse(path, cookies string) *Reply {
	r := httptest.NewRequestWithContext(c.t.Context(), http.MethodGet, "http://acme.test"+path, nil)
	if cookies != "" {
		r.Header.Set("Cookie", cookies)
	}
	return c.Send(r)
}

// csrfField finds the hidden field of the form.
var csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// SignIn signs in through the form, as a browser does it. Other fields of the form
// follow in pairs, such as "remember", "yes".
func (c *Client) SignIn(userName, password string, more ...string) *Reply {
	page := c.Page("/login", "")
	token := ""
	if found := csrfField.FindStringSubmatch(page.Text); found != nil {
		token = found[1]
	}
	fields := append([]string{"username", userName, "password", password, "csrf", token}, more...)
	return c.Form("/login", "acme_csrf="+page.Cookie("acme_csrf"), fields...)
}

// PasswordGrant asks for OAuth tokens with the password.
func (c *Client) PasswordGrant(userName, password string) *Reply {
	return c.Form("/oauth/token", "", "grant_type", "password", "username", userName, "password", password, "client_id", "cli")
}

// Redeem uses a refresh token.
func (c *Client) Redeem(refresh string) *Reply {
	return c.Form("/oauth/token", "", "grant_type", "refresh_token", "refresh_token", refresh, "client_id", "cli")
}

// Arm obtains one credential of each kind.
func (c *Client) Arm(userName, password string) *Credentials {
	c.t.Helper()
	held := &Credentials{UserName: userName, Password: password, client: c}
	held.Session = c.SignIn(userName, password).Cookie("acme_session")
	tokens := c.PasswordGrant(userName, password)
	held.Access, _ = tokens.Get("access_token").(string)
	held.Refresh, _ = tokens.Get("refresh_token").(string)
	held.Personal, _ = c.API(http.MethodPost, "/api/tokens", held.Access, Object{"label": "backup"}).Get("token").(string)
	if held.Session == "" || held.Access == "" || held.Refresh == "" || held.Personal == "" {
		c.t.Fatalf("%s cannot obtain every credential", userName)
	}
	return held
}

// Use uses a credential and returns the displayName of whom it opens the product
// to, or "" if it is refused. A refresh token is replaced by its successor.
func (h *Credentials) Use(kind acme.CredentialKind) string {
	switch kind {
	case acme.Session:
		return nameOf(h.client.Page("/api/me", h.Session))
	case acme.AccessToken:
		return nameOf(h.client.API(http.MethodGet, "/api/me", h.Access, nil))
	case acme.PersonalToken:
		return nameOf(h.client.API(http.MethodGet, "/api/me", h.Personal, nil))
	case acme.RefreshToken:
		return h.redeem()
	default:
		reply := h.client.API(http.MethodPost, "/api/login", "", Object{"username": h.UserName, "password": h.Password})
		name, _ := reply.Get("user", "displayName").(string)
		return name
	}
}

// redeem uses the refresh token and asks the access token that comes with it whose
// it is. Where that is refused in its turn, it stays open who was let in.
func (h *Credentials) redeem() string {
	reply := h.client.Redeem(h.Refresh)
	if reply.Status != http.StatusOK {
		return ""
	}
	h.Refresh, _ = reply.Get("refresh_token").(string)
	access, _ := reply.Get("access_token").(string)
	if name := nameOf(h.client.API(http.MethodGet, "/api/me", access, nil)); name != "" {
		return name
	}
	return "somebody"
}

// Open lists the kinds that let somebody in.
func (h *Credentials) Open() []acme.CredentialKind {
	open := []acme.CredentialKind{}
	for _, kind := range Kinds() {
		if h.Use(kind) != "" {
			open = append(open, kind)
		}
	}
	return open
}

func nameOf(reply *Reply) string {
	if reply.Status != http.StatusOK {
		return ""
	}
	name, _ := reply.Get("displayName").(string)
	return name
}
