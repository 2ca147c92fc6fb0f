package dialects

import (
	"context"
	"fmt"

	"github.com/scimproof/scimproof/suites/scim"
)

// Membership is a group with its members, by id, in the order in which they were given.
type Membership struct {
	Group string
	Stay  []string // who stays a member
	Leave []string // who must no longer be one
}

// Removal is one form in which providers take members out of a group.
type Removal struct {
	ID     string // part of check ids
	Sender string // who sends it
	// All says that the form empties the group, and Several that it names two who leave.
	All, Several bool
	// Nobody says that the form names somebody who is no member, so that all stay.
	Nobody bool
	// Beyond are the ids of the providers that send a form which the RFC does not know; a
	// target may refuse it, openly, while none of them is chosen. Empty for what the RFC has.
	Beyond []string
	Send   func(ctx context.Context, c *scim.Client, m Membership) (*scim.Reply, error)
}

// Removals lists the forms.
func Removals() []Removal {
	return []Removal{
		{ID: "filter", Sender: "Okta, OneLogin, and Microsoft Entra ID with aadOptscim062020", Send: removal(func(m Membership) []map[string]any {
			return []map[string]any{{"op": "remove", "path": chosen("eq", m.Leave[:1])}}
		})},
		{ID: "value-list", Sender: "Microsoft Entra ID by default", Beyond: []string{Entra}, Send: removal(func(m Membership) []map[string]any {
			return []map[string]any{{"op": "Remove", "path": "members", "value": []any{map[string]any{"$ref": nil, "value": m.Leave[0]}}}}
		})},
		{ID: "value-list-plain", Sender: "JumpCloud, and Microsoft Entra ID by default", Beyond: []string{JumpCloud, Entra}, Send: removal(func(m Membership) []map[string]any {
			return []map[string]any{{"op": "remove", "path": "members", "value": values(m.Leave[:1])}}
		})},
		{ID: "value-list-stranger", Sender: "Microsoft Entra ID by default, about somebody who is no member", Nobody: true, Beyond: []string{Entra}, Send: removal(func(m Membership) []map[string]any {
			return []map[string]any{{"op": "Remove", "path": "members", "value": values(m.Leave[:1])}}
		})},
		{ID: "two-filters", Sender: "Okta, for two people at once", Several: true, Send: removal(func(m Membership) []map[string]any {
			var list []map[string]any
			for _, id := range m.Leave {
				list = append(list, map[string]any{"op": "remove", "path": chosen("eq", []string{id})})
			}
			return list
		})},
		{ID: "or-filter", Sender: "no known provider, but RFC 7644 allows it", Several: true, Send: removal(func(m Membership) []map[string]any {
			return []map[string]any{{"op": "remove", "path": chosen("eq", m.Leave)}}
		})},
		{ID: "filter-in-capitals", Sender: "no known provider, but RFC 7644 allows it", Send: removal(func(m Membership) []map[string]any {
			return []map[string]any{{"op": "remove", "path": chosen("EQ", m.Leave[:1])}}
		})},
		{ID: "replace", Sender: "Okta, when it pushes the whole group", Send: removal(func(m Membership) []map[string]any {
			return []map[string]any{{"op": "replace", "path": "members", "value": values(m.Stay)}}
		})},
		{ID: "replace-pathless", Sender: "no known provider, but RFC 7644 allows it", Send: removal(func(m Membership) []map[string]any {
			return []map[string]any{{"op": "replace", "value": map[string]any{"members": values(m.Stay)}}}
		})},
		{ID: "replace-with-none", Sender: "Okta, when the last member leaves", All: true, Send: removal(func(Membership) []map[string]any {
			return []map[string]any{{"op": "replace", "path": "members", "value": []any{}}}
		})},
		{ID: "remove-all", Sender: "no known provider, but RFC 7644 allows it", All: true, Send: removal(func(Membership) []map[string]any {
			return []map[string]any{{"op": "remove", "path": "members"}}
		})},
		{ID: "put", Sender: "Okta custom integrations", Send: putMembers},
	}
}

// removal sends PATCH operations.
func removal(operations func(Membership) []map[string]any) func(context.Context, *scim.Client, Membership) (*scim.Reply, error) {
	return func(ctx context.Context, c *scim.Client, m Membership) (*scim.Reply, error) {
		return c.PatchGroup(ctx, m.Group, operations(m)...)
	}
}

// putMembers reads the group and sends it back with those who stay. A new group may not be
// seen at once where reads lag.
func putMembers(ctx context.Context, c *scim.Client, m Membership) (*scim.Reply, error) {
	read, err := c.AwaitGroup(ctx, m.Group)
	if err != nil || !read.OK() || read.Doc == nil {
		return read, err
	}
	group := read.Doc.Clone()
	group["members"] = values(m.Stay)
	return c.PutGroup(ctx, m.Group, group)
}

// chosen is a path with a filter on the members' ids.
func chosen(operator string, ids []string) string {
	filter := ""
	for i, id := range ids {
		if i > 0 {
			filter += " or "
		}
		filter += fmt.Sprintf("value %s %q", operator, id)
	}
	return "members[" + filter + "]"
}

func values(ids []string) []any {
	list := []any{}
	for _, id := range ids {
		list = append(list, map[string]any{"value": id})
	}
	return list
}
