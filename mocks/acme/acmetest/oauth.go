package acmetest

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// oauthCallback is where the public client has its codes sent.
const oauthCallback = "http://127.0.0.1/callback"

// Code lets the public client act for whoever has the session, and returns the
// authorization code; "" if none was given.
func (c *Client) Code(session, verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	fields := []string{
		"response_type", "code", "client_id", "cli", "redirect_uri", oauthCallback, "state", "s",
		"code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method", "S256",
	}
	page := c.Page("/oauth/authorize?"+pairs(fields).Encode(), session)
	token := page.Cookie("acme_csrf")
	reply := c.Form("/oauth/authorize", "acme_session="+session+"; acme_csrf="+token, append(fields, "csrf", token, "approve", "1")...)
	location, err := url.Parse(reply.Header.Get("Location"))
	if err != nil {
		return ""
	}
	return location.Query().Get("code")
}

// RedeemCode asks for tokens with an authorization code.
func (c *Client) RedeemCode(code, verifier string) *Reply {
	return c.Form("/oauth/token", "", "grant_type", "authorization_code", "code", code, "client_id", "cli",
		"redirect_uri", oauthCallback, "code_verifier", verifier)
}

// RegisterClient has a token's owner register an OAuth client, and returns the answer.
func (c *Client) RegisterClient(access string) *Reply {
	return c.API("POST", "/api/oauth-clients", access, Object{"label": "nightly export"})
}

// ClientGrant asks for a token with a client's own credentials, in HTTP Basic.
func (c *Client) ClientGrant(id, secret string) *Reply {
	return c.TokenAs(id, secret, "grant_type", "client_credentials")
}

// TokenAs asks for tokens as a client that proves itself by HTTP Basic.
func (c *Client) TokenAs(id, secret string, fields ...string) *Reply {
	r := httptest.NewRequestWithContext(c.t.Context(), http.MethodPost, "http://acme.test/oauth/token", strings.NewReader(pairs(fields).Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	return c.Send(r)
}

// StartDevice asks for a device code for the public client.
func (c *Client) StartDevice() *Reply {
	return c.Form("/oauth/device_authorization", "", "client_id", "cli")
}

// DecideDevice answers the question about a device as whoever has the session: answer is
// approve or deny.
func (c *Client) DecideDevice(session, userCode, answer string) *Reply {
	token := c.Page("/device?user_code="+url.QueryEscape(userCode), session).Cookie("acme_csrf")
	return c.Form("/device", "acme_session="+session+"; acme_csrf="+token, "csrf", token, "user_code", userCode, answer, "1")
}

// PollDevice asks for the tokens of a device code.
func (c *Client) PollDevice(code string) *Reply {
	return c.Form("/oauth/token", "", "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", code, "client_id", "cli")
}
