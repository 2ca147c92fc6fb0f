package acmetest

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
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
