package reports

import (
	"slices"
	"strings"
)

// GapClass says what sort of control gap it is: which control is not effective, and whose
// matter that is. Outcomes say what was seen; a class says what it comes to.
type GapClass string

// The classes.
const (
	ClassSurvivedAccess    GapClass = "survived-access.credential" // a stored credential outlives its account
	ClassSurvivedSession   GapClass = "survived-access.session"    // a session or a token that stands for one does
	ClassLocalPath         GapClass = "local-path"                 // a way in beside the identity source
	ClassLingeringRights   GapClass = "lingering-entitlement"      // a group or role that was taken away
	ClassUnauthoritative   GapClass = "unauthoritative-write"      // somebody else than the source may write
	ClassIgnoredSilently   GapClass = "ignored-silently"
	ClassPartialSupport    GapClass = "partial-support" // of forms, or of the protocol
	ClassRefusedExplicitly GapClass = "refused-explicitly"
	ClassUndelivered       GapClass = "declared-not-delivered"
	ClassDelayed           GapClass = "delayed"
	ClassRevived           GapClass = "revived-access"
	ClassUnreported        GapClass = "unreported" // the reply or the log does not say what happened
	ClassUnreconcilable    GapClass = "unreconcilable"
	ClassOrphanedNonHuman  GapClass = "orphaned-nhi" // a service account, a job, a webhook without its owner
	ClassDormantAccount    GapClass = "dormant-account"
	ClassChannelWeak       GapClass = "channel-weak"
	ClassUnreliablePath    GapClass = "unreliable-path"
	ClassNoEvidence        GapClass = "no-evidence"
	ClassGovernance        GapClass = "governance" // nobody answers, approves, investigates or certifies
)

// GapClasses lists the classes.
func GapClasses() []GapClass {
	return []GapClass{
		ClassSurvivedAccess, ClassSurvivedSession, ClassLocalPath, ClassLingeringRights, ClassUnauthoritative, ClassIgnoredSilently,
		ClassPartialSupport, ClassRefusedExplicitly, ClassUndelivered, ClassDelayed, ClassRevived, ClassUnreported, ClassUnreconcilable,
		ClassOrphanedNonHuman, ClassDormantAccount, ClassChannelWeak, ClassUnreliablePath, ClassNoEvidence, ClassGovernance,
	}
}

// classOf sorts a gap. What SCIM alone shows goes by the part of the protocol that is wrong: a
// reply that misleads is unreported, a list that loses rows cannot be reconciled.
func classOf(k key, group []finding) GapClass {
	switch k.class {
	case OutcomeNoEvidence:
		return ClassNoEvidence
	case OutcomeUndelivered:
		return ClassUndelivered
	case OutcomeDelayed:
		return ClassDelayed
	case OutcomeRevived:
		return ClassRevived
	case OutcomeIgnored:
		return ClassIgnoredSilently
	case OutcomePartialSupport:
		return ClassPartialSupport
	case OutcomeRefused:
		return ClassRefusedExplicitly
	case OutcomeSurvived:
		return survivedClass(k.credential)
	}
	if k.event != "" || k.check == stateGap {
		return ClassUnreported
	}
	if k.check == issuedGap {
		return ClassSurvivedAccess
	}
	return protocolClass(group)
}

// survivedClass sorts what goes on working by what it stands for.
func survivedClass(credential string) GapClass {
	switch credential {
	case "local-password":
		return ClassLocalPath
	case "group-access", "role-access", "direct-grant":
		return ClassLingeringRights
	case "service-account", "webhook", "scheduled-job":
		return ClassOrphanedNonHuman
	case "web-session", "remember-me", "access-token", "impersonation", "acting-as", "sso-login", "event-stream", "magic-link":
		return ClassSurvivedSession
	}
	return ClassSurvivedAccess
}

// protocolClass sorts a miss of the protocol by the checks that show it.
func protocolClass(group []finding) GapClass {
	parts := []struct {
		prefixes []string
		class    GapClass
	}{
		{[]string{"channel."}, ClassChannelWeak},
		{[]string{"errors.", "versions."}, ClassUnreported},
		{[]string{"querying.page.", "querying.list.", "querying.cursor.", "querying.root.", "querying.filter.", "querying.sort."}, ClassUnreconcilable},
	}
	for _, p := range parts {
		all := !slices.ContainsFunc(group, func(f finding) bool {
			return !slices.ContainsFunc(p.prefixes, func(prefix string) bool { return strings.HasPrefix(f.check, prefix) })
		})
		if all {
			return p.class
		}
	}
	return ClassPartialSupport
}
