package reports

import (
	"github.com/scimproof/scimproof/reports/controls"
)

// wouldBe lists what a check would come to if it found otherwise, as classOf sorts it: that it
// conforms speaks for the controls which these gaps would speak against.
func (r *Report) wouldBe(s Spec, writes bool) []controls.Subject {
	subject := func(class GapClass, seen Outcome) controls.Subject {
		return controls.Subject{Class: string(class), Outcome: string(seen), Credential: s.Credential}
	}
	switch {
	case s.Credential != "" && returns(s.Event):
		return []controls.Subject{subject(ClassRevived, OutcomeRevived)}
	case s.Credential != "":
		return []controls.Subject{subject(survivedClass(s.Credential), OutcomeSurvived), subject(ClassDelayed, OutcomeDelayed)}
	case oneCause(s.ID) == issuedGap:
		return []controls.Subject{subject(ClassSurvivedAccess, OutcomeNonconformant)}
	case oneCause(s.ID) == stateGap:
		return []controls.Subject{subject(ClassUnreported, OutcomeNonconformant)}
	case s.Event != "" || writes:
		return []controls.Subject{
			subject(ClassIgnoredSilently, OutcomeIgnored), subject(ClassPartialSupport, OutcomePartialSupport),
			subject(ClassRefusedExplicitly, OutcomeRefused), subject(ClassUnreported, OutcomeNonconformant),
		}
	case r.claimsOneOf(s.Gate):
		return []controls.Subject{subject(ClassUndelivered, OutcomeUndelivered)}
	}
	return []controls.Subject{subject(protocolClass([]finding{{check: s.ID}}), OutcomeNonconformant)}
}

// writes are the checks that looked at the effect of a write, such as those of a provider's story.
func (r *Report) writes() map[string]bool {
	out := map[string]bool{}
	for _, o := range r.Observations {
		if o.Effect != nil {
			out[o.Check] = true
		}
	}
	return out
}

func (r *Report) claimsOneOf(gate []string) bool {
	for _, c := range r.Capabilities {
		for _, feature := range gate {
			if c.Declared == DeclaredSupported && c.Feature == feature {
				return true
			}
		}
	}
	return false
}
