package survival

import (
	"net/http"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/target"
)

// seen puts what a finished scene saw of a kind of credential into observations,
// one for each access path of the kind.
func (sc *scene) seen(kind target.Kind) []reports.Observation {
	var out []reports.Observation
	if sc.trouble != nil {
		return []reports.Observation{{Trouble: sc.trouble}}
	}
	for _, l := range sc.lines {
		switch {
		case l.path.Kind != kind:
		case l.trouble != nil:
			out = append(out, reports.Observation{Trouble: l.trouble})
		default:
			out = append(out, reports.Observation{Access: &reports.Access{
				Event: sc.event.ID, Subject: sc.event.Subject, Path: l.path.Name, Kind: string(kind),
				WantAllowed: wantsAllowed(sc.play.kind, l.path), DenialsNeeded: l.need, Complete: l.complete,
				Tries: tries(l.canary.Tries, sc.event.Steps), Owner: l.owner,
			}})
		}
	}
	return out
}

// tries counts each try's time from the acknowledgement of its phase.
func tries(taken []access.Taken, steps []reports.EventStep) []reports.Try {
	acked := map[reports.Phase]time.Time{}
	for _, s := range steps {
		acked[s.Phase] = s.Answered
	}
	acked[reports.PhaseBefore] = acked[reports.PhaseLeft]
	out := make([]reports.Try, 0, len(taken))
	for _, t := range taken {
		try := reports.Try{Phase: t.Phase, Who: t.Who, Result: t.Result, Reason: t.Reason, Status: t.Status, Exchange: t.Exchange,
			Connections: t.Connections, ConnectionsAllowed: t.ConnectionsAllowed, Address: t.Address}
		if zero := acked[t.Phase]; !zero.IsZero() {
			try.AtMs = t.Sent.Sub(zero).Milliseconds()
		}
		out = append(out, try)
	}
	return out
}

// stateOf puts a read of the user into a word.
func stateOf(reply *scim.Reply, err error) reports.StateRead {
	read := reports.StateRead{State: reports.StateUnknown}
	if err != nil {
		return read
	}
	read.Exchange = exchange.LastID(reply.Exchanges)
	active, known := reply.Doc.Active()
	switch {
	case reply.Status == http.StatusNotFound || reply.Status == http.StatusGone:
		read.State = reports.StateAbsent
	case reply.OK() && known && active:
		read.State = reports.StateActive
	case reply.OK() && known:
		read.State = reports.StateInactive
	}
	return read
}
