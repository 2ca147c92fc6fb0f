package reports

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// LongWatch is what is tried again after the watch, by processes of their own.
type LongWatch struct {
	Marks []LaterMark `json:"marks"` // in the order of time
	// Kept is how many watched credentials were kept for it: each is one access path of one
	// leaver in one event.
	Kept int `json:"kept"`
	// Notes say what a reader has to know of it, such as that a clock went back.
	Notes []string `json:"notes"`
}

// LaterMark is a moment at which all that was kept is tried again.
type LaterMark struct {
	// AfterMs counts from the acknowledgement of each event.
	AfterMs int64     `json:"afterMs"`
	State   MarkState `json:"state"`
	// Due is when it is due for the last of the events; absent where nothing was kept.
	Due time.Time `json:"due,omitzero"`
	// Taken is when the tries of the mark began; each try says how long after its own
	// event that was.
	Taken time.Time `json:"taken,omitzero"`
	// Why explains a mark that was not taken and never will be.
	Why string `json:"why,omitempty"`
}

// MarkState tells what became of a later mark.
type MarkState string

// The states of a later mark.
const (
	MarkPending   MarkState = "pending"   // to be taken by scimproof resume
	MarkTaken     MarkState = "taken"     // perhaps late
	MarkMissed    MarkState = "missed"    // the next one was due before anybody resumed
	MarkAbandoned MarkState = "abandoned" // the long watch was ended before
)

// Pending lists the marks that are still to be taken. A nil watch has none.
func (w *LongWatch) Pending() []LaterMark {
	if w == nil {
		return nil
	}
	var list []LaterMark
	for _, m := range w.Marks {
		if m.State == MarkPending {
			list = append(list, m)
		}
	}
	return list
}

// pendingSentence says which marks are pending; empty for none.
func pendingSentence(w *LongWatch) string {
	var words []string
	for _, m := range w.Pending() {
		words = append(words, fmt.Sprintf("%s, due %s", seconds(m.AfterMs), m.Due.UTC().Format("2 January 2006, 15:04 UTC")))
	}
	if len(words) == 0 {
		return ""
	}
	return "Later marks pending: " + strings.Join(words, "; ") + "."
}

// reproduceLater adds to a gap's command what it takes where a later mark has decided.
func (j *judge) reproduceLater(group []finding) string {
	decided := slices.ContainsFunc(group, func(f finding) bool { return f.later })
	if !decided || j.rec.LongWatch == nil {
		return ""
	}
	var marks []string
	for _, m := range j.rec.LongWatch.Marks {
		marks = append(marks, (time.Duration(m.AfterMs) * time.Millisecond).String())
	}
	return " --marks " + strings.Join(marks, ",") + " --state STATE # and scimproof resume at each mark"
}

// comesBackByItself tells the events without a second write: what comes back after one
// was brought back by nobody.
func comesBackByItself(event EventKind) bool { return event == EventDeactivate || event == EventDelete }
