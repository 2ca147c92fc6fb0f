package defects_test

import . "github.com/scimproof/scimproof/mocks/acme/acmetest"

var _ = show(map[string]shown{
	"config-denies-patch": {claimOf("patch"), true, false},
})

// claimOf looks whether ServiceProviderConfig says that a feature is supported.
func claimOf(feature string) func(*Client) any {
	return func(c *Client) any { return c.SCIM("GET", "/ServiceProviderConfig", nil).Get(feature, "supported") }
}
