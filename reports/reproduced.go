package reports

import (
	"fmt"
	"math"
)

// Reproduced says for how many of an event's leavers a gap was seen. Leavers whose
// watch decided nothing, such as in an outage, do not count.
type Reproduced struct {
	Seen    int `json:"seen"`
	Decided int `json:"decided"`
	// Class is systemic from two thirds on, otherwise intermittent: still a gap, as
	// a race in revocation can be won on purpose.
	Class Occurrence `json:"class"`
}

// Occurrence says how often a gap happens, as far as the run can tell.
type Occurrence string

// The occurrences.
const (
	OccurrenceSystemic     Occurrence = "systemic"     // for two leavers in three or more, or in each form that was sent
	OccurrenceIntermittent Occurrence = "intermittent" // for fewer
	OccurrenceOneOff       Occurrence = "one-off"      // for the one leaver there was: it may be either
)

// occurrence says how often a gap happens. What the target answers with success and does not do is
// no accident of one user; whether access outlives each leaver takes several of them.
func occurrence(k key, group []finding, reproduced *Reproduced) Occurrence {
	switch k.class {
	case OutcomeSurvived, OutcomeDelayed, OutcomeRevived:
	default:
		return OccurrenceSystemic
	}
	switch {
	case reproduced != nil && reproduced.Decided > 1:
		return reproduced.Class
	case len(group) > 1: // each is a leaver of its own
		return OccurrenceSystemic
	}
	return OccurrenceOneOff
}

// reproduced counts the leavers of a gap in the form of the event that shows it
// most; nil where each event had one leaver.
func (j *judge) reproduced(k key, group []finding) *Reproduced {
	var worst *Reproduced
	for _, f := range group {
		if f.leaver == 0 {
			continue
		}
		r := j.countLeavers(k, f)
		if worst == nil || r.Seen*worst.Decided > worst.Seen*r.Decided {
			worst = &r
		}
	}
	return worst
}

// countLeavers counts over all leavers of the check and path of one finding.
func (j *judge) countLeavers(k key, of finding) Reproduced {
	r := Reproduced{Class: OccurrenceIntermittent}
	for _, f := range j.findings {
		if f.leaver == 0 || f.check != of.check || f.path != of.path || f.outcome == OutcomeOperational {
			continue
		}
		if mine, isGap := j.keyOf(f); isGap && mine == k {
			r.Seen++
		} else if f.outcome == OutcomeNoEvidence {
			continue
		}
		r.Decided++
	}
	if 3*r.Seen >= 2*r.Decided {
		r.Class = OccurrenceSystemic
	}
	return r
}

// sentence says what the count proves.
func (r Reproduced) sentence() string {
	text := fmt.Sprintf("Seen for %d of the %d leavers whose watch decided it: %s", r.Seen, r.Decided, r.Class)
	if r.Seen == r.Decided {
		return text + fmt.Sprintf("; with 95 %% confidence it happens to at least %.0f %% of leavers.", 100*atLeast(r.Seen))
	}
	return text + "."
}

// atLeast is the exact one-sided lower bound of Clopper and Pearson, at 95 %
// confidence, of a rate that was seen n times out of n, n > 0: the rate whose n-th
// power is 5 %.
func atLeast(n int) float64 { return math.Pow(0.05, 1/float64(n)) }
