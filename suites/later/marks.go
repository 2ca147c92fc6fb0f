package later

import (
	"fmt"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// The bounds of later marks.
const (
	MaxMarks = 10
	MaxMark  = 30 * 24 * time.Hour
)

// CheckMarks says what is wrong with the later marks of a run whose own watch ends after
// some time; nil if nothing is.
func CheckMarks(marks []time.Duration, watched time.Duration) error {
	if len(marks) == 0 || len(marks) > MaxMarks {
		return fmt.Errorf("%d marks were given: give from 1 to %d", len(marks), MaxMarks)
	}
	last := time.Duration(0)
	for _, m := range marks {
		switch {
		case m <= watched:
			return fmt.Errorf("the mark %s is no later than the watch itself, which lasts up to %s: give later ones", m, watched)
		case m > MaxMark:
			return fmt.Errorf("the mark %s is later than %s", m, MaxMark)
		case m <= last:
			return fmt.Errorf("the mark %s does not come after %s: give them in the order of time", m, last)
		}
		last = m
	}
	return nil
}

// Plan is a long watch of which no mark was taken yet. last is when the last of its events
// was acknowledged: a mark is due when it is due for all of them.
func Plan(marks []time.Duration, last time.Time, kept int) *reports.LongWatch {
	w := &reports.LongWatch{Kept: kept, Notes: []string{}}
	for _, m := range marks {
		w.Marks = append(w.Marks, reports.LaterMark{AfterMs: m.Milliseconds(), State: reports.MarkPending, Due: last.Add(m).UTC()})
	}
	return w
}

// GiveUp ends a long watch: no mark is pending any more.
func GiveUp(w *reports.LongWatch, why string) {
	for i := range w.Marks {
		if m := &w.Marks[i]; m.State == reports.MarkPending {
			m.State, m.Why = reports.MarkAbandoned, why
		}
	}
}

// Due returns the mark to be taken at a moment: the last one that is due. Those before it
// were missed, as all of them would be tried at one and the same time. Nil means that none
// is due yet.
func Due(w *reports.LongWatch, now time.Time) *reports.LaterMark {
	var due *reports.LaterMark
	for i := range w.Marks {
		if m := &w.Marks[i]; m.State == reports.MarkPending && !now.Before(m.Due) {
			due = m
		}
	}
	return due
}

// Take notes that a mark was taken from a moment on, and those before it missed.
func Take(w *reports.LongWatch, mark *reports.LaterMark, began time.Time) {
	for i := range w.Marks {
		m := &w.Marks[i]
		if m.State == reports.MarkPending && m.AfterMs < mark.AfterMs {
			m.State, m.Why = reports.MarkMissed, "nobody resumed before the next mark was due"
		}
	}
	mark.State, mark.Taken = reports.MarkTaken, began.UTC()
}

// Next returns the next pending mark; nil after the last one.
func Next(w *reports.LongWatch) *reports.LaterMark {
	for i := range w.Marks {
		if m := &w.Marks[i]; m.State == reports.MarkPending {
			return m
		}
	}
	return nil
}

// Until is when other runs need not leave the users alone any longer.
func Until(w *reports.LongWatch) time.Time {
	if len(w.Marks) == 0 {
		return time.Time{}
	}
	return w.Marks[len(w.Marks)-1].Due.Add(Slack)
}

// WentBack says that the clock went back since a moment that it has shown; "" if it did
// not. Times between processes are those of the clock on the wall.
func WentBack(shown, now time.Time) string {
	back := shown.Sub(now)
	if back < time.Second {
		return ""
	}
	return fmt.Sprintf("The clock of the machine went back by at least %s between two marks: the times of later marks may be wrong by as much.", back.Round(time.Second))
}
