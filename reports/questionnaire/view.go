package questionnaire

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/scimproof/scimproof/reports"
)

// The most that the page shows; report.json has the rest.
const (
	maxText   = 400 // characters of one text
	maxGaps   = 20
	maxChecks = 12
)

// view is what the page shows.
type view struct {
	Target, Version, Environment string
	Run, Judged, Tool            string
	Verdict                      string
	Tally                        []tallied
	Forms                        []form
}

type tallied struct {
	Face face
	N    int
}

type form struct {
	Name      string
	About     string
	Questions []asked
}

type asked struct {
	ID, Ask    string
	Anchor     string
	Face       face
	Reason     []string
	Gaps       []link
	MoreGaps   int
	Checks     []link
	MoreChecks int
}

// link leads to report.html.
type link struct{ Text, Note, To string }

// face is how an answer looks: a sign and a word, the colour comes on top.
type face struct{ Sign, Word, Tone string }

func faceOf(w word) face {
	switch w {
	case yes:
		return face{"✓", string(w), "ok"}
	case no:
		return face{"✗", string(w), "bad"}
	case partial:
		return face{"◐", string(w), "warn"}
	}
	return face{"?", string(w), "quiet"}
}

// about says what a questionnaire is, under the name that questions.yaml has for it.
var about = map[string]string{
	"SSCF-CAIQ": "The self-assessment of the CSA SaaS Security Capability Framework. The wording is ours.",
	"CAIQ":      "The questionnaire of the CSA Cloud Controls Matrix. The wording is ours.",
}

func newView(r *reports.Report, list []question) view {
	v := view{
		Target: clean(r.Target.Name), Version: clean(r.Target.Version), Environment: clean(r.Target.Environment),
		Run: clean(r.Run.ID), Judged: r.Judged.UTC().Format(time.DateOnly), Tool: clean(strings.TrimSpace(r.Run.Tool.Name + " " + r.Run.Tool.Version)), Verdict: clean(string(r.Verdict.Word)),
	}
	counts := map[word]int{}
	for _, q := range list {
		a := answerTo(q, r)
		counts[a.word]++
		if len(v.Forms) == 0 || v.Forms[len(v.Forms)-1].Name != q.Form {
			v.Forms = append(v.Forms, form{Name: q.Form, About: about[q.Form]})
		}
		last := &v.Forms[len(v.Forms)-1]
		last.Questions = append(last.Questions, newAsked(q, a))
	}
	for _, w := range []word{yes, partial, no, notShown} {
		v.Tally = append(v.Tally, tallied{faceOf(w), counts[w]})
	}
	return v
}

func newAsked(q question, a answer) asked {
	out := asked{ID: q.ID, Ask: q.Ask, Anchor: "q-" + slug(q.ID), Face: faceOf(a.word), Reason: a.reason}
	for i, g := range a.gaps {
		if i == maxGaps {
			out.MoreGaps = len(a.gaps) - maxGaps
			break
		}
		note := string(g.Severity)
		if !g.State.Open() {
			note += ", accepted for a time"
		}
		out.Gaps = append(out.Gaps, link{clean(g.Title), clean(note), "report.html#gap-" + slug(clean(g.ID))})
	}
	for i, c := range a.checks {
		if i == maxChecks {
			out.MoreChecks = len(a.checks) - maxChecks
			break
		}
		out.Checks = append(out.Checks, link{clean(c.ID), clean(string(c.Outcome)), "report.html#check-" + slug(clean(c.ID))})
	}
	return out
}

// slug is the anchor that report.html gives to an id.
func slug(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r)) {
			return r
		}
		return '-'
	}, s)
}

// clean makes a text fit to be shown: short, valid, and with nothing invisible that
// could hide or reorder what stands beside it.
func clean(s string) string { return reports.Showable(s, maxText) }
