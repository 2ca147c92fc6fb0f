package changes

import (
	"bufio"
	_ "embed"
	"html/template"
	"io"

	"github.com/scimproof/scimproof/reports"
)

var (
	//go:embed style.css
	style string
	//go:embed page.html
	source string
)

var page = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"style": func() template.CSS { return template.CSS(style) }, //nolint:gosec // our own file, embedded
}).Parse(source))

// HTML writes a comparison as one self-contained page: no script, and no request to anywhere. The
// same comparison gives the same bytes.
func HTML(w io.Writer, c *reports.Comparison) error {
	v, err := newView(c)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	if err := page.Execute(out, v); err != nil {
		return err
	}
	return finish(out)
}
