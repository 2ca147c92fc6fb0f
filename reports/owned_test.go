package reports

// somebody holds each role of a record that is about something else.
var somebody = Owners{
	IdentitySource: Party{Name: "Identity"}, ApplicationOwner: Party{Name: "Owner"}, ExceptionApprover: Party{Name: "Approver"},
	FailureInvestigator: Party{Name: "Investigator"}, RemediationCertifier: Party{Name: "Certifier"},
}

// judgedFor judges a record for which somebody answers.
func judgedFor(rec Record) *Report {
	if rec.Target.Owners == (Owners{}) {
		rec.Target.Owners = somebody
	}
	return Judge(rec)
}
