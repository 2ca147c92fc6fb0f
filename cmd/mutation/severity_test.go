package main

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/reports"
)

func TestSeveritiesAreHeldAgainstARuleOfTheirOwn(t *testing.T) {
	g := NewWithT(t)
	right := reports.Gap{Title: "a", Outcome: reports.OutcomeSurvived, Event: reports.EventDelete, Credential: "personal-token", Severity: reports.SeverityCritical}
	mild := reports.Gap{Title: "b", Outcome: reports.OutcomeSurvived, Event: reports.EventDelete, Credential: "access-token", Severity: reports.SeverityMedium}
	other := reports.Gap{Title: "c", Outcome: reports.OutcomeNonconformant, Severity: reports.SeverityInfo}
	g.Expect(misjudged([]reports.Gap{right, other})).To(BeEmpty())
	g.Expect(misjudged([]reports.Gap{right, mild})).To(Equal(`"b" is medium and must be low`))
}

func TestExposureWindowsMustHoldTheMoment(t *testing.T) {
	g := NewWithT(t)
	d := defects.Defect{Delay: 3 * time.Second}
	row := func(last, first int64) []reports.MatrixRow {
		return []reports.MatrixRow{{Cells: []reports.Cell{{Check: "c", Outcome: reports.OutcomeDelayed, LastAllowedMs: last, FirstDeniedMs: first}}}}
	}
	g.Expect(mismeasured(d, row(2000, 4000))).To(BeEmpty())
	g.Expect(mismeasured(d, row(4000, 8000))).NotTo(BeEmpty(), "it had ended before")
	g.Expect(mismeasured(d, row(1000, 2000))).NotTo(BeEmpty(), "it had not ended yet")
	g.Expect(mismeasured(defects.Defect{}, row(2000, 4000))).NotTo(BeEmpty(), "nothing ends late with this defect")
}
