// Package junit writes a report as JUnit XML, which the test pages of continuous integration
// read: a suite for each part of the checks, a case for each check, and one case for the verdict.
// What could not be decided is never passed.
package junit

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// The longest texts, in characters.
const (
	maxID   = 300
	maxText = 2_000
)

// The suites beside those of the checks.
const (
	suiteGate = "gate"         // the verdict
	suiteGaps = "control-gaps" // gaps that no check of the run shows
)

// Write writes the report. Gaps are failures of the checks that show them; passing trouble at the
// target is an error; what came to no verdict, and what an exception accepts, is skipped with the
// reason. Gaps that no check shows, such as a role that nobody holds, have a case of their own.
func Write(w io.Writer, r *reports.Report) error {
	out := bufio.NewWriter(w)
	_, _ = out.WriteString(xml.Header) // a failure stays with the writer
	encoder := xml.NewEncoder(out)
	encoder.Indent("", "  ")
	if err := encoder.Encode(suites(r)); err != nil {
		return fmt.Errorf("junit: writing the suites: %w", err)
	}
	_ = out.WriteByte('\n')
	if err := out.Flush(); err != nil {
		return fmt.Errorf("junit: writing the suites: %w", err)
	}
	return nil
}

// suites lays the report out: the verdict first, then the gaps without a check, then the checks.
func suites(r *reports.Report) *testSuites {
	all := &testSuites{Name: show("scimproof "+r.Target.Name, maxID), Time: seconds(r.Health.WallMs)}
	properties := propertiesOf(r)
	begin := func(name string) *testSuite {
		return &testSuite{Name: name, Timestamp: r.Run.Started.UTC().Format(time.RFC3339), Properties: properties}
	}
	gate := begin(suiteGate)
	gate.add(verdictCase(r.Verdict))
	all.add(*gate)
	beside := begin(suiteGaps)
	for _, g := range r.Gaps {
		if len(g.Checks) == 0 {
			beside.add(gapCase(g))
		}
	}
	if beside.Tests > 0 {
		all.add(*beside)
	}
	gapsOf := gapsByCheck(r)
	var order []string
	byPart := map[string]*testSuite{}
	for _, c := range r.Checks {
		part, _, _ := strings.Cut(show(c.ID, maxID), ".")
		if byPart[part] == nil {
			byPart[part] = begin(part)
			order = append(order, part)
		}
		byPart[part].add(checkCase(c, part, gapsOf[c.ID]))
	}
	for _, part := range order {
		all.add(*byPart[part])
	}
	return all
}

// gapsByCheck finds the gaps of each check, those that only the check itself names among them.
func gapsByCheck(r *reports.Report) map[string][]reports.Gap {
	out := map[string][]reports.Gap{}
	byID := map[string]reports.Gap{}
	for _, g := range r.Gaps {
		byID[g.ID] = g
		for _, check := range g.Checks {
			out[check] = append(out[check], g)
		}
	}
	for _, c := range r.Checks {
		if g, known := byID[c.Gap]; known && len(out[c.ID]) == 0 {
			out[c.ID] = []reports.Gap{g}
		}
	}
	return out
}

func propertiesOf(r *reports.Report) []property {
	list := []property{
		{"run", r.Run.ID}, {"tool", strings.TrimSpace(r.Run.Tool.Name + " " + r.Run.Tool.Version)},
		{"target", r.Target.Name}, {"targetId", r.Target.ID}, {"targetVersion", r.Target.Version}, {"environment", r.Target.Environment},
		{"profileDigest", r.Target.ProfileDigest},
		{"verdict", string(r.Verdict.Word)}, {"gateRule", string(r.Verdict.Rule)}, {"gate", r.Policy.Name},
	}
	for i := range list {
		list[i].Value = show(list[i].Value, maxID)
	}
	return list
}

func show(text string, limit int) string { return reports.Showable(text, limit) }

func seconds(ms int64) string { return fmt.Sprintf("%.3f", float64(ms)/1000) }
