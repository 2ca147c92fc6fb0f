package runner_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

// An act that does not work where it ought to proves nothing where it must not, and what
// nobody says how to do is no pass either.
func TestActsPastSCIMWithoutEvidence(t *testing.T) {
	for acts, want := range map[string]struct {
		outcome reports.Outcome
		gaps    int
		verdict reports.Word
	}{
		"spoilt":   {reports.OutcomeNoEvidence, 1, reports.VerdictFail},
		"unsaid":   {reports.OutcomeNoEvidence, 1, reports.VerdictFail},
		"asserted": {reports.OutcomeNotApplicable, 0, reports.VerdictPass},
	} {
		t.Run(acts, func(t *testing.T) {
			g := NewWithT(t)
			o := quick
			o.Acts, o.Only = acts, "check: containsAny {lifecycle.delete} || event: containsAny {out-of-band} || shape: containsAny {granted}"
			r := runChild(t, o)
			g.Expect(r.Gaps).To(HaveLen(want.gaps), "one gap for all that nobody can show")
			for _, gap := range r.Gaps {
				g.Expect(gap.Outcome).To(Equal(reports.OutcomeNoEvidence))
				g.Expect(gap.Title).To(HavePrefix("No evidence for what is done past SCIM"))
			}
			for _, c := range r.Checks {
				if c.Event == reports.EventOutOfBand || c.Shape == "granted" {
					g.Expect(c.Outcome).To(Equal(want.outcome), "%s: %s", c.ID, c.Because)
				}
			}
			g.Expect(r.Cleanup.Left).To(BeEmpty())
			g.Expect(r.Verdict.Word).To(Equal(want.verdict), r.Verdict.Reason)
		})
	}
}

// What is issued to a leaver is shown by the lists that had it, and the one before the event.
func TestWhatIsIssuedComesWithItsEvidence(t *testing.T) {
	g := NewWithT(t)
	o := quick
	o.Defects, o.Only = []string{"reset-link-mailed-to-leaver"}, "check: containsAny {survival.issued.deactivate.put, survival.deactivate.put.reset-link}"
	r := runChild(t, o)
	g.Expect(r.Gaps).To(HaveLen(1))
	g.Expect(r.Gaps[0].Evidence).NotTo(BeEmpty())
	purposes := map[string]string{}
	for _, x := range r.Exchanges {
		purposes[x.ID] = x.Purpose
	}
	lists := 0
	for _, id := range r.Gaps[0].Evidence {
		if purposes[id] == "ask what the person holds" {
			lists++
		}
	}
	g.Expect(lists).To(BeNumerically(">=", 2), "before the event, and after it")
}
