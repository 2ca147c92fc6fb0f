package oscal

import (
	"slices"

	"github.com/scimproof/scimproof/reports"
)

// owners are those who answer for the target, each with its role.
func owners(r *reports.Report) []reports.Party {
	o := r.Target.Owners
	as := func(role string, p reports.Party) reports.Party {
		p.Role = role
		return p
	}
	return []reports.Party{
		as(reports.RoleIdentitySource, o.IdentitySource),
		as(reports.RoleApplicationOwner, o.ApplicationOwner),
		as(reports.RoleExceptionApprover, o.ExceptionApprover),
		as(reports.RoleFailureInvestigator, o.FailureInvestigator),
		as(reports.RoleRemediationCertifier, o.RemediationCertifier),
		as(reports.RoleVendor, o.Vendor),
	}
}

// ownerRoles defines the roles and their holders, before any gap speaks of them.
func (b *builder) ownerRoles() {
	for _, owner := range owners(b.r) {
		b.role(owner.Role)
		b.party(owner)
	}
}

// role is the id of a role in the metadata, which it joins when it is met first.
func (b *builder) role(name string) string {
	id := token(name)
	if !slices.ContainsFunc(b.roles, func(r role) bool { return r.ID == id }) {
		b.roles = append(b.roles, role{ID: id, Title: line(name, "A role without a name")})
	}
	return id
}

// party is the uuid of a person or team in the metadata, which it joins when it is met first;
// empty for one that has neither a name nor a contact. Somebody who is known by the contact alone,
// as an approver is, may be there by name already.
func (b *builder) party(p reports.Party) string {
	name, address, contact := plain(p.Name), email(p.Contact), plain(p.Contact)
	if address != "" {
		contact = address
	}
	if name == "" && contact == "" {
		return ""
	}
	for _, known := range b.parties {
		same := name == "" || known.Name == name
		if same && (contact == known.contact() || contact == "" && name != "") {
			return known.UUID
		}
	}
	// OSCAL knows persons and organisations. The profile does not say which of the two a holder
	// is; the wider word holds for a team, and for a person who acts for one.
	joins := party{UUID: b.uuid("party", b.r.Target.ID, name, contact), Type: "organization", Name: orWord(name, contact)}
	if address != "" {
		joins.Email = []string{address}
	} else {
		joins.Props = props("contact", contact)
	}
	b.parties = append(b.parties, joins)
	return joins.UUID
}

// contact is how a party is reached.
func (p party) contact() string {
	if len(p.Email) > 0 {
		return p.Email[0]
	}
	for _, own := range p.Props {
		if own.Name == "contact" {
			return own.Value
		}
	}
	return ""
}
