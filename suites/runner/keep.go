package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/subject"
)

// localTime is how a moment is shown to the user.
const localTime = "Mon 2 Jan 2006, 15:04:05 MST"

// Later says when to try again after the watch, and where to keep what that needs.
type Later struct {
	Marks []time.Duration // after the acknowledgement, in order; see later.CheckMarks
	File  string          // the state file
	Key   later.Key
}

// keep decides on the long watch once all events are over. It returns what is kept for it,
// nil for nothing.
func (r *run) keep(ctx context.Context) []later.Scene {
	if r.Later == nil {
		return nil
	}
	kept := r.stage.Kept()
	last, lines := r.extent(kept)
	r.watch = later.Plan(r.Later.Marks, last, lines)
	switch {
	case ctx.Err() != nil:
		r.stage.Release(ctx)
		r.giveUp("the run was interrupted")
		return nil
	case len(kept) == 0:
		r.giveUp("no credential of this run can be tried again later")
		return nil
	}
	return kept
}

// extent tells when the last of the kept events was acknowledged, and how many lines are
// kept.
func (r *run) extent(kept []later.Scene) (last time.Time, lines int) {
	for _, e := range r.stage.Events() {
		for _, scene := range kept {
			if scene.Event == e.ID && e.Steps[0].Answered.After(last) {
				last = e.Steps[0].Answered
			}
		}
	}
	for _, scene := range kept {
		lines += len(scene.Lines)
	}
	return last, lines
}

// giveUp ends the long watch before it has begun.
func (r *run) giveUp(why string) {
	r.watch.Kept = 0
	later.GiveUp(r.watch, why)
	for i := range r.watch.Marks {
		r.watch.Marks[i].Due = time.Time{}
	}
	r.Progress.Note("No later marks: " + why + ".")
}

// save writes the state file. If that fails, nothing is kept after all: the record says
// so, as what was seen until then is worth its report.
func (r *run) save(ctx context.Context, rec *reports.Record, kept []later.Scene) *reports.Record {
	state := &later.State{TargetID: r.Target.ID, Record: *rec, Requests: len(rec.Exchanges), Scenes: kept}
	err := r.keepPeople(kept)
	if err == nil {
		err = later.Save(r.Later.File, r.Later.Key, state)
	}
	if err == nil {
		r.Progress.Note(fmt.Sprintf("%s kept for later marks. The next one, %s, is due %s: scimproof resume --state %s",
			plural(r.watch.Kept, "credential"), r.Later.Marks[0], r.watch.Marks[0].Due.Local().Format(localTime), r.Later.File))
		return rec
	}
	r.stage.Release(ctx)
	r.giveUp(r.vault.Text(err.Error()))
	rec.LongWatch, rec.Cleanup = r.watch, r.session.Subjects.Cleanup()
	r.scrub(rec)
	return rec
}

// keepPeople notes in the ledger who stays.
func (r *run) keepPeople(kept []later.Scene) error {
	var err error
	for _, scene := range kept {
		for _, p := range []later.Person{scene.Leaver, scene.Control} {
			err = errors.Join(err, r.session.Subjects.Keep(&subject.Subject{ID: p.ID, UserName: p.UserName}, r.Later.File, later.Until(r.watch)))
		}
	}
	return err
}
