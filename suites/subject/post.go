package subject

import (
	"context"
	"fmt"
	"strings"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
)

// Post enters a name in the ledger and sends a request that may create a user, or a group,
// who is found by it. The reply is returned whatever its status.
func (f *Factory) Post(ctx context.Context, name string, group bool, r scim.Request) (*scim.Reply, error) {
	return f.PostAs(ctx, f.client, name, group, r)
}

// PostAs is Post in the name of another client.
func (f *Factory) PostAs(ctx context.Context, who *scim.Client, name string, group bool, r scim.Request) (*scim.Reply, error) {
	if !strings.HasPrefix(name, Prefix) {
		return nil, fmt.Errorf("%q does not begin with %s, so that nobody could find it again", name, Prefix)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx, cancel := outlasting(ctx, createGrace)
	defer cancel()
	enter, created := f.ledger.Enter, f.ledger.Created
	if group {
		enter, created = f.ledger.EnterGroup, f.ledger.CreatedGroup
	}
	if err := enter(name); err != nil {
		return nil, err
	}
	f.Sends(name)
	reply, err := who.Send(ctx, r)
	if err != nil {
		f.Sends(name) // it may have taken effect all the same
		return nil, err
	}
	if id := reply.Doc.Text("id"); id != "" && reply.OK() {
		f.count(name + " " + id)
		return reply, created(name, id)
	}
	return reply, nil
}

// RemoveNamed deletes what Post made, whatever has become of it, and strikes it from the
// ledger.
func (f *Factory) RemoveNamed(ctx context.Context, name, id string, group bool) {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "clean up", Brief: true})
	e := userEraser(f.client, name, f.patience())
	if group {
		e = groupEraser(f.client, name, f.patience())
	}
	// A name that somebody else of the run has is theirs: only what came of this request goes.
	taken := f.has(name)
	e.once = f.once(name) || taken
	if taken && id == "" {
		return
	}
	f.struck(name, id, e.erase(ctx, name, id))
	if taken {
		_ = f.ledger.Enter(name) // the other one is still there
	}
}
