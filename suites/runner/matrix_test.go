package runner_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/reports"
)

// quick is a timing for an application in the same process.
var quick = order{RevokeWithin: 500 * time.Millisecond, GiveUpAfter: 1500 * time.Millisecond}

// atOnce bounds how many children run side by side; they mostly wait.
var atOnce = make(chan struct{}, 4)

func TestTheReferenceApplicationHasNoGap(t *testing.T) {
	g := NewWithT(t)
	r := runChild(t, quick)
	g.Expect(r.Gaps).To(BeEmpty())
	g.Expect(r.Verdict.Word).To(Equal(reports.VerdictPass), r.Verdict.Reason)
	var notTested []string
	for _, c := range r.Checks {
		switch c.Outcome {
		case reports.OutcomeNotTested:
			notTested = append(notTested, c.ID)
		case reports.OutcomeRecorded:
			g.Expect(c.ID).To(Equal("lifecycle.deactivate.remove-active"), "every other check decides something")
		default:
			g.Expect(c.Outcome).To(Equal(reports.OutcomeConformant), "%s: %s", c.ID, c.Because)
		}
		g.Expect(c.Observations).NotTo(BeEmpty(), "%s is green without evidence", c.ID)
	}
	g.Expect(notTested).To(ConsistOf(gated), "behind gates that the reference application keeps closed")
	g.Expect(r.Coverage.Covered).To(BeNumerically(">=", 300))
	g.Expect(r.Coverage.PerRequirement).To(BeNumerically("<", 5), "requests for each requirement")
	for _, s := range r.Stories {
		g.Expect(s.Troubled()).To(BeFalse(), s.Sentence)
	}
	// Four kinds have two ways in each.
	kinds := map[string]int{}
	for _, s := range list(t, "survival") {
		if s.Credential != "" {
			kinds[s.Credential]++
		}
	}
	g.Expect(r.Matrix).To(HaveLen(len(kinds) + 4))
	for _, row := range r.Matrix {
		g.Expect(row.Cells).To(HaveLen(kinds[row.Credential]), row.Path)
		for _, cell := range row.Cells {
			if row.Path == "password reset link, asked for anew" && cell.Event == reports.EventRecreate {
				g.Expect(cell.Outcome).To(Equal(reports.OutcomeNotApplicable), "the new user of that name may ask for one")
				continue
			}
			g.Expect(cell.Outcome).To(Equal(reports.OutcomeConformant), "%s × %s: %s", row.Path, cell.Check, cell.Why)
		}
	}
	g.Expect(r.Cleanup.Left).To(BeEmpty())
	g.Expect(r.Cleanup.Removed).To(Equal(r.Cleanup.Created))
}

// gated are the checks of what the reference application does not claim, or does in another
// way, and of pages that would have to hold hundreds; a defect opens the gate of each.
var gated = []string{
	"discovery.config.events", "discovery.types.required-extension", "discovery.async", "errors.status.unsupported", "errors.status.throttled",
	"querying.filter.unsupported", "querying.page.cap", "querying.cursor.page-size", "querying.sort.unsupported", "querying.cursor.expired", "querying.cursor.unasked",
	"me.location", "patching.message.unclaimed", "bulk.unsupported", "versions.unsupported", "channel.transport.plain", "channel.transport.version",
}

// chosen are defects of each family. That every defect is noticed is what make
// mutation shows, without the race detector.
var chosen = []string{
	"patch-pathless-ignored", "recreate-conflicts", "tokens-survive-deactivate", "old-session-revives-on-reactivate",
	"create-drops-family-name", "patch-displayname-ignored", "filter-username-ignored", "revocation-delayed-3s",
}

// beyondPlain tells the gaps of credentials that the plain checks leave out: under the
// race detector a whole run takes its time.
func beyondPlain(gap string) bool {
	words := strings.Fields(gap)
	if len(words) == 3 && !strings.Contains(defects.PlainChecks, words[2]) { //nolint:gocritic // the constant is what is looked in
		return true
	}
	// What people who stay keep, and what comes back in the longer stories.
	return len(words) == 3 && slices.Contains([]string{"change-password", "delete-inactive", "sync", "out-of-band", "sign-out"}, words[1])
}

// Each of them turns exactly its own checks red and costs exactly its own gaps; a
// false alarm fails here as surely as a miss.
func TestDefectsAreNoticedAndNothingElse(t *testing.T) {
	var ids []string
	for _, s := range list(t, defects.PlainChecks) {
		if s.State != reports.SpecNotSelected {
			ids = append(ids, s.ID)
		}
	}
	for _, name := range chosen {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			atOnce <- struct{}{}
			defer func() { <-atOnce }()
			g := NewWithT(t)
			d, known := defects.Get(name)
			g.Expect(known).To(BeTrue())
			o := quick
			o.Defects, o.GiveUpAfter, o.Only = []string{name}, max(o.GiveUpAfter, d.Watch), defects.PlainChecks
			r := runChild(t, o)
			var red, gaps []string
			for _, c := range r.Checks {
				if c.Gap != "" {
					red = append(red, c.ID)
				}
			}
			for _, gap := range r.Gaps {
				gaps = append(gaps, strings.Join(strings.Fields(string(gap.Outcome)+" "+string(gap.Event)+" "+gap.Credential+" "+gap.Feature), " "))
			}
			g.Expect(red).To(ConsistOf(d.Expected(ids)))
			g.Expect(gaps).To(ConsistOf(slices.DeleteFunc(slices.Clone(d.Gaps), beyondPlain)))
		})
	}
}

func TestEveryCheckIsNoticedByADefect(t *testing.T) {
	var ids []string
	for _, s := range list(t, "") {
		ids = append(ids, s.ID)
	}
	caught := map[string]bool{}
	for _, d := range defects.All() {
		for _, id := range d.Expected(ids) {
			caught[id] = true
		}
	}
	for _, id := range ids {
		NewWithT(t).Expect(caught[id]).To(BeTrue(), "no defect turns %s red", id)
	}
}

// A kind of credential that nobody armed is a gap, unless somebody vouches for it.
func TestAKindWithoutAnAccessPath(t *testing.T) {
	only := quick
	only.Only, only.Without = "event:delete && survival", "personal-token"
	t.Run("nobody says anything", func(t *testing.T) {
		g := NewWithT(t)
		r := runChild(t, only)
		g.Expect(r.Verdict.Word).To(Equal(reports.VerdictFail))
		g.Expect(r.Gaps).To(HaveLen(1))
		g.Expect(r.Gaps[0].Outcome).To(Equal(reports.OutcomeNoEvidence))
		g.Expect(r.Gaps[0].Credential).To(Equal("personal-token"))
		g.Expect(r.Gaps[0].Checks).To(Equal([]string{"survival.delete.personal-token"}))
	})
	t.Run("somebody vouches", func(t *testing.T) {
		g := NewWithT(t)
		asserted := only
		asserted.Asserted = true
		r := runChild(t, asserted)
		g.Expect(r.Verdict.Word).To(Equal(reports.VerdictPass), "%s", r.Verdict.Reason)
		g.Expect(r.Gaps).To(BeEmpty())
		g.Expect(r.Counts.Checks[reports.OutcomeNotApplicable]).To(Equal(1))
		for _, c := range r.Checks {
			if c.Outcome == reports.OutcomeNotApplicable {
				g.Expect(c.Because).To(ContainSubstring("Ada Okafor"))
			}
		}
	})
}

// underTrouble is what meets passing trouble under the race detector; make mutation has all
// checks meet it.
const underTrouble = "(lifecycle || channel || versions || errors || survival) && (" + defects.PlainChecks + ")"

// Passing trouble may leave a run undecided; it never costs a gap.
func TestOperationalTroubleIsNoGap(t *testing.T) {
	for _, d := range defects.All() {
		if d.Family != defects.Operational {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			atOnce <- struct{}{}
			defer func() { <-atOnce }()
			g := NewWithT(t)
			o := quick
			o.Defects, o.Only = []string{d.Name}, underTrouble
			if d.Only != "" {
				o.Only = d.Only
			}
			r := runChild(t, o)
			g.Expect(r.Gaps).To(BeEmpty())
			g.Expect(r.Verdict.Word).NotTo(Equal(reports.VerdictFail))
			g.Expect(r.Cleanup.Left).To(BeEmpty())
		})
	}
}
