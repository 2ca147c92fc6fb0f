package reports

import (
	"fmt"
)

const hour = 60 * 60 * 1000 // in milliseconds

// severity is base by what survives × exposure × silence × occurrence, with the reasons.
func (j *judge) severity(k key, group []finding, how Occurrence) (Severity, []string) {
	if k.class == OutcomeRevived && k.event == EventReactivate {
		return SeverityInfo, []string{
			"What comes back: " + CredentialTitle(k.credential) + ", suspended with the account and not revoked; the profile does not declare it",
			"Exposure: none while the account is inactive",
			"Silence: nobody was told that the old credential lives on",
		}
	}
	if onlyMild(k, group) {
		return SeverityInfo, []string{
			"What survives: no access; the text advises it, or the form is common and misleads nobody",
			"Exposure: does not apply",
			"Silence: does not apply",
		}
	}
	base, baseWhy := j.base(k, group)
	exposure, exposureWhy := j.exposure(k, group)
	silence, silenceWhy := silence(k, group)
	why := []string{
		fmt.Sprintf("What survives: %s (base %s)", baseWhy, base),
		fmt.Sprintf("Exposure: %s (%s)", exposureWhy, steps(exposure)),
		fmt.Sprintf("Silence: %s (%s)", silenceWhy, steps(silence)),
	}
	if k.class == OutcomeUndelivered {
		why = append(why, "Claim: the service says that it can (+1 step)")
		exposure++
	}
	// A race in revocation can be won on purpose, so that for the gravest it counts for nothing.
	if how == OccurrenceIntermittent && base != SeverityCritical {
		why = append(why, "Occurrence: for some of the leavers only (-1 step)")
		exposure--
	}
	return shift(base, exposure+silence), why
}

// onlyMild reports a gap of the protocol in which nothing is more than advised.
func onlyMild(k key, group []finding) bool {
	if k.class != OutcomeNonconformant && k.class != OutcomeUndelivered {
		return false
	}
	for _, f := range group {
		if !f.mild {
			return false
		}
	}
	return true
}

// base ranks what survives.
func (j *judge) base(k key, group []finding) (Severity, string) {
	switch k.class {
	case OutcomeNonconformant:
		if k.check == stateGap {
			return SeverityLow, "no access; SCIM alone shows what is not so"
		}
		if k.check == issuedGap {
			return SeverityHigh, "what was issued to somebody who has left, whether or not it opens anything today"
		}
		if k.event != "" {
			return SeverityMedium, "no access; the reply to a leaver's event is wrong"
		}
		return atStake(group)
	case OutcomeUndelivered:
		return atStake(group)
	case OutcomeRevived:
		switch k.event {
		case EventSync, EventDeleteInactive, EventOutOfBand, EventDeactivate, EventDelete:
			return SeverityCritical, "the " + subjectOf(k) + ", and the identity source did not decide that it works again"
		}
		return SeverityCritical, CredentialTitle(k.credential) + " of a deleted account opens the new one"
	case OutcomeIgnored, OutcomeRefused, OutcomePartialSupport:
		if k.event == EventDeactivate || k.event == EventDelete {
			return SeverityCritical, "the account itself, and with it every way in"
		}
		switch k.event {
		case EventRemoveMember, EventDeleteGroup, EventRemoveRole:
			return SeverityHigh, "what the group or role opens"
		case EventSignOut:
			return SeverityMedium, "the sessions that a sign-out should have ended"
		case EventChangePassword, EventRename:
			return SeverityMedium, "the old password or name"
		case EventSync:
			return SeverityCritical, "the account itself, which a routine write makes active"
		}
		if k.event == EventRecreate || k.event == EventReactivate {
			return SeverityMedium, "no access; a person who returns is kept out, or let in by hand"
		}
		switch k.event {
		case EventCreate, EventGroupPush:
			return SeverityMedium, "no access; people and groups that somebody has to keep by hand"
		case EventLookUp:
			return SeverityMedium, "no access; people who are not found are created twice, or never switched off"
		}
		return SeverityLow, "no access; data that differs from the source"
	case OutcomeNoEvidence:
		if k.credential == "" {
			return SeverityMedium, "unknown: the check could not look"
		}
	}
	worst, why := SeverityInfo, ""
	for _, f := range group {
		if s, reason := j.credentialBase(f); rankOf(s) > rankOf(worst) {
			worst, why = s, reason
		}
	}
	return worst, why
}

// stakes ranks what a miss of the protocol may give or cost.
var stakes = map[Stake]struct {
	base Severity
	why  string
}{
	"":            {SeverityLow, "no access; the protocol alone is wrong"},
	StakeData:     {SeverityLow, "no access; something is shown that helps an attacker"},
	StakeAccess:   {SeverityMedium, "what an identity source says may not reach the person's access"},
	StakeIdentity: {SeverityHigh, "one person may be taken for another, with what is theirs"},
	StakeSecret:   {SeverityCritical, "a password or a token, told to whoever asks"},
	StakeRights:   {SeverityCritical, "rights that the identity source did not give"},
}

// atStake ranks a gap of the protocol by the gravest that a miss may give.
func atStake(group []finding) (Severity, string) {
	worst, why := SeverityInfo, ""
	for _, f := range group {
		if f.mild {
			continue
		}
		s, known := stakes[f.stake]
		if known && rankOf(s.base) > rankOf(worst) {
			worst, why = s.base, s.why
		}
	}
	return worst, why
}

// credentialBase ranks a kind of credential.
func (j *judge) credentialBase(f finding) (Severity, string) {
	title := CredentialTitle(f.credential)
	switch f.credential {
	case "web-session", "remember-me", "magic-link", "impersonation", "acting-as", "sso-login":
		return SeverityHigh, title + ", with whatever a session may write"
	case "access-token":
		if j.paths[f.path].DeclaredLifetimeMs > 0 {
			return SeverityMedium, title + " with a declared lifetime"
		}
		return SeverityHigh, title + " with no declared lifetime"
	case "authorization-code":
		return SeverityHigh, title + ", which buys tokens"
	case "invitation":
		return SeverityHigh, title + ", which lets somebody else in"
	case "reset-link":
		return SeverityCritical, title + ", which sets a password, whether or not that opens anything today"
	case "event-stream", "webhook":
		return SeverityHigh, title + ", which carries on what others say"
	case "scheduled-job":
		return SeverityHigh, title + ", which acts with the leaver's rights"
	case "group-access", "direct-grant":
		return SeverityHigh, title + ", with whatever that opens"
	case "role-access":
		return SeverityCritical, title + ", with whatever that role may do"
	case "share-link":
		return SeverityMedium, title + ", which shows what was shared and no more"
	}
	return SeverityCritical, title
}

// expires tells the kinds that end by themselves, at a time that use does not put off.
func expires(credential string) bool {
	switch credential {
	case "access-token", "authorization-code", "reset-link", "magic-link", "invitation", "impersonation", "acting-as":
		return true
	}
	return false
}

// exposure ranks for how long access lasts.
func (j *judge) exposure(k key, group []finding) (int, string) {
	switch k.class {
	case OutcomeDelayed:
		var longest int64
		for _, f := range group {
			longest = max(longest, f.window.firstDenied)
		}
		return bounded(longest), "up to " + seconds(longest) + " after the event"
	case OutcomeSurvived:
		lifetime := j.paths[k.path].DeclaredLifetimeMs
		if at := laterOpen(group); at > max(lifetime, 0) {
			return 0, "still open " + seconds(at) + " after the event, and no end was seen"
		}
		if expires(k.credential) && lifetime > 0 {
			return bounded(lifetime), "until it expires, " + seconds(lifetime) + " by the application's word"
		}
		return 0, "no end was seen"
	case OutcomeRevived:
		return 0, "no end was seen"
	case OutcomeIgnored, OutcomeRefused, OutcomePartialSupport:
		return 0, "until somebody notices"
	case OutcomeNoEvidence:
		return 0, "unknown, as nothing was measured"
	}
	return 0, "does not apply"
}

// laterOpen is how long after the event a later mark still found access; never if none
// did.
func laterOpen(group []finding) int64 {
	longest := int64(never)
	for _, f := range group {
		if f.later {
			longest = max(longest, f.window.lastAllowed)
		}
	}
	return longest
}

func bounded(ms int64) int {
	switch {
	case ms <= hour:
		return -2
	case ms <= 24*hour:
		return -1
	}
	return 0
}

// silence ranks what the target said about it.
func silence(k key, group []finding) (int, string) {
	switch k.class {
	case OutcomeNoEvidence, OutcomeNonconformant, OutcomeUndelivered:
		return 0, "does not apply"
	case OutcomeRefused, OutcomePartialSupport:
		return -1, "the target said openly that it would not"
	}
	for _, f := range group {
		if f.acknowledged {
			return +1, "the target reported success"
		}
	}
	return 0, "the target reported nothing"
}

func rankOf(s Severity) int {
	list := Severities()
	for i, known := range list {
		if s == known {
			return len(list) - 1 - i
		}
	}
	return 0
}

func shift(s Severity, by int) Severity {
	list := Severities()
	return list[len(list)-1-min(max(rankOf(s)+by, 0), len(list)-1)]
}

func steps(n int) string {
	switch n {
	case 0:
		return "no change"
	case 1, -1:
		return fmt.Sprintf("%+d step", n)
	}
	return fmt.Sprintf("%+d steps", n)
}
