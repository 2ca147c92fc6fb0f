package reports

import (
	"slices"
	"strings"
)

// Regate is a report under another gate, on another day, or with other exceptions: what was seen
// and what it comes to stay, and the gate is asked anew. Where the basis has no gate or no
// exceptions, those of the report go on; a severity that its owner has raised stays raised. The
// report itself is left as it is, and so are its comparison, its frameworks and its levels; without
// exceptions in the basis, gaps keep the state that they were judged with.
func Regate(r *Report, b Basis) *Report {
	out := *r
	b = b.of(r.Run.Operator.Kind)
	if b.Policy != nil {
		out.Policy = *b.Policy
	}
	if !b.Now.IsZero() {
		out.Judged = b.Now.UTC()
	}
	out.Gaps = slices.Clone(r.Gaps)
	out.raise()
	if b.Exceptions != nil {
		for i := range out.Gaps {
			out.withoutException(&out.Gaps[i])
		}
		out.Exceptions = []ExceptionUse{}
		out.except(b.Exceptions, r)
	}
	for i := range out.Gaps {
		out.Gaps[i].Deadline = "" // another gate may set none
		out.schedule(&out.Gaps[i])
	}
	sortGaps(out.Gaps)
	out.Counts = count(out.Checks, out.Gaps)
	out.Verdict = Decide(&out, b)
	if r.Comparison != nil {
		c := *r.Comparison
		c.Later.Verdict = out.Verdict.Word
		out.Comparison = &c
	}
	out.Summary = summarise(&out)
	return &out
}

// withoutException takes from a gap what an exception has made of it.
func (r *Report) withoutException(g *Gap) {
	i := slices.IndexFunc(r.Exceptions, func(u ExceptionUse) bool { return u.ID == g.Exception && u.Gap == g.ID })
	if g.Exception == "" || i < 0 && g.State.Open() {
		return
	}
	g.Exception = ""
	if i >= 0 {
		g.StateWhy = strings.TrimSpace(strings.TrimPrefix(g.StateWhy, r.Exceptions[i].Why))
	}
	switch {
	case r.closure(g.ID) != nil:
		g.State = StateRegressed
	case i >= 0 && g.StateWhy != "":
		g.State = StateClaimedFixed // the one other state that says why
	default:
		g.State, g.StateWhy = StateOpen, ""
	}
}
