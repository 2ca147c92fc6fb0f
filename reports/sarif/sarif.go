// Package sarif writes the control gaps of a report as SARIF 2.1.0, for dashboards that show code
// scanning. The format is about findings in files; what was not tested and what came to no
// evidence has no place in it, so that a log without results is no pass.
package sarif

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
)

const (
	version = "2.1.0"
	schema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

// profileFile stands for the profile where its name is not known.
const profileFile = "scimproof-target.yaml"

// The longest texts, in characters.
const (
	maxID   = 300
	maxText = 2_000
)

// mostResults is how many results of a run GitHub takes; a log with more is refused whole.
const mostResults = 25_000

// Write writes a log of one run: a rule for each class of gap, a result for each gap. Results
// stand at the first line of the profile, as a dashboard shows a result only beside a file that
// it knows; the run has to be made from the root of its repository.
func Write(w io.Writer, r *reports.Report) error {
	out := bufio.NewWriter(w)
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(newLog(r)); err != nil {
		return fmt.Errorf("sarif: writing the log: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("sarif: writing the log: %w", err)
	}
	return nil
}

func newLog(r *reports.Report) log {
	gaps := r.Gaps[:min(len(r.Gaps), mostResults)] // the gravest come first
	frameworks := newTaxonomies(r, gaps)
	found := newRules(gaps)
	results := make([]result, 0, len(gaps))
	at := uriOf(r.Target.ProfileFile)
	for i := range gaps {
		results = append(results, newResult(r, &gaps[i], found, &frameworks, at))
	}
	return log{Schema: schema, Version: version, Runs: []run{{
		Tool: tool{Driver: toolComponent{
			Name: "scimproof", Version: show(r.Run.Tool.Version, maxID), Rules: found.list, SupportedTaxonomies: frameworks.references(),
		}},
		AutomationDetails: automationDetails{ID: show("scimproof/"+r.Target.ID+"/"+r.Run.ID, maxID)},
		Invocations:       []invocation{newInvocation(r, len(r.Gaps)-len(gaps))},
		Taxonomies:        frameworks.list,
		Results:           results,
		Properties: map[string]string{
			"verdict": show(string(r.Verdict.Word), maxID), "gateRule": show(string(r.Verdict.Rule), maxID), "reason": show(r.Verdict.Reason, maxText),
			"gate": show(r.Policy.Name, maxID), "target": show(r.Target.Name, maxID), "targetVersion": show(r.Target.Version, maxID),
		},
	}}}
}

// newInvocation says whether the run came to its end, and what the log leaves out.
func newInvocation(r *reports.Report, left int) invocation {
	i := invocation{
		ExecutionSuccessful: !r.Run.Partial && r.Health.Outage == "",
		StartTimeUTC:        r.Run.Started.UTC().Format(time.RFC3339), EndTimeUTC: r.Run.Finished.UTC().Format(time.RFC3339),
	}
	note := func(level, text string) {
		i.ToolExecutionNotifications = append(i.ToolExecutionNotifications, notification{level, message{show(text, maxText)}})
	}
	switch r.Verdict.Word {
	case reports.VerdictPass, reports.VerdictWithExceptions, reports.VerdictFail:
	default:
		note("error", "Verdict "+string(r.Verdict.Word)+": "+r.Verdict.Reason)
	}
	if left > 0 {
		note("warning", fmt.Sprintf("%d control gaps are left out, the mildest, as a dashboard takes %d results; report.json has all.", left, mostResults))
	}
	return i
}

func newResult(r *reports.Report, g *reports.Gap, known rules, frameworks *taxonomies, at string) result {
	id := show(string(g.Class), maxID)
	return result{
		RuleID: id, RuleIndex: known.index[id], Level: levelOf(g.Severity), Message: message{textOf(g)},
		Locations: []location{{physicalLocation{artifactLocation{at}, region{1}}}},
		// GitHub tells alerts apart by the second name alone, and all results stand at one line.
		PartialFingerprints: map[string]string{"controlGap/v1": show(g.ID, maxID), "primaryLocationLineHash": show(g.ID, maxID)},
		Suppressions:        suppressionsOf(r, g),
		Taxa:                frameworks.of(g),
		Properties: map[string]string{
			"security-severity": securitySeverity(g.Severity), "severity": show(string(g.Severity), maxID), "state": show(string(g.State), maxID),
			"accountable": show(g.Accountable.Name, maxID), "deadline": show(string(g.Deadline), maxID),
		},
	}
}

// textOf is a gap in a few sentences.
func textOf(g *reports.Gap) string {
	accountable := g.Accountable.Name
	if accountable == "" {
		accountable = "nobody is named"
	}
	parts := []string{show(g.Title, maxID) + ".", show(g.Statement, maxText), "Accountable: " + show(accountable, maxID) + "."}
	if g.Deadline != "" {
		parts = append(parts, "To be closed by "+show(string(g.Deadline), maxID)+".")
	}
	return strings.Join(append(parts, "What closes it: "+show(g.Closes, maxText)), " ")
}

// suppressionsOf says who accepted a gap and why, so that it is hidden and not forgotten.
func suppressionsOf(r *reports.Report, g *reports.Gap) []suppression {
	if g.State.Open() {
		return nil
	}
	justification := g.StateWhy
	for _, e := range r.Exceptions {
		if e.ID == g.Exception && e.Gap == g.ID {
			justification = strings.TrimSpace(e.ID + ", until " + string(e.Expires) + ": " + e.Reason)
			break
		}
	}
	if justification == "" {
		justification = "Exception " + g.Exception
	}
	return []suppression{{Kind: "external", Status: "accepted", Justification: show(justification, maxText)}}
}

// uriOf is a path as a relative reference of RFC 3986.
func uriOf(path string) string {
	if path == "" {
		path = profileFile
	}
	return (&url.URL{Path: filepath.ToSlash(strings.ToValidUTF8(path, "\ufffd"))}).String()
}

// show makes a text showable, and breaks what a viewer would take for a link of the target's
// making: a message in SARIF may hold [text](address).
func show(text string, limit int) string {
	return strings.ReplaceAll(reports.Showable(text, limit), "](", "] (")
}
