package reporttest

import "github.com/scimproof/scimproof/reports"

// addProtocol adds what the fixture says of SCIM itself: requirements of each kind, claims
// that hold and that do not, two providers and a contradiction.
func addProtocol(r *reports.Report) {
	r.Requirements = []reports.RequirementResult{
		looked("RFC7644-3.6-01", "RFC 7644 §3.6", "SHALL", reports.ClassStrict, "A DELETE that succeeds is answered 204.", reports.OutcomeConformant),
		looked("RFC7644-3.4.2.2-22", "RFC 7644 §3.4.2.2", "ambiguous", reports.ClassOpen, "A filter on an attribute that no schema has may be refused or find nobody.", reports.OutcomeRecorded),
		looked("RFC7644-3.4.2.3-01", "RFC 7644 §3.4.2.3", "derived", reports.ClassDerived, "sortBy puts results into order.", reports.OutcomeNonconformant),
		{
			Requirement: reports.Requirement{ID: "RFC7644-7.4-01", Source: "RFC 7644 §7.4", Level: "MUST", Class: reports.ClassStrict, Says: "Bearer tokens have a limited lifetime.", Untestable: "An opaque token does not tell."},
			Checks:      []string{}, Outcome: reports.OutcomeNotTested, Because: "An opaque token does not tell.",
		},
	}
	r.Coverage = reports.Coverage{Total: 338, Covered: 312, Decided: 270, Recorded: 21, NotTested: 35, Untestable: 12, Requests: 1164, PerRequirement: 4}
	r.Capabilities = []reports.CapabilityResult{
		{Capability: reports.Capability{Feature: "filter", Declared: reports.DeclaredSupported, Open: true, Why: "ServiceProviderConfig says that it is supported."}, Checks: 31, Met: 31},
		{Capability: reports.Capability{Feature: "sort", Declared: reports.DeclaredSupported, Open: true, Why: "ServiceProviderConfig says that it is supported."}, Checks: 4, Met: 1, Missed: 3},
		{Capability: reports.Capability{Feature: "search", Declared: reports.DeclaredNothing, Open: true, Assumed: true, Why: "POST /Users/.search was answered 200."}, Checks: 3, Met: 2, Unclear: 1},
	}
	r.Stories = []reports.Story{
		providerStory("okta-oin", "Okta (catalogue)", "Okta (catalogue): an administrator would see nothing go wrong.", reports.StoryWorks, ""),
		providerStory("entra", "Microsoft Entra ID", "Microsoft Entra ID: leavers stay active, because PATCH of active with the text False is answered 200 and ignored: a read shows active: true.",
			reports.StoryIgnored, "PATCH of active with the text False is answered 200 and ignored: a read shows active: true"),
	}
	r.Contradictions = []reports.Contradiction{{
		ID: "pathless-patch", Topic: "A PATCH without a path", Seen: "it is answered 200 and carried out.",
		Sides: []reports.Side{{Who: "RFC 7644 §3.5.2", Says: "allows it"}, {Who: "draft-zollner-scim-interop-profile", Says: "has it refused with 400 invalidSyntax"}},
	}}
}

func looked(id, source, level string, class reports.Class, says string, outcome reports.Outcome) reports.RequirementResult {
	return reports.RequirementResult{
		Requirement: reports.Requirement{ID: id, Source: source, Level: level, Class: class, Says: says},
		Checks:      []string{"users.some"}, Outcome: outcome, Because: "As the check of it found.",
	}
}

// providerStory is one in which everything but the leaver's step works.
func providerStory(id, title, sentence string, leaver reports.StoryResult, why string) reports.Story {
	s := reports.Story{Client: reports.Client{ID: id, Title: title}, Sentence: sentence}
	for _, step := range reports.Steps() {
		result := reports.StoryStep{Step: step, Result: reports.StoryWorks, Check: "story." + id}
		if step == reports.StepLeaver {
			result.Result, result.Why = leaver, why
		}
		s.Steps = append(s.Steps, result)
	}
	s.Steps[len(s.Steps)-1] = reports.StoryStep{Step: reports.StepDelete, Result: reports.StoryNotSent}
	return s
}
