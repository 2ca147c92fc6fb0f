package survival

import (
	"context"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// play is one lifecycle event in one shape.
type play struct {
	kind  reports.EventKind
	shape *dialects.Shape // nil where the event has only one form
	kinds []target.Kind   // the credentials that the event is about
}

// leaving are the credentials that must end when their person leaves.
var leaving = []target.Kind{
	target.WebSession, target.RememberMe, target.AccessToken, target.RefreshToken, target.AuthorizationCode, target.PersonalToken,
	target.AppPassword, target.LocalPassword, target.ResetLink, target.MagicLink, target.Invitation, target.ServiceAccount,
	target.ShareLink, target.Impersonation,
}

// plays lists the events in the order of the report's columns.
func plays() []play {
	var all []play
	for _, shape := range dialects.Shapes() {
		all = append(all, play{kind: reports.EventDeactivate, shape: &shape, kinds: leaving})
	}
	return append(all, 
		play{kind: reports.EventDelete, kinds: leaving}, play{kind: reports.EventRecreate, kinds: leaving}, play{kind: reports.EventReactivate, kinds: leaving})
}

// id names the event within check ids, such as "deactivate.put".
func (p play) id() string {
	if p.shape == nil {
		return string(p.kind)
	}
	return string(p.kind) + "." + p.shape.ID
}

func (p play) shapeID() string {
	if p.shape == nil {
		return ""
	}
	return p.shape.ID
}

// check is the id of the check for a kind of credential.
func (p play) check(kind target.Kind) string { return Suite + "." + p.id() + "." + string(kind) }

// returns reports whether the person comes back after having left.
func (p play) returns() bool {
	return p.kind == reports.EventRecreate || p.kind == reports.EventReactivate
}

func (p play) phases() int {
	if p.returns() {
		return 2
	}
	return 1
}

// leave sends the deactivation or the deletion.
func (p play) leave(ctx context.Context, c *scim.Client, s *subject.Subject) (*scim.Reply, error) {
	switch p.kind {
	case reports.EventDeactivate:
		return p.shape.Send(ctx, c, s.ID, false)
	case reports.EventReactivate:
		return dialects.PatchPath().Send(ctx, c, s.ID, false)
	default:
		return c.DeleteUser(ctx, s.ID)
	}
}

// comeBack sends the reactivation, or creates a user of the same name: the same
// person to look at, but with another externalId and password, as a new identity
// has them.
func (p play) comeBack(ctx context.Context, c *scim.Client, f *subject.Factory, s *subject.Subject) (*scim.Reply, error) {
	if p.kind == reports.EventReactivate {
		return dialects.PatchPath().Send(ctx, c, s.ID, true)
	}
	again := *s
	again.ExternalID += "-again"
	f.NewPassword(&again)
	return f.Create(ctx, &again, nil)
}

// wantsAllowed tells the one case in which access must come back: who is
// reactivated signs in with their password again.
func wantsAllowed(event reports.EventKind, kind target.Kind) bool {
	return event == reports.EventReactivate && kind == target.LocalPassword
}

// rules says what each phase of the event waits for. Where tries are counted
// against a lock-out, the first of two phases spends a single denial.
func (p play) rules(path target.AccessPath) (left, returned access.Rule) {
	limited := path.MaxTries > 0
	need := access.DenialsNeeded
	if limited {
		need = min(need, path.MaxTries)
	}
	left = access.Rule{Need: need, Limit: path.MaxTries, Last: true}
	if !p.returns() {
		return left, access.Rule{}
	}
	left = access.Rule{Need: access.DenialsNeeded, Brief: true}
	returned = access.Rule{Need: access.DenialsNeeded, Last: true}
	if limited {
		left = access.Rule{Need: 1, Limit: 1, Brief: true}
		returned = access.Rule{Need: min(2, path.MaxTries), Limit: min(2, path.MaxTries), Brief: true}
	}
	if wantsAllowed(p.kind, path.Kind) {
		returned = access.Rule{Need: 3, Limit: 3, WantAllowed: true}
	}
	return left, returned
}
