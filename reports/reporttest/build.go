package reporttest

import (
	"fmt"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// builder plays the imagined run and keeps what it saw.
type builder struct {
	checks       []reports.Check
	events       []reports.Event
	observations []reports.Observation
	exchanges    []reports.Exchange
	clock        time.Time
}

func newBuilder() *builder { return &builder{clock: start.Add(20 * time.Second)} }

// fire plays one event and watches every way in through it.
func (b *builder) fire(c column) {
	n := len(b.events) + 1
	event := reports.Event{
		ID: fmt.Sprintf("event-%d", n), Kind: c.event, Shape: c.shape,
		User: fmt.Sprintf("sp-7f3a-%s-leaver", strings.ReplaceAll(c.id(), ".", "-")),
	}
	acknowledged := b.clock
	event.Steps = append(event.Steps, b.step(reports.PhaseLeft, event))
	event.States = append(event.States, reports.StateRead{Phase: reports.PhaseLeft, AtMs: 420, State: stateAfter(c), Exchange: b.readBack(event)})
	if c.event == reports.EventRecreate || c.event == reports.EventReactivate {
		event.Steps = append(event.Steps, b.step(reports.PhaseReturned, event))
		event.States = append(event.States, reports.StateRead{Phase: reports.PhaseReturned, AtMs: 380, State: reports.StateActive, Exchange: b.readBack(event)})
	}
	b.events = append(b.events, event)
	for i, at := range columns {
		if at != c {
			continue
		}
		for _, way := range ways {
			b.watch(event, acknowledged, way.kind, way.path, c, way.stories[i])
		}
	}
	b.clock = b.clock.Add(15 * time.Second)
}

func stateAfter(c column) reports.UserState {
	switch {
	case c.shape == "patch-string":
		return reports.StateActive
	case c.event == reports.EventDelete || c.event == reports.EventRecreate:
		return reports.StateAbsent
	default:
		return reports.StateInactive
	}
}

// watch adds the check and the observation of one way in.
func (b *builder) watch(event reports.Event, acknowledged time.Time, kind, path string, c column, s story) {
	id := "survival." + c.id() + "." + kind
	observation := reports.Observation{
		ID: fmt.Sprintf("observation-%d", len(b.observations)+1), Check: id, Requirements: []string{"AS-01"}, Evidence: []string{},
	}
	if s.trouble != nil {
		trouble := *s.trouble
		trouble.Path = path
		observation.Trouble = &trouble
	} else {
		access := &reports.Access{
			Event: event.ID, Path: path, Kind: kind, WantAllowed: s.wantAllowed, DenialsNeeded: 3, Complete: true,
			Tries: tries(c, s),
		}
		for i := range access.Tries {
			try := &access.Tries[i]
			try.Exchange = b.try(id, kind, acknowledged, *try)
		}
		observation.Access = access
	}
	b.observations = append(b.observations, observation)
	b.checks = append(b.checks, reports.Check{
		Spec: reports.Spec{
			ID: id, Text: fmt.Sprintf("ends a %s once the user is gone (%s)", strings.ReplaceAll(kind, "-", " "), strings.ReplaceAll(c.id(), ".", ", ")),
			Requirements: []string{"AS-01"}, Event: c.event, Shape: c.shape, Credential: kind,
			State: reports.SpecRan, DurationMs: 600_000,
		},
		Outcome: s.outcome, Because: s.why, Observations: []string{observation.ID}, Gap: s.gap,
	})
}

// marks are the moments of a watch, in ms after the acknowledgement.
var (
	marks      = []int64{0, 240, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 360_000, 480_000, 600_000}
	shortMarks = []int64{0, 240, 1_000, 5_000, 10_000}
)

func tries(c column, s story) []reports.Try {
	out := []reports.Try{
		allowed(reports.PhaseBefore, reports.WhoPolled, -1_400),
		allowed(reports.PhaseBefore, reports.WhoSilent, -1_250),
		allowed(reports.PhaseBefore, reports.WhoControl, -1_100),
	}
	returns := c.event == reports.EventRecreate || c.event == reports.EventReactivate
	watched := marks
	if returns {
		watched = shortMarks
	}
	for _, at := range watched {
		if s.denied >= 0 && at >= s.denied {
			out = append(out, denied(reports.PhaseLeft, reports.WhoPolled, at))
		} else {
			out = append(out, allowed(reports.PhaseLeft, reports.WhoPolled, at))
		}
		out = append(out, controlAt(reports.PhaseLeft, at))
	}
	if !returns {
		return append(out, silent(reports.PhaseLeft, 600_400, s.denied < 0))
	}
	for _, at := range []int64{400, 1_000, 5_000, 10_000} {
		if s.returns {
			out = append(out, allowed(reports.PhaseReturned, reports.WhoPolled, at))
		} else {
			out = append(out, denied(reports.PhaseReturned, reports.WhoPolled, at))
		}
		out = append(out, controlAt(reports.PhaseReturned, at))
	}
	return append(out, silent(reports.PhaseReturned, 10_400, s.returns))
}

func allowed(phase reports.Phase, who reports.Who, at int64) reports.Try {
	return reports.Try{Phase: phase, Who: who, AtMs: at, Result: reports.TryAllowed, Reason: "200 with the marker", Status: 200}
}

func denied(phase reports.Phase, who reports.Who, at int64) reports.Try {
	return reports.Try{Phase: phase, Who: who, AtMs: at, Result: reports.TryDenied, Reason: "401", Status: 401}
}

// controlAt is the untouched user, whose server stumbles once.
func controlAt(phase reports.Phase, at int64) reports.Try {
	if at == 30_000 {
		return reports.Try{Phase: phase, Who: reports.WhoControl, AtMs: at, Result: reports.TryInconclusive, Reason: "no answer within 15 s"}
	}
	return allowed(phase, reports.WhoControl, at)
}

func silent(phase reports.Phase, at int64, works bool) reports.Try {
	if works {
		return allowed(phase, reports.WhoSilent, at)
	}
	return denied(phase, reports.WhoSilent, at)
}
