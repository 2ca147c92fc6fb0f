package reports

import "slices"

// RequirementResult is a requirement with what this run found.
type RequirementResult struct {
	Requirement
	// Checks are the ids of those in this run that cover it.
	Checks []string `json:"checks"`
	// Outcome is the worst that was observed of it; not-tested where nothing was.
	Outcome Outcome `json:"outcome"`
	Because string  `json:"because"`
}

// Coverage sums up how much of the protocol's catalogue a run looked at. Requirements
// without a class are left out.
type Coverage struct {
	Total      int `json:"total"`
	Covered    int `json:"covered"`    // by a check of this run, whether or not it found something to look at
	Decided    int `json:"decided"`    // in this run, with or without a gap
	Recorded   int `json:"recorded"`   // without a verdict, as the text leaves it open
	NotTested  int `json:"notTested"`  // for want of a feature, a credential or a selection
	Untestable int `json:"untestable"` // from outside, by any check
	// Requests are those that were sent for checks of SCIM alone, their test users included.
	Requests       int     `json:"requests"`
	PerRequirement float64 `json:"perRequirement"` // requests for each one covered
}

// coverage holds the catalogue against what was observed.
func (j *judge) coverage() ([]RequirementResult, Coverage) {
	checks, findings := map[string][]string{}, map[string][]finding{}
	for _, s := range j.rec.Specs {
		if s.State == SpecNotSelected {
			continue
		}
		for _, id := range s.Requirements {
			checks[id] = append(checks[id], s.ID)
		}
	}
	for _, f := range j.findings {
		for _, id := range f.requirements {
			findings[id] = append(findings[id], f)
		}
	}
	results := make([]RequirementResult, 0, len(j.rec.Requirements))
	c := Coverage{Requests: j.rec.Health.SCIMRequests}
	for _, r := range j.rec.Requirements {
		result := resultOf(r, unique(checks[r.ID]), findings[r.ID])
		results = append(results, result)
		if r.Class != "" {
			c.add(result)
		}
	}
	if c.Covered > 0 {
		c.PerRequirement = float64(100*c.Requests/c.Covered) / 100
	}
	return results, c
}

func resultOf(r Requirement, checks []string, findings []finding) RequirementResult {
	result := RequirementResult{Requirement: r, Checks: checks, Outcome: OutcomeNotTested, Because: "No check of this run looked at it."}
	worst := weight(OutcomeNotSelected)
	for _, f := range findings {
		if w := weight(f.outcome); w > worst {
			worst, result.Outcome, result.Because = w, f.outcome, f.because
		}
	}
	if r.Untestable != "" && len(findings) == 0 {
		result.Because = sentence(r.Untestable)
	}
	return result
}

func (c *Coverage) add(r RequirementResult) {
	c.Total++
	if len(r.Checks) > 0 {
		c.Covered++
	}
	switch {
	case r.Untestable != "" && len(r.Checks) == 0:
		c.Untestable++
	case r.Outcome == OutcomeRecorded:
		c.Recorded++
	case r.Outcome == OutcomeNotTested, r.Outcome == OutcomeNotApplicable, r.Outcome == OutcomeNoEvidence, r.Outcome == OutcomeOperational:
		c.NotTested++
	default:
		c.Decided++
	}
}

// CapabilityResult is a feature with what its checks found.
type CapabilityResult struct {
	Capability
	Checks  int `json:"checks"`  // that looked
	Met     int `json:"met"`     // that found nothing wrong
	Missed  int `json:"missed"`  // that found a gap
	Unclear int `json:"unclear"` // that could not decide
}

// capabilities holds what the service claims against what it does.
func (j *judge) capabilities() []CapabilityResult {
	results := make([]CapabilityResult, 0, len(j.rec.Capabilities))
	for _, c := range j.rec.Capabilities {
		worst := map[string]Outcome{}
		for _, f := range j.findings {
			known, looked := worst[f.check]
			if slices.Contains(f.gate, c.Feature) && (!looked || weight(f.outcome) > weight(known)) {
				worst[f.check] = f.outcome
			}
		}
		r := CapabilityResult{Capability: c}
		for _, o := range worst {
			r.add(o)
		}
		results = append(results, r)
	}
	return results
}

func (r *CapabilityResult) add(o Outcome) {
	switch o {
	case OutcomeConformant, OutcomeRecorded:
		r.Checks, r.Met = r.Checks+1, r.Met+1
	case OutcomeNoEvidence, OutcomeOperational:
		r.Checks, r.Unclear = r.Checks+1, r.Unclear+1
	case OutcomeNotTested, OutcomeNotApplicable, OutcomeNotSelected:
	default:
		r.Checks, r.Missed = r.Checks+1, r.Missed+1
	}
}
