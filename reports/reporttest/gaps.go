package reporttest

import (
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// gaps lists the four gaps, gravest first, with the exchanges behind them.
func (b *builder) gaps() []reports.Gap {
	owners := target().Owners
	gaps := []reports.Gap{
		{
			ID: gapLasting, Outcome: reports.OutcomeSurvived, Severity: reports.SeverityCritical,
			Title:      "A personal token outlives the deactivation",
			Statement:  "Somebody who has left can go on reading and writing CRM data through any personal API token they ever made, for as long as this run watched. Nothing in the product lists these tokens for an administrator.",
			Event:      reports.EventDeactivate,
			Credential: "personal-token",
			SeverityWhy: []string{
				"What survives: a personal token, which acts with the person's whole rights.",
				"Exposure: without end; it was still allowed after 10 min, and the token has no expiry.",
				"Silence: the target answered each deactivation with 200.",
			},
			Parts: []string{
				"PATCH without a path: still allowed 10 min after the acknowledgement, polled and silent alike.",
				"PATCH with a path: still allowed 10 min after the acknowledgement.",
				"PUT: still allowed 10 min after the acknowledgement.",
			},
			Closes:    "Revoke every personal token in the transaction that sets active to false, or check the owner's state at each use of a token.",
			Reproduce: "scimproof run --target TARGET.yaml --out DIR --only 'check: containsAny {survival.deactivate.patch-path.personal-token, survival.deactivate.patch-pathless.personal-token, survival.deactivate.put.personal-token}'",
			Controls: []reports.Control{
				{Framework: "NIST 800-53r5", ID: "PS-4b"}, {Framework: "NIST 800-53r5", ID: "AC-2(3)b"}, {Framework: "NIST 800-53r5", ID: "AC-2l"}, {Framework: "NIST 800-53r5", ID: "IA-5d"},
				{Framework: "CSF 2.0", ID: "PR.AA-01"}, {Framework: "CSF 2.0", ID: "PR.AA-05"},
				{Framework: "OWASP NHI:2025", ID: "NHI1:2025"}, {Framework: "OWASP NHI:2025", ID: "NHI7:2025"},
				{Framework: "CSA SSCF", ID: "IAM-SaaS-07"}, {Framework: "CSA SSCF", ID: "IAM-SaaS-17"},
				{Framework: "ISO 27001:2022", ID: "A.5.18"}, {Framework: "SOC 2", ID: "CC6.2"}, {Framework: "PCI DSS 4.0.1", ID: "8.2.5"},
				{Framework: "CIS v8", ID: "6.2"}, {Framework: "IPSIE", ID: "AL1"},
			},
		},
		{
			ID: gapReborn, Outcome: reports.OutcomeRevived, Severity: reports.SeverityCritical,
			Title:      "A new account inherits the old account's personal tokens",
			Statement:  "When a user name is given again after a deletion, whoever kept a personal token of the first person acts as the second one.",
			Event:      reports.EventRecreate,
			Credential: "personal-token",
			SeverityWhy: []string{
				"What survives: a personal token, now with the rights of somebody else.",
				"Exposure: without end, from 0.4 s after the new account was made.",
				"Silence: the target answered the deletion with 204 and the creation with 201.",
			},
			Parts:     []string{"Denied for 10 s after the deletion; allowed from 0.4 s after the re-creation, polled and silent alike."},
			Closes:    "Bind tokens to the account's id, never to its user name, and delete them with the account.",
			Reproduce: "scimproof run --target TARGET.yaml --out DIR --only 'check: containsAny {survival.recreate.personal-token}'",
			Controls:  []reports.Control{{Framework: "NIST 800-53r5", ID: "IA-4d"}, {Framework: "CSF 2.0", ID: "PR.AA-02"}, {Framework: "OWASP NHI:2025", ID: "NHI1:2025"}, {Framework: "SOC 2", ID: "CC6.2"}},
		},
		{
			ID: gapDeaf, Outcome: reports.OutcomeIgnored, Severity: reports.SeverityHigh,
			Title:     "Deactivation with the string “False” is answered with success and ignored",
			Statement: "A company whose identity source sends active as a string believes every leaver to be deactivated, and not one of them is: all four ways in stay open.",
			Event:     reports.EventDeactivate,
			SeverityWhy: []string{
				"What survives: every credential of the leaver.",
				"Exposure: without end; SCIM itself still shows the user as active.",
				"Silence: the target answered with 200.",
			},
			Parts: []string{
				"The reply was 200, and the read-back after 0.4 s shows active: true.",
				"Web session, access token, personal token and password were all still allowed after 10 min.",
			},
			Closes:    "Accept the strings “True” and “False” as booleans, or refuse them with 400 invalidValue (RFC 7644 §3.12).",
			Reproduce: "scimproof run --target TARGET.yaml --out DIR --only 'check: containsAny {lifecycle.deactivate.patch-string}'",
			Controls:  []reports.Control{{Framework: "NIST 800-53r5", ID: "AC-2f"}, {Framework: "NIST 800-53r5", ID: "PS-4(2)"}, {Framework: "CSF 2.0", ID: "GV.SC-07"}, {Framework: "ISO 27001:2022", ID: "A.6.5"}},
		},
		{
			ID: gapSlow, Outcome: reports.OutcomeDelayed, Severity: reports.SeverityMedium,
			Title:      "A web session lives on for six to eight minutes",
			Statement:  "Somebody who has left keeps a signed-in browser for up to eight minutes, three more than the five that are allowed.",
			Event:      reports.EventDeactivate,
			Credential: "web-session",
			SeverityWhy: []string{
				"What survives: a web session, with the rights to write.",
				"Exposure: between 6 and 8 min, under an hour.",
				"Silence: the target answered each deactivation with 200.",
			},
			Parts:     []string{"Last allowed at 6 min, denied from 8 min on, in all three forms of the event."},
			Closes:    "Drop the session cache's entries of a user when the user is deactivated, or shorten its life to under five minutes.",
			Reproduce: "scimproof run --target TARGET.yaml --out DIR --only 'check: containsAny {survival.deactivate.patch-path.web-session, survival.deactivate.patch-pathless.web-session, survival.deactivate.put.web-session}'",
			Controls:  []reports.Control{{Framework: "NIST 800-53r5", ID: "PS-4a"}, {Framework: "NIST 800-53r5", ID: "AC-2(3)"}, {Framework: "CSA SSCF", ID: "IAM-SaaS-15"}, {Framework: "CIS v8", ID: "6.2"}},
		},
	}
	for i := range gaps {
		gap := &gaps[i]
		gap.Accountable, gap.Remediator = owners.ApplicationOwner, owners.Vendor
		gap.Investigator, gap.Approver, gap.Certifier = owners.FailureInvestigator, owners.ExceptionApprover, owners.RemediationCertifier
		gap.Checks, gap.Evidence = b.behind(gap.ID)
	}
	return gaps
}

// behind lists the checks of a gap and the exchanges that prove it.
func (b *builder) behind(gap string) (checks, evidence []string) {
	for _, check := range b.checks {
		if check.Gap != gap {
			continue
		}
		checks = append(checks, check.ID)
		for _, observation := range b.observations {
			if !slices.Contains(check.Observations, observation.ID) {
				continue
			}
			evidence = append(evidence, observation.Evidence...)
			if observation.Access != nil {
				evidence = append(evidence, b.citations(*observation.Access)...)
			}
		}
	}
	slices.Sort(evidence)
	return checks, slices.Compact(evidence)
}

// citations picks the steps of the event, the positive control, the last try
// that got in and the first that did not.
func (b *builder) citations(access reports.Access) []string {
	var cited []string
	for _, event := range b.events {
		if event.ID != access.Event {
			continue
		}
		for _, step := range event.Steps {
			cited = append(cited, step.Exchange)
		}
	}
	var lastAllowed, firstDenied string
	for _, try := range access.Tries {
		switch {
		case try.Who == reports.WhoControl:
		case try.Phase == reports.PhaseBefore && try.Who == reports.WhoPolled:
			cited = append(cited, try.Exchange)
		case try.Result == reports.TryAllowed:
			lastAllowed = try.Exchange
		case try.Result == reports.TryDenied && firstDenied == "":
			firstDenied = try.Exchange
		}
	}
	for _, id := range []string{lastAllowed, firstDenied} {
		if id != "" {
			cited = append(cited, id)
		}
	}
	return cited
}
