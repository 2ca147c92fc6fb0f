package html_test

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
)

func TestLaterMarksAreShown(t *testing.T) {
	g := NewWithT(t)
	r := reporttest.Report()
	at := time.Date(2026, time.November, 23, 9, 30, 0, 0, time.UTC)
	r.Cleanup.Left, r.Cleanup.Kept = nil, 6
	r.LongWatch = &reports.LongWatch{Kept: 24, Notes: []string{"The clock went back by 2 h."}, Marks: []reports.LaterMark{
		{AfterMs: 900_000, State: reports.MarkTaken, Due: at, Taken: at.Add(time.Minute)},
		{AfterMs: 6 * 3_600_000, State: reports.MarkMissed, Due: at, Why: "nobody <b>resumed</b>"},
		{AfterMs: 24 * 3_600_000, State: reports.MarkPending, Due: at.Add(24 * time.Hour)},
	}}
	for i := range r.Observations {
		if a := r.Observations[i].Access; a != nil && i == 0 {
			a.Tries = append(a.Tries,
				reports.Try{Phase: reports.PhaseLeft, Who: reports.WhoPolled, AtMs: 960_000, MarkMs: 900_000, Result: reports.TryAllowed},
				reports.Try{Phase: reports.PhaseLeft, Who: reports.WhoControl, AtMs: 960_000, MarkMs: 900_000, Result: reports.TryAllowed})
		}
	}
	page := write(t, r)
	for _, want := range []string{
		"Later marks are pending.</strong> 24 h after the events, due 24 November 2026, 09:30 UTC",
		"24 credentials of the plain deactivations and deletions were kept to be tried again after: 15 min (taken late, 23 November 2026, 09:31 UTC; due 23 November 2026, 09:30 UTC), 6 h (missed: nobody &lt;b&gt;resumed",
		"24 h (pending, due 24 November 2026, 09:30 UTC)",
		"The clock went back by 2 h.", "For the later marks 6 test users are kept", "Nothing by mistake", "mark 15 min",
	} {
		g.Expect(page).To(ContainSubstring(want))
	}
	g.Expect(write(t, reporttest.Report())).NotTo(ContainSubstring("ater marks"), "nothing of it where none was asked for")
}
