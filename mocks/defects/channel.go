package defects

import (
	"crypto/tls"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// channel are the defects of who may provision.
func channel() []Defect {
	return []Defect{
		{
			Name:    "anybody-may-read",
			Summary: "SCIM can be read without a token.",
			Checks:  []string{"channel.no-credential", "channel.another-scheme", "channel.token-in-query"},
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
			Checks:  []string{"channel.ended-credential"},
			Gaps:    []string{"nonconformant"},
			Install: judgeClient(func(c *acme.Client) {
				if c.Expired {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "read-only-token-writes",
			Summary: "A token that may only read creates, changes and deletes users.",
			Checks:  []string{"channel.read-only.*"},
			Gaps:    []string{"nonconformant"},
			Install: judgeClient(func(c *acme.Client) {
				if c.Scope == acme.ReadOnly && !c.Expired {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "read-only-token-deletes",
			Summary: "A token that may only read is refused every write but DELETE.",
			Checks:  []string{"channel.read-only.delete"},
			Gaps:    []string{"nonconformant"},
			Install: judgeClient(func(c *acme.Client) {
				if c.Scope == acme.ReadOnly && !c.Expired && c.Request.Method == http.MethodDelete {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "personal-access-token-provisions",
			Summary: "The access token of an ordinary person opens SCIM, with all rights.",
			Checks:  []string{"channel.person.reads", "channel.person.writes"},
			Gaps:    []string{"nonconformant"},
			Install: judgeClient(func(c *acme.Client) {
				if c.Scope == acme.Own {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "people-may-list-people",
			Summary: "The access token of an ordinary person reads every user over SCIM.",
			Checks:  []string{"channel.person.reads"},
			Gaps:    []string{"nonconformant"},
			Install: judgeClient(func(c *acme.Client) {
				if c.Scope == acme.Own && c.Request.Method == http.MethodGet && strings.Contains(c.Request.URL.Path, "/Users") {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "sister-token-accepted",
			Summary: "The provisioning token of another organisation is good for this one.",
			Checks:  []string{"channel.tenant.credential"},
			Gaps:    []string{"nonconformant"},
			Install: judgeClient(func(c *acme.Client) {
				if c.Foreign {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "ids-cross-organisations",
			Summary: "Somebody who knows the id reads a user of another organisation.",
			Checks:  []string{"channel.tenant.reads"},
			Gaps:    []string{"nonconformant"},
			Install: onRead(func(r *acme.Read) {
				if r.Foreign {
					r.Current = r.Previous
				}
			}),
		},
		{
			Name:    "lists-cross-organisations",
			Summary: "A list without a filter holds the users of every organisation.",
			Checks:  []string{"channel.tenant.reads"},
			Gaps:    []string{"nonconformant"},
			Install: onQuery(func(q *acme.Query) {
				if q.Filter == "" {
					q.Found = append(q.Found, q.Foreign()...)
				}
			}),
		},
		{
			Name:    "token-in-the-query",
			Summary: "The provisioning token is taken from the query string, too, where logs keep it.",
			Checks:  []string{"channel.token-in-query"},
			Gaps:    []string{"nonconformant"},
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
			Checks:  []string{"channel.another-scheme"},
			Gaps:    []string{"nonconformant"},
			Install: onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				if _, password, ok := r.BasicAuth(); ok && isSCIM(r) {
					r.Header.Set("Authorization", "Bearer "+password)
				}
				return false
			}),
		},
		{
			Name:    "anybody-may-write",
			Summary: "Users can be replaced, deleted and created without a token.",
			Checks:  []string{"channel.anonymous-writes"},
			Gaps:    []string{"nonconformant"},
			Install: judgeClient(func(c *acme.Client) {
				if !c.Sent && c.Request.Method != http.MethodGet && c.Request.Method != http.MethodPatch {
					c.Refuse = nil
				}
			}),
		},
		{
			Name:    "external-ids-unique-everywhere",
			Summary: "The creation of a user whose externalId another organisation uses is answered 409.",
			Checks:  []string{"channel.tenant.external-id"},
			Gaps:    []string{"nonconformant"},
			Install: uniqueEverywhere,
		},
		{
			Name:    "cursors-cross-organisations",
			Summary: "A cursor goes on in whatever organisation it was given out.",
			Checks:  []string{"channel.tenant.cursor"},
			Gaps:    []string{"declared-not-delivered cursor"},
			Install: crossingCursor,
		},
		{
			Name:    "plain-http-beside-tls",
			Summary: "The service answers over plain HTTP, too, and names addresses there even to those who came by TLS.",
			Checks:  []string{"channel.transport.plain", "groups.members.references", "users.create.location", "users.model.meta.location", "users.model.references"},
			Gaps:    []string{"nonconformant"},
			Install: func(c *acme.Config) { c.TLS = &acme.TLS{PlainToo: true} },
		},
		{
			Name:    "newest-tls-only",
			Summary: "The service speaks no TLS older than 1.3.",
			Checks:  []string{"channel.transport.version"},
			Gaps:    []string{"nonconformant"},
			Install: func(c *acme.Config) { c.TLS = &acme.TLS{MinVersion: tls.VersionTLS13} },
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

// uniqueEverywhere refuses an externalId in the sister organisation that somebody has here.
func uniqueEverywhere(c *acme.Config) {
	var taken ids // externalIds here
	writeReply(func(r *acme.Reply) {
		id := model.Resource(r.Body).Text("externalId")
		switch elsewhere := strings.HasPrefix(r.Request.URL.Path, "/globex/"); {
		case r.Status != http.StatusCreated || id == "":
		case !elsewhere:
			taken.set(id, true)
		case taken.has(id):
			refuse(r, &acme.Error{Status: http.StatusConflict, ScimType: "uniqueness", Detail: "externalId is taken"})
		}
	})(c)
}

// crossingCursor goes on with a query of this organisation for whoever has the cursor.
func crossingCursor(c *acme.Config) {
	const crossed = "X-Crossed"
	var owner atomic.Pointer[acme.Client]
	onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
		if path, there := strings.CutPrefix(r.URL.Path, "/globex"); there && r.URL.Query().Get("cursor") != "" {
			r.URL.Path = path
			r.Header.Set(crossed, "yes")
		}
		return false
	})(c)
	judgeClient(func(c *acme.Client) {
		switch here := owner.Load(); {
		case c.Request.Header.Get(crossed) != "" && here != nil:
			c.Refuse, c.Name, c.Scope = nil, here.Name, here.Scope
		case c.Refuse == nil && !c.Foreign && c.Request.URL.Query().Has("cursor"):
			owner.Store(&acme.Client{Name: c.Name, Scope: c.Scope})
		}
	})(c)
}
