package reporttest

import (
	"github.com/scimproof/scimproof/reports"
)

// settle adds what is known beside the run: one gap has been there since an earlier run and is
// accepted for a time, another is back after it was certified as closed.
func settle(r *reports.Report) {
	r.Judged = r.Run.Finished
	r.Policy = reports.DefaultPolicy()
	r.Verdict.Rule = reports.RuleGaps
	r.History = []reports.PastRun{{Run: earlierRun, Started: earlierStart, Verdict: reports.VerdictFail, Version: "4.1.0"}}
	r.Closures = []reports.Closure{}
	r.ExceptionsDigest = "4f6b0c1d2e3f405162738495a6b7c8d9eaf0b1c2d3e4f5061728394a5b6c7d8e"
	classes := map[string]reports.GapClass{
		gapLasting: reports.ClassSurvivedAccess, gapReborn: reports.ClassRevived, gapDeaf: reports.ClassIgnoredSilently, gapSlow: reports.ClassDelayed,
	}
	for i := range r.Gaps {
		g := &r.Gaps[i]
		g.Class, g.Declared, g.State, g.FirstSeen = classes[g.ID], reports.DeclaredNothing, reports.StateOpen, start
		g.Occurrence = reports.OccurrenceSystemic
		switch g.ID {
		case gapSlow:
			g.State, g.FirstSeen, g.Exception = reports.StateExcepted, earlierStart, "EXC-17"
			g.StateWhy = "EXC-17 accepts it until 2026-12-11."
		case gapReborn:
			g.State, g.StateWhy = reports.StateRegressed, "It was certified as closed by Jonas Weber, Internal Audit on 2026-09-12."
			r.Closures = append(r.Closures, reports.Closure{
				Gap: g.ID, Title: g.Title, Certifier: g.Certifier, On: start.AddDate(0, 0, -72), Run: earlierRun,
				Version: "4.1.0", Evidence: "9a0b1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f", Severity: g.Severity,
			})
		}
		g.Deadline = reports.DayOf(g.FirstSeen).After(r.Policy.FixWithinDays[g.Severity])
		g.Escalation = []reports.Escalation{}
		for _, step := range r.Policy.Escalation {
			g.Escalation = append(g.Escalation, reports.Escalation{On: g.Deadline.After(step.AfterDays), To: step.To})
		}
	}
	r.Exceptions = []reports.ExceptionUse{
		{Exception: exception("EXC-17", gapSlow, reports.SeverityMedium), State: reports.ExceptionActive, Why: "It holds until 2026-12-11.", Warning: "EXC-17 expires in 18 days."},
		{Exception: exception("EXC-09", gapMended, reports.SeverityLow), State: reports.ExceptionUnneeded, Why: "Its gap is closed: remove the exception."},
	}
	r.Exceptions[1].Reason = "A name that is not kept misleads nobody about access, and version 4.2 mends it."
	r.Exceptions[1].Compensating, r.Exceptions[1].Ticket = nil, "SEC-440"
	r.Exceptions[1].Remediation = reports.RemediationPlan{Plan: "Version 4.2 keeps what a PATCH says.", By: "2026-11-15", Party: "Northwind Software"}
	compare(r)
	mapFrameworks(r)
	level(r)
}

func exception(id, gap string, severity reports.Severity) reports.Exception {
	return reports.Exception{
		ID: id, Gap: gap, Reason: "The session store is replaced with version 5; until then sessions are cut within ten minutes.",
		RequestedBy: "product@example.com", Accountable: reports.Party{Role: reports.RoleApplicationOwner, Name: "Ada Okafor", Contact: "ada.okafor@example.com"},
		Approvals:        []reports.Approval{{Role: reports.RoleApplicationOwner, By: "ada.okafor@example.com", On: "2026-09-14", Reference: "CHG-2211"}},
		Compensating:     []reports.CompensatingControl{{Description: "The help desk ends sessions by hand within the hour.", Kind: "procedure"}},
		ApprovedSeverity: severity, Expires: "2026-12-11", Ticket: "SEC-481",
		Remediation: reports.RemediationPlan{Plan: "Version 5 looks sessions up at each request.", By: "2026-12-01", Party: "Northwind Software"},
	}
}
