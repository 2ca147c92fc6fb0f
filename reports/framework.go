package reports

// ControlState says what a run shows of a framework's control.
type ControlState string

// The states of a control, within the run.
const (
	ControlNotEffective    ControlState = "not-effective"    // a gap shows it
	ControlNotDemonstrated ControlState = "not-demonstrated" // nothing was seen that would show it
	ControlEffective       ControlState = "effective-within-this-run"
)

// FrameworkView is a framework with its controls.
type FrameworkView struct {
	Framework string        `json:"framework"`
	Version   string        `json:"version"` // of the mapping
	Controls  []ControlView `json:"controls"`
}

// ControlView is one control and what the run shows of it.
type ControlView struct {
	ID    string       `json:"id"`
	Words string       `json:"words"` // what it asks for, in our words
	State ControlState `json:"state"`
	Gaps  []string     `json:"gaps"`
	// Checks are those that speak for it.
	Checks []string `json:"checks"`
	// Limits says what the run does not show of it.
	Limits string `json:"limits,omitempty"`
}

// LevelView is an IPSIE level with what is missing for it.
type LevelView struct {
	// Profile pins the draft: ipsie-al-scim@2026-09.
	Profile string   `json:"profile"`
	Reached []string `json:"reached"` // of AL1, AL2, SL2; empty for none
	Levels  []Level  `json:"levels"`
}

// Level is one level.
type Level struct {
	ID      string   `json:"id"`
	Reached bool     `json:"reached"`
	Missing []string `json:"missing"` // a sentence for each
	Gaps    []string `json:"gaps"`
}
