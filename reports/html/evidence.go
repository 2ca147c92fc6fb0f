package html

import (
	"maps"
	"net/http" //nolint:depguard // for the table of status texts
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// maxExchanges is how many request-reply pairs the page holds.
const maxExchanges = 40

// evidence is the appendix: the exchanges that gaps cite.
type evidence struct {
	Exchanges []exchange
	// Cited counts the exchanges that gaps cite, Recorded all of the run's.
	Cited, Recorded int
}

// Left is how many cited exchanges are in report.json alone.
func (e evidence) Left() int { return e.Cited - len(e.Exchanges) }

type exchange struct {
	reports.Exchange
	Anchor          string
	Answer          string // such as "401 Unauthorized" or "no answer"
	RequestHeaders  []header
	ResponseHeaders []header
}

type header struct{ Name, Value string }

// newEvidence picks the cited exchanges, those of the gravest gaps first, and
// shows them in the order in which they were made.
func newEvidence(r *reports.Report, refs *anchors) evidence {
	cited := map[string]bool{}
	shown := map[string]bool{}
	for _, g := range gravestFirst(r.Gaps) {
		for _, id := range g.Evidence {
			cited[id] = true
			if len(shown) < maxExchanges {
				shown[id] = true
			}
		}
	}
	e := evidence{Recorded: len(r.Exchanges)}
	for _, x := range r.Exchanges {
		if cited[x.ID] {
			e.Cited++
		}
		if shown[x.ID] {
			e.Exchanges = append(e.Exchanges, exchange{
				Exchange: x, Anchor: refs.add(toExchange, x.ID), Answer: answer(x),
				RequestHeaders: headers(x.RequestHeaders), ResponseHeaders: headers(x.ResponseHeaders),
			})
		}
	}
	return e
}

func answer(x reports.Exchange) string {
	switch {
	case x.Status == 0 && x.Error != "":
		return x.Error
	case x.ResponseHeaders["Exit-Code"] != "":
		return "exit code " + x.ResponseHeaders["Exit-Code"]
	case x.ResponseHeaders["Mail"] != "":
		return "mail: " + x.ResponseHeaders["Mail"]
	case x.ResponseHeaders["Heard"] != "":
		return x.ResponseHeaders["Heard"]
	case x.ResponseHeaders["Seen"] != "":
		return x.ResponseHeaders["Seen"]
	case x.Status == 0:
		return "no answer"
	}
	words := number(x.Status)
	if name := http.StatusText(x.Status); name != "" {
		words += " " + name
	}
	return words
}

func headers(from map[string]string) []header {
	var list []header
	for _, name := range slices.Sorted(maps.Keys(from)) {
		list = append(list, header{name, from[name]})
	}
	return list
}
