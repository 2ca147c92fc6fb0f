package target

import (
	"slices"
	"strconv"
)

// Act is what somebody does past SCIM: all but one about a person whom the identity source
// has switched off.
type Act string

// The acts that the survival specs look for.
const (
	ActReEnable         Act = "re-enable"         // an administrator switches the person on again
	ActDirectGrant      Act = "direct-grant"      // an administrator gives the person something
	ActSelfRegistration Act = "self-registration" // somebody signs up with the person's address
	ActInvitation       Act = "invitation"        // somebody invites the person's address, and it is accepted
	ActSignOut          Act = "sign-out"          // the identity provider signs the person out, who is active
	ActSSOLogin         Act = "sso-login"         // the identity provider's word, with what provisions just in time
)

// Acts lists every act about somebody who is inactive, in the order of the report.
func Acts() []Act {
	return []Act{ActReEnable, ActDirectGrant, ActSelfRegistration, ActInvitation, ActSSOLogin}
}

// OfStranger reports an act that ought to work for somebody who has no account, and not
// for the control user, who has one.
func (a Act) OfStranger() bool { return a == ActSelfRegistration || a == ActInvitation }

// OutOfBand says how an act is done. The steps are those of an access path's arm.
type OutOfBand struct {
	Act         Act
	Description string
	Steps       []Step
	Undo        []Step // what takes it back once the event is over
}

// Done returns the act that the profile declares, and false for none.
func (t *Target) Done(act Act) (OutOfBand, bool) {
	i := slices.IndexFunc(t.OutOfBand, func(o OutOfBand) bool { return o.Act == act })
	if i < 0 {
		return OutOfBand{}, false
	}
	return t.OutOfBand[i], true
}

// NotApplicable is a named person's word that the application has no credential of a
// kind, that an act cannot be done, or that nobody can list what a person holds. One of
// the first three is set.
type NotApplicable struct {
	Kind       Kind
	Act        Act
	Listing    bool
	AssertedBy string
	Reason     string
}

// outOfBand checks the acts.
func (b *builder) outOfBand(t *Target) {
	for i, d := range b.doc.OutOfBand {
		at := path{"outOfBand", strconv.Itoa(i)}
		if _, twice := t.Done(d.Act); twice {
			b.faults.add(at.Child("act"), "this act is declared already", "keep one of the two")
		}
		out := OutOfBand{Act: d.Act, Description: d.Description}
		known := b.unlistened()
		out.Steps, known = b.steps(at.Child("steps"), d.Steps, known)
		out.Undo, _ = b.steps(at.Child("undo"), d.Undo, known)
		if n := streams(d.Steps); n > 0 {
			b.faults.add(at.Child("steps"), "nobody listens to the stream", "give requests, commands and mails")
		}
		b.doNotListen(at.Child("undo"), d.Undo)
		t.OutOfBand = append(t.OutOfBand, out)
	}
}

// notApplicable reads what somebody asserts that the application has not.
func (b *builder) notApplicable(t *Target) {
	for i, n := range b.doc.NotApplicable {
		at := path{"notApplicable", strconv.Itoa(i)}
		given := 0
		for _, set := range []bool{n.Kind != "", len(n.Kinds) > 0, n.Act != "", len(n.Acts) > 0, n.Issued} {
			if set {
				given++
			}
		}
		if given != 1 {
			b.faults.add(at, "exactly one of kind, kinds, act, acts and issued must be given", "")
		}
		for _, kind := range append(n.Kinds, n.Kind) {
			if kind == "" {
				continue
			}
			if slices.ContainsFunc(b.doc.Access, func(p documentPath) bool { return p.Kind == kind }) {
				b.faults.add(at, "the profile also declares an access path of the kind "+string(kind), "keep one of the two")
			}
			t.NotApplicable = append(t.NotApplicable, NotApplicable{Kind: kind, AssertedBy: n.AssertedBy, Reason: n.Reason})
		}
		if n.Issued {
			if b.doc.Issued != nil {
				b.faults.add(at, "the profile also says how what a person holds is listed", "keep one of the two")
			}
			t.NotApplicable = append(t.NotApplicable, NotApplicable{Listing: true, AssertedBy: n.AssertedBy, Reason: n.Reason})
		}
		for _, act := range append(n.Acts, n.Act) {
			if act == "" {
				continue
			}
			if _, declared := t.Done(act); declared {
				b.faults.add(at, "the profile also says how "+string(act)+" is done", "keep one of the two")
			}
			t.NotApplicable = append(t.NotApplicable, NotApplicable{Act: act, AssertedBy: n.AssertedBy, Reason: n.Reason})
		}
	}
}
