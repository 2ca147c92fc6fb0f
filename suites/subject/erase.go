package subject

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/scimproof/scimproof/suites/scim"
)

// Erase deletes the user with this userName. The id is a hint and may be empty or
// stale; the look-up decides. Only a name that begins with Prefix is touched. lag is
// how long a read may still show a user who is gone.
func Erase(ctx context.Context, client *scim.Client, userName, id string, lag time.Duration) error {
	return userEraser(client, userName, lag).erase(ctx, userName, id)
}

func userEraser(client *scim.Client, userName string, lag time.Duration) eraser {
	return eraser{
		what: "user", remove: client.DeleteUser, read: client.GetUser, lag: lag,
		find: func(ctx context.Context) (*scim.Reply, error) { return client.FindUser(ctx, userName) },
		pick: func(list scim.Document) scim.Document { return list.FindUser(userName) },
	}
}

// EraseGroup deletes the group with this displayName, as Erase does a user.
func EraseGroup(ctx context.Context, client *scim.Client, displayName, id string, lag time.Duration) error {
	return groupEraser(client, displayName, lag).erase(ctx, displayName, id)
}

func groupEraser(client *scim.Client, displayName string, lag time.Duration) eraser {
	return eraser{
		what: "group", remove: client.DeleteGroup, read: client.GetGroup, lag: lag,
		find: func(ctx context.Context) (*scim.Reply, error) { return client.FindGroup(ctx, displayName) },
		pick: func(list scim.Document) scim.Document { return list.FindGroup(displayName) },
	}
}

// eraser deletes one resource of a type.
type eraser struct {
	what         string
	remove, read func(ctx context.Context, id string) (*scim.Reply, error)
	find         func(context.Context) (*scim.Reply, error)
	pick         func(list scim.Document) scim.Document
	lag          time.Duration
	// once says that the name was sent to the target one time and answered: nobody else can
	// have it.
	once bool
}

func (e eraser) erase(ctx context.Context, name, id string) error {
	if !strings.HasPrefix(name, Prefix) {
		return fmt.Errorf("%q is not a test %s of scimproof", name, e.what)
	}
	if id != "" {
		if gone, err := e.eraseID(ctx, id); err != nil || !gone {
			return e.orStill(err)
		}
		if e.once {
			return nil
		}
	}
	reply, err := e.find(ctx)
	if err != nil {
		return err
	}
	found := e.pick(reply.Doc)
	if found == nil || found.Text("id") == "" || found.Text("id") == id {
		return nil
	}
	gone, err := e.eraseID(ctx, found.Text("id"))
	if err != nil || !gone {
		return e.orStill(err)
	}
	return nil
}

func (e eraser) orStill(err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("the target acknowledged the DELETE, but the %s can still be read; remove it by hand", e.what)
}

// eraseID deletes by id and reads back until nothing is there or the lag is over.
func (e eraser) eraseID(ctx context.Context, id string) (gone bool, err error) {
	reply, err := e.remove(ctx, id)
	if errors.Is(err, scim.ErrAnswerLost) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if reply.Status == http.StatusNotFound {
		return true, nil
	}
	if !reply.OK() {
		return false, fmt.Errorf("DELETE answered %d", reply.Status)
	}
	for start := time.Now(); ; {
		read, err := e.read(ctx, id)
		if err != nil {
			return false, err
		}
		gone := read.Status == http.StatusNotFound || read.Status == http.StatusGone
		if gone || time.Since(start) >= e.lag {
			return gone, nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
