package reports

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// levelFramework is the name under which the frameworks hold the levels.
const levelFramework = "IPSIE"

//go:embed levels.yaml
var levelSource []byte

// levelData is the form of levels.yaml.
type levelData struct {
	Profile string      `yaml:"profile"`
	Levels  []levelNeed `yaml:"levels"`
}

type levelNeed struct {
	ID       string   `yaml:"id"`
	Includes []string `yaml:"includes"` // levels that come before it in the file
	Needs    []need   `yaml:"needs"`
}

// need is one thing that a level takes.
type need struct {
	ID    string `yaml:"id"`
	Words string `yaml:"words"` // a sentence without its full stop
	// Checks are patterns of check ids; Paths are too, and then each declared access path
	// needs one of them that conforms.
	Checks []string `yaml:"checks"`
	Paths  []string `yaml:"paths"`
}

// levelNeeds reads the embedded data once; a test reads it too.
var levelNeeds = sync.OnceValue(func() levelData {
	var d levelData
	if err := yaml.UnmarshalWithOptions(levelSource, &d, yaml.Strict()); err != nil {
		return levelData{}
	}
	return d
})

// levels says which IPSIE levels the run shows to be reached, and what is missing for the others.
func (r *Report) levels() LevelView {
	data := levelNeeds()
	view := LevelView{Profile: data.Profile, Reached: []string{}, Levels: []Level{}}
	for _, from := range data.Levels {
		level := Level{ID: from.ID, Missing: []string{}, Gaps: []string{}}
		for _, lower := range from.Includes {
			if !slices.Contains(view.Reached, lower) {
				level.Missing = append(level.Missing, lower+", which comes before it, is not reached.")
			}
		}
		for _, n := range from.Needs {
			r.look(n, &level)
		}
		r.against(&level)
		if !r.sound() {
			level.Missing = append(level.Missing, "Too many requests failed for this run to show it.")
		}
		level.Gaps = unique(level.Gaps)
		if level.Reached = len(level.Missing) == 0; level.Reached {
			view.Reached = append(view.Reached, level.ID)
		}
		view.Levels = append(view.Levels, level)
	}
	return view
}

// look adds what is missing of one need.
func (r *Report) look(n need, level *Level) {
	if len(n.Paths) > 0 {
		r.lookAtPaths(n, level)
		return
	}
	met, failed, undecided, skipped := 0, 0, 0, 0
	for _, c := range r.Checks {
		if !fits(n.Checks, c.ID) {
			continue
		}
		switch c.Outcome {
		case OutcomeConformant:
			met++
		case OutcomeNotApplicable, OutcomeNotTested, OutcomeRecorded, OutcomeSuspended:
		case OutcomeNotSelected:
			skipped++
		case OutcomeNoEvidence, OutcomeOperational:
			undecided++
		default:
			if r.forInformation(c) {
				continue
			}
			failed++
			if c.Gap != "" {
				level.Gaps = append(level.Gaps, c.Gap)
			}
		}
	}
	var why []string
	if failed > 0 {
		why = append(why, plural(failed, "check")+" found otherwise")
	}
	if undecided > 0 {
		why = append(why, plural(undecided, "check")+" could not decide")
	}
	if skipped > 0 {
		why = append(why, plural(skipped, "check")+" not selected")
	}
	if len(why) == 0 && met == 0 {
		why = append(why, "no check of this run shows it")
	}
	if len(why) > 0 {
		level.Missing = append(level.Missing, state(n, failed > 0)+strings.Join(why, ", ")+".")
	}
}

// forInformation says whether all that a check found is a slip of the protocol that misleads nobody.
func (r *Report) forInformation(c Check) bool {
	g := r.gap(c.Gap)
	return c.Outcome == OutcomeNonconformant && g != nil && g.Severity == SeverityInfo
}

// lookAtPaths asks of each declared access path for a try that ended as it should.
func (r *Report) lookAtPaths(n need, level *Level) {
	// What a membership opens ends with the membership; those who have it sign in by another path.
	paths := slices.DeleteFunc(slices.Clone(r.Target.AccessPaths), func(p AccessPath) bool {
		return p.Kind == "group-access" || p.Kind == "role-access"
	})
	if len(paths) == 0 {
		level.Missing = append(level.Missing, state(n, false)+"no access path is declared.")
		return
	}
	ended := map[string]bool{}
	for _, row := range r.Matrix {
		for _, cell := range row.Cells {
			if cell.Outcome == OutcomeConformant && fits(n.Paths, cell.Check) {
				ended[row.Path] = true
			}
		}
	}
	var open []string
	for _, p := range paths {
		if !ended[p.Name] {
			open = append(open, p.Name)
		}
	}
	if len(open) > 0 {
		level.Missing = append(level.Missing, state(n, false)+"nothing of the kind was seen of "+strings.Join(open, ", ")+".")
	}
}

// state opens the sentence on a need that is not met.
func state(n need, failed bool) string {
	if failed {
		return n.Words + ": not so, "
	}
	return n.Words + ": not demonstrated, "
}

// against adds the gaps that speak against a level by the mapping. One for information does not.
func (r *Report) against(level *Level) {
	var names []string
	for _, g := range r.Gaps {
		if g.Severity == SeverityInfo || slices.Contains(level.Gaps, g.ID) || !slices.Contains(g.Controls, Control{levelFramework, level.ID}) {
			continue
		}
		level.Gaps = append(level.Gaps, g.ID)
		names = append(names, g.Title)
	}
	if len(names) > 0 {
		level.Missing = append(level.Missing, "A gap speaks against it: "+strings.Join(names, "; ")+".")
	}
}

// fits says whether a check's id fits one of the patterns, in which * stands for any text: a
// check's id has no slash, so that * takes dots too.
func fits(patterns []string, id string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, id) })
}
