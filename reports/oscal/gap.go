package oscal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// reportFile is the name of the report in the folder of a run.
const reportFile = "report.json"

// gap adds a control gap: what was seen as an observation, what it means as a risk.
func (b *builder) gap(g *reports.Gap) {
	seen := observation{
		UUID:        b.uuid("observation", b.r.Target.ID, b.r.Run.ID, g.ID),
		Title:       line(g.Title, "A control gap without a title"),
		Description: paragraphs("Nothing is said of what was seen.", g.Parts...),
		Props:       props("control-gap-id", g.ID, "outcome", string(g.Outcome), "reproduce", g.Reproduce),
		Methods:     []string{"TEST"},
		Types:       []string{"discovery"},
		Origins:     b.origins(),
		Subjects:    []subject{{UUID: b.target, Type: "component"}},
	}
	if len(g.Checks) == 0 && g.Class == reports.ClassGovernance {
		seen.Methods = []string{"EXAMINE"} // a name that the profile lacks: nothing was tried
	}
	for _, check := range g.Checks {
		seen.Props = append(seen.Props, props("check", check)...)
	}
	seen.Evidence, seen.Collected = b.evidence(g.Evidence)
	b.observed = append(b.observed, seen)
	b.addRisk(g, seen.UUID)
}

// evidence leads to the exchanges in report.json; collected is the moment of the last of them, or
// the end of the run.
func (b *builder) evidence(ids []string) (list []evidence, collected string) {
	var last time.Time
	for _, id := range ids {
		place, known := b.exchanges[id]
		if !known {
			continue
		}
		x := &b.r.Exchanges[place]
		list = append(list, b.cite(place))
		if moment(x.At) != "" && x.At.After(last) {
			last = x.At
		}
	}
	return list, orWord(moment(last), orWord(moment(b.r.Run.Finished), b.start))
}

// cite leads to one exchange. Gaps share exchanges, so each is read once.
func (b *builder) cite(place int) evidence {
	if known, ok := b.cited[place]; ok {
		return known
	}
	x := &b.r.Exchanges[place]
	b.cited[place] = evidence{
		Href:        fmt.Sprintf("%s#/exchanges/%d", reportFile, place),
		Description: markup(fmt.Sprintf("%s: %s: %s %s, %s", x.ID, x.Purpose, x.Method, x.URL, answer(x))),
		Props:       props("sha-256", digest(x)),
	}
	return b.cited[place]
}

func answer(x *reports.Exchange) string {
	if x.Status == 0 {
		return "no answer"
	}
	return fmt.Sprintf("answered %d", x.Status)
}

// digest is the SHA-256 of an exchange as report.json holds it, without spaces between its parts,
// so that one exchange can be shown to be unchanged without the others.
func digest(x *reports.Exchange) string {
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	if err := out.Encode(x); err != nil {
		return ""
	}
	sum := sha256.Sum256(bytes.TrimRight(text.Bytes(), "\n"))
	return hex.EncodeToString(sum[:])
}

// addRisk adds what a gap means, who answers for it and what is done about it.
func (b *builder) addRisk(g *reports.Gap, seen string) {
	exception := b.exception(g)
	joins := risk{
		UUID:        b.uuid("risk", b.r.Target.ID, g.ID),
		Title:       line(g.Title, "A control gap without a title"),
		Description: paragraphs("Nothing is said of what was seen.", g.Parts...),
		Statement:   paragraphs("Nothing is said of what it means.", g.Statement),
		Status:      status(g.State),
		Props:       b.riskProps(g, exception),
		Origins:     b.origins(),
		Character: []characterization{{Origin: b.origins()[0], Facets: []facet{{
			Name: "severity", System: Namespace, Value: orWord(plain(string(g.Severity)), "unknown"), Remarks: paragraphs("", g.SeverityWhy...),
		}}}},
		Deadline:     endOf(g.Deadline),
		Mitigating:   b.mitigating(g, exception),
		Remediations: b.remediations(g, exception),
		Log:          b.log(g, exception),
		Observations: []relatedObservation{{UUID: seen}},
	}
	if exception != nil && b.exceptions != "" {
		joins.Links = []link{{Href: "#" + b.exceptions, Rel: "reference"}}
	}
	b.risks = append(b.risks, joins)
	if _, taken := b.of[g.ID]; !taken {
		b.of[g.ID] = gapRefs{observation: seen, risk: joins.UUID}
	}
}

func (b *builder) riskProps(g *reports.Gap, exception *reports.ExceptionUse) []prop {
	list := props(
		"control-gap-id", g.ID, "gap-class", string(g.Class), "outcome", string(g.Outcome), "gap-state", string(g.State),
		"gap-state-reason", g.StateWhy, "severity", string(g.Severity), "first-seen", moment(g.FirstSeen),
		"event", string(g.Event), "credential", g.Credential, "access-path", g.Path, "feature", g.Feature, "declared", string(g.Declared),
		"accountable-role", g.Accountable.Role, "accountable-party-uuid", b.party(g.Accountable),
		"remediating-role", g.Remediator.Role, "remediating-party-uuid", b.party(g.Remediator),
		"exception-id", g.Exception,
	)
	if exception != nil {
		list = append(list, props("exception-state", string(exception.State), "exception-expires", string(exception.Expires), "exception-ticket", exception.Ticket)...)
	}
	if nistControls(g) == 0 { // no finding speaks of its controls
		list = append(list, otherControls(g)...)
	}
	return list
}

// status is a gap's state in the words of OSCAL.
func status(s reports.GapState) string {
	switch s {
	case reports.StateExcepted:
		return "deviation-approved"
	case reports.StateClaimedFixed:
		return "remediating"
	default: // an exception that does not hold changes nothing, and neither does an old closure
		return "open"
	}
}

// exception is the one that a gap's state rests on; nil if there is none.
func (b *builder) exception(g *reports.Gap) *reports.ExceptionUse {
	for i := range b.r.Exceptions {
		if use := &b.r.Exceptions[i]; g.Exception != "" && use.ID == g.Exception && use.Gap == g.ID {
			return use
		}
	}
	return nil
}

func nistControls(g *reports.Gap) int {
	n := 0
	for _, c := range g.Controls {
		if nist(c.Framework) && controlID(c.ID) != "" {
			n++
		}
	}
	return n
}

// otherControls are those of the frameworks that have no objectives in OSCAL.
func otherControls(g *reports.Gap) []prop {
	var list []prop
	for _, c := range g.Controls {
		if nist(c.Framework) && controlID(c.ID) != "" || strings.TrimSpace(c.ID) == "" {
			continue
		}
		for _, p := range props("framework-control", c.Framework+": "+c.ID) {
			p.Class = token(c.Framework)
			list = append(list, p)
		}
	}
	return list
}
