package subject

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
)

// DraftCrowd makes up subjects without sending anything.
func (f *Factory) DraftCrowd(n int) []*Subject {
	crowd := make([]*Subject, n)
	for i := range crowd {
		crowd[i] = f.Draft()
	}
	return crowd
}

// MakeCrowd enters subjects in the ledger and creates them in one Bulk. Those have an ID
// afterwards whom the target says that it made.
func (f *Factory) MakeCrowd(ctx context.Context, crowd []*Subject) (*scim.Reply, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx, cancel := outlasting(ctx)
	defer cancel()
	var entries []entry
	var operations []any
	for i, s := range crowd {
		entries = append(entries, entry{UserName: s.UserName})
		operations = append(operations, map[string]any{
			"method": http.MethodPost, "path": "/Users", "bulkId": strconv.Itoa(i), "data": s.Document(f.target.SCIM.UserExtra),
		})
	}
	if err := f.ledger.write(entries...); err != nil {
		return nil, err
	}
	reply, err := f.bulk(exchange.WithLabel(ctx, exchange.Label{Purpose: "create test users"}), operations)
	if err != nil {
		return nil, err
	}
	for _, o := range reply.Doc.Objects("Operations") {
		id := scim.IDIn(o.Text("location"))
		if n, err := strconv.Atoi(o.Text("bulkId")); err == nil && n >= 0 && n < len(crowd) && id != "" && status(o) == http.StatusCreated {
			crowd[n].ID = id
			f.count(crowd[n].UserName)
		}
	}
	return reply, nil
}

// RemoveCrowd deletes subjects in one Bulk and strikes them from the ledger. For one of them
// it is looked whether the target does what it says; if not, each is removed as others are.
func (f *Factory) RemoveCrowd(ctx context.Context, crowd []*Subject) {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "clean up", Brief: true})
	var operations []any
	for _, s := range crowd {
		if s.ID != "" {
			operations = append(operations, map[string]any{"method": http.MethodDelete, "path": scim.UserPath(s.ID)})
		}
	}
	gone := f.deleted(ctx, crowd, operations) || len(operations) == 0 && f.absent(ctx, crowd[0])
	var removed []entry
	for _, s := range crowd {
		if !gone {
			f.Remove(ctx, s)
			continue
		}
		removed = append(removed, entry{UserName: s.UserName, Removed: true})
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if gone {
		f.cleanup.Removed += len(operations)
	}
	// A ledger that cannot be written only means that the next clean-up looks for what is gone.
	_ = f.ledger.write(removed...)
}

// deleted sends the operations and reports that all of the crowd are gone.
func (f *Factory) deleted(ctx context.Context, crowd []*Subject, operations []any) bool {
	if len(operations) < len(crowd) {
		return false
	}
	reply, err := f.bulk(ctx, operations)
	if err != nil || !reply.OK() {
		return false
	}
	results := reply.Doc.Objects("Operations")
	if len(results) != len(operations) || slices.ContainsFunc(results, func(o scim.Document) bool { return status(o) != http.StatusNoContent }) {
		return false
	}
	last := crowd[len(crowd)-1]
	e := userEraser(f.client, last.UserName, f.patience())
	gone, err := e.eraseID(ctx, last.ID)
	return err == nil && gone
}

// absent reports that nobody has a subject's name: the Bulk that was to make them was refused.
func (f *Factory) absent(ctx context.Context, s *Subject) bool {
	found, err := f.client.FindUser(ctx, s.UserName)
	return err == nil && found.OK() && found.Doc.FindUser(s.UserName) == nil
}

func (f *Factory) bulk(ctx context.Context, operations []any) (*scim.Reply, error) {
	return f.client.Do(ctx, http.MethodPost, "/Bulk", scim.Document{"schemas": []any{scim.BulkSchema}, "Operations": operations})
}

// status is an operation's own (RFC 7644 §3.7.3), 0 where there is none.
func status(o scim.Document) int {
	n, _ := strconv.Atoi(o.Text("status"))
	return n
}
