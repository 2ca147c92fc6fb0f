package subject

import (
	"context"
	"fmt"
	"slices"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
)

// Group is a group that the run made.
type Group struct {
	ID          string // given by the target; empty until created
	DisplayName string
}

// Values are the placeholders that the steps of an access path may use of a group.
func (g *Group) Values() map[string]string {
	return map[string]string{"group.id": g.ID, "group.displayName": g.DisplayName}
}

// DraftGroup makes up a group without sending anything.
func (f *Factory) DraftGroup() *Group {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.made++
	return &Group{DisplayName: fmt.Sprintf("%s%s-group-%03d", Prefix, f.runID, f.made)}
}

// MakeGroup enters a group in the ledger and creates it with its members. An answer
// that is no 2xx with an id is a *RefusedError.
func (f *Factory) MakeGroup(ctx context.Context, g *Group, members ...*Subject) (*scim.Reply, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx, cancel := outlasting(ctx)
	defer cancel()
	if err := f.ledger.EnterGroup(g.DisplayName); err != nil {
		return nil, err
	}
	f.Sends(g.DisplayName)
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "create test group"})
	reply, err := f.client.CreateGroup(ctx, scim.Document{
		"schemas": []any{scim.GroupSchema}, "displayName": g.DisplayName, "members": Members(members...),
	})
	if err != nil {
		f.Sends(g.DisplayName) // its answer was lost, and so it may be there unseen
		return nil, err
	}
	g.ID = reply.Doc.Text("id")
	if !reply.OK() || g.ID == "" {
		g.ID = ""
		return reply, &RefusedError{Reply: reply, Request: "POST /Groups for test group " + g.DisplayName}
	}
	f.count(g.DisplayName)
	return reply, f.ledger.CreatedGroup(g.DisplayName, g.ID)
}

// Names tells who the ids of members stand for, by userNames, sorted. The id of
// nobody of these subjects stays as it is.
func Names(ids []string, subjects ...*Subject) []string {
	names := []string{}
	for _, id := range ids {
		if i := slices.IndexFunc(subjects, func(s *Subject) bool { return s.ID == id }); i >= 0 {
			id = subjects[i].UserName
		}
		names = append(names, id)
	}
	slices.Sort(names)
	return names
}

// Members lists subjects as the attribute members (RFC 7643 §4.2).
func Members(subjects ...*Subject) []any {
	list := []any{}
	for _, s := range subjects {
		list = append(list, map[string]any{"value": s.ID})
	}
	return list
}

// RemoveGroup deletes the group and strikes it from the ledger, as Remove does a user.
func (f *Factory) RemoveGroup(ctx context.Context, g *Group) {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "clean up", Brief: true})
	e := groupEraser(f.client, g.DisplayName, f.patience())
	e.once = f.once(g.DisplayName)
	f.struck(g.DisplayName, g.ID, f.erase(ctx, e, g.DisplayName, g.ID))
}
