package survival

import (
	"context"
	"fmt"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
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
	if asserted := vouched(t, "nobody can list what a person holds", func(n target.NotApplicable) bool { return n.Listing }); asserted != nil {
		return asserted
	}
	return &reports.Trouble{
		Kind:    reports.TroubleNoEvidence,
		Message: "the profile does not say how what a person holds is listed (issued), and nobody asserts that nobody can",
	}
}

// holding is what the leaver was listed to hold, before the event and again and again
// after it.
type holding struct {
	lists   []listing
	trouble *reports.Trouble // with the first list or the last one
}

// listing is one answer to the question what the leaver holds.
type listing struct {
	asked    time.Time
	ids      []string
	exchange string
}

// list asks what the leaver holds.
func (sc *scene) list(ctx context.Context) (listing, error) {
	leaver, _ := sc.cast.values()
	l := listing{asked: time.Now()}
	var err error
	l.ids, l.exchange, err = sc.stage.driver.Issued(ctx, sc.stage.session.Target.Issued, leaver)
	return l, err
}

// listOnce notes what the leaver holds now, unless that was not to be had before.
func (sc *scene) listOnce(ctx context.Context) {
	if !sc.play.lists() || sc.stage.session.Target.Issued == nil || sc.held.trouble != nil || ctx.Err() != nil {
		return
	}
	l, err := sc.list(ctx)
	if err != nil {
		sc.held.trouble = troubleOf(err)
		sc.held.trouble.Message = "the list of what the person holds (issued): " + access.ProblemOf(err)
		return
	}
	sc.held.lists = append(sc.held.lists, l)
}

// listOn lists at doubling distances until the context ends: what comes to the list while
// something still lets the person in is told from what comes after that. A list that is not
// to be had leaves a gap in time and no more.
func (sc *scene) listOn(ctx context.Context) {
	if len(sc.held.lists) == 0 {
		return
	}
	for wait := 250 * time.Millisecond; sleep(ctx, wait); wait *= 2 {
		if l, err := sc.list(ctx); err == nil {
			sc.held.lists = append(sc.held.lists, l)
		}
	}
}

// seenIssued puts what came to the leaver's list in a finished scene into an observation.
func (sc *scene) seenIssued() []reports.Observation {
	if sc.trouble != nil {
		return []reports.Observation{{Trouble: sc.trouble}}
	}
	if sc.held.trouble != nil {
		return []reports.Observation{{Trouble: sc.held.trouble}}
	}
	seen := reports.Observation{Issued: &reports.Issued{Event: sc.event.ID, Subject: sc.event.Subject, New: []reports.IssuedItem{}}}
	var known []string
	for i, l := range sc.held.lists {
		if i == 0 {
			known, seen.Issued.Before = l.ids, len(l.ids)
			seen.Evidence = append(seen.Evidence, l.exchange)
			continue
		}
		before := len(seen.Issued.New)
		for _, id := range l.ids {
			if !slices.Contains(known, id) {
				known = append(known, id)
				seen.Issued.New = append(seen.Issued.New, reports.IssuedItem{ID: id, AfterMs: sc.since(sc.held.lists[i-1].asked), AtMs: sc.since(l.asked)})
			}
		}
		if len(seen.Issued.New) > before || i == len(sc.held.lists)-1 {
			seen.Evidence = append(seen.Evidence, l.exchange)
		}
	}
	return []reports.Observation{seen}
}

// since counts from the acknowledgement of the event, in ms; before it that is negative.
func (sc *scene) since(at time.Time) int64 {
	if len(sc.event.Steps) == 0 {
		return 0
	}
	return at.Sub(sc.event.Steps[0].Answered).Milliseconds()
}
