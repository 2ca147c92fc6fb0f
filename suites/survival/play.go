package survival

import (
	"context"
	"errors"
	"fmt"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/target"
)

// play is one lifecycle event in one form.
type play struct {
	kind  reports.EventKind
	shape string        // "" where the event has only one form
	kinds []target.Kind // the credentials that the event is about
	// senders are the identity providers that send the form of a deactivation; while none of
	// them is chosen it may be refused. Nil for all other events.
	senders []string
	// covers lists the probes that the event decides on beside those of the credentials.
	covers []string
	// ends is how the sentences of its checks go on: "once its user is deleted".
	ends string
	// needs is what the people of the scene must have.
	needs needs
	// mints says that credentials are obtained all the while the event happens.
	mints bool
	// before happens before anything is armed, meanwhile between the positive control
	// and the event. Either may be nil.
	before, meanwhile act
	leave             send
	// comeBack is the second write of the event; nil where the event has only one.
	comeBack send
	// signsOut says that the event is no write of SCIM, but an act of the identity
	// provider in the place of leave.
	signsOut bool
	// outOfBand is what is done past SCIM in the place of comeBack; empty for nothing.
	outOfBand target.Act
	// look tells what SCIM says of what the event should have changed. Nil looks at the
	// leaver's active.
	look func(context.Context, *cast) (reports.UserState, *scim.Reply, error)
}

// needs says what people get before they are armed.
type needs struct {
	group bool // leaver and control user are members of one group
	apart bool // with group: the control user has a group of their own
	third bool // with group: somebody else leaves it with the leaver
	role  bool // leaver and control user have the profile's role
	// granted says that an administrator gives both something past SCIM.
	granted bool
	// changePassword asks the service whether a password can be changed at all.
	changePassword bool
}

// act is something that happens beside the event; send is a write of the event itself.
type (
	act  func(context.Context, *cast) error
	send func(context.Context, *cast) (*scim.Reply, error)
)

// id names the event within check ids, such as "deactivate.put".
func (p play) id() string {
	if p.shape == "" {
		return string(p.kind)
	}
	return string(p.kind) + "." + p.shape
}

// check is the id of the check for a kind of credential.
func (p play) check(kind target.Kind) string { return Suite + "." + p.id() + "." + string(kind) }

// returns reports whether the event has a second write.
func (p play) returns() bool { return p.comeBack != nil || p.outOfBand != "" }

func (p play) phases() int {
	if p.returns() {
		return 2
	}
	return 1
}

// absent says why the event cannot be played with the profile; nil if it can.
func (p play) absent(t *target.Target) *reports.Trouble {
	switch {
	case p.needs.group && !declares(t, target.GroupAccess):
		return &reports.Trouble{Kind: reports.TroubleAsserted, Message: "this event is played with a group, and the profile declares no access through a group"}
	case p.needs.role && t.SCIM.Role == "":
		return &reports.Trouble{Kind: reports.TroubleAsserted, Message: "this event is played with a role, and the profile names none (scim.role)"}
	}
	if act := p.act(); act != "" {
		return undone(t, act)
	}
	return nil
}

// act is what is done past SCIM for the play; empty for nothing.
func (p play) act() target.Act {
	switch {
	case p.needs.granted:
		return target.ActDirectGrant
	case p.signsOut:
		return target.ActSignOut
	}
	return p.outOfBand
}

func declares(t *target.Target, kind target.Kind) bool {
	for _, p := range t.Access {
		if p.Kind == kind {
			return true
		}
	}
	return false
}

// wantsAllowed tells the case in which access must come back: who is reactivated signs in
// with their password again, or by the identity provider's word, and may ask for what is
// given anew.
func wantsAllowed(event reports.EventKind, path target.AccessPath) bool {
	return event == reports.EventReactivate && (signsIn(path.Kind) || path.Fresh)
}

// signsIn tells the kinds by which people come in, from those that they obtain then.
func signsIn(kind target.Kind) bool { return kind == target.LocalPassword || kind == target.SSOLogin }

// passesOn tells what whoever has the name next may rightly use.
func passesOn(event reports.EventKind, path target.AccessPath) bool {
	return event == reports.EventRecreate && path.Fresh
}

// rules says what each phase of the event waits for. Where tries are counted
// against a lock-out, the first of two phases spends a single denial. A try that waits for
// something to arrive, such as a mail that is not sent to a leaver, takes its time.
func (p play) rules(path target.AccessPath) (left, returned access.Rule) {
	left, returned = p.moments(path)
	left.Lasting, returned.Lasting = path.TakesTime(), path.TakesTime()
	return left, returned
}

// moments says the same of tries that take no time.
func (p play) moments(path target.AccessPath) (left, returned access.Rule) {
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
	if wantsAllowed(p.kind, path) {
		returned = access.Rule{Need: 3, Limit: 3, WantAllowed: true}
	}
	return left, returned
}

// mustDo turns a write that has to succeed before the event into an act.
func mustDo(what string, do send) act {
	return func(ctx context.Context, c *cast) error {
		reply, err := do(ctx, c)
		if err != nil {
			return err
		}
		if !reply.OK() {
			detail := reply.Doc.Text("detail")
			if detail == "" {
				detail = "no detail given"
			}
			return fmt.Errorf("%s was answered %d before the event: %s", what, reply.Status, detail)
		}
		return nil
	}
}

// inTurn carries out several acts, one after the other.
func inTurn(acts ...act) act {
	return func(ctx context.Context, c *cast) error {
		for _, do := range acts {
			if err := do(ctx, c); err != nil {
				return err
			}
		}
		return nil
	}
}

// errNotOffered is behind what the service itself says that it does not do.
var errNotOffered = errors.New("ServiceProviderConfig says that changePassword is not supported")
