package survival

import (
	"context"
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/target"
)

// lists reports whether what the leaver holds is listed before and after the event: in the
// departures in which every way in is armed.
func (p play) lists() bool {
	inUse := slices.ContainsFunc(dialects.Shapes(), func(s dialects.Shape) bool { return s.ID == p.shape })
	return p.kind == reports.EventDelete || p.kind == reports.EventDeactivate && inUse
}

// issuedCheck is the id of the check of what is issued after the event.
func (p play) issuedCheck() string { return Suite + ".issued." + p.id() }

func issuedSentence(p play) string {
	if p.kind == reports.EventDelete {
		return "issues nothing to a user who was deleted"
	}
	return fmt.Sprintf("issues nothing to a user who was deactivated by %s", reports.ShapeTitle(p.shape))
}

// watchIssued is the body of the checks of what is issued: it takes what the stage saw of
// their event.
func watchIssued(ctx SpecContext, t *spec.T, p play) {
	GinkgoHelper()
	if trouble := unwatched(t.Target, p); trouble != nil {
		t.Note(reports.Observation{Trouble: trouble})
		return
	}
	if trouble := unlisted(t.Target); trouble != nil {
		t.Note(reports.Observation{Trouble: trouble})
		return
	}
	await(ctx, t, p, (*scene).seenIssued)
}

// unlisted says why what a person holds is not listed: somebody asserts that nobody can, or
// nobody has said how. Nil if the profile says how.
func unlisted(t *target.Target) *reports.Trouble {
	if t.Issued != nil {
		return nil
	}
	for _, n := range t.NotApplicable {
		if n.Listing {
			return &reports.Trouble{Kind: reports.TroubleAsserted, Message: fmt.Sprintf("%s asserts that nobody can list what a person holds: %s", n.AssertedBy, n.Reason)}
		}
	}
	return &reports.Trouble{
		Kind:    reports.TroubleNoEvidence,
		Message: "the profile does not say how what a person holds is listed (issued), and nobody asserts that nobody can",
	}
}

// holding is what the leaver was listed to hold around the event.
type holding struct {
	before, after []string
	evidence      []string
	trouble       *reports.Trouble
	asked         bool // after the event, too
}

// list asks what the leaver holds. Trouble with the first question spares the second.
func (sc *scene) list(ctx context.Context, after bool) {
	steps := sc.stage.session.Target.Issued
	if !sc.play.lists() || steps == nil || sc.held.trouble != nil || ctx.Err() != nil {
		return
	}
	leaver, _ := sc.cast.values()
	ids, exchanged, err := sc.stage.driver.Issued(ctx, steps, leaver)
	switch {
	case err != nil:
		sc.held.trouble = troubleOf(err)
	case after:
		sc.held.after, sc.held.asked = ids, true
	default:
		sc.held.before = ids
	}
	if exchanged != "" {
		sc.held.evidence = append(sc.held.evidence, exchanged)
	}
}

// seenIssued puts what came to the leaver's list in a finished scene into an observation.
func (sc *scene) seenIssued() []reports.Observation {
	switch {
	case sc.trouble != nil:
		return []reports.Observation{{Trouble: sc.trouble}}
	case sc.held.trouble != nil:
		return []reports.Observation{{Trouble: sc.held.trouble, Evidence: sc.held.evidence}}
	}
	fresh := []string{}
	for _, id := range sc.held.after {
		if !slices.Contains(sc.held.before, id) {
			fresh = append(fresh, id)
		}
	}
	seen := reports.Observation{
		Issued:   &reports.Issued{Event: sc.event.ID, Subject: sc.event.Subject, Before: len(sc.held.before), New: fresh},
		Evidence: sc.held.evidence,
	}
	if acknowledged := len(sc.event.Steps) > 0 && sc.event.Steps[0].Acknowledged(); acknowledged && !sc.held.asked {
		seen = reports.Observation{Trouble: &reports.Trouble{Kind: reports.TroubleOperational, Message: "the run ended before what the person holds was listed again"}}
	}
	return []reports.Observation{seen}
}
