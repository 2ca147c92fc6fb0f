// Package formats makes the files of a report: report.json, and every other format from the same
// model. A new format is one package, and one line here.
package formats

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/annotations"
	"github.com/scimproof/scimproof/reports/csvgaps"
	"github.com/scimproof/scimproof/reports/html"
	"github.com/scimproof/scimproof/reports/junit"
	"github.com/scimproof/scimproof/reports/markdown"
	"github.com/scimproof/scimproof/reports/oscal"
	"github.com/scimproof/scimproof/reports/output"
	"github.com/scimproof/scimproof/reports/questionnaire"
	"github.com/scimproof/scimproof/reports/sarif"
	"github.com/scimproof/scimproof/reports/saved"
)

// Format is one form of a report, or a few files that belong together.
type Format struct {
	Name  string // as the user chooses it, such as "junit"
	files []file
}

// file is one file. What writes it reports whether there is anything to write.
type file struct {
	name  string
	write func(io.Writer, *reports.Report) (bool, error)
}

// All lists the formats. The first two are always written.
func All() []Format {
	return []Format{
		{"json", []file{{"report.json", always(saved.WriteReport)}}},
		{"html", []file{{"report.html", always(html.Write)}}},
		{"markdown", []file{{"report.md", always(markdown.Write)}}},
		{"junit", []file{{"junit.xml", always(junit.Write)}}},
		{"sarif", []file{{"report.sarif", always(sarif.Write)}}},
		{"csv", []file{{"gaps.csv", always(csvgaps.Write)}}},
		{"github", []file{{"annotations.txt", always(annotations.Write)}}},
		{"questionnaire", []file{{"questionnaire.html", always(questionnaire.Write)}}},
		{"oscal", oscalFiles()},
	}
}

// standard are written whether or not they are asked for.
var standard = []string{"json", "html"}

// Choose finds the formats of a comma-separated list, beside those that are always written; "all"
// stands for each of them.
func Choose(list string) ([]Format, error) {
	names := slices.Clone(standard)
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	var chosen []Format
	for _, f := range All() {
		if slices.Contains(names, f.Name) || slices.Contains(names, "all") {
			chosen = append(chosen, f)
		}
	}
	for _, name := range names {
		known := name == "all" || slices.ContainsFunc(All(), func(f Format) bool { return f.Name == name })
		if !known {
			return nil, fmt.Errorf("no format has the name %q; there are %s, and all", name, strings.Join(Names(), ", "))
		}
	}
	return chosen, nil
}

// Names lists the names of the formats.
func Names() []string {
	var names []string
	for _, f := range All() {
		names = append(names, f.Name)
	}
	return names
}

// Files are the files of a report in the formats, each made when its turn comes.
func Files(r *reports.Report, chosen []Format) []output.File {
	var files []output.File
	for _, format := range chosen {
		for _, f := range format.files {
			files = append(files, output.File{Name: f.name, Make: func(w io.Writer) (bool, error) { return f.write(w, r) }})
		}
	}
	return files
}

// Others are the names of the files of the formats that are not chosen.
func Others(chosen []Format) []string {
	var names []string
	for _, f := range All() {
		if slices.ContainsFunc(chosen, func(c Format) bool { return c.Name == f.Name }) {
			continue
		}
		for _, one := range f.files {
			names = append(names, one.name)
		}
	}
	return names
}

func always(write func(io.Writer, *reports.Report) error) func(io.Writer, *reports.Report) (bool, error) {
	return func(w io.Writer, r *reports.Report) (bool, error) { return true, write(w, r) }
}

// oscalFiles are two documents for each version; there is no plan where nothing is open.
func oscalFiles() []file {
	var files []file
	for _, version := range oscal.Versions() {
		files = append(files,
			file{"oscal-" + string(version) + "-results.json", always(func(w io.Writer, r *reports.Report) error { return oscal.WriteResults(w, r, version) })},
			file{"oscal-" + string(version) + "-poam.json", func(w io.Writer, r *reports.Report) (bool, error) { return oscal.WritePlan(w, r, version) }},
		)
	}
	return files
}
