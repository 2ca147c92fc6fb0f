package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/changes"
	"github.com/scimproof/scimproof/reports/saved"
)

// diffForms are the forms of a comparison.
var diffForms = map[string]func(io.Writer, *reports.Comparison) error{
	"text": changes.Text, "markdown": changes.Markdown, "html": changes.HTML,
}

func diffCommand() *cobra.Command {
	var format, out string
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Show what changed between two reports of one target",
		Long: `Compares two report.json of the same target: control gaps that are new, came back,
got worse or better, are fixed, or are no longer tested, and checks that decide
nothing any more. A gap is fixed only where every check that showed it ran again and
conforms. Exit code 1 on a regression: a gap above info that is new, back, or worse.`,
		Example: `  scimproof diff last/report.json out/report.json
  scimproof diff last/report.json out/report.json --format html --out changes.html`,
		Args: exactly(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			write, known := diffForms[format]
			if !known {
				return usageError{fmt.Errorf("--format %s: give text, markdown or html", format)}
			}
			comparison, err := compareFiles(args[0], args[1])
			if err != nil {
				return err
			}
			var text bytes.Buffer
			if err := write(&text, comparison); err != nil {
				return err
			}
			if out == "" {
				cmd.Print(text.String())
			} else if err := writeFile(out, text.Bytes()); err != nil {
				return err
			}
			if comparison.Regression() {
				return verdictError(exitFail)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, markdown or html")
	cmd.Flags().StringVar(&out, "out", "", "file to write to, in place of the screen")
	return cmd
}

func compareFiles(earlier, later string) (*reports.Comparison, error) {
	was, err := saved.LoadReport(earlier)
	if err != nil {
		return nil, err
	}
	is, err := saved.LoadReport(later)
	if err != nil {
		return nil, err
	}
	comparison, err := reports.Compare(was, is)
	if err != nil {
		return nil, usageError{fmt.Errorf("%s and %s: %w", earlier, later, err)}
	}
	return comparison, nil
}
