package html

import "github.com/scimproof/scimproof/reports"

// person is a role with whoever holds it.
type person struct {
	Role, Duty string
	reports.Party
	// Optional is true for a role that a target can do without.
	Optional bool
}

func people(o reports.Owners) []person {
	return []person{
		{Role: "Identity source", Duty: "says who has left", Party: o.IdentitySource},
		{Role: "Application owner", Duty: "answers for the application’s gaps", Party: o.ApplicationOwner},
		{Role: "Exception approver", Duty: "may accept a gap, for a time", Party: o.ExceptionApprover},
		{Role: "Failure investigator", Duty: "looks into failed updates", Party: o.FailureInvestigator},
		{Role: "Remediation certifier", Duty: "confirms that a gap is closed", Party: o.RemediationCertifier},
		{Role: "Vendor", Duty: "makes the application", Party: o.Vendor, Optional: true},
	}
}

// responsible lists who does what about one gap.
func responsible(g reports.Gap) []person {
	return []person{
		{Role: "Accountable", Party: g.Accountable},
		{Role: "Remediates", Party: g.Remediator},
		{Role: "Investigates", Party: g.Investigator},
		{Role: "Approves exceptions", Party: g.Approver},
		{Role: "Certifies the fix", Party: g.Certifier},
	}
}
