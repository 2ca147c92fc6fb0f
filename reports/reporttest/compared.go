package reporttest

import (
	"time"

	"github.com/scimproof/scimproof/reports"
)

// earlierRun is the run before, at which one of the gaps was there already.
const earlierRun = "20260911-070000-11aa"

var earlierStart = time.Date(2026, time.September, 11, 7, 0, 0, 0, time.UTC)

// gapMended is a gap of the earlier run that this one shows to be closed.
const gapMended = "gap-0badc0ffee00"

// compare sets the run against the one before: two gaps are new, one is back, one is as it was
// and one is mended.
func compare(r *reports.Report) {
	r.Comparison = &reports.Comparison{
		Earlier: reports.ComparedRun{Run: earlierRun, Started: earlierStart.Format(time.RFC3339), Verdict: reports.VerdictFail, Version: "4.1.0"},
		Later:   reports.ComparedRun{Run: r.Run.ID, Started: r.Run.Started.Format(time.RFC3339), Verdict: r.Verdict.Word, Version: r.Target.Version},
		Settings: []reports.SettingChange{
			{What: "target version", Was: "4.1.0", Is: r.Target.Version},
			{What: "suite", Was: "0.0.9", Is: r.Run.Tool.Version},
		},
		Gaps: []reports.GapChange{},
		Lost: []reports.CheckChange{{
			Check: "lifecycle.delete.gone-from-lists", Was: reports.OutcomeConformant, Is: reports.OutcomeOperational,
			Why: "The list answered 503 three times; nothing can be said.",
		}},
	}
	changes := map[string]struct {
		change reports.Change
		before reports.Severity
		why    string
	}{
		gapLasting: {reports.ChangeNew, "", "The checks of it conformed in the earlier run."},
		gapDeaf:    {reports.ChangeNew, "", "The check of it conformed in the earlier run."},
		gapReborn:  {reports.ChangeRegressed, "", "It was certified as closed on 2026-09-12, and is here again."},
		gapSlow:    {reports.ChangeUnchanged, reports.SeverityMedium, "It is as grave as it was."},
	}
	for _, g := range r.Gaps {
		c := changes[g.ID]
		r.Comparison.Gaps = append(r.Comparison.Gaps, reports.GapChange{
			Gap: g.ID, Title: g.Title, Class: g.Class, Change: c.change, Before: c.before, After: g.Severity, State: g.State, Why: c.why, Checks: g.Checks,
		})
	}
	r.Comparison.Gaps = append(r.Comparison.Gaps, reports.GapChange{
		Gap: gapMended, Title: "A PATCH of a name is answered with success and not stored", Class: reports.ClassIgnoredSilently,
		Change: reports.ChangeFixed, Before: reports.SeverityLow, Why: "lifecycle.update.patch ran again and conforms.", Checks: []string{"lifecycle.update.patch"},
	})
}
