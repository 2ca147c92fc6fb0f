package questionnaire

import (
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/scimproof/scimproof/reports"
)

//go:embed questions.yaml
var source []byte

// question is one entry of questions.yaml, which explains the rules.
type question struct {
	ID          string             `yaml:"id"`
	Form        string             `yaml:"form"`
	Framework   string             `yaml:"framework"`
	Ask         string             `yaml:"ask"`
	Classes     []reports.GapClass `yaml:"classes"`
	Credentials []string           `yaml:"credentials"`
	Checks      []string           `yaml:"checks"`
	AtMost      string             `yaml:"atMost"`
	Limits      string             `yaml:"limits"`
}

var questions = sync.OnceValues(func() ([]question, error) {
	var data struct {
		Questions []question `yaml:"questions"`
	}
	if err := yaml.UnmarshalWithOptions(source, &data, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("questions.yaml: %w", err)
	}
	return data.Questions, nil
})

// word is an answer.
type word string

// The answers.
const (
	yes      word = "yes"
	no       word = "no"
	partial  word = "partial"
	notShown word = "not shown by this run"
)

// answer is what a run says to a question.
type answer struct {
	word   word
	reason []string // sentences
	gaps   []reports.Gap
	checks []reports.Check // that ran for it, those that do not conform first
}

// tally counts the checks of a question.
type tally struct{ met, otherwise, undecided, skipped int }

// answerTo answers one question. Nothing seen is no evidence, and so never a yes.
func answerTo(q question, r *reports.Report) answer {
	view := viewOf(r, q)
	a := answer{gaps: gapsOf(q, r, view)}
	n := a.count(q, r)
	against := 0
	for _, g := range a.gaps {
		if g.Severity != reports.SeverityInfo && g.Class != reports.ClassNoEvidence {
			against++
		}
	}
	switch {
	case r.Verdict.Rule == reports.RuleHealth:
		a.say(notShown, "The target could not be reached well enough for the run to say anything.")
	case against > 0 && n.met > 0:
		a.say(partial, count(against, "control gap speaks", "control gaps speak")+" against it, while "+count(n.met, "check conforms", "checks conform")+".")
	case against > 0:
		a.say(no, count(against, "control gap speaks", "control gaps speak")+" against it, and no check conforms.")
	case n.met == 0:
		a.say(notShown, "No check of this run shows it.")
	case n.otherwise+n.undecided+n.skipped > 0:
		a.say(partial, count(n.met, "check conforms", "checks conform")+", and others do not show it.")
	case view != nil && view.State != reports.ControlEffective:
		a.say(partial, count(n.met, "check conforms", "checks conform")+", and the view of the framework has it as not demonstrated.")
	case q.AtMost != "":
		a.say(partial, count(n.met, "check conforms", "checks conform")+", which is part of what is asked.")
	default:
		a.say(yes, count(n.met, "check conforms", "checks conform")+", and none found otherwise.")
	}
	a.explain(q, n)
	return a
}

func (a *answer) say(w word, sentence string) { a.word, a.reason = w, append(a.reason, sentence) }

// explain adds what the answer leaves open.
func (a *answer) explain(q question, n tally) {
	if n.otherwise > 0 {
		a.reason = append(a.reason, count(n.otherwise, "check", "checks")+" found otherwise.")
	}
	if n.undecided > 0 {
		a.reason = append(a.reason, count(n.undecided, "check", "checks")+" could not decide.")
	}
	if n.skipped > 0 {
		a.reason = append(a.reason, count(n.skipped, "check", "checks")+" not selected for this run.")
	}
	for _, sentence := range []string{q.AtMost, q.Limits} {
		if sentence != "" && a.word != notShown {
			a.reason = append(a.reason, sentence)
		}
	}
}

// count sorts the checks of a question and keeps those that ran.
func (a *answer) count(q question, r *reports.Report) tally {
	var n tally
	var met []reports.Check
	for _, c := range r.Checks {
		if !q.asks(c.ID) {
			continue
		}
		switch c.Outcome {
		case reports.OutcomeNotApplicable, reports.OutcomeNotTested, reports.OutcomeRecorded, reports.OutcomeSuspended:
			continue // says nothing for or against it
		case reports.OutcomeNotSelected:
			n.skipped++
			continue
		case reports.OutcomeConformant:
			n.met++
			met = append(met, c)
			continue
		case reports.OutcomeNoEvidence, reports.OutcomeOperational:
			n.undecided++
		default:
			n.otherwise++
		}
		a.checks = append(a.checks, c)
	}
	a.checks = append(a.checks, met...)
	return n
}

// asks says whether a check is one of the question's.
func (q question) asks(check string) bool {
	return slices.ContainsFunc(q.Checks, func(pattern string) bool {
		fits, err := path.Match(pattern, strings.ReplaceAll(check, "/", "."))
		return err == nil && fits
	})
}

// viewOf is what the framework view says of a question's control; nil if it says nothing.
func viewOf(r *reports.Report, q question) *reports.ControlView {
	for _, f := range r.Frameworks {
		if q.Framework == "" || f.Framework != q.Framework {
			continue
		}
		for i := range f.Controls {
			if f.Controls[i].ID == q.ID {
				return &f.Controls[i]
			}
		}
	}
	return nil
}

// gapsOf are the gaps of a question's classes and those that the framework view holds
// against it. One that was accepted for a time is among them: it is still there.
func gapsOf(q question, r *reports.Report, view *reports.ControlView) []reports.Gap {
	var out []reports.Gap
	for _, g := range r.Gaps {
		fits := slices.Contains(q.Classes, g.Class) && (len(q.Credentials) == 0 || slices.Contains(q.Credentials, g.Credential))
		if fits || view != nil && slices.Contains(view.Gaps, g.ID) {
			out = append(out, g)
		}
	}
	return out
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
