package defects

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// lawful is what the RFCs allow and testers take for a defect.
func lawful() []Defect {
	return slices.Concat(lawfulWrites(), lawfulForms(), lawfulAnswers(), lawfulAlias())
}

// lawfulWrites are free choices of what a write does.
func lawfulWrites() []Defect {
	return []Defect{
		{
			// RFC 7644 §3.5.2: 200 with the resource, or 204; but 200 where attributes are asked for.
			Name:    "patch-answers-204",
			Summary: "A PATCH is answered 204 without a body.",
			Install: writeReply(func(r *acme.Reply) {
				if r.Request.Method == http.MethodPatch && r.Status == http.StatusOK && !r.Request.URL.Query().Has("attributes") {
					r.Status, r.Body = http.StatusNoContent, nil
				}
			}),
		},
		{
			// RFC 7643 §4.2 leaves it open whether members have to exist.
			Name:    "members-unknown-accepted",
			Summary: "Somebody who does not exist can be made a member.",
			Install: beforeChange(func(c *acme.Change) {
				if c.Type == acme.TypeGroup && c.After != nil && hasUnknownMember(c) {
					c.Err = nil
				}
			}),
		},
		{
			// An administrator may have the last word, if the identity source can see it.
			Name:    "re-enabled-by-hand-shown",
			Summary: "An administrator can switch on whom the identity source switched off, and SCIM shows it at once.",
			Install: beforeChange(func(c *acme.Change) {
				if byHand(c) {
					c.Err = nil
				}
			}),
		},
		{
			// What runs by itself may go on for whoever answers for it then.
			Name:    "jobs-handed-over",
			Summary: "The scheduled jobs of a leaver go on, as an administrator's, which the inventory shows.",
			Install: func(c *acme.Config) {
				if len(c.Admins) > 0 {
					c.Heir = c.Admins[0]
				}
			},
		},
		{
			// RFC 7644 §3.5.1: what is omitted may be cleared, or be kept.
			Name:    "put-keeps-what-is-omitted",
			Summary: "A PUT leaves attributes as they are that it does not have.",
			Install: beforeChange(func(c *acme.Change) {
				if c.Method != http.MethodPut || c.Err != nil {
					return
				}
				for name := range c.Before {
					if _, _, sent := model.Lookup(c.Body, name); !sent && name != "groups" && name != "meta" {
						keep(c, name)
					}
				}
			}),
		},
		{
			// RFC 7644 §3.12, table 8: 400 for a body that violates the schema.
			Name:    "unknown-attributes-refused",
			Summary: "A new user with a value for an attribute that no schema has is refused with 400 instead of being stored without it.",
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPost) && c.Err == nil && slices.ContainsFunc(slices.Collect(maps.Keys(c.Body)), func(name string) bool { return c.Body[name] != nil && isUnknown(name) }) {
					c.Err = model.BadRequest("invalidSyntax", "an attribute is unknown")
				}
			}),
		},
		{
			// RFC 7644 §3.12, table 9: invalidValue for a value that the service cannot use.
			Name:    "foreign-home-pages-refused",
			Summary: "A home page in Acme's own extension that is not at acme.example is refused.",
			Install: beforeChange(func(c *acme.Change) {
				if page, ok := workplaceOf(c.After)["homepage"].(string); ok && c.Err == nil && !strings.HasPrefix(page, "https://acme.example/") {
					c.Err = model.BadRequest("invalidValue", "home pages are at acme.example")
				}
			}),
		},
		{
			// RFC 7643 §3.1: an id is any text that is unique and stable.
			Name:    "ids-not-uuids",
			Summary: "Ids are no UUIDs.",
			Install: beforeChange(func(c *acme.Change) {
				if c.Method == http.MethodPost {
					c.ID = "0oa" + strings.ReplaceAll(uuid.NewString(), "-", "")[:17]
				}
			}),
		},
	}
}

// isUnknown reports a name that is neither the User schema's nor that of an extension.
func isUnknown(name string) bool {
	schema := model.SchemaOf(acme.TypeUser)
	for urn := range schema.Extensions {
		if strings.EqualFold(urn, name) {
			return false
		}
	}
	return !slices.ContainsFunc(schema.Attributes, func(at *model.Attribute) bool { return strings.EqualFold(at.Name, name) })
}

// lawfulForms are free choices in the form of resources.
func lawfulForms() []Defect {
	return []Defect{
		{
			// RFC 7643 §2.1: attribute names are case-insensitive.
			Name:    "attribute-names-in-lower-case",
			Summary: "Users are shown with the names of attributes in lower case.",
			Install: onResources(func(resource map[string]any) {
				for name, value := range maps.Clone(resource) {
					if !strings.Contains(name, ":") {
						delete(resource, name)
						resource[strings.ToLower(name)] = value
					}
				}
			}),
		},
		{
			// RFC 7643 §2.5: null and an empty array are the same as nothing.
			Name:    "null-for-nothing",
			Summary: "Attributes without a value are shown as null, lists as an empty array.",
			Install: onResources(func(resource map[string]any) {
				if model.Resource(resource).Text("meta", "resourceType") != acme.TypeUser {
					return
				}
				for _, at := range model.SchemaOf(acme.TypeUser).Attributes {
					if _, shown := resource[at.Name]; shown || at.Returned == "never" {
						continue
					}
					resource[at.Name] = map[bool]any{true: []any{}, false: nil}[at.MultiValued]
				}
			}),
		},
		{
			// RFC 7643 §2.3.5: a dateTime may have any time zone.
			Name:    "times-with-an-offset",
			Summary: "Times are shown with an offset, not in UTC with Z at their end.",
			Install: onMeta(func(meta map[string]any) {
				for _, name := range []string{"created", "lastModified"} {
					if at, ok := moment(meta[name]); ok {
						meta[name] = at.In(time.FixedZone("", 2*60*60)).Format(time.RFC3339Nano)
					}
				}
			}),
		},
		{
			// RFC 7643 §2.3.7: a reference may be relative. Its examples of a user's groups in §8.2
			// begin at the endpoint.
			Name:    "references-relative",
			Summary: "The $ref of members is relative to the service's address, and that of groups to the endpoint's.",
			Install: onResources(func(resource map[string]any) {
				for name, before := range map[string]string{"members": "", "groups": "../"} {
					for _, part := range model.Objects(resource[name]) {
						if at, err := url.Parse(model.Resource(part).Text("$ref")); err == nil {
							_, below, _ := strings.Cut(at.Path, "/scim/v2/")
							part["$ref"] = before + below
						}
					}
				}
			}),
		},
		{
			// RFC 8259 §4: the members of an object have no order.
			Name:    "attributes-in-another-order",
			Summary: "The attributes in a reply come in reverse order.",
			Install: writeReply(func(r *acme.Reply) {
				if r.Body != nil {
					r.Raw = reversed(r.Body)
				}
			}),
		},
	}
}
