package reports

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// mayCertify reports why somebody may not certify the fix of a gap.
func (r *Report) mayCertify(change GapChange, by Party, proof Proof) error {
	certifier := r.Target.Owners.RemediationCertifier
	switch {
	case strings.TrimSpace(certifier.Name) == "":
		return errors.New("the profile names no remediation certifier (owners): name one and run again")
	case !isSame(certifier, by.Name) && !isSame(certifier, by.Contact):
		return fmt.Errorf("%q is not the remediation certifier; the profile names %s", cmp.Or(by.Contact, by.Name), whoIs(certifier))
	}
	if vendor := r.Target.Owners.Vendor; isSame(certifier, vendor.Name) || isSame(certifier, vendor.Contact) {
		return fmt.Errorf("%s is the vendor, whose word makes a claim and no closure: let the profile name another certifier", whoIs(certifier))
	}
	for _, m := range r.remediators(change, proof) {
		if isSame(certifier, m) {
			return fmt.Errorf("%s made the fix (%s), and nobody certifies their own: let the profile name another certifier", whoIs(certifier), m)
		}
	}
	for _, m := range r.requesters(change.Gap, proof) {
		if isSame(certifier, m) {
			return fmt.Errorf("%s asked for the closure or for an exception (%s), and nobody certifies what they ask for: let the profile name another certifier", whoIs(certifier), m)
		}
	}
	return nil
}

// remediators are those who are said to have made the fix, and those whose part it was.
func (r *Report) remediators(change GapChange, proof Proof) []string {
	part := Gap{Class: change.Class}
	if change.Class == ClassLocalPath {
		part.Credential = "local-password"
	}
	r.assign(&part)
	list := append(slices.Clone(proof.RemediatedBy), part.Remediator.Contact, part.Remediator.Name)
	if was := proof.Previous.gap(change.Gap); was != nil {
		list = append(list, was.Remediator.Contact, was.Remediator.Name)
	}
	return list
}

// requesters are those who ask for the closure, and those who asked for an exception of the gap.
func (r *Report) requesters(gap string, proof Proof) []string {
	list := slices.Clone(proof.RequestedBy)
	for _, report := range []*Report{r, proof.Previous} {
		if report == nil {
			continue
		}
		for _, e := range report.Exceptions {
			if e.Gap == gap {
				list = append(list, e.RequestedBy)
			}
		}
	}
	return list
}

// isSame reports whether a name or a contact is that of a party, in any case of the letters.
func isSame(p Party, who string) bool {
	who = folded(who)
	return who != "" && (who == folded(p.Name) || who == folded(p.Contact))
}

func whoIs(p Party) string {
	if p.Contact == "" {
		return p.Name
	}
	return p.Name + " <" + p.Contact + ">"
}

// PartyOf is the party of the target with a name or a contact; where there is none, one with the
// contact alone.
func (o Owners) PartyOf(who string) Party {
	for _, p := range []Party{
		as(RoleRemediationCertifier, o.RemediationCertifier), as(RoleApplicationOwner, o.ApplicationOwner), as(RoleIdentitySource, o.IdentitySource),
		as(RoleExceptionApprover, o.ExceptionApprover), as(RoleFailureInvestigator, o.FailureInvestigator), as(RoleVendor, o.Vendor),
	} {
		if isSame(p, who) {
			return p
		}
	}
	who = strings.TrimSpace(who)
	return Party{Name: who, Contact: who}
}
