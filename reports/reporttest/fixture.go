// Package reporttest holds a believable judged report for the tests of the report
// formats: seven events, five ways in, four gaps, and one of every state that a
// reader has to be able to tell from the others.
package reporttest

import (
	"time"

	"github.com/scimproof/scimproof/reports"
)

// start is when the imagined run began. Nothing here reads a clock.
var start = time.Date(2026, time.November, 23, 9, 12, 4, 0, time.UTC)

// Report returns a new copy of the fixture at each call, so that a test may
// change it.
func Report() *reports.Report {
	b := newBuilder()
	for _, column := range columns {
		b.fire(column)
	}
	b.provision()
	r := &reports.Report{
		Schema:       "urn:scimproof:schema:report:2.0",
		Verdict:      reports.Verdict{Word: reports.VerdictFail, Reason: "Open control gaps: 2 critical, 1 high, 1 medium."},
		Summary:      summary,
		Checks:       b.checks,
		Gaps:         b.gaps(),
		Matrix:       b.matrix(),
		Run:          run(),
		Target:       target(),
		Events:       b.events,
		Observations: b.observations,
		Exchanges:    b.exchanges,
		Health: reports.Health{
			Requests: 1284, Retries: 9, Errors: 7, Throttled: 2,
			WallMs: 11*60_000 + 42_000, WatchMs: 10*60_000 + 31_000, LongestWatchMs: 10 * 60_000,
		},
		Cleanup: reports.Cleanup{
			Created: 22, Removed: 21,
			Left: []string{"sp-7f3a-recreate-leaver: DELETE answered 503 three times"},
		},
		Redaction: reports.Redaction{SecretsSeen: 47, LeakScan: "clean"},
	}
	addProtocol(r)
	settle(r)
	r.Counts = count(r)
	return r
}

const summary = "When the identity source deactivates somebody, their personal tokens keep working for as long as this run watched, ten minutes, " +
	"and a web session lives six minutes or more where five are allowed. " +
	"The form of deactivation that Microsoft Entra ID sends is answered with success and changes nothing at all. " +
	"A new account under the user name of a deleted one inherits the old personal tokens. " +
	"Ada Okafor answers for the application; nobody is named to approve exceptions."

func run() reports.Run {
	return reports.Run{
		ID:      "20261123-091204-7f3a",
		Tool:    reports.Tool{Name: "scimproof", Version: "0.1.0", Commit: "4c1d9e2"},
		Started: start, Finished: start.Add(11*time.Minute + 42*time.Second),
		Seed: 8412093, Operator: reports.Operator{Kind: reports.OperatorBuyer, Name: "Identity Assurance"}, Nonce: "n-5d1c7a90",
	}
}

func target() reports.Target {
	return reports.Target{
		Name: "Northwind CRM", ID: "northwind-crm-staging", Environment: "staging", Version: "4.2.1",
		SCIMBase:      "https://crm.staging.example.com/scim/v2",
		ProfileDigest: "9b74c9897bac770ffc029102a200c5de1f0f2b8d4c7f3a6e5d2b1a0f9e8d7c6b",
		TLSVerified:   true,
		Owners: reports.Owners{
			IdentitySource:       reports.Party{Role: "identity source", Name: "Workforce Identity", Contact: "identity@example.com"},
			ApplicationOwner:     reports.Party{Role: "application owner", Name: "Ada Okafor", Contact: "ada.okafor@example.com"},
			FailureInvestigator:  reports.Party{Role: "failure investigator", Name: "Identity Operations", Contact: "idops@example.com"},
			RemediationCertifier: reports.Party{Role: "remediation certifier", Name: "Jonas Weber, Internal Audit", Contact: "jonas.weber@example.com"},
			Vendor:               reports.Party{Role: "vendor", Name: "Northwind Software", Contact: "security@northwind.example"},
		},
		RevokeWithinMs: 5 * 60_000, GiveUpAfterMs: 10 * 60_000,
		AccessPaths: []reports.AccessPath{
			{Name: "browser session", Kind: "web-session", Description: "Signed in through the log-in form"},
			{Name: "API access token", Kind: "access-token", DeclaredLifetimeMs: 15 * 60_000},
			{Name: "personal API token", Kind: "personal-token", Description: "Made on the profile page; no expiry"},
			{Name: "password sign-in", Kind: "local-password"},
		},
		SharedSecrets: []reports.SharedSecret{{Name: "team mailbox", KnownTo: "the support team", ChangedBy: "Identity Operations"}},
		NotApplicable: []reports.NotApplicable{{
			Kind: "refresh-token", AssertedBy: "Ada Okafor",
			Reason: "The product's OAuth server issues no refresh tokens; clients sign in again.",
		}},
	}
}

func count(r *reports.Report) reports.Counts {
	c := reports.Counts{Checks: map[reports.Outcome]int{}, BySeverity: map[reports.Severity]int{}, ByState: map[reports.GapState]int{}}
	for _, check := range r.Checks {
		c.Checks[check.Outcome]++
	}
	for _, gap := range r.Gaps {
		c.BySeverity[gap.Severity]++
		c.ByState[gap.State]++
	}
	return c
}
