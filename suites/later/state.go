// Package later holds what a long watch needs beyond the process: when its marks are, and
// a state file, sealed with the user's key, from which another process goes on.
package later

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target"
)

// Version is the form of the state that this program writes, and the only one it reads.
const Version = 1

// MaxBytes bounds a state file, and what is in it.
const MaxBytes = 256 << 20

// Slack is how long after the last mark the users of a long watch are left alone by other
// runs: somebody may resume after a long weekend.
const Slack = 72 * time.Hour

// State is a long watch between two processes.
type State struct {
	Version int `json:"version"`
	// Saved is when it was written, by the clock of the machine.
	Saved time.Time `json:"saved"`
	// TargetID names the ledger.
	TargetID string `json:"targetId"`
	// Record is all that was seen so far, redacted. Its run, its target with the digest of
	// the profile, and its marks are those of the long watch.
	Record reports.Record `json:"record"`
	// Requests is how many exchanges were recorded: the next id comes after it.
	Requests int     `json:"requests"`
	Scenes   []Scene `json:"scenes"`
}

// Scene is an event after whose watch people and credentials were kept.
type Scene struct {
	Event   string        `json:"event"` // reports.Event.ID
	Leaver  Person        `json:"leaver"`
	Control Person        `json:"control"`
	Lines   []access.Kept `json:"lines"`
}

// Person is a test user at the target.
type Person struct {
	ID       string `json:"id"`
	UserName string `json:"userName"`
}

// decode reads the inside of a state file. Unknown keys are faults, as they would be
// lost when it is written again.
func decode(raw []byte) (*State, error) {
	var form struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(raw, &form); err != nil { // nothing may stand behind its end, either
		return nil, fmt.Errorf("it holds no state of a long watch: %w", err)
	}
	switch {
	case form.Version > Version:
		return nil, fmt.Errorf("it has version %d, and this scimproof reads version %d: resume with a newer scimproof", form.Version, Version)
	case form.Version != Version:
		return nil, fmt.Errorf("it has version %d, and this scimproof reads version %d", form.Version, Version)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	var s State
	if err := decoder.Decode(&s); err != nil {
		return nil, fmt.Errorf("it cannot be understood: %w", err)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return &s, nil
}

// check holds the parts against each other.
func (s *State) check() error {
	watch := s.Record.LongWatch
	if watch == nil || len(watch.Marks) == 0 || len(watch.Marks) > MaxMarks {
		return errors.New("it has no later marks")
	}
	if s.Record.Run.ID == "" || strings.ContainsAny(s.Record.Run.ID, `/\.`) || s.Requests < 0 {
		return errors.New("it names no run")
	}
	for i, m := range watch.Marks {
		if m.AfterMs <= 0 || m.AfterMs > MaxMark.Milliseconds() || i > 0 && m.AfterMs <= watch.Marks[i-1].AfterMs {
			return errors.New("its marks are not in order")
		}
	}
	for _, scene := range s.Scenes {
		event := s.Event(scene.Event)
		switch {
		case event == nil || len(event.Steps) != 1 || event.Steps[0].Answered.IsZero():
			return fmt.Errorf("the event %q of its scenes is not in its record", scene.Event)
		case !isTestUser(scene.Leaver) || !isTestUser(scene.Control):
			return fmt.Errorf("the people of the event %q are no test users of scimproof", scene.Event)
		case slices.ContainsFunc(scene.Lines, func(k access.Kept) bool { return k.Need < 1 || k.Denied < 0 }):
			return fmt.Errorf("a line of the event %q says not how often it has to be refused", scene.Event)
		}
	}
	return nil
}

// isTestUser tells the users that a run makes: nobody else may ever be touched.
func isTestUser(p Person) bool { return p.ID != "" && strings.HasPrefix(p.UserName, subject.Prefix) }

// Event finds an event of the record; nil if there is none.
func (s *State) Event(id string) *reports.Event {
	i := slices.IndexFunc(s.Record.Events, func(e reports.Event) bool { return e.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Record.Events[i]
}

// Fits says why a profile is not the one of the long watch; nil if it is. Another one could
// mean other ways in, and tries that say something else.
func (s *State) Fits(t *target.Target) error {
	was := s.Record.Target
	switch base := t.SCIM.BaseURL.String(); {
	case was.SCIMBase != base:
		return fmt.Errorf("the long watch is of %s, and the profile %s is about %s: name the profile that it was begun with", was.SCIMBase, t.File, base)
	case s.TargetID != t.ID:
		return fmt.Errorf("the long watch is of the target %s, and the profile %s says that its id is %s: name the profile that it was begun with", s.TargetID, t.File, t.ID)
	case was.ProfileDigest != t.Digest:
		return fmt.Errorf("the profile %s was changed since the long watch began (its SHA-256 was %.12s…, and is %.12s…): put it back as it was, or end the long watch with --abandon and the old profile, or with scimproof clean", t.File, was.ProfileDigest, t.Digest)
	}
	return nil
}
