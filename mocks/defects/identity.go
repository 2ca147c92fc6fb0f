package defects

import (
	"net/http"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// identity are the defects of what is stored of a person.
func identity() []Defect {
	return append(slices.Concat(storedWrongly(), identified(), valuedWrongly(), readWrongly()), []Defect{
		{
			Name:    "patch-displayname-ignored",
			Summary: "A PATCH of displayName is answered 200 and changes nothing.",
			Checks:  []string{"lifecycle.update.patch", "errors.text.hostile", "story.entra", "story.entra-flag", "story.sailpoint", "patching.path.letter-case"},
			Gaps:    []string{"ignored-silently update", "declared-not-delivered patch"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPatch) {
					keep(c, "displayName")
				}
			}),
		},
		{
			Name:     "username-stored-in-lower-case",
			Summary:  "A userName is stored in lower case.",
			Imitates: "onyx #8635",
			Checks:   []string{"users.username.kept"},
			Gaps:     []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Type == acme.TypeUser && c.After != nil {
					c.After["userName"] = strings.ToLower(c.After.Text("userName"))
				}
			}),
		},
		{
			Name:    "rename-ignored",
			Summary: "A new userName is answered 200 and not stored.",
			Checks:  []string{"survival.rename.local-password"},
			Gaps:    []string{"ignored-silently rename"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Type == acme.TypeUser && c.Before != nil && c.After != nil {
					keep(c, "userName")
				}
			}),
		},
		{
			Name:    "second-address-dropped",
			Summary: "Of several e-mail addresses only the first is stored.",
			Checks:  []string{"users.emails.several", "discovery.schema.multivalued"},
			Gaps:    []string{"nonconformant"},
			Install: onEmails(func(emails []any) []any { return emails[:1] }),
		},
		{
			Name:    "address-types-dropped",
			Summary: "E-mail addresses are stored without their types.",
			Checks:  []string{"users.emails.several", "discovery.schema.canonical", "story.entra", "story.entra-flag", "story.interop-draft"},
			Gaps:    []string{"nonconformant", "refused-explicitly update"},
			Install: onEmails(func(emails []any) []any {
				for _, e := range model.Objects(emails) {
					delete(e, "type")
				}
				return emails
			}),
		},
		{
			Name:    "primary-dropped",
			Summary: "No e-mail address is stored as the primary one.",
			Checks:  []string{"users.emails.several"},
			Gaps:    []string{"nonconformant"},
			Install: onEmails(func(emails []any) []any {
				for _, e := range model.Objects(emails) {
					delete(e, "primary")
				}
				return emails
			}),
		},
		{
			Name:    "new-password-ignored",
			Summary: "A password that is sent for a user who has one is answered 200 and not stored.",
			// Everything that the old one gave goes on.
			Checks: []string{"survival.change-password.*"},
			Gaps: gaps("survived-access change-password", []acme.CredentialKind{
				acme.Session, acme.RememberMe, acme.AccessToken, acme.RefreshToken, acme.Password,
			}),
			Install: beforeChange(func(c *acme.Change) {
				if c.Type == acme.TypeUser && c.Before != nil && c.After != nil {
					delete(c.After, "password")
				}
			}),
		},
	}...)
}

// onEmails stores other e-mail addresses than were sent.
func onEmails(alter func([]any) []any) func(*acme.Config) {
	return beforeChange(func(c *acme.Change) {
		if emails := list(c.After["emails"]); c.Type == acme.TypeUser && len(emails) > 0 {
			c.After["emails"] = alter(emails)
		}
	})
}
