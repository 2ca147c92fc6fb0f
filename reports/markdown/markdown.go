// Package markdown writes a report as one page of Markdown in GitHub's dialect, for the comment of
// a pull request or the summary of a step.
package markdown

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// GitHub drops a summary of more than 1 MiB whole; the page stays well below that.
const (
	mostBytes = 900_000
	// forTheRest is kept free of tables, for the paragraphs after them.
	forTheRest = 60_000
)

// Write writes the verdict, the gaps, the exceptions, what changed since the last run, the matrix
// and the trouble at the target. A page stays under 900 kB: tables are cut between two rows, and
// the last sentence says how much was left out.
func Write(w io.Writer, r *reports.Report) error {
	p := &page{limit: mostBytes - forTheRest}
	p.block("## scimproof: " + inline(string(r.Verdict.Word)) + " — " + inline(r.Target.Name))
	p.block(head(r))
	if r.Summary != "" {
		p.block(escaped(r.Summary, 4*maxText))
	}
	p.block(counts(r))
	p.table("Control gaps", "control gaps", []string{"Severity", "State", "Gap", "Accountable", "Deadline", "Id"}, len(r.Gaps), func(i int) []string { return gapRow(&r.Gaps[i]) })
	p.table("Exceptions", "exceptions", []string{"Exception", "Gap", "State", "Expires", "Why"}, len(r.Exceptions), func(i int) []string { return exceptionRow(&r.Exceptions[i]) })
	comparison(p, r.Comparison)
	columns := columnsOf(r)
	p.table("What becomes of each way in", "ways in", matrixHead(columns), len(r.Matrix), func(i int) []string { return matrixRow(&r.Matrix[i], columns) })
	p.block(health(r))
	if len(p.left) > 0 {
		p.block(fmt.Sprintf("**Left out**, as the page may have %d kB: %s. report.json has all.", mostBytes/1000, strings.Join(p.left, ", ")))
	}
	if _, err := io.WriteString(w, strings.TrimRight(p.text.String(), "\n")+"\n"); err != nil {
		return fmt.Errorf("markdown: writing the page: %w", err)
	}
	return nil
}

// head says what was decided, by which rule, and of which run.
func head(r *reports.Report) string {
	target := inline(r.Target.Name)
	if r.Target.Version != "" {
		target += " " + inline(r.Target.Version)
	}
	if r.Target.Environment != "" {
		target += " (" + inline(r.Target.Environment) + ")"
	}
	return strings.Join([]string{
		"**Verdict: " + inline(string(r.Verdict.Word)) + ".** " + inline(r.Verdict.Reason),
		"",
		"- Decided by the rule " + id(string(r.Verdict.Rule)) + " of the gate " + id(r.Policy.Name),
		"- Target: " + target,
		"- Run: " + id(r.Run.ID) + ", " + moment(r.Run.Started) + ", " + inline(strings.TrimSpace(r.Run.Tool.Name+" "+r.Run.Tool.Version)),
	}, "\n")
}

// counts sums the gaps and the checks up, the gravest first.
func counts(r *reports.Report) string {
	return strings.Join([]string{
		"- Gaps by severity: " + tally(r.Counts.BySeverity, reports.Severities()),
		"- Gaps by state: " + tally(r.Counts.ByState, []reports.GapState{
			reports.StateRegressed, reports.StateOpen, reports.StateExceptionExpired, reports.StateExceptionExceeded,
			reports.StateExceptionInvalid, reports.StateClaimedFixed, reports.StateExcepted,
		}),
		"- Checks by outcome: " + tally(r.Counts.Checks, outcomes(r)),
	}, "\n")
}

// outcomes lists the outcomes of a report's checks, the gravest first.
func outcomes(r *reports.Report) []reports.Outcome {
	var list []reports.Outcome
	for o := range r.Counts.Checks {
		list = append(list, o)
	}
	sortOutcomes(list)
	return list
}

// tally prints the counts that are not 0 in an order, and whatever else there is as others.
func tally[K ~string](counts map[K]int, order []K) string {
	var words []string
	others := 0
	for _, n := range counts {
		others += n
	}
	for _, k := range order {
		if n := counts[k]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, inline(string(k))))
			others -= n
		}
	}
	if others > 0 {
		words = append(words, fmt.Sprintf("%d others", others))
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

// health says how well the target could be reached, and what the run left behind.
func health(r *reports.Report) string {
	h := r.Health
	lines := []string{
		"### Operational health", "",
		fmt.Sprintf("- %d requests, %d retries, %d errors, %d throttled", h.Requests, h.Retries, h.Errors, h.Throttled),
		fmt.Sprintf("- %s in all; the longest event was watched for %s", span(h.WallMs), span(h.LongestWatchMs)),
	}
	if h.Outage != "" {
		lines = append(lines, "- Outage: "+inline(h.Outage))
		for _, line := range h.OutageLog {
			lines = append(lines, "  - "+inline(line))
		}
	}
	if r.Run.Partial {
		why := "not every check was reached"
		if r.Run.Why != "" {
			why = inline(r.Run.Why)
		}
		lines = append(lines, "- The run was cut short: "+why)
	}
	if n := len(r.Cleanup.Left); n > 0 {
		lines = append(lines, fmt.Sprintf("- Still there of the %d objects that the run made: %d; report.json names them", r.Cleanup.Created, n))
	}
	return strings.Join(lines, "\n")
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "at an unknown time"
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

func span(ms int64) string {
	return (time.Duration(ms) * time.Millisecond).Round(100 * time.Millisecond).String()
}
