package reports

// The roles of the people who answer for a target.
const (
	RoleIdentitySource       = "identity source"
	RoleApplicationOwner     = "application owner"
	RoleExceptionApprover    = "exception approver"
	RoleFailureInvestigator  = "failure investigator"
	RoleRemediationCertifier = "remediation certifier"
	RoleVendor               = "vendor"
)

// assign names the people for a gap. The accountable one is never a vendor: the owner chose the
// application and keeps it. Where somebody else than the source may write, the source leads.
func (r *Report) assign(g *Gap) {
	o := r.Target.Owners
	owner := as(RoleApplicationOwner, o.ApplicationOwner)
	g.Accountable, g.Remediator = owner, owner
	if g.Class == ClassUnauthoritative || owner.Name == "" {
		g.Accountable = as(RoleIdentitySource, o.IdentitySource)
	}
	if o.Vendor.Name != "" && mendedByVendor(g) {
		g.Remediator = as(RoleVendor, o.Vendor)
	}
	g.Investigator = as(RoleFailureInvestigator, o.FailureInvestigator)
	g.Approver = as(RoleExceptionApprover, o.ExceptionApprover)
	g.Certifier = as(RoleRemediationCertifier, o.RemediationCertifier)
}

// mendedByVendor tells what lies in the product from what lies in the tenant's
// configuration or in the profile.
func mendedByVendor(g *Gap) bool {
	return g.Class != ClassNoEvidence && g.Class != ClassGovernance && g.Credential != "local-password"
}

func as(role string, p Party) Party {
	p.Role = role
	return p
}
