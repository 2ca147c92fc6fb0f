package acme_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// oauthForms are the endpoints that clients and people post to.
var oauthForms = []string{"/oauth/token", "/oauth/device_authorization", "/oauth/introspect", "/oauth/revoke", "/oauth/authorize", "/device"}

// Whatever a client sends, it is answered without a failure, and gets no token that
// nobody gave it leave for.
func FuzzOAuthForms(f *testing.F) {
	const device = "urn:ietf:params:oauth:grant-type:device_code"
	for _, seed := range [][4]string{
		{"client_credentials", "cli", "x", ""}, {"client_credentials", "acme_client_1", "acme_secret_1", "a"}, {device, "cli", "", "WDJB-MJHT"},
		{"authorization_code", "gateway", "%zz", "\x00"}, {"refresh_token", "gateway", "gateway-secret", "\xff"}, {"", "", "", "bcdf ghjk"}, {"password", "<b>", ":", "ſ"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], "grant_type="+url.QueryEscape(seed[0])+"&%")
	}
	f.Fuzz(func(t *testing.T, kind, id, secret, code, raw string) {
		c := New(t, acme.Config{OAuthClients: []acme.OAuthClient{{ID: "gateway", Secret: "gateway-secret", RedirectURIs: []string{callback}}}})
		c.NewUser(ada, password)
		cookies := "acme_csrf=x; acme_session=" + c.SignIn(ada, password).Cookie("acme_session")
		c.RegisterClient(c.Arm(ada, password).Access)
		c.StartDevice()
		for _, path := range oauthForms {
			for _, reply := range []*Reply{
				c.Form(path, cookies, "csrf", "x", "grant_type", kind, "client_id", id, "client_secret", secret, "code", code, "device_code", code,
					"user_code", code, "refresh_token", code, "token", code, "code_verifier", secret, "approve", "1", "redirect_uri", callback, "response_type", "code"),
				c.Send(rawForm(t, path, raw)),
				c.Browse(path+"?user_code="+url.QueryEscape(code)+"&client_id="+url.QueryEscape(id), cookies),
				c.TokenAs(id, secret, "grant_type", kind, "code", code, "device_code", code, "refresh_token", code, "redirect_uri", callback),
			} {
				switch {
				case reply.Status >= http.StatusInternalServerError:
					t.Fatalf("%s answered %d", path, reply.Status)
				case reply.Doc["access_token"] != nil:
					t.Fatalf("%s gave a token away", path)
				}
			}
		}
	})
}
