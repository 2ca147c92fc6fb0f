package oscal

import (
	"github.com/scimproof/scimproof/reports"
)

// identifierScheme says what sort of id a target's is.
const identifierScheme = "urn:scimproof:ns:target"

// plan has one item for each gap. What was shown to be effective has no place in it.
func (b *builder) plan() *plan {
	p := &plan{
		UUID:        b.documentID("plan-of-action-and-milestones"),
		Metadata:    b.metadata("Plan of action and milestones"),
		SystemID:    systemID{Scheme: identifierScheme, ID: orWord(plain(b.r.Target.ID), "unnamed")},
		Definitions: b.definitions(),
		Observed:    b.observed[:len(b.r.Gaps)],
		Risks:       b.risks,
		BackMatter:  b.backMatter(),
	}
	of := map[string][]relatedFinding{} // risk → findings
	for _, f := range b.findings {
		if f.Target.Status.State != "not-satisfied" {
			continue
		}
		p.Findings = append(p.Findings, f)
		for _, r := range f.Risks {
			of[r.UUID] = append(of[r.UUID], relatedFinding{UUID: f.UUID})
		}
	}
	for i := range b.r.Gaps {
		p.Items = append(p.Items, b.item(&b.r.Gaps[i], b.risks[i], of[b.risks[i].UUID]))
	}
	return p
}

func (b *builder) item(g *reports.Gap, r risk, findings []relatedFinding) item {
	return item{
		UUID:         b.uuid("item", b.r.Target.ID, g.ID),
		Title:        r.Title,
		Description:  paragraphs(r.Statement, g.Statement, g.Closes),
		Props:        props("control-gap-id", g.ID, "gap-state", string(g.State), "severity", string(g.Severity)),
		Findings:     findings,
		Observations: r.Observations,
		Risks:        []relatedRisk{{UUID: r.UUID}},
	}
}
