package html

import (
	"fmt"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// inWords says what a lane draws, for those who cannot see it.
func (p plot) inWords(w watch) string {
	if len(w.all) == 0 {
		return "Nothing was seen."
	}
	a := w.all[0]
	var words []string
	polled, twin, control := triesOf(a.Tries, reports.WhoPolled), triesOf(a.Tries, reports.WhoSilent), triesOf(a.Tries, reports.WhoControl)
	for _, phase := range phases {
		if t := turnsOf(polled, phase); t.allowed+t.denied+t.unclear > 0 {
			words = append(words, phaseWords(phase, p.event)+": "+t.words())
		}
	}
	for _, t := range twin {
		if t.Phase != reports.PhaseBefore {
			words = append(words, fmt.Sprintf("its unused twin %s at %s", t.Result, span(t.AtMs)))
		}
	}
	in, n := 0, 0
	for _, t := range control {
		if t.Phase != reports.PhaseBefore {
			n++
			if t.Result == reports.TryAllowed {
				in++
			}
		}
	}
	if n > 0 {
		words = append(words, fmt.Sprintf("untouched user allowed %d of %s", in, times(n)))
	}
	if len(w.all) > 1 {
		words = append(words, "the leaver who kept access longest, of "+plural(len(w.all), "leaver"))
	}
	return capital(strings.Join(words, "; ")) + "."
}

// words says when access turned.
func (t turns) words() string {
	var words []string
	switch {
	case t.allowed > 0:
		words = append(words, "last allowed at "+span(max(0, t.lastAllowed)))
	case t.denied > 0:
		words = append(words, "never allowed")
	}
	if t.firstDenied >= 0 {
		words = append(words, "denied from "+span(t.firstDenied)+" on")
	}
	if t.again > 0 {
		words = append(words, "allowed again "+times(t.again))
	}
	if t.split > 0 {
		words = append(words, "connections disagreed "+times(t.split))
	}
	if t.unclear > 0 {
		words = append(words, "no clear answer "+times(t.unclear))
	}
	return strings.Join(words, ", ")
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return number(n) + " times"
}

// tryRow is one try in the table of a watch.
type tryRow struct {
	Phase, Who, At, Result, Reason string
	Exchange                       link
}

// tryRows lists every try of the leaver whose watch is drawn.
func tryRows(w watch, refs *anchors) []tryRow {
	if len(w.all) == 0 {
		return nil
	}
	var rows []tryRow
	for _, t := range w.all[0].Tries {
		rows = append(rows, tryRow{
			Phase: clockWords(t, w.event.Kind), Who: shortWho(t.Who), At: span(t.AtMs), Result: string(t.Result),
			Reason: t.Reason, Exchange: link{t.Exchange, refs.find(toExchange, t.Exchange)},
		})
	}
	return rows
}

// clockWords name the clock of a try, and the later mark that it belongs to.
func clockWords(t reports.Try, kind reports.EventKind) string {
	words := phaseWords(t.Phase, kind)
	if t.MarkMs > 0 {
		words += ", mark " + span(t.MarkMs)
	}
	return words
}

func shortWho(w reports.Who) string {
	switch w {
	case reports.WhoPolled:
		return "leaver"
	case reports.WhoSilent:
		return "unused twin"
	case reports.WhoControl:
		return "untouched user"
	}
	return string(w)
}
