package survival

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// cast are the people and groups of one scene.
type cast struct {
	scim     *scim.Client
	subjects *subject.Factory
	// role is the value of the attribute roles that people get; empty for none.
	role string
	// perform carries out an act past SCIM.
	perform func(context.Context, target.Act, map[string]string) (*access.Credential, error)

	leaver, control *subject.Subject
	third           *subject.Subject // leaves the group with the leaver; nil for nobody
	group           *subject.Group   // nil for none
	apart           *subject.Group   // the control user's own; nil where they share group
	stranger        *subject.Subject // has an account only by an act past SCIM; nil for nobody
	// performed are the acts that may have to be taken back.
	performed []*access.Credential
}

// gather makes everybody whom a play needs. What was made before an error is in the cast.
func (c *cast) gather(ctx context.Context, n needs) error {
	if n.changePassword {
		if err := c.offersPasswords(ctx); err != nil {
			return err
		}
	}
	extra := map[string]any{}
	if n.role {
		extra["roles"] = []any{map[string]any{"value": c.role}}
	}
	people := []**subject.Subject{&c.leaver, &c.control}
	if n.third {
		people = append(people, &c.third)
	}
	for _, who := range people {
		*who = c.subjects.Draft()
		c.subjects.Sends((*who).UserName) // an event may bring somebody of that name back
		if err := c.subjects.Admit(ctx, *who, extra); err != nil {
			return err
		}
	}
	if n.granted {
		for _, who := range people {
			if err := c.do(ctx, target.ActDirectGrant, *who); err != nil {
				return err
			}
		}
	}
	if !n.group {
		return nil
	}
	return c.gatherGroups(ctx, n)
}

// gatherGroups makes the groups. Who leaves with others is the last of the members, so
// that a target which acts on the first alone is found out.
func (c *cast) gatherGroups(ctx context.Context, n needs) error {
	members := []*subject.Subject{c.control}
	if n.apart {
		members = nil
		c.apart = c.subjects.DraftGroup()
		if _, err := c.subjects.MakeGroup(ctx, c.apart, c.control); err != nil {
			return err
		}
	}
	if c.third != nil {
		members = append(members, c.third)
	}
	c.group = c.subjects.DraftGroup()
	_, err := c.subjects.MakeGroup(ctx, c.group, append(members, c.leaver)...)
	return err
}

// offersPasswords asks the service whether passwords can be changed (RFC 7643 §5).
func (c *cast) offersPasswords(ctx context.Context) error {
	reply, err := c.scim.ServiceProviderConfig(ctx)
	if err != nil {
		return err
	}
	if supported, _ := reply.Doc.Get("changePassword", "supported"); reply.OK() && supported == false {
		return errNotOffered
	}
	return nil
}

// values are the placeholders of the leaver and of the control user.
func (c *cast) values() (leaver, control map[string]string) {
	leaver, control = c.leaver.Values(), c.control.Values()
	if c.group != nil {
		maps.Copy(leaver, c.group.Values())
		maps.Copy(control, c.group.Values())
	}
	if c.apart != nil {
		maps.Copy(control, c.apart.Values())
	}
	return leaver, control
}

// membership says who stays and who leaves.
func (c *cast) membership(r dialects.Removal) dialects.Membership {
	m := dialects.Membership{Group: c.group.ID, Leave: []string{c.leaver.ID}}
	if c.apart == nil {
		m.Stay = []string{c.control.ID}
	}
	if r.Several && c.third != nil {
		m.Leave = []string{c.third.ID, c.leaver.ID}
	}
	return m
}

// dismiss removes everybody and everything.
func (c *cast) dismiss(ctx context.Context) {
	for _, g := range []*subject.Group{c.group, c.apart} {
		if g != nil {
			c.subjects.RemoveGroup(ctx, g)
		}
	}
	for _, s := range []*subject.Subject{c.leaver, c.control, c.third, c.stranger} {
		if s != nil {
			c.subjects.Remove(ctx, s)
		}
	}
}

// The writes of the events.

func deactivate(ctx context.Context, c *cast) (*scim.Reply, error) {
	return dialects.PatchPath().Send(ctx, c.scim, c.leaver.ID, false)
}

func reactivate(ctx context.Context, c *cast) (*scim.Reply, error) {
	return dialects.PatchPath().Send(ctx, c.scim, c.leaver.ID, true)
}

func remove(ctx context.Context, c *cast) (*scim.Reply, error) {
	return c.scim.DeleteUser(ctx, c.leaver.ID)
}

// createAgain makes a user of the same name: the same person to look at, but with
// another externalId and password, as a new identity has them.
func createAgain(ctx context.Context, c *cast) (*scim.Reply, error) {
	again := *c.leaver
	again.ExternalID += "-again"
	c.subjects.NewPassword(&again)
	return c.subjects.Create(ctx, &again, nil)
}

// rename gives the leaver another userName and address.
func rename(ctx context.Context, c *cast) (*scim.Reply, error) {
	if err := c.subjects.Rename(c.leaver); err != nil {
		return nil, err
	}
	return c.scim.PatchUser(ctx, c.leaver.ID,
		map[string]any{"op": "replace", "path": "userName", "value": c.leaver.UserName},
		map[string]any{"op": "replace", "path": "emails", "value": []any{map[string]any{"value": c.leaver.Email, "type": "work", "primary": true}}})
}

// changePassword sends a new password (RFC 7643 §4.1.1), as Okta's password sync does.
func changePassword(ctx context.Context, c *cast) (*scim.Reply, error) {
	c.subjects.NewPassword(c.leaver)
	return c.scim.PatchUser(ctx, c.leaver.ID, map[string]any{"op": "replace", "value": map[string]any{"password": c.leaver.Password}})
}

// What SCIM shows of the change.

func lookAtMembers(ctx context.Context, c *cast) (reports.UserState, *scim.Reply, error) {
	reply, err := c.scim.GetGroup(ctx, c.group.ID)
	return held(reply, err, func() bool { return slices.Contains(reply.Doc.Values("members"), c.leaver.ID) }), reply, err
}

func lookAtRoles(ctx context.Context, c *cast) (reports.UserState, *scim.Reply, error) {
	reply, err := c.scim.GetUser(ctx, c.leaver.ID)
	return held(reply, err, func() bool { return slices.Contains(reply.Doc.Values("roles"), c.role) }), reply, err
}

func lookAtName(ctx context.Context, c *cast) (reports.UserState, *scim.Reply, error) {
	reply, err := c.scim.GetUser(ctx, c.leaver.ID)
	return held(reply, err, func() bool { return reply.Doc.Text("userName") != c.leaver.UserName }), reply, err
}

// errUnseen says that SCIM does not show the change: a password is never returned.
var errUnseen = errors.New("nothing is shown")

func lookAtNothing(context.Context, *cast) (reports.UserState, *scim.Reply, error) {
	return reports.StateUnknown, nil, errUnseen
}

// held puts into a word whether SCIM still shows what was taken away.
func held(reply *scim.Reply, err error, still func() bool) reports.UserState {
	switch {
	case err != nil:
		return reports.StateUnknown
	case reply.Status == 404 || reply.Status == 410:
		return reports.StateTaken
	case !reply.OK():
		return reports.StateUnknown
	case still():
		return reports.StateHeld
	}
	return reports.StateTaken
}
