// Package questionnaire writes the answers to buyers' questionnaires that a run can
// speak to, as one self-contained web page: no script, no request to anywhere. Each
// answer follows from the report by rules that are data (questions.yaml), and says
// what it rests on. Everything that a target sent is treated as hostile.
package questionnaire

import (
	"bufio"
	"embed"
	"fmt"
	"html/template"
	"io"

	"github.com/scimproof/scimproof/reports"
)

//go:embed page.html
var files embed.FS

//go:embed style.css
var style string

var page = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"style": func() template.CSS { return template.CSS(style) }, //nolint:gosec // our own file, embedded
}).ParseFS(files, "page.html"))

// Write writes the page for a report. The same report gives the same bytes; the
// report is not changed. Links lead to report.html beside the page.
func Write(w io.Writer, r *reports.Report) error {
	list, err := questions()
	if err != nil {
		return fmt.Errorf("questionnaire: %w", err)
	}
	out := bufio.NewWriter(w)
	if err := page.Execute(out, newView(r, list)); err != nil {
		return fmt.Errorf("questionnaire: writing the page: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("questionnaire: writing the page: %w", err)
	}
	return nil
}
