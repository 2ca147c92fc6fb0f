package runner

import (
	"time"

	"github.com/scimproof/scimproof/reports"
)

// Silent is a Progress that says nothing.
var Silent Progress = silent{}

type silent struct{}

func (silent) Planned(int)                {}
func (silent) Started(reports.Spec)       {}
func (silent) Finished(reports.Check)     {}
func (silent) Note(string)                {}
func (silent) Watching(string, time.Time) {}
func (silent) Settled(string)             {}
func (silent) Arming(string)              {}
