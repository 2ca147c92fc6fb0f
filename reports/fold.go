package reports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// key says which findings are one and the same control gap: those that one owner
// closes with one change.
type key struct {
	class      Outcome
	event      EventKind
	credential string
	path       string
	feature    string // that the service claims
	check      string // set where nothing else tells two gaps apart
}

// fold gathers the findings that are gaps into control gaps, gravest first.
func (j *judge) fold() []Gap {
	groups := map[key][]finding{}
	for _, f := range j.findings {
		if k, isGap := j.keyOf(f); isGap {
			groups[k] = append(groups[k], f)
		}
	}
	for k, broken := range j.brokenChecks() {
		groups[k] = append(groups[k], broken...)
	}
	gaps := make([]Gap, 0, len(groups))
	for k, group := range groups {
		gaps = append(gaps, j.gap(k, group))
	}
	sortGaps(gaps) // a check of two gaps names the first
	return gaps
}

// sortGaps puts the gravest first.
func sortGaps(gaps []Gap) {
	slices.SortFunc(gaps, func(a, b Gap) int {
		return cmp.Or(rankOf(b.Severity)-rankOf(a.Severity), cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
	})
}

// keyOf says to which gap a finding belongs, and whether it is one at all.
// Passing trouble never is.
func (j *judge) keyOf(f finding) (key, bool) {
	switch f.outcome {
	case OutcomeIgnored:
		return key{class: OutcomeIgnored, event: f.event}, true
	case OutcomeRefused:
		return key{class: j.refusalClass(f.event), event: f.event}, true
	case OutcomeSurvived, OutcomeDelayed, OutcomeRevived:
		return key{class: f.outcome, event: f.event, credential: f.credential, path: f.path}, true
	case OutcomeSuspended:
		return key{class: OutcomeRevived, event: f.event, credential: f.credential, path: f.path}, true
	case OutcomeNonconformant:
		if feature := j.claimed(f.gate); feature != "" && f.event == "" {
			return key{class: OutcomeUndelivered, feature: feature}, true
		}
		return key{class: OutcomeNonconformant, event: f.event, check: oneCause(f.check)}, true
	case OutcomeNoEvidence:
		// What nobody says how to do is one gap, whatever would have been tried after it.
		if f.act != "" {
			return key{class: OutcomeNoEvidence, event: EventOutOfBand}, true
		}
		if oneCause(f.check) == issuedGap {
			return key{class: OutcomeNoEvidence, check: issuedGap}, true
		}
		return key{class: OutcomeNoEvidence, credential: f.credential, path: f.path, check: checkWithout(f.credential, f.check)}, true
	}
	return key{}, false
}

// claimed is the first of the features that the service says it has.
func (j *judge) claimed(gate []string) string {
	for _, feature := range gate {
		if j.claims[feature] == DeclaredSupported {
			return feature
		}
	}
	return ""
}

// oneCause is what stands for a check in the key of its gap, where all forms of an event
// have one cause.
func oneCause(check string) string {
	for _, gap := range []string{stateGap, issuedGap} {
		if strings.HasPrefix(check, gap+".") {
			return gap
		}
	}
	return check
}

// checkWithout keeps the check only where no credential names the gap.
func checkWithout(credential, check string) string {
	if credential != "" {
		return ""
	}
	return check
}

// refusalClass tells a target that refuses some forms of an event and takes
// others from one that takes none.
func (j *judge) refusalClass(event EventKind) Outcome {
	for _, f := range j.findings {
		if f.event == event && f.credential == "" && f.outcome == OutcomeConformant && f.shape != "" && f.acknowledged {
			return OutcomePartialSupport
		}
	}
	return OutcomeRefused
}

// brokenChecks are checks that ran and could not decide: no evidence, and so a
// gap. Checks that an interrupted run never reached are not.
func (j *judge) brokenChecks() map[key][]finding {
	seen := map[string]bool{}
	for _, f := range j.findings {
		seen[f.check] = true
	}
	out := map[key][]finding{}
	for _, s := range j.rec.Specs {
		silent := s.State == SpecRan && !seen[s.ID]
		if j.rec.Health.Outage != "" || s.State != SpecBroken && !silent {
			continue
		}
		_, because := withoutFinding(s)
		f := finding{
			check: s.ID, outcome: OutcomeNoEvidence, because: because, event: s.Event, shape: s.Shape,
			credential: s.Credential, evidence: []string{}, window: window{never, never},
		}
		k, _ := j.keyOf(f)
		out[k] = append(out[k], f)
	}
	return out
}

// gap writes one control gap from its findings.
func (j *judge) gap(k key, group []finding) Gap {
	g := Gap{
		ID: j.fingerprint(k), Outcome: k.class, Class: classOf(k, group), Declared: j.declaredOf(group), Event: k.event, Credential: k.credential, Path: k.path, Feature: k.feature,
		Title: j.title(k, group), Statement: j.statement(k), Closes: closes(k),
	}
	for _, f := range group {
		g.Checks = append(g.Checks, f.check)
		g.Parts = append(g.Parts, part(f))
		g.Evidence = append(g.Evidence, f.evidence...)
	}
	g.Checks, g.Parts, g.Evidence = unique(g.Checks), unique(g.Parts), unique(g.Evidence)
	if g.Reproduced = j.reproduced(k, group); g.Reproduced != nil {
		g.Parts = append(g.Parts, g.Reproduced.sentence())
	}
	g.Occurrence = occurrence(k, group, g.Reproduced)
	g.Severity, g.SeverityWhy = j.severity(k, group, g.Occurrence)
	g.Reproduce = "scimproof run --target TARGET.yaml --out DIR --only 'check: containsAny {" + strings.Join(g.Checks, ", ") + "}'" + j.reproduceLater(group)
	return g
}

// declaredOf is what the service says of the features that a gap is about: what it claims of one
// speaks for all.
func (j *judge) declaredOf(group []finding) Declared {
	declared := DeclaredNothing
	for _, f := range group {
		for _, feature := range f.gate {
			switch j.claims[feature] {
			case DeclaredSupported:
				return DeclaredSupported
			case DeclaredUnsupported:
				declared = DeclaredUnsupported
			}
		}
	}
	return declared
}

// fingerprint is the gap's stable id: the same gap has the same id in each run.
func (j *judge) fingerprint(k key) string {
	return gapID(j.rec.Target.ID, string(k.class), string(k.event), k.credential, k.path, k.check+k.feature)
}

// gapID makes an id of what a gap is about.
func gapID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return "gap-" + hex.EncodeToString(sum[:6])
}

// part is one sentence of a gap: in which form of the event what was seen.
func part(f finding) string {
	where := EventTitle(f.event, f.shape)
	if f.credential != "" {
		name := f.path
		if name == "" {
			name = CredentialTitle(f.credential)
		}
		where = strings.TrimSuffix(where+" · "+name, " · ")
	}
	if f.leaver > 0 {
		where += fmt.Sprintf(" (leaver %d)", f.leaver)
	}
	if where == "" {
		return f.because
	}
	return where + ": " + f.because
}
