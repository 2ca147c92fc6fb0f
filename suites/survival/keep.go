package survival

import (
	"context"
	"slices"
	"sync"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/later"
	"github.com/scimproof/scimproof/suites/subject"
)

// lasts tells the events of which something is kept for later marks: a deletion, and a
// deactivation in the forms that every credential is tried in. They leave the person away
// for good, by a single write; of what the others do by a second one, or to people with a
// history, the watch itself has to be enough.
func (p play) lasts() bool {
	switch p.kind {
	case reports.EventDelete:
		return true
	case reports.EventDeactivate:
		return slices.ContainsFunc(dialects.Shapes(), func(s dialects.Shape) bool { return s.ID == p.shape })
	}
	return false
}

// keep writes down what can be tried later.
func (sc *scene) keep() {
	if !sc.stage.Lasting || !sc.play.lasts() {
		return
	}
	kept := later.Scene{Event: sc.event.ID, Leaver: person(sc.cast.leaver), Control: person(sc.cast.control)}
	for _, l := range sc.lines {
		if l.trouble != nil || !l.complete {
			continue
		}
		if k, ok := l.canary.Keep(l.need); ok {
			kept.Lines = append(kept.Lines, k)
		}
	}
	if len(kept.Lines) > 0 {
		sc.kept = &kept
	}
}

func person(s *subject.Subject) later.Person { return later.Person{ID: s.ID, UserName: s.UserName} }

// keeps reports whether a line is kept for later marks.
func (sc *scene) keeps(l *line) bool {
	if sc.kept == nil {
		return false
	}
	for _, k := range sc.kept.Lines {
		if k.Path == l.path.Name {
			return true
		}
	}
	return false
}

// Kept lists what stays for later marks, once all events are over.
func (st *Stage) Kept() []later.Scene {
	var list []later.Scene
	for _, p := range plays() {
		for _, sc := range st.scenes[p.id()] {
			if sc.kept != nil {
				list = append(list, *sc.kept)
			}
		}
	}
	return list
}

// Release cleans up what was kept, as if nothing had been, also after an interrupt.
func (st *Stage) Release(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, list := range st.scenes {
		for _, sc := range list {
			if sc.kept == nil {
				continue
			}
			sc.kept = nil
			wg.Go(func() { sc.cleanUp(exchange.WithLabel(ctx, exchange.Label{Check: Suite + "." + sc.play.id()})) })
		}
	}
}
