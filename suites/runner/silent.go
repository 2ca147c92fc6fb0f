package runner

import (
	"time"

	"github.com/scimproof/scimproof/reports"
)

// Silent is a Progress that says nothing.
type Silent struct{}

// The methods of Progress.
func (Silent) Planned(int)                {}
func (Silent) Started(reports.Spec)       {}
func (Silent) Finished(reports.Check)     {}
func (Silent) Note(string)                {}
func (Silent) Watching(string, time.Time) {}
func (Silent) Settled(string)             {}
func (Silent) Arming(string)              {}
