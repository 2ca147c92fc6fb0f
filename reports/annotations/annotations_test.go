package annotations_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/annotations"
	"github.com/scimproof/scimproof/reports/reporttest"
)

func write(t *testing.T, r *reports.Report) []string {
	t.Helper()
	var out bytes.Buffer
	if err := annotations.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestTheFixture(t *testing.T) {
	g := NewWithT(t)
	lines := write(t, reporttest.Report())
	g.Expect(lines).To(HaveLen(4))
	g.Expect(lines[0]).To(Equal("::error title=critical%3A A personal token outlives the deactivation::" +
		"Somebody who has left can go on reading and writing CRM data through any personal API token they ever made, for as long as this run watched. Nothing in the product lists these tokens for an administrator." +
		"%0AAccountable: Ada Okafor%0AState: open%0ATo be closed by 2026-11-30%0AId: gap-3f9a21c407be"))
	g.Expect(lines[1]).To(HavePrefix("::error title=critical%3A A new account inherits"))
	g.Expect(lines[1]).To(ContainSubstring("%0AState: regressed. It was certified as closed by Jonas Weber, Internal Audit on 2026-09-12.%0A"))
	g.Expect(lines[2]).To(HavePrefix("::error title=high%3A Deactivation with the string “False”"))
	g.Expect(lines[3]).To(HavePrefix("::notice title=accepted%2C medium%3A A web session lives on"))
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		severity reports.Severity
		state    reports.GapState
		want     string
	}{
		{reports.SeverityCritical, reports.StateOpen, "::error "},
		{reports.SeverityHigh, reports.StateRegressed, "::error "},
		{reports.SeverityMedium, reports.StateOpen, "::warning "},
		{reports.SeverityLow, reports.StateClaimedFixed, "::warning "},
		{reports.SeverityInfo, reports.StateOpen, "::notice "},
		{reports.SeverityCritical, reports.StateExcepted, "::notice "},
		{reports.SeverityCritical, reports.StateExceptionExpired, "::error "},
		{reports.SeverityMedium, reports.StateExceptionInvalid, "::warning "},
		{"unheard-of", reports.StateOpen, "::error "},
	} {
		t.Run(fmt.Sprint(c.severity, " ", c.state), func(t *testing.T) {
			lines := write(t, &reports.Report{Gaps: []reports.Gap{{Severity: c.severity, State: c.state}}})
			g := NewWithT(t)
			g.Expect(lines).To(HaveLen(1))
			g.Expect(lines[0]).To(HavePrefix(c.want))
			g.Expect(lines[0]).To(ContainSubstring("Accountable: nobody is named"))
		})
	}
}

func TestNoMoreThanGitHubShows(t *testing.T) {
	g := NewWithT(t)
	r := &reports.Report{}
	for i := range 15 {
		for _, s := range []reports.Severity{reports.SeverityInfo, reports.SeverityLow, reports.SeverityMedium, reports.SeverityHigh, reports.SeverityCritical} {
			r.Gaps = append(r.Gaps, reports.Gap{ID: fmt.Sprintf("gap-%s-%d", s, i), Severity: s, State: reports.StateOpen})
		}
	}
	lines := write(t, r)
	g.Expect(lines).To(HaveLen(33))
	for i := range 10 {
		g.Expect(lines[i]).To(HaveSuffix(fmt.Sprintf("Id: gap-critical-%d", i)), "the worst come first")
		g.Expect(lines[11+i]).To(HaveSuffix(fmt.Sprintf("Id: gap-medium-%d", i)))
	}
	g.Expect(lines[10]).To(Equal("20 more control gaps of the level error are in the report."))
	g.Expect(lines[21]).To(Equal("20 more control gaps of the level warning are in the report."))
	g.Expect(lines[32]).To(Equal("5 more control gaps of the level notice are in the report."))
}

var command = regexp.MustCompile(`^::(error|warning|notice) title=[^:,\r\n]*::[^\r\n]*$`)

func TestHostileTextGivesNoCommand(t *testing.T) {
	for name, r := range map[string]*reports.Report{
		"before and after": reporttest.Poisoned(reporttest.Attack, reporttest.Attack),
		"a title that ends its property": {Gaps: []reports.Gap{{
			Title: "a,file=/etc/passwd,line=1::owned\n::error::owned", Statement: "50% of\r\n::stop-commands::x\r::add-mask::y",
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			lines := write(t, r)
			g.Expect(lines).To(HaveLen(len(r.Gaps)), "a line for each gap, and none of the target's making")
			for _, line := range lines {
				g.Expect(line).To(MatchRegexp(command.String()))
				for _, c := range "\x00\x1b\u202e\u200b\u0085\ufffe" {
					g.Expect(strings.ContainsRune(line, c)).To(BeFalse(), "U+%04X", c)
				}
			}
		})
	}
}

func TestEscapes(t *testing.T) {
	lines := write(t, &reports.Report{Gaps: []reports.Gap{{Severity: "low", Title: "100%, a:b", Statement: "100%, a:b"}}})
	NewWithT(t).Expect(lines[0]).To(HavePrefix("::warning title=low%3A 100%25%2C a%3Ab::100%25, a:b%0A"))
}

func TestLongTextIsCut(t *testing.T) {
	long := strings.Repeat("x", 10_000_000)
	lines := write(t, &reports.Report{Gaps: []reports.Gap{{ID: long, Title: long, Statement: long, StateWhy: long}}})
	NewWithT(t).Expect(len(lines[0])).To(BeNumerically("<", 4_000))
}

func TestNoGapsNoCommands(t *testing.T) {
	NewWithT(t).Expect(write(t, &reports.Report{})).To(Equal([]string{""}))
}

func TestAWriteThatFailsIsSaid(t *testing.T) {
	NewWithT(t).Expect(annotations.Write(full{}, reporttest.Report())).To(MatchError(ContainSubstring("disk full")))
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }
