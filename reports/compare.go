package reports

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Compare says what became of each gap, and of each check that decided something, between two
// runs against one target. Gaps are matched by their ids alone. It fails where the reports are
// of different targets, or stand in the wrong order: the wrong way round, a gap that came up
// would read as one that was closed. Neither report is changed.
func Compare(earlier, later *Report) (*Comparison, error) {
	if err := follows(earlier, later); err != nil {
		return nil, err
	}
	d := newDiff(earlier, later)
	return &Comparison{
		Target: later.Target.Name, Earlier: comparedRun(earlier), Later: comparedRun(later),
		Settings: settingChanges(earlier, later), Gaps: d.gaps(), Lost: d.lost(),
	}, nil
}

// follows reports why a report cannot be held against an earlier one; nil if it can.
func follows(earlier, later *Report) error {
	switch {
	case earlier == nil || later == nil:
		return errors.New("a comparison needs two reports, and one is missing")
	case earlier.Target.ID != later.Target.ID:
		return fmt.Errorf("the reports are of different targets: the earlier one (run %q) is of %q, the later one (run %q) of %q; compare reports whose target.id is the same",
			earlier.Run.ID, earlier.Target.ID, later.Run.ID, later.Target.ID)
	case earlier.Run.Started.After(later.Run.Started):
		return fmt.Errorf("the reports stand in the wrong order: run %q, given as the earlier one, started on %s, after run %q on %s; give the earlier one first",
			earlier.Run.ID, earlier.Run.Started.UTC().Format(time.RFC3339), later.Run.ID, later.Run.Started.UTC().Format(time.RFC3339))
	}
	return nil
}

func comparedRun(r *Report) ComparedRun {
	return ComparedRun{Run: r.Run.ID, Started: r.Run.Started.UTC().Format(time.RFC3339), Verdict: r.Verdict.Word, Version: r.Target.Version}
}

// settingChanges lists what differs beside the application's behaviour.
func settingChanges(earlier, later *Report) []SettingChange {
	all := []SettingChange{
		{"target version", cmp.Or(earlier.Target.Version, "not stated"), cmp.Or(later.Target.Version, "not stated")},
		{"environment", cmp.Or(earlier.Target.Environment, "not stated"), cmp.Or(later.Target.Environment, "not stated")},
		{"profile", cmp.Or(earlier.Target.ProfileDigest, "not stated"), cmp.Or(later.Target.ProfileDigest, "not stated")},
		{"time allowed for a revocation", seconds(earlier.Target.RevokeWithinMs), seconds(later.Target.RevokeWithinMs)},
		{"tool version", toolWords(earlier.Run.Tool), toolWords(later.Run.Tool)},
		{"selection", cmp.Or(earlier.Run.Selection, "all checks"), cmp.Or(later.Run.Selection, "all checks")},
		{"policy", policyWords(earlier.Policy), policyWords(later.Policy)},
		{"exceptions", cmp.Or(earlier.ExceptionsDigest, "none"), cmp.Or(later.ExceptionsDigest, "none")},
	}
	return orEmpty(slices.DeleteFunc(all, func(s SettingChange) bool { return s.Was == s.Is }))
}

func toolWords(t Tool) string { return withDigest(cmp.Or(t.Version, "not stated"), t.Commit) }

func policyWords(p Policy) string { return withDigest(cmp.Or(p.Name, "not stated"), p.Digest) }

func withDigest(name, digest string) string {
	if digest == "" {
		return name
	}
	return name + " (" + digest + ")"
}

// changeOrder has the changes, worst first.
var changeOrder = []Change{ChangeRegressed, ChangeNew, ChangeWorse, ChangeNoLongerTested, ChangeUnchanged, ChangeBetter, ChangeFixed}

// sortChanges puts the worst first, in the same order whatever the order of the gaps was.
func sortChanges(list []GapChange) {
	gravest := func(c GapChange) int { return max(rankOf(c.Before), rankOf(c.After)) }
	slices.SortFunc(list, func(a, b GapChange) int {
		return cmp.Or(
			slices.Index(changeOrder, a.Change)-slices.Index(changeOrder, b.Change),
			gravest(b)-gravest(a), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Gap, b.Gap),
		)
	})
}

// basis looks whether the earlier report is one of this target. One that is not is left out of
// everything, and the reason is kept for the gate.
func (r *Report) basis(previous *Report) *Report {
	if previous == nil {
		return nil
	}
	if err := follows(previous, r); err != nil {
		r.Faults = append(r.Faults, "The earlier report cannot be used: "+err.Error()+".")
		return nil
	}
	return previous
}

// compareWith holds the report against the earlier one; nil for none. The verdict is not known
// yet, and is set by the gate's caller.
func (r *Report) compareWith(previous *Report) {
	if previous == nil {
		return
	}
	c, err := Compare(previous, r)
	if err != nil {
		r.Faults = append(r.Faults, sentence(err.Error()))
		return
	}
	r.Comparison = c
}
