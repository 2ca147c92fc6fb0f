// Package lifecycle is the story that every identity source tells over SCIM:
// create, find, change, deactivate, reactivate, delete, and create again. It looks
// at SCIM alone; whether access ends is the matter of package survival.
package lifecycle

import (
	"context"
	"net/http"

	"github.com/scimproof/scimproof/suites/scim"
)

// Story lists how the ids of this package's checks begin, in the order in which
// the story is told.
func Story() []string {
	return []string{
		"lifecycle.create", "lifecycle.find-by-username", "lifecycle.update",
		"lifecycle.deactivate.patch-pathless", "lifecycle.deactivate.patch-path", "lifecycle.deactivate.patch-string", "lifecycle.deactivate.put",
		"lifecycle.deactivate", "lifecycle.reactivate", "lifecycle.sync", "lifecycle.delete", "lifecycle.recreate", "lifecycle.remove-member",
	}
}

// Register adds the checks to the spec tree.
func Register() {
	registerCreate()
	registerUpdate()
	registerActive()
	registerSync()
	registerDelete()
	registerMembers()
}

// reading returns a function that reads one user.
func reading(c *scim.Client, id string) func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return c.GetUser(ctx, id) }
}

// finding returns a function that looks a user up by userName.
func finding(c *scim.Client, userName string) func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return c.FindUser(ctx, userName) }
}

// state puts a read-back of active into words.
func state(r *scim.Reply) string {
	if r.Status == http.StatusNotFound || r.Status == http.StatusGone {
		return "no such user"
	}
	active, ok := r.Doc.Active()
	switch {
	case !ok:
		return "no Boolean active"
	case active:
		return "active: true"
	}
	return "active: false"
}
