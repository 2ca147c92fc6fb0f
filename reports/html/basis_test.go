package html_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

// A report that was given an earlier one of another target has a page as any other.
func TestAReportThatWasGivenAnotherTargetsHasAPage(t *testing.T) {
	rec := reports.Record{Target: reports.Target{ID: "app", Name: "App"}}
	r := reports.JudgeOn(rec, reports.Basis{Previous: &reports.Report{Target: reports.Target{ID: "other"}}})
	NewWithT(t).Expect(write(t, r)).To(ContainSubstring("App"))
}
