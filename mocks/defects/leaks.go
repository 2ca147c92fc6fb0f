package defects

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	filter "github.com/scim2/filter-parser/v2"

	"github.com/scimproof/scimproof/mocks/acme"
)

// leaks are the defects in which somebody sees what is not meant for them.
func leaks() []Defect {
	return slices.Concat(passwordLeaks(), otherLeaks())
}

// passwordLeaks are the defects in which a password, which is never returned (RFC
// 7643 §4.1.1), is.
func passwordLeaks() []Defect {
	return []Defect{
		{
			Name:    "password-shown-on-create",
			Summary: "The 201 shows the password that was sent.",
			Checks:  []string{"users.password.never-shown", "discovery.schema.returned"},
			Gaps:    []string{"nonconformant"},
			Install: withPasswords(func(known *passwords) func(*acme.Config) {
				return writeReply(func(r *acme.Reply) {
					if secret, ok := known.of(r.Body["id"]); ok && r.Status == http.StatusCreated {
						r.Body["password"] = secret
					}
				})
			}),
		},
		{
			Name:    "password-hash-shown",
			Summary: "A user who is read is shown with a hash of the password.",
			Checks:  []string{"users.password.never-shown", "discovery.schema.returned", "users.read.plain"},
			Gaps:    []string{"nonconformant"},
			Install: withPasswords(func(known *passwords) func(*acme.Config) {
				return writeReply(func(r *acme.Reply) {
					if secret, ok := known.of(r.Body["id"]); ok && r.Request.Method == http.MethodGet && r.Request.URL.RawQuery == "" {
						r.Body["password"] = hashed(secret)
					}
				})
			}),
		},
		{
			Name:    "password-hash-on-request",
			Summary: "attributes=password brings a hash of the password.",
			Checks:  []string{"querying.projection.password", "users.password.never-shown", "discovery.schema.returned"},
			Gaps:    []string{"nonconformant"},
			Install: withPasswords(func(known *passwords) func(*acme.Config) {
				return writeReply(func(r *acme.Reply) {
					for _, resource := range resources(r) {
						if secret, ok := known.of(resource["id"]); ok && names(r.Request.URL.Query().Get("attributes"), "password") {
							resource["password"] = hashed(secret)
						}
					}
				})
			}),
		},
		{
			Name:    "password-guessed-by-filter",
			Summary: "A filter finds users by how their password begins, so that it can be guessed letter by letter.",
			Checks:  []string{"users.password.not-guessed", "querying.filter.password-guess"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: withPasswords(func(known *passwords) func(*acme.Config) {
				return onQuery(func(q *acme.Query) {
					name, operator, want, ok := comparison(q.Filter)
					if !ok || !strings.EqualFold(name, "password") || operator != filter.SW {
						return
					}
					q.Err = nil
					q.Found = slices.DeleteFunc(q.All(), func(user acme.Resource) bool {
						secret, ok := known.of(user["id"])
						return !ok || !strings.HasPrefix(secret, want)
					})
				})
			}),
		},
		{
			Name:    "password-in-error",
			Summary: "The detail of a 400 repeats the body that was refused, with the password in it.",
			Checks:  []string{"users.password.never-shown-on-writes"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				raw, err := json.Marshal(c.Body)
				if c.Err == nil || c.Err.Status != http.StatusBadRequest || err != nil {
					return
				}
				c.Err = &acme.Error{Status: c.Err.Status, ScimType: c.Err.ScimType, Detail: c.Err.Detail + ": " + string(raw)}
			}),
		},
	}
}

func otherLeaks() []Defect {
	return []Defect{
		{
			Name:    "token-in-error",
			Summary: "The detail of a 401 repeats the token that was refused.",
			Checks:  []string{"channel.credential-not-repeated"},
			Gaps:    []string{"nonconformant"},
			Install: onStatus(http.StatusUnauthorized, func(r *acme.Reply) {
				if _, token, ok := strings.Cut(r.Request.Header.Get("Authorization"), " "); ok {
					r.Body["detail"] = "unknown token " + token
				}
			}),
		},
		{
			Name:    "ids-told-apart-by-403",
			Summary: "Whoever may not read users is answered 403 for an id that exists, and 404 for one that does not.",
			Checks:  []string{"channel.person.existence"},
			Gaps:    []string{"nonconformant"},
			Install: func(c *acme.Config) {
				var ids sync.Map
				beforeChange(func(c *acme.Change) {
					if c.Method == http.MethodPost && c.Err == nil {
						ids.Store(c.ID, true)
					}
				})(c)
				onStatus(http.StatusForbidden, func(r *acme.Reply) {
					id, ok := idIn(r)
					if _, exists := ids.Load(id); ok && !exists {
						setStatus(r, http.StatusNotFound)
					}
				})(c)
			},
		},
		{
			Name:    "deleted-users-counted",
			Summary: "totalResults of all users counts the deleted ones, who are not listed.",
			Checks:  []string{"querying.list.total"},
			Gaps:    []string{"nonconformant"},
			Install: func(c *acme.Config) {
				var deleted atomic.Int64
				beforeChange(func(c *acme.Change) {
					if changesUser(c, http.MethodDelete) && c.Err == nil {
						deleted.Add(1)
					}
				})(c)
				onList(func(r *acme.Reply) {
					total, ok := r.Body["totalResults"].(int)
					if ok && strings.HasSuffix(r.Request.URL.Path, "/Users") && !r.Request.URL.Query().Has("filter") {
						r.Body["totalResults"] = total + int(deleted.Load())
					}
				})(c)
			},
		},
		{
			Name:    "headers-show-software",
			Summary: "Each reply names the server's software and its exact version.",
			Checks:  []string{"errors.form.software"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				r.Header.Set("Server", "Apache-Coyote/1.1")
				r.Header.Set("X-Powered-By", "Servlet/3.0; JBossAS-6")
			}),
		},
	}
}

// passwords are those that new users were given, by the user's id: what a service
// knows that keeps them in clear text.
type passwords struct{ byID sync.Map }

func (p *passwords) of(id any) (string, bool) {
	known, ok := p.byID.Load(id)
	if !ok {
		return "", false
	}
	secret, ok := known.(string)
	return secret, ok
}

// withPasswords installs a defect that knows passwords.
func withPasswords(defect func(*passwords) func(*acme.Config)) func(*acme.Config) {
	return func(c *acme.Config) {
		known := &passwords{}
		beforeChange(func(c *acme.Change) {
			if secret := c.After.Text("password"); secret != "" && changesUser(c, http.MethodPost) && c.Err == nil {
				known.byID.Store(c.ID, secret)
			}
		})(c)
		defect(known)(c)
	}
}

func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
