package scim

import (
	"crypto/rand"

	"github.com/scimproof/scimproof/suites/target"
)

// Anonymous returns a client of the same target that sends no credential.
func (c *Client) Anonymous() (*Client, error) { return c.as(target.Auth{Scheme: authNone}) }

// MadeUp returns a client of the same target with a credential that nobody was given.
func (c *Client) MadeUp() (*Client, error) {
	if c.target.SCIM.Auth.Scheme == target.AuthBasic {
		return c.as(target.Auth{Scheme: target.AuthBasic, Username: c.target.SCIM.Auth.Username, Password: "made-up-" + rand.Text()})
	}
	return c.as(target.Auth{Scheme: target.AuthBearer, Token: "made-up-" + rand.Text()})
}

// With returns a client of the same target with another credential.
func (c *Client) With(auth target.Auth) (*Client, error) { return c.as(auth) }

// OfTenant returns a client of another tenant of the same service.
func (c *Client) OfTenant(tenant target.Tenant) (*Client, error) {
	other := *c.target
	other.SCIM.BaseURL, other.SCIM.Auth = tenant.BaseURL, tenant.Auth
	return New(&other, c.options)
}

// OverPlainHTTP returns a client of the same address without TLS, which sends no credential.
func (c *Client) OverPlainHTTP() (*Client, error) {
	other := *c.target
	address := *c.target.SCIM.BaseURL
	address.Scheme = "http"
	other.SCIM.BaseURL, other.SCIM.Auth = &address, target.Auth{Scheme: authNone}
	return New(&other, c.options)
}

// UpToTLS returns a client of the same target that speaks no newer version of TLS, such as
// tls.VersionTLS12.
func (c *Client) UpToTLS(version uint16) (*Client, error) {
	other := *c.target
	other.SCIM.TLS.MaxVersion = version
	return New(&other, c.options)
}

// authNone is no scheme that a profile can name.
const authNone target.AuthScheme = "none"

func (c *Client) as(auth target.Auth) (*Client, error) {
	other := *c.target
	other.SCIM.Auth = auth
	return New(&other, c.options)
}
