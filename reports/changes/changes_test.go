package changes_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/changes"
)

var update = flag.Bool("update", false, "write the golden files anew; then read them")

var writers = map[string]func(io.Writer, *reports.Comparison) error{
	"txt": changes.Text, "md": changes.Markdown, "html": changes.HTML,
}

// comparison has a change of each kind.
func comparison() *reports.Comparison {
	return &reports.Comparison{
		Target:  "Northwind CRM",
		Earlier: reports.ComparedRun{Run: "20260911-070000-11aa", Started: "2026-09-11T07:00:00Z", Verdict: reports.VerdictFail, Version: "4.1.0"},
		Later:   reports.ComparedRun{Run: "20261123-091204-7f3a", Started: "2026-11-23T09:12:04Z", Verdict: reports.VerdictFail},
		Settings: []reports.SettingChange{
			{What: "target version", Was: "4.1.0", Is: "not stated"}, {What: "selection", Was: "all checks", Is: "event:deactivate && !slow"},
		},
		Gaps: []reports.GapChange{
			{Gap: "gap-000000000001", Title: "Personal tokens of a deleted user open the next account", Class: reports.ClassRevived, Change: reports.ChangeRegressed,
				After: reports.SeverityCritical, State: reports.StateRegressed, Why: "It was certified as closed by Mei Tanaka on 2026-09-12, and is there again.", Checks: []string{"survival.recreate.personal-token"}},
			{Gap: "gap-000000000002", Title: "A deactivation is ignored silently", Class: reports.ClassIgnoredSilently, Change: reports.ChangeNew,
				After: reports.SeverityCritical, State: reports.StateOpen, Why: "The earlier run did not look: none of its checks decided anything then.", Checks: []string{"lifecycle.deactivate.put", "lifecycle.deactivate.patch-path"}},
			{Gap: "gap-000000000003", Title: "Sessions end late", Class: reports.ClassDelayed, Change: reports.ChangeWorse,
				Before: reports.SeverityLow, After: reports.SeverityMedium, State: reports.StateExceptionExceeded, Why: "Severity medium, before low.", Checks: []string{}},
			{Gap: "gap-000000000004", Title: "Webhooks go on", Class: reports.ClassOrphanedNonHuman, Change: reports.ChangeNoLongerTested,
				Before: reports.SeverityHigh, Why: "The check survival.delete.webhook was not selected.", Checks: []string{"survival.delete.webhook"}},
			{Gap: "gap-000000000005", Title: "Pages lose rows", Class: reports.ClassUnreconcilable, Change: reports.ChangeUnchanged,
				Before: reports.SeverityLow, After: reports.SeverityLow, State: reports.StateExcepted, Why: "Severity and reproducibility are what they were.", Checks: []string{}},
			{Gap: "gap-000000000006", Title: "Group rights linger", Class: reports.ClassLingeringRights, Change: reports.ChangeBetter,
				Before: reports.SeverityHigh, After: reports.SeverityMedium, State: reports.StateOpen, Why: "Severity medium, before high.", Checks: []string{}},
			{Gap: "gap-000000000007", Title: "API keys survive", Class: reports.ClassSurvivedAccess, Change: reports.ChangeFixed,
				Before: reports.SeverityCritical, Why: "Every check that showed it ran again and conforms: 1 check.", Checks: []string{}},
		},
		Lost: []reports.CheckChange{{Check: "survival.delete.webhook", Was: reports.OutcomeSurvived, Is: reports.OutcomeNotSelected, Why: "Not selected for this run."}},
	}
}

func write(t *testing.T, form string, c *reports.Comparison) string {
	t.Helper()
	var out bytes.Buffer
	if err := writers[form](&out, c); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestGolden(t *testing.T) {
	for form := range writers {
		t.Run(form, func(t *testing.T) {
			g := NewWithT(t)
			golden, got := filepath.Join("testdata", "changes."+form), write(t, form, comparison())
			if *update {
				g.Expect(os.MkdirAll("testdata", 0o755)).To(Succeed())
				g.Expect(os.WriteFile(golden, []byte(got), 0o644)).To(Succeed())
			}
			want, err := os.ReadFile(golden)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(got).To(Equal(string(want)), "the form has changed: run go test ./reports/changes -update, read the file, and commit it")
		})
	}
}

func TestTheHeadlineCallsNothingBetterThatWasNotTested(t *testing.T) {
	only := func(kinds ...reports.Change) *reports.Comparison {
		c := comparison()
		c.Lost, c.Gaps = nil, nil
		for _, k := range kinds {
			c.Gaps = append(c.Gaps, reports.GapChange{Gap: "gap-1", Title: "T", Change: k, Before: reports.SeverityHigh, After: reports.SeverityHigh})
		}
		return c
	}
	lost := only(reports.ChangeFixed)
	lost.Lost = comparison().Lost
	for name, c := range map[string]struct {
		of   *reports.Comparison
		says string
	}{
		"a regression":             {only(reports.ChangeFixed, reports.ChangeNew), "Worse than before"},
		"something is not tested":  {only(reports.ChangeFixed, reports.ChangeNoLongerTested), "No worse, as far as it was tested again"},
		"a check decides no more":  {lost, "No worse, as far as it was tested again"},
		"something is fixed":       {only(reports.ChangeFixed, reports.ChangeUnchanged), "Better than before"},
		"all is as it was":         {only(reports.ChangeUnchanged), "No worse than before"},
		"there is nothing to say":  {only(), "Neither run has a control gap."},
		"a change is not known":    {only("gone-fishing"), "gone-fishing (1)"},
		"an unknown change counts": {only("gone-fishing"), "Control gaps: 1 gone-fishing."},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(write(t, "txt", c.of)).To(ContainSubstring(c.says))
		})
	}
}

// A list is written whole, however long it is.
func TestLongListsAreWhole(t *testing.T) {
	c := comparison()
	for i := range 1_500 {
		c.Gaps = append(c.Gaps, reports.GapChange{Gap: fmt.Sprintf("gap-x%d", i), Title: "T", Change: reports.ChangeUnchanged, Checks: []string{fmt.Sprintf("check.y%d", i)}})
		c.Lost = append(c.Lost, reports.CheckChange{Check: fmt.Sprintf("check.z%d", i)})
	}
	for form := range writers {
		t.Run(form, func(t *testing.T) {
			g := NewWithT(t)
			got := write(t, form, c)
			g.Expect(strings.Count(got, "gap-x")).To(Equal(1_500))
			g.Expect(strings.Count(got, "check.z")).To(Equal(1_500))
		})
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestWhatCannotBeWrittenIsSaid(t *testing.T) {
	for form, to := range writers {
		t.Run(form, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(to(io.Discard, nil)).To(MatchError(ContainSubstring("no comparison")))
			g.Expect(to(broken{}, comparison())).To(MatchError(ContainSubstring("the disk is full")))
		})
	}
}
