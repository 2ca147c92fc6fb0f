package reports

import "slices"

// Change says what became of a gap, or of a check, since an earlier run.
type Change string

// The changes.
const (
	ChangeNew            Change = "new"
	ChangeFixed          Change = "fixed"     // verified: its checks ran again and conform
	ChangeRegressed      Change = "regressed" // it was closed before
	ChangeWorse          Change = "worse"
	ChangeBetter         Change = "better"
	ChangeUnchanged      Change = "unchanged"
	ChangeNoLongerTested Change = "no-longer-tested" // gone, and nothing shows that it is mended
)

// Comparison is one report against an earlier one of the same target.
type Comparison struct {
	Target  string      `json:"target"` // its name in the later run
	Earlier ComparedRun `json:"earlier"`
	Later   ComparedRun `json:"later"`
	// Settings are what changed beside the application's behaviour.
	Settings []SettingChange `json:"settings"`
	Gaps     []GapChange     `json:"gaps"`
	// Lost are checks that decided something in the earlier run and nothing in this one.
	Lost []CheckChange `json:"lost"`
}

// Regression reports whether anything is worse than it was: a new gap, one that came back or
// grew, of any severity above info.
func (c *Comparison) Regression() bool {
	return slices.ContainsFunc(c.Gaps, GapChange.Regression)
}

// Regression reports whether this gap, of a severity above info, is worse than it was.
func (g GapChange) Regression() bool { return g.Change.isWorse() && g.After != SeverityInfo }

// isWorse reports what is there now and was not, or not as grave.
func (c Change) isWorse() bool { return c == ChangeNew || c == ChangeRegressed || c == ChangeWorse }

// ComparedRun names a run.
type ComparedRun struct {
	Run     string `json:"run"`
	Started string `json:"started"` // RFC 3339
	Verdict Word   `json:"verdict"`
	Version string `json:"targetVersion,omitempty"`
}

// SettingChange is something that changed between two runs: the target's version, the profile,
// the suite, the policy, the exceptions, the selection.
type SettingChange struct {
	What string `json:"what"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

// GapChange is what became of one gap.
type GapChange struct {
	Gap    string   `json:"gap"`
	Title  string   `json:"title"`
	Class  GapClass `json:"class"`
	Change Change   `json:"change"`
	Before Severity `json:"before,omitempty"` // empty where it is new
	After  Severity `json:"after,omitempty"`  // empty where it is gone
	State  GapState `json:"state,omitempty"`
	// Why says what the change rests on.
	Why string `json:"why"`
	// Checks are those that show the gap: of the later run, or of the earlier one where it is gone.
	Checks []string `json:"checks"`
	// Reproduced says for how many leavers the earlier run saw it; absent where it is new, or
	// where each event had one leaver.
	Reproduced *Reproduced `json:"reproduced,omitempty"`
}

// CheckChange is a check that decides nothing any more.
type CheckChange struct {
	Check string  `json:"check"`
	Was   Outcome `json:"was"`
	Is    Outcome `json:"is"`
	Why   string  `json:"why"`
}
