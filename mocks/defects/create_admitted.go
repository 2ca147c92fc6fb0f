package defects

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// admitted are those of what is accepted and what is refused.
func admitted() []Defect {
	return []Defect{
		{
			Name:     "create-duplicate-accepted",
			Summary:  "A userName that is taken makes a second user.",
			Imitates: "tuist #11688, where two at once do",
			Checks:   []string{"lifecycle.create.duplicate", "lifecycle.create.case-twin", "users.create.duplicate", "users.create.race", "users.username.unique.post", "bulk.failed", "discovery.schema.unique", "errors.status.conflict", "users.strings.unique"},
			Gaps:     []string{"nonconformant", "declared-not-delivered bulk"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPost) && c.Err != nil && c.Err.ScimType == "uniqueness" {
					c.Err = nil
				}
			}),
		},
		{
			Name:     "create-case-twin-accepted",
			Summary:  "A userName that is taken in lower case makes a second user in capitals.",
			Imitates: "langfuse #13528, ory/polis #4065",
			Checks:   []string{"lifecycle.create.case-twin", "users.username.unique.post"},
			Gaps:     []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				name := c.After.Text("userName")
				if changesUser(c, http.MethodPost) && c.Err != nil && c.Err.ScimType == "uniqueness" && name != strings.ToLower(name) {
					c.Err = nil
				}
			}),
		},
		{
			Name:     "create-refuses-nulls",
			Summary:  "A null in a new user, as Microsoft Entra ID sends them, is refused.",
			Imitates: "ssoready/ssoready #164 and others that learnt to accept it",
			Checks:   []string{"users.create.defaults", "users.model.null.create", "story.entra", "story.entra-flag"},
			Gaps:     []string{"nonconformant", "refused-explicitly create"},
			Install: beforeChange(func(c *acme.Change) {
				for _, value := range c.Body {
					if changesUser(c, http.MethodPost) && value == nil {
						c.Err = model.BadRequest("invalidValue", "null is no value")
					}
				}
			}),
		},
		{
			Name:    "create-without-username-accepted",
			Summary: "A user is created without a userName.",
			Checks:  []string{"users.create.required-username", "discovery.schema.required"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPost) && c.Err != nil && c.Body["userName"] == nil && c.Err.ScimType == "invalidValue" {
					c.Err, c.After = nil, acme.Resource{"schemas": []any{model.URNUser}, "active": true}
				}
			}),
		},
		{
			Name:    "create-external-id-unique",
			Summary: "Two users cannot have the same externalId, which is the clients' affair.",
			Checks:  []string{"users.create.same-external-id", "channel.tenant.external-id"},
			Gaps:    []string{"nonconformant"},
			Install: externalIDUnique,
		},
		{
			Name:    "create-other-type-accepted",
			Summary: "A group that is created at the endpoint of users becomes a user.",
			Checks:  []string{"users.create.other-type"},
			Gaps:    []string{"nonconformant"},
			Install: onRefusedCreate(func(c *acme.Change) {
				if slices.Contains(list(c.Body["schemas"]), any(model.URNGroup)) {
					admitInstead(c, func(body map[string]any) { body["schemas"] = []any{model.URNUser} })
				}
			}),
		},
		{
			Name:    "create-drops-wrong-values",
			Summary: "An attribute of a new user whose value has a wrong type is dropped without a word.",
			Checks:  []string{"users.create.wrong-type"},
			Gaps:    []string{"nonconformant"},
			Install: onRefusedCreate(func(c *acme.Change) {
				for name := range c.Body {
					if c.Err != nil && c.Err.ScimType == "invalidValue" {
						admitInstead(c, func(body map[string]any) { delete(body, name) })
					}
				}
			}),
		},
		{
			Name:    "create-refused-and-stored",
			Summary: "A new user with a wrong part of the name is refused, and stored without the name.",
			Checks:  []string{"users.create.nothing-left"},
			Gaps:    []string{"nonconformant"},
			Install: refusedAndStored,
		},
		{
			Name:    "create-unknown-attribute-500",
			Summary: "A new user with an attribute that no schema has is answered 500.",
			Checks:  []string{"users.create.unknown-attributes", "story.entra", "story.entra-flag", "users.model.schemas.foreign"},
			Gaps:    []string{"nonconformant", "nonconformant create"},
			Install: onCreate(func(c *acme.Change) {
				if slices.ContainsFunc(slices.Collect(maps.Keys(c.Body)), func(name string) bool {
					return isUnknown(name) && !strings.EqualFold(name, model.URNWorkplace)
				}) {
					c.Err = &acme.Error{Status: http.StatusInternalServerError, Detail: "internal error"}
				}
			}),
		},
		{
			Name:     "create-twins-in-a-race",
			Summary:  "Two creations of one userName at the same time make two users.",
			Imitates: "tuist #11688",
			Checks:   []string{"users.create.race"},
			Gaps:     []string{"nonconformant"},
			Install:  twinsInARace,
		},
		{
			Name:    "create-again-overwrites",
			Summary: "A creation that is refused, as the userName is taken, takes the displayName of whoever has it away.",
			// There it was answered 201.
			Imitates: "croffasia/itsaplan #250",
			Checks:   []string{"users.create.duplicate"},
			Gaps:     []string{"nonconformant"},
			Install:  createOverwrites,
		},
	}
}

// onRefusedCreate looks at users who are refused.
func onRefusedCreate(hook func(*acme.Change)) func(*acme.Config) {
	return beforeChange(func(c *acme.Change) {
		if changesUser(c, http.MethodPost) && c.Err != nil {
			hook(c)
		}
	})
}

// admitInstead takes another body for the one that was sent, if it is right.
func admitInstead(c *acme.Change, alter func(map[string]any)) {
	body := maps.Clone(c.Body)
	alter(body)
	doc, err := model.SchemaOf(acme.TypeUser).Admit(body)
	if err != nil {
		return
	}
	if doc["active"] == nil {
		doc["active"] = true
	}
	c.After, c.Err = doc, nil
}

// createOverwrites hides the displayName of users whose userName was sent once more.
func createOverwrites(config *acme.Config) {
	var again ids
	onRefusedCreate(func(c *acme.Change) {
		if c.Err.ScimType == "uniqueness" {
			again.set(strings.ToLower(c.After.Text("userName")), true)
		}
	})(config)
	onRead(func(r *acme.Read) {
		if r.Type == acme.TypeUser && r.Current != nil && again.has(strings.ToLower(r.Current.Text("userName"))) {
			delete(r.Current, "displayName")
		}
	})(config)
}

// refusedAndStored stores a user without the name, and answers with the refusal.
func refusedAndStored(config *acme.Config) {
	var refused sync.Map // errors by id
	onRefusedCreate(func(c *acme.Change) {
		err := c.Err
		if _, has := c.Body["name"]; !has || err.ScimType != "invalidValue" {
			return
		}
		if admitInstead(c, func(body map[string]any) { delete(body, "name") }); c.Err == nil {
			refused.Store(c.ID, err)
		}
	})(config)
	writeReply(func(r *acme.Reply) {
		if err, ok := refused.LoadAndDelete(r.Body["id"]); ok && r.Status == http.StatusCreated {
			refuse(r, err.(*acme.Error))
			r.Header.Del("Location")
		}
	})(config)
}

func externalIDUnique(config *acme.Config) {
	var known sync.Map
	onCreate(func(c *acme.Change) {
		if id := c.After.Text("externalId"); id != "" {
			if _, taken := known.LoadOrStore(id, true); taken {
				c.Err = &acme.Error{Status: http.StatusConflict, ScimType: "uniqueness", Detail: "another user has this externalId"}
			}
		}
	})(config)
}

// twinsInARace has each POST wait between the moment at which it looks whether the userName is
// taken, which is its arrival, and that at which it stores the user.
func twinsInARace(config *acme.Config) {
	const wait, gap = 40 * time.Millisecond, 35 * time.Millisecond
	var made sync.Map // when, by userName
	onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost && isSCIM(r) && strings.HasSuffix(r.URL.Path, "/Users") {
			time.Sleep(wait)
		}
		return false
	})(config)
	beforeChange(func(c *acme.Change) {
		if !changesUser(c, http.MethodPost) {
			return
		}
		first, taken := made.LoadOrStore(c.After.Text("userName"), time.Now())
		if taken && c.Err != nil && c.Err.ScimType == "uniqueness" && time.Since(first.(time.Time)) < gap {
			c.Err = nil
		}
	})(config)
}
