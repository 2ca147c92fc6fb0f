package survival

import (
	"context"
	"fmt"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/target"
)

// shown reports whether SCIM shows what the event changes for as long as it is watched.
// After a return that is the matter of other checks, and a password is never shown.
func (p play) shown() bool {
	return !p.returns() && p.kind != reports.EventChangePassword && !p.signsOut
}

// stateCheck is the id of the check of what SCIM shows after the event.
func (p play) stateCheck() string { return Suite + ".state." + p.id() }

func stateSentence(p play) string {
	switch p.kind {
	case reports.EventDelete:
		return "goes on showing a deleted user as gone"
	case reports.EventRemoveMember:
		return fmt.Sprintf("goes on showing a group without a member who was taken out by %s", reports.ShapeTitle(p.shape))
	case reports.EventDeleteGroup:
		return "goes on showing a deleted group as gone"
	case reports.EventRemoveRole:
		return "goes on showing a user without a role that was taken away"
	case reports.EventRename:
		return "goes on showing a renamed user under the new userName"
	}
	return fmt.Sprintf("goes on showing a deactivated user as inactive (%s)", reports.ShapeTitle(p.shape))
}

// watchState is the body of the checks of what SCIM shows: it takes what the stage saw of
// their event.
func watchState(ctx SpecContext, t *spec.T, p play) {
	GinkgoHelper()
	if trouble := unwatched(t.Target, p); trouble != nil {
		t.Note(reports.Observation{Trouble: trouble})
		return
	}
	await(ctx, t, p, (*scene).seenState)
}

// unwatched says why an event is not played: what SCIM shows is held against access, and
// there is none to watch.
func unwatched(t *target.Target, p play) *reports.Trouble {
	if absent := p.absent(t); absent != nil {
		return absent
	}
	if !slices.ContainsFunc(p.kinds, func(kind target.Kind) bool { return declares(t, kind) }) {
		return &reports.Trouble{Kind: reports.TroubleAsserted, Message: "what SCIM shows is held against access, and the profile declares no way in that this event is about"}
	}
	return nil
}

// seenState puts what SCIM said in a finished scene into an observation.
func (sc *scene) seenState() []reports.Observation {
	if sc.trouble != nil {
		return []reports.Observation{{Trouble: sc.trouble}}
	}
	return []reports.Observation{{State: &reports.State{Event: sc.event.ID, Subject: sc.event.Subject}}}
}

// readOnce notes what SCIM says now. It reports false where that was cut short.
func (sc *scene) readOnce(ctx context.Context, phase reports.Phase, acked time.Time, id string) (reports.StateRead, bool) {
	at := time.Since(acked).Milliseconds()
	read := sc.read(ctx, id)
	if ctx.Err() != nil && read.State == reports.StateUnknown {
		return read, false
	}
	read.Phase, read.AtMs = phase, at
	sc.event.States = append(sc.event.States, read)
	return read, true
}

// readOn reads once more when access has been decided, and on for as long as SCIM shows
// what was to change and yet may: its reads may lag.
func (sc *scene) readOn(ctx context.Context, phase reports.Phase, acked time.Time, id string) {
	ctx = exchange.WithLabel(ctx, exchange.Label{Purpose: "read the user's state"})
	due := max(sc.stage.session.Target.RevokeWithin, sc.stage.session.Target.Limits.ReadLag)
	for wait := 250 * time.Millisecond; ; wait *= 2 {
		read, ok := sc.readOnce(ctx, phase, acked, id)
		lags := read.State == reports.StateActive || read.State == reports.StateHeld
		left := due - time.Since(acked)
		if !ok || !lags || read.AtMs >= due.Milliseconds() || !sleep(ctx, max(time.Millisecond, min(wait, left))) {
			return
		}
	}
}
