// Package changes writes what changed between two runs against one target: as plain text, as
// Markdown, and as one self-contained web page without script. Lists are written whole. What a
// target or a profile may have put into a text is treated as hostile in each form.
package changes

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// view is a comparison as it is shown, the same in each form. Every text in it is clean.
type view struct {
	Target string
	// Headline says in a few words what it comes to, Tone how that looks, Tally how many gaps
	// changed in which way.
	Headline, Tone, Tally string
	Runs                  []run
	Groups                []group
	Lost                  []lost
	Settings              []reports.SettingChange
}

// run is one of the two runs.
type run struct{ Side, ID, Started, Version, Verdict string }

// group holds the gaps that changed in one way.
type group struct {
	Title, Meaning, Tone string
	Gaps                 []gap
}

// gap is one gap with what became of it.
type gap struct {
	ID, Title, Class, State, Why string
	// Severity is the present one, or the last one of a gap that is gone; Before is set where it
	// was another.
	Severity, Before string
	Checks           []string
}

type lost struct{ Check, Was, Is, Why string }

// kinds are the changes, worst first.
var kinds = []struct {
	change         reports.Change
	title, meaning string
	tone           string // a class of style.css
}{
	{reports.ChangeRegressed, "Regressed", "certified as closed before, and there again", "bad"},
	{reports.ChangeNew, "New", "the earlier run did not have it", "bad"},
	{reports.ChangeWorse, "Worse", "graver, or for more leavers", "bad"},
	{reports.ChangeNoLongerTested, "No longer tested", "gone, and nothing shows that it is mended", "warn"},
	{reports.ChangeUnchanged, "Unchanged", "as it was", "quiet"},
	{reports.ChangeBetter, "Better", "milder, or for fewer leavers", "ok"},
	{reports.ChangeFixed, "Fixed", "its checks ran again and conform", "ok"},
}

var errNothing = errors.New("changes: there is no comparison to write")

func newView(c *reports.Comparison) (*view, error) {
	if c == nil {
		return nil, errNothing
	}
	v := &view{
		Target: clean(c.Target), Runs: []run{newRun("Earlier", c.Earlier), newRun("Later", c.Later)},
	}
	v.Groups = groups(c.Gaps)
	for _, l := range c.Lost {
		v.Lost = append(v.Lost, lost{clean(l.Check), clean(string(l.Was)), clean(string(l.Is)), clean(l.Why)})
	}
	for _, s := range c.Settings {
		v.Settings = append(v.Settings, reports.SettingChange{What: clean(s.What), Was: clean(s.Was), Is: clean(s.Is)})
	}
	v.Headline, v.Tone = headline(c)
	v.Tally = tally(v.Groups)
	return v, nil
}

func newRun(side string, r reports.ComparedRun) run {
	return run{side, clean(r.Run), clean(r.Started), cmp.Or(clean(r.Version), "not stated"), cmp.Or(clean(string(r.Verdict)), "none")}
}

// groups sorts the gaps by their changes. A change that is not known is shown under its own word
// rather than left out.
func groups(list []reports.GapChange) []group {
	var out []group
	known := map[reports.Change]bool{}
	add := func(change reports.Change, title, meaning, tone string) {
		known[change] = true
		g := group{Title: title, Meaning: meaning, Tone: tone}
		for _, c := range list {
			if c.Change == change {
				g.Gaps = append(g.Gaps, newGap(c))
			}
		}
		if len(g.Gaps) > 0 {
			out = append(out, g)
		}
	}
	for _, k := range kinds {
		add(k.change, k.title, k.meaning, k.tone)
	}
	for _, c := range list {
		if !known[c.Change] {
			add(c.Change, cmp.Or(clean(string(c.Change)), "Unnamed"), "a change that this program does not know", "warn")
		}
	}
	return out
}

func newGap(c reports.GapChange) gap {
	g := gap{
		ID: clean(c.Gap), Title: clean(c.Title), Class: clean(string(c.Class)), State: clean(string(c.State)), Why: clean(c.Why),
		Severity: clean(string(cmp.Or(c.After, c.Before))),
	}
	if c.After != "" && c.Before != "" && c.After != c.Before {
		g.Before = clean(string(c.Before))
	}
	for _, id := range c.Checks {
		g.Checks = append(g.Checks, clean(id))
	}
	return g
}

// headline says what a comparison comes to. What is tested no more is never called better.
func headline(c *reports.Comparison) (words, tone string) {
	has := func(changes ...reports.Change) bool {
		return slices.ContainsFunc(c.Gaps, func(g reports.GapChange) bool { return slices.Contains(changes, g.Change) })
	}
	switch {
	case c.Regression():
		return "Worse than before", "bad"
	case len(c.Lost) > 0 || has(reports.ChangeNoLongerTested):
		return "No worse, as far as it was tested again", "warn"
	case has(reports.ChangeFixed, reports.ChangeBetter):
		return "Better than before", "ok"
	}
	return "No worse than before", "quiet"
}

// tally counts the gaps of each group.
func tally(list []group) string {
	if len(list) == 0 {
		return "Neither run has a control gap."
	}
	var words []string
	for _, g := range list {
		words = append(words, fmt.Sprintf("%d %s", len(g.Gaps), strings.ToLower(g.Title)))
	}
	return "Control gaps: " + strings.Join(words, ", ") + "."
}
