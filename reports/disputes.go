package reports

// disputes are the contradictions that identity sources meet, in the order of the report.
// Their ids are what checks note them under.
func disputes() []Contradiction {
	const (
		interop = "draft-zollner-scim-interop-profile"
		ipsie   = "OpenID IPSIE AL SCIM profile (draft)"
	)
	return []Contradiction{
		{ID: "pathless-patch", Topic: "A PATCH without a path", Sides: []Side{
			{"RFC 7644 §3.5.2", "allows it"},
			{"Okta", "sends it to say that somebody has left"},
			{interop, "has it refused with 400 invalidSyntax"},
		}},
		{ID: "whole-element-path", Topic: "A path that chooses a whole element, such as members[value eq …]", Sides: []Side{
			{"RFC 7644 §3.5.2", "allows it"},
			{"Okta, and Microsoft Entra ID with aadOptscim062020", "send it to take one member out of a group"},
			{interop, "has it refused with 400 invalidPath"},
		}},
		{ID: "remove-value-list", Topic: "A remove with a list of values", Sides: []Side{
			{"RFC 7644 §3.5.2.2", "gives remove no value, so that all members go"},
			{"Microsoft Entra ID and JumpCloud", "send it and mean those who are listed"},
		}},
		{ID: "replace-complex", Topic: "A replace of a complex attribute by some of its parts", Sides: []Side{
			{"RFC 7644 §3.5.2.3", "leaves the other parts as they are"},
			{interop, "replaces the whole"},
		}},
		{ID: "add-no-match", Topic: "An add to a chosen value that is not there", Sides: []Side{
			{"RFC 7644 §3.5.2.1", "does not say what becomes of it"},
			{"Microsoft Entra ID", "sends it for a first value and expects that it is made"},
		}},
		{ID: "atomic-leaver", Topic: "A deactivation together with an operation that must fail", Sides: []Side{
			{"RFC 7644 §3.5.2", "has all of it undone"},
			{"An identity source", "is left with a leaver who is active"},
		}},
		{ID: "name-reuse", Topic: "The userName of a deleted user", Sides: []Side{
			{"RFC 7644 §3.6", "should not count in conflicts"},
			{interop + " and " + ipsie, "have it free at once"},
			{"NIST SP 800-53 IA-4", "keeps identifiers from being used again for a time"},
		}},
		{ID: "unknown-attribute", Topic: "An attribute that no schema has, in a new user", Sides: []Side{
			{"RFC 7644", "does not say"},
			{interop, "has it refused with 400 invalidSyntax"},
			{"Microsoft’s validator", "expects it to be ignored"},
		}},
		{ID: "put-other-id", Topic: "A PUT with another id in its body", Sides: []Side{
			{"RFC 7644 §3.5.1", "ignores what is readOnly"},
			{"RFC 7644 §3.12", "shows 400 mutability for that very case"},
		}},
		{ID: "remove-stranger", Topic: "The removal of somebody who is no member", Sides: []Side{
			{"RFC 7644 §3.5.2", "calls it a success without a change"},
			{"RFC 7644 table 9", "has noTarget for a path without a match"},
		}},
		{ID: "delete-of-patch", Topic: "What a deactivation does to the account", Sides: []Side{
			{"RFC 7644", "does not say that the resource stays"},
			{interop, "never lets a PATCH delete"},
		}},
		{ID: "password-by-scim", Topic: "A password over SCIM", Sides: []Side{
			{"RFC 7643 §4.1.1", "defines it"},
			{ipsie, "forbids it from level AL2 on"},
		}},
	}
}
