// Package html writes a report as one self-contained web page: no script, no
// request to anywhere, readable on a phone and on paper. Everything that a target
// sent is treated as hostile: it is capped, its control characters are shown
// instead of obeyed, and html/template escapes it.
package html

import (
	"bufio"
	"embed"
	"fmt"
	"html/template"
	"io"

	"github.com/scimproof/scimproof/reports"
)

//go:embed templates/*.html
var files embed.FS

//go:embed style.css
var style string

var page = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"style":  func() template.CSS { return template.CSS(style) }, //nolint:gosec // our own file, embedded
	"link":   func(text, anchor string) link { return link{text, anchor} },
	"rules":  func(title string, rows []rule) ruleTable { return ruleTable{title, rows} },
	"span":   span,
	"moment": moment,
	"date":   date,
	"number": number,
	"plural": plural,
}).ParseFS(files, "templates/*.html"))

// Write writes the page for a report. The same report gives the same bytes. The
// report is not changed.
func Write(w io.Writer, r *reports.Report) error {
	out := bufio.NewWriter(w)
	if err := page.Execute(out, newView(cleaned(r))); err != nil {
		return fmt.Errorf("html: writing the report: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("html: writing the report: %w", err)
	}
	return nil
}
