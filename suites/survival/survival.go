// Package survival answers the question that SCIM leaves open: when a person has
// left, what can that person still do? It arms every declared way in, fires a
// lifecycle event, and watches until access is gone or the budget is spent, with
// an untouched control user beside it.
package survival

import (
	"context"
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/target"
)

// Suite is the first part of the ids of this package's checks.
const Suite = "survival"

type stageKey struct{}

// With puts the stage into the context of a run's nodes.
func With(ctx context.Context, s *Stage) context.Context {
	return context.WithValue(ctx, stageKey{}, s)
}

// probes maps each kind of credential to its entry in the list of access-survival
// probes.
var probes = map[target.Kind][]string{
	target.WebSession: {"AS-01"}, target.RememberMe: {"AS-01"}, target.AccessToken: {"AS-02"}, target.RefreshToken: {"AS-03"},
	target.PersonalToken: {"AS-04"}, target.AppPassword: {"AS-07"}, target.LocalPassword: {"AS-08"}, target.ResetLink: {"AS-09"},
	target.MagicLink: {"AS-10"}, target.Invitation: {"AS-11"}, target.AuthorizationCode: {"AS-13"}, target.ServiceAccount: {"AS-17"},
	target.Impersonation: {"AS-34"}, target.ActingAs: {"AS-34"}, target.SSOLogin: {"AS-19"}, target.SSHKey: {"AS-05"}, target.ShareLink: {"AS-36"},
	target.DirectGrant: {"AS-23"}, target.Webhook: {"AS-14"}, target.EventStream: {"AS-15"}, target.ScheduledJob: {"AS-16"},
}

// Story lists the ids of this package's checks: event by event, and in each event
// credential by credential.
func Story() []string {
	var ids []string
	for _, play := range plays() {
		for _, kind := range play.kinds {
			ids = append(ids, play.check(kind))
		}
		if play.shown() {
			ids = append(ids, play.stateCheck())
		}
		if play.lists() {
			ids = append(ids, play.issuedCheck())
		}
	}
	return ids
}

// Register adds the checks: one for each event and kind of credential, one for what SCIM
// shows after an event, and one for what is issued after a departure.
func Register() {
	for _, play := range plays() {
		for _, kind := range play.kinds {
			It(sentence(play, kind), spec.ID(play.check(kind)), spec.Covers(covers(play, kind)...),
				spec.On(play.kind, play.shape), spec.Tries(kind),
				func(ctx SpecContext) { watch(ctx, spec.From(ctx), play, kind) })
		}
		if play.shown() {
			It(stateSentence(play), spec.ID(play.stateCheck()), spec.Covers("SP-01"), spec.On(play.kind, play.shape),
				func(ctx SpecContext) { watchState(ctx, spec.From(ctx), play) })
		}
		if play.lists() {
			It(issuedSentence(play), spec.ID(play.issuedCheck()), spec.Covers("SP-02"), spec.On(play.kind, play.shape),
				func(ctx SpecContext) { watchIssued(ctx, spec.From(ctx), play) })
		}
	}
}

// covers lists the probes that a check decides on.
func covers(p play, kind target.Kind) []string {
	all := append(slices.Clone(p.covers), probes[kind]...)
	if p.kind == reports.EventChangePassword && kind == target.LocalPassword {
		// The old password is refused only where the new one was stored.
		all = append(all, "RFC7643-4.1.1-07")
	}
	return all
}

func sentence(p play, kind target.Kind) string {
	credential := reports.CredentialTitle(string(kind))
	switch p.kind {
	case reports.EventRecreate:
		return fmt.Sprintf("refuses a deleted user's %s to the new user of that name", credential)
	case reports.EventReactivate:
		if signsIn(kind) {
			return fmt.Sprintf("lets the person sign in again with the %s after reactivation", credential)
		}
		return fmt.Sprintf("keeps refusing an old %s after its user was reactivated", credential)
	case reports.EventDeleteInactive:
		return fmt.Sprintf("keeps refusing an old %s when its inactive user is deleted", credential)
	case reports.EventOutOfBand:
		return fmt.Sprintf("keeps refusing %s of an inactive user after %s", article(credential), reports.ShapeTitle(p.shape))
	case reports.EventSync:
		return fmt.Sprintf("keeps refusing %s of an inactive user after %s", article(credential), reports.ShapeTitle(p.shape))
	}
	return fmt.Sprintf("refuses %s %s", article(credential), p.ends)
}

// article puts a or an before a noun.
func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// watch is the body of every check: it takes what the stage saw of its event and
// credential, and notes it.
func watch(ctx SpecContext, t *spec.T, p play, kind target.Kind) {
	GinkgoHelper()
	if trouble := undeclared(t.Target, p, kind); trouble != nil {
		t.Note(reports.Observation{Trouble: trouble})
		return
	}
	await(ctx, t, p, func(sc *scene) []reports.Observation { return sc.seen(kind) })
}

// await notes what the stage saw of an event, once it is over.
func await(ctx SpecContext, t *spec.T, p play, look func(*scene) []reports.Observation) {
	GinkgoHelper()
	stage, ok := ctx.Value(stageKey{}).(*Stage)
	if !ok {
		Fail("the check was run without a stage")
	}
	seen, err := stage.Await(ctx, p, look)
	if err != nil {
		Skip(spec.Interrupted)
	}
	for _, o := range seen {
		t.Note(o)
	}
}

// undeclared says why a kind cannot be tried: somebody asserts that there is
// none, or nobody has said anything. An event that needs what the application has not
// is listed under that: the credential itself is tried in the other events.
func undeclared(t *target.Target, p play, kind target.Kind) *reports.Trouble {
	absent := p.absent(t)
	if declares(t, kind) || absent != nil && absent.Kind == reports.TroubleAsserted && p.needs.granted {
		return absent
	}
	if asserted := vouched(t, "there is none", func(n target.NotApplicable) bool { return n.Kind == kind }); asserted != nil {
		return asserted
	}
	return &reports.Trouble{
		Kind:    reports.TroubleNoEvidence,
		Message: fmt.Sprintf("the profile declares no access path of the kind %s, and nobody asserts that the application has none", kind),
	}
}

// vouched is a named person's word that something does not exist; nil if nobody gives it.
func vouched(t *target.Target, that string, about func(target.NotApplicable) bool) *reports.Trouble {
	i := slices.IndexFunc(t.NotApplicable, about)
	if i < 0 {
		return nil
	}
	n := t.NotApplicable[i]
	return &reports.Trouble{Kind: reports.TroubleAsserted, Message: fmt.Sprintf("%s asserts that %s: %s", n.AssertedBy, that, n.Reason)}
}
