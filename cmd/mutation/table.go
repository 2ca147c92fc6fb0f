package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/scimproof/scimproof/mocks/defects"
)

// writeTable writes what was noticed as Markdown, by family. It holds nothing that
// differs from run to run.
func writeTable(path string, results []result) error {
	return os.WriteFile(path, []byte(renderTable(results)), 0o600)
}

func renderTable(results []result) string {
	var b strings.Builder
	s := tally(results)
	fmt.Fprintf(&b, `# What scimproof notices

Written by `+"`make mutation`"+`: one run against the reference application for each
known defect. **Noticed: %d of %d. False alarms: %d.** A defect that is *not yet
noticed* has no check so far; every other turns exactly the checks of its line red.
What is harmless must turn none red: passing trouble is held against all checks, what
the RFCs allow against all of SCIM and the plain ways in. Defects of who gets
in are held against all that their line names, and against plain kinds of credential in
the seven events of every leaver; all others against what looks at SCIM alone. That keeps
the time of this table.
`, s.noticed, s.defects, s.alarms)
	family := defects.Family("")
	for _, r := range results {
		if r.defect.Install == nil {
			continue
		}
		if r.defect.Family != family {
			family = r.defect.Family
			fmt.Fprintf(&b, "\n## %s\n\n| defect | what is wrong | imitates | checks that notice it |\n|---|---|---|---|\n", family)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.defect.Name, cell(r.defect.Summary), cell(r.defect.Imitates), cell(noticedBy(r.defect)))
	}
	return b.String()
}

// cell keeps text from ending a cell.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
