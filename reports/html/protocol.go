package html

import (
	"fmt"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// protocol is what the report says of SCIM itself: what each identity provider meets, what
// the service claims, where texts disagree, and how much of the protocol was looked at.
type protocol struct {
	Steps      []string // heads of the table of providers
	Providers  []provider
	Troubles   []string // a sentence for each provider that meets trouble
	Calm       string   // the others, by name
	FromMemory bool
	Claims     []claim
	Disputes   []reports.Contradiction
	Coverage   reports.Coverage
	Figure     string // requests for each requirement
	Rules      []rule // what was looked at
	Open       []rule // what was not, for want of a feature or a credential
	Untestable []rule
}

// provider is a row of the table of providers.
type provider struct {
	Title string
	Cells []storyCell
}

// storyCell is one step of a provider's story.
type storyCell struct {
	face
	Column, Why string
	FromMemory  bool
	Anchor      string
}

// claim is a feature: what the service says of it, and what was found.
type claim struct {
	Feature, Declared, Why string
	Assumed                bool
	Found                  face
	Figures                string
}

// ruleTable is a table of requirements with its title.
type ruleTable struct {
	Title string
	Rows  []rule
}

// rule is a requirement with what was found.
type rule struct {
	ID, Source, Weight, Says, Because string
	Outcome                           face
}

// stepTitles name the steps of a story.
var stepTitles = map[string]string{
	reports.StepLookUp: "Look up", reports.StepCreate: "Create", reports.StepUpdate: "Update", reports.StepGroupPush: "Group push",
	reports.StepLeaver: "Leaver", reports.StepReturn: "Return", reports.StepDelete: "Delete",
}

func storyFace(r reports.StoryResult) face {
	switch r {
	case reports.StoryWorks:
		return face{Word: "works", Glyph: "check", Tone: "ok"}
	case reports.StoryPartial:
		return face{Word: "partial", Glyph: "half", Tone: "warn"}
	case reports.StoryRefused:
		return face{Word: "refused", Glyph: "stop", Tone: "warn"}
	case reports.StoryIgnored:
		return face{Word: "ignored", Glyph: "cross", Tone: "bad"}
	case reports.StoryNotSent:
		return face{Word: "not sent", Glyph: "dash", Tone: "quiet"}
	}
	return face{Word: string(r), Glyph: "question", Tone: "blank"}
}

func newProtocol(r *reports.Report, refs *anchors) protocol {
	p := protocol{Coverage: r.Coverage, Figure: fmt.Sprintf("%.1f", r.Coverage.PerRequirement)}
	for _, step := range reports.Steps() {
		p.Steps = append(p.Steps, stepTitles[step])
	}
	var calm []string
	for _, s := range r.Stories {
		if s.Troubled() {
			p.Troubles = append(p.Troubles, s.Sentence)
		} else {
			calm = append(calm, s.Title)
		}
		row := provider{Title: s.Title}
		for _, step := range s.Steps {
			row.Cells = append(row.Cells, storyCell{
				face: storyFace(step.Result), Column: stepTitles[step.Step], Why: step.Why, FromMemory: step.FromMemory,
				Anchor: refs.find(toCheck, step.Check),
			})
			p.FromMemory = p.FromMemory || step.FromMemory
		}
		p.Providers = append(p.Providers, row)
	}
	p.Calm = strings.Join(calm, ", ")
	for _, c := range r.Capabilities {
		p.Claims = append(p.Claims, newClaim(c))
	}
	for _, d := range r.Contradictions {
		if d.Seen != "" {
			p.Disputes = append(p.Disputes, d)
		}
	}
	p.sort(r.Requirements)
	return p
}

// sort puts requirements where they are told.
func (p *protocol) sort(all []reports.RequirementResult) {
	for _, r := range all {
		row := rule{ID: r.ID, Source: r.Source, Weight: weightOf(r.Requirement), Says: r.Says, Because: r.Because, Outcome: outcomeFace(r.Outcome)}
		switch {
		case r.Class == "":
		case r.Untestable != "" && len(r.Checks) == 0:
			p.Untestable = append(p.Untestable, row)
		case r.Outcome == reports.OutcomeNotTested:
			p.Open = append(p.Open, row)
		default:
			p.Rules = append(p.Rules, row)
		}
	}
}

// weightOf says how much the text itself makes of a requirement.
func weightOf(r reports.Requirement) string {
	words := map[reports.Class]string{
		reports.ClassDerived: "follows from the text", reports.ClassInterop: "what providers lean on", reports.ClassOpen: "left open",
	}
	if w, ok := words[r.Class]; ok {
		return w
	}
	return r.Level
}

func newClaim(c reports.CapabilityResult) claim {
	found := face{Word: "not tested", Glyph: "dash", Tone: "quiet"}
	switch {
	case c.Missed > 0 && c.Declared == reports.DeclaredSupported:
		found = face{Word: "not delivered", Glyph: "cross", Tone: "bad"}
	case c.Missed > 0:
		found = face{Word: "in part", Glyph: "half", Tone: "warn"}
	case c.Unclear > 0:
		found = face{Word: "unclear", Glyph: "question", Tone: "blank"}
	case c.Met > 0:
		found = face{Word: "delivered", Glyph: "check", Tone: "ok"}
	}
	out := claim{Feature: c.Feature, Declared: string(c.Declared), Why: c.Why, Assumed: c.Assumed, Found: found}
	if c.Checks > 0 {
		out.Figures = fmt.Sprintf("%d of %s", c.Met, plural(c.Checks, "check"))
	}
	return out
}
