package survival

import (
	"context"
	"slices"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/target"
)

// leaving are the credentials that must end when their person leaves.
var leaving = []target.Kind{
	target.WebSession, target.RememberMe, target.AccessToken, target.RefreshToken, target.AuthorizationCode, target.PersonalToken,
	target.AppPassword, target.LocalPassword, target.ResetLink, target.MagicLink, target.Invitation, target.ServiceAccount,
	target.ShareLink, target.Impersonation, target.SSOLogin, target.SSHKey, target.EventStream, target.Webhook, target.ScheduledJob,
}

// plain are four credentials that stand for the others where only the form of the event
// differs: a decision that is taken by the account's state is the same for all. None of
// them is spent by a try, which would want one for every mark of every form.
var plain = []target.Kind{target.WebSession, target.AccessToken, target.PersonalToken, target.LocalPassword}

// ofPassword are the credentials that were obtained with a password.
var ofPassword = []target.Kind{target.WebSession, target.RememberMe, target.AccessToken, target.RefreshToken, target.LocalPassword}

// plays lists the events in the order of the report's columns.
func plays() []play {
	return slices.Concat(deactivations(), departures(), syncs(), pastSCIM(), removals(), otherChanges())
}

// deactivations are the forms of active: false, and leavers who are not like others.
func deactivations() []play {
	var all []play
	for _, shape := range dialects.Shapes() {
		all = append(all, deactivation(shape, leaving))
	}
	for _, shape := range dialects.FurtherShapes() {
		all = append(all, deactivation(shape, plain))
	}
	special := func(shape, whose string, n needs, before, meanwhile act, kinds []target.Kind, covers ...string) play {
		return play{
			kind: reports.EventDeactivate, shape: shape, kinds: kinds, covers: covers, needs: n, before: before, meanwhile: meanwhile,
			ends: "once its user, " + whose + ", is deactivated", leave: deactivate,
		}
	}
	held := slices.DeleteFunc(slices.Clone(plain), isPassword)
	minting := special("while-minting", "who obtains credentials all the while", needs{}, nil, nil, held, "AS-33")
	minting.mints = true
	again := inTurn(mustDo("a deactivation", deactivate), mustDo("a reactivation", reactivate))
	return append(all,
		special("group-member", "a member of a group", needs{group: true}, nil, nil, plain, "AS-22"),
		special("role-holder", "who has a role", needs{role: true}, nil, nil, append(slices.Clone(plain), target.ActingAs), "AS-38"),
		special("granted", "to whom an administrator gave something past SCIM", needs{granted: true}, nil, nil, append(slices.Clone(plain), target.DirectGrant), "AS-23"),
		special("renamed", "who was renamed before", needs{}, nil, mustDo("a rename", rename), held, "AS-27"),
		special("second-time", "who left and returned before", needs{}, again, nil, plain, "AS-28"),
		minting,
	)
}

// isSSO tells what says nothing about a new user of an old name: the identity provider
// may well vouch for them.
func isSSO(k target.Kind) bool { return k == target.SSOLogin }

func isPassword(k target.Kind) bool { return k == target.LocalPassword }

func deactivation(shape dialects.Shape, kinds []target.Kind) play {
	return play{
		kind: reports.EventDeactivate, shape: shape.ID, kinds: kinds, covers: []string{"AS-39"}, senders: append([]string{}, shape.Clients...),
		ends: "once its user is deactivated by " + reports.ShapeTitle(shape.ID),
		leave: func(ctx context.Context, c *cast) (*scim.Reply, error) {
			return shape.Send(ctx, c.scim, c.leaver.ID, false)
		},
	}
}

// departures are deletions, and returns.
func departures() []play {
	return []play{
		{kind: reports.EventDelete, kinds: leaving, ends: "once its user is deleted", leave: remove},
		{kind: reports.EventDeleteInactive, kinds: leaving, leave: deactivate, comeBack: remove},
		{kind: reports.EventRecreate, kinds: slices.DeleteFunc(slices.Clone(leaving), isSSO), covers: []string{"AS-24"}, leave: remove, comeBack: createAgain},
		{kind: reports.EventReactivate, kinds: leaving, covers: []string{"AS-28"}, leave: deactivate, comeBack: reactivate},
	}
}

// syncs are what a provider sends in every cycle, while the user is inactive.
func syncs() []play {
	var all []play
	for _, s := range dialects.Syncs() {
		all = append(all, play{
			kind: reports.EventSync, shape: s.ID, kinds: plain, covers: []string{"AS-32"}, needs: needs{group: s.NeedsGroup, apart: s.NeedsGroup},
			leave: deactivate,
			comeBack: func(ctx context.Context, c *cast) (*scim.Reply, error) {
				group := ""
				if c.apart != nil {
					group = c.apart.ID // the leaver is no member of that one yet
				}
				return s.Send(ctx, c.scim, c.leaver.Document(nil), c.leaver.ID, group)
			},
		})
	}
	return all
}

// pastSCIM is what others do about somebody who is inactive.
func pastSCIM() []play {
	covers := map[target.Act]string{
		target.ActReEnable: "AS-23", target.ActDirectGrant: "AS-23", target.ActSelfRegistration: "AS-25", target.ActInvitation: "AS-11", target.ActSSOLogin: "AS-19",
	}
	var all []play
	for _, act := range target.Acts() {
		all = append(all, play{
			kind: reports.EventOutOfBand, shape: string(act), kinds: plain, covers: []string{covers[act]},
			before: prove(act), leave: deactivate, outOfBand: act,
		})
	}
	return all
}

// removals take away what a group or a role opens, while the person stays.
func removals() []play {
	var all []play
	group := []target.Kind{target.GroupAccess}
	for _, r := range dialects.Removals() {
		if r.Nobody { // nobody loses anything
			continue
		}
		all = append(all, play{
			kind: reports.EventRemoveMember, shape: r.ID, kinds: group, covers: []string{"AS-20", "AS-22"},
			needs: needs{group: true, apart: r.All, third: r.Several},
			ends:  "once its user is taken out of the group by " + reports.ShapeTitle(r.ID),
			leave: func(ctx context.Context, c *cast) (*scim.Reply, error) { return r.Send(ctx, c.scim, c.membership(r)) },
			look:  lookAtMembers,
		})
	}
	return append(all,
		play{
			kind: reports.EventDeleteGroup, kinds: group, covers: []string{"AS-21"}, needs: needs{group: true, apart: true},
			ends:  "once the group is deleted",
			leave: func(ctx context.Context, c *cast) (*scim.Reply, error) { return c.scim.DeleteGroup(ctx, c.group.ID) },
			look:  lookAtMembers,
		},
		play{
			kind: reports.EventRemoveRole, kinds: []target.Kind{target.RoleAccess}, covers: []string{"AS-21"}, needs: needs{role: true},
			ends: "once the role is taken from its user",
			leave: func(ctx context.Context, c *cast) (*scim.Reply, error) {
				return c.scim.PatchUser(ctx, c.leaver.ID, map[string]any{"op": "remove", "path": "roles"})
			},
			look: lookAtRoles,
		},
	)
}

// otherChanges concern people who stay.
func otherChanges() []play {
	return []play{
		{
			kind: reports.EventChangePassword, kinds: ofPassword, covers: []string{"AS-30"}, needs: needs{changePassword: true},
			ends: "once its user has a new password", leave: changePassword, look: lookAtNothing,
		},
		{
			kind: reports.EventRename, kinds: []target.Kind{target.LocalPassword}, covers: []string{"AS-27"},
			ends: "under the old userName, once its user is renamed", leave: rename, look: lookAtName,
		},
		{
			kind: reports.EventSignOut, kinds: []target.Kind{target.WebSession},
			ends:   "once the identity provider has signed its user out, without a SCIM call",
			before: prove(target.ActSignOut), signsOut: true, look: lookAtNothing,
		},
	}
}
