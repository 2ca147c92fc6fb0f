package defects

import (
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/scimproof/scimproof/mocks/acme"
)

// channel are the defects of who may provision.
func channel() []Defect {
	return []Defect{
		{
			Name:    "anybody-may-read",
			Summary: "SCIM can be read without a token.",
			Checks:  []string{"channel.no-credential"},
			Gaps:    []string{"nonconformant"},
			Install: judgeClient(func(c *acme.Client) {
				if !c.Sent && c.Request.Method == http.MethodGet {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "any-token-may-provision",
			Summary: "Any bearer token is taken for the identity provider's, whatever it says.",
			Checks:  []string{"channel.made-up-credential"},
			Gaps:    []string{"nonconformant"},
			Install: judgeClient(func(c *acme.Client) {
				if c.Sent && !c.Expired && !c.Foreign && c.Name == "" {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "expired-token-accepted",
			Summary: "A provisioning token works on after its time is over.",
			Install: judgeClient(func(c *acme.Client) {
				if c.Expired {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "read-only-token-writes",
			Summary: "A token that may only read creates, changes and deletes users.",
			Install: judgeClient(func(c *acme.Client) {
				if c.Scope == acme.ReadOnly && !c.Expired {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "read-only-token-deletes",
			Summary: "A token that may only read is refused every write but DELETE.",
			Install: judgeClient(func(c *acme.Client) {
				if c.Scope == acme.ReadOnly && !c.Expired && c.Request.Method == http.MethodDelete {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "personal-access-token-provisions",
			Summary: "The access token of an ordinary person opens SCIM, with all rights.",
			Install: judgeClient(func(c *acme.Client) {
				if c.Scope == acme.Own {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "people-may-list-people",
			Summary: "The access token of an ordinary person reads every user over SCIM.",
			Install: judgeClient(func(c *acme.Client) {
				if c.Scope == acme.Own && c.Request.Method == http.MethodGet && strings.Contains(c.Request.URL.Path, "/Users") {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "sister-token-accepted",
			Summary: "The provisioning token of another organisation is good for this one.",
			Install: judgeClient(func(c *acme.Client) {
				if c.Foreign {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "ids-cross-organisations",
			Summary: "Somebody who knows the id reads a user of another organisation.",
			Install: onRead(func(r *acme.Read) {
				if r.Foreign {
					r.Current = r.Previous
				}
			}),
		},
		{
			Name:    "lists-cross-organisations",
			Summary: "A list without a filter holds the users of every organisation.",
			Install: onQuery(func(q *acme.Query) {
				if q.Filter == "" {
					q.Found = append(q.Found, q.Foreign()...)
				}
			}),
		},
		{
			Name:    "token-in-the-query",
			Summary: "The provisioning token is taken from the query string, too, where logs keep it.",
			Install: onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				if token := r.URL.Query().Get("access_token"); isSCIM(r) && token != "" && r.Header.Get("Authorization") == "" {
					r.Header.Set("Authorization", "Bearer "+token)
				}
				return false
			}),
		},
		{
			Name:    "basic-taken-for-bearer",
			Summary: "The token is accepted under any authentication scheme, with any user name.",
			Install: onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				if _, password, ok := r.BasicAuth(); ok && isSCIM(r) {
					r.Header.Set("Authorization", "Bearer "+password)
				}
				return false
			}),
		},
		{
			Name:    "channel-dies-silently",
			Summary: "Once a wrong token was sent, writes are answered with success and do nothing until the next read.",
			Checks:  []string{"channel.recovers"},
			Gaps:    []string{"ignored-silently deactivate"},
			Install: dyingChannel,
		},
	}
}

// dyingChannel answers writes as if all was well while it is out of order.
func dyingChannel(c *acme.Config) {
	var broken atomic.Bool
	judgeClient(func(c *acme.Client) {
		if c.Refuse == nil && c.Request.Method == http.MethodGet {
			broken.Store(false)
		}
		if c.Name == "" {
			broken.Store(true)
		}
	})(c)
	beforeChange(func(c *acme.Change) { c.Drop = c.Drop || broken.Load() })(c)
}
