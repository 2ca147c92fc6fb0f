package defects

import (
	"encoding/base64"
	"net/http"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// modelValues are further defects of values that come in several, in base64, or not at all.
func modelValues() []Defect {
	return []Defect{
		{
			Name:    "two-primaries-stored",
			Summary: "A new user with two primary e-mail addresses is stored with both.",
			Checks:  []string{"users.model.several-values"},
			Gaps:    []string{"nonconformant"},
			Install: twoPrimariesStored,
		},
		{
			Name:    "primary-made-up",
			Summary: "Of e-mail addresses of which none is primary, the first is stored as the primary one.",
			Checks:  []string{"users.model.several-values"},
			Gaps:    []string{"nonconformant"},
			Install: onEmails(func(emails []any) []any {
				for i, e := range model.Objects(emails) {
					if _, said := e["primary"]; !said && i == 0 && len(emails) == 1 {
						e["primary"] = true
					}
				}
				return emails
			}),
		},
		{
			Name:    "base64-needs-padding",
			Summary: "A certificate whose base64 has no padding is refused.",
			Checks:  []string{"users.model.binary"},
			Gaps:    []string{"nonconformant"},
			Install: onUser(func(c *acme.Change) {
				for _, value := range model.Objects(c.After["x509Certificates"]) {
					if _, err := base64.StdEncoding.DecodeString(model.Resource(value).Text("value")); err != nil {
						c.Err = model.BadRequest("invalidValue", "a certificate is base64 with padding")
					}
				}
			}),
		},
		{
			Name:    "patch-to-nothing-ignored",
			Summary: "A PATCH that replaces an attribute of a user by null or an empty list is answered 200 and does nothing.",
			Checks:  []string{"users.model.cleared"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if !changesUser(c, http.MethodPatch) || c.Err != nil {
					return
				}
				for _, o := range c.Operations {
					if o.Op == "replace" && isNothing(o.Value) {
						c.Drop = true
					}
				}
			}),
		},
		{
			Name:    "external-id-in-lower-case",
			Summary: "An externalId is stored in lower case.",
			Checks:  []string{"users.identity.external-id"},
			Gaps:    []string{"nonconformant"},
			Install: onText("externalId", strings.ToLower),
		},
		{
			Name:    "usernames-compared-by-code-point",
			Summary: "Two spellings of one userName, which differ in how an accent or a letter is encoded, make two users.",
			Checks:  []string{"users.strings.twins"},
			Gaps:    []string{"nonconformant"},
			Install: onRefusedCreate(func(c *acme.Change) {
				if c.Err.ScimType == "uniqueness" && strings.ContainsFunc(c.After.Text("userName"), isOddLetter) {
					c.Err = nil
				}
			}),
		},
		{
			Name:    "filter-compares-code-points",
			Summary: "A filter on userName does not find a name whose accents are sent as signs of their own.",
			Checks:  []string{"users.strings.filter"},
			Gaps:    []string{"declared-not-delivered filter"},
			Install: onQuery(func(q *acme.Query) {
				if strings.Contains(q.Filter, "userName") && !norm.NFC.IsNormalString(q.Filter) {
					q.Found = nil
				}
			}),
		},
	}
}

// isOddLetter reports an accent that is a sign of its own, and a wide letter.
func isOddLetter(r rune) bool { return unicode.Is(unicode.Mn, r) || r >= 0xff00 && r <= 0xffef }

// isNothing reports null and an empty list.
func isNothing(v any) bool {
	values, isList := v.([]any)
	return v == nil || isList && len(values) == 0
}

// twoPrimariesStored takes the mark away to have the body accepted, and puts it back.
func twoPrimariesStored(config *acme.Config) {
	onRefusedCreate(func(c *acme.Change) {
		emails := list(c.Body["emails"])
		if len(emails) < 2 {
			return
		}
		admitInstead(c, func(body map[string]any) {
			var plain []any
			for _, e := range model.Objects(emails) {
				plain = append(plain, map[string]any{"value": e["value"], "type": e["type"]})
			}
			body["emails"] = plain
		})
		if c.Err == nil {
			for _, e := range model.Objects(c.After["emails"]) {
				e["primary"] = true
			}
		}
	})(config)
}
