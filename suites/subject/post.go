package subject

import (
	"context"
	"fmt"
	"strings"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
)

// Announce enters in the ledger the name of a user, or of a group, whom a request may
// create.
func (f *Factory) Announce(name string, group bool) error {
	if !strings.HasPrefix(name, Prefix) {
		return fmt.Errorf("%q does not begin with %s, so that nobody could find it again", name, Prefix)
	}
	enter := f.ledger.Enter
	if group {
		enter = f.ledger.EnterGroup
	}
	if err := enter(name); err != nil {
		return err
	}
	f.Sends(name)
	return nil
}

// Arrived notes that it was created, with the id that it was given.
func (f *Factory) Arrived(name, id string, group bool) error {
	created := f.ledger.Created
	if group {
		created = f.ledger.CreatedGroup
	}
	f.count(name + " " + id)
	return created(name, id)
}

// Post enters a name in the ledger and sends a request that may create a user, or a group,
// who is found by it. The reply is returned whatever its status.
func (f *Factory) Post(ctx context.Context, name string, group bool, r scim.Request) (*scim.Reply, error) {
	return f.PostAs(ctx, f.client, name, group, r)
}

// PostAs is Post in the name of another client.
func (f *Factory) PostAs(ctx context.Context, who *scim.Client, name string, group bool, r scim.Request) (*scim.Reply, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx, cancel := outlasting(ctx)
	defer cancel()
	if err := f.Announce(name, group); err != nil {
		return nil, err
	}
	reply, err := who.Send(ctx, r)
	if err != nil {
		f.Sends(name) // it may have taken effect all the same
		return nil, err
	}
	if id := reply.Doc.Text("id"); id != "" && reply.OK() {
		return reply, f.Arrived(name, id, group)
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
	f.struck(name, id, f.erase(ctx, e, name, id))
	if taken {
		_ = f.ledger.Enter(name) // the other one is still there
	}
}
