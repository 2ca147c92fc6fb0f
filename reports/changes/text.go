package changes

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// Text writes a comparison for a terminal or a log. The same comparison gives the same bytes.
func Text(w io.Writer, c *reports.Comparison) error {
	v, err := newView(c)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w) // keeps the first error until Flush
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	say("%s: %s\n%s\n\n", v.Target, v.Headline, v.Tally)
	for _, r := range v.Runs {
		say("%-8s run %s, %s, target version %s, verdict %s\n", r.Side, r.ID, r.Started, r.Version, r.Verdict)
	}
	for _, g := range v.Groups {
		say("\n%s (%d): %s\n", g.Title, len(g.Gaps), g.Meaning)
		for _, gap := range g.Gaps {
			say("  %-8s  %s (%s)\n", gap.Severity, gap.Title, strings.Join(gap.marks(), "; "))
			say("            %s\n", gap.Why)
		}
	}
	if len(v.Lost) > 0 {
		say("\nNo longer decided (%d): these checks decided something, and decide nothing now\n", len(v.Lost))
	}
	for _, l := range v.Lost {
		say("  %s: %s, before %s\n            %s\n", l.Check, l.Is, l.Was, l.Why)
	}
	if len(v.Settings) > 0 {
		say("\nChanged beside the application:\n")
	}
	for _, s := range v.Settings {
		say("  %s: %s, before %s\n", s.What, s.Is, s.Was)
	}
	return finish(out)
}

// marks are what is said of a gap beside its title.
func (g gap) marks() []string {
	marks := []string{g.ID, g.Class}
	if g.State != "" {
		marks = append(marks, g.State)
	}
	if g.Before != "" {
		marks = append(marks, "before "+g.Before)
	}
	return marks
}

func finish(out *bufio.Writer) error {
	if err := out.Flush(); err != nil {
		return fmt.Errorf("changes: writing the comparison: %w", err)
	}
	return nil
}
