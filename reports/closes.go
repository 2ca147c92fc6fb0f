package reports

import "fmt"

// remedies say for each kind of credential what ends it with its account. They hold for a
// deactivation and a deletion by SCIM in any form.
//
//nolint:gosec // These are words about credentials.
var remedies = map[string]string{
	"web-session":        "Destroy the person's sessions on the server, or look up the account's state at each request: a cookie that proves itself is not enough.",
	"remember-me":        "Delete the stored remember-me tokens, and look up the account's state before one of them becomes a session.",
	"access-token":       "Look up the account's state at each use or introspection of the token; one that nobody looks up must not live longer than revokeWithin.",
	"refresh-token":      "Revoke the person's grants, and look up the account's state before a refresh token is redeemed.",
	"authorization-code": "Look up the account's state when a code is redeemed, and not only when it is issued.",
	"personal-token":     "Revoke the tokens with the account, or look up its state at each use, also where the token alone is looked up today.",
	"app-password":       "Look up the account's state wherever an app password is taken, on each protocol.",
	"local-password":     "Refuse the password of an account that is not active, on each sign-in page and API that takes one.",
	"reset-link":         "Void the links that are under way, and mail none to an account that is not active.",
	"magic-link":         "Void the links that are under way, and look up the account's state when one is opened.",
	"invitation":         "Withdraw the invitations that the person has sent, or look up the sender's state when one is accepted.",
	"service-account":    "Name an owner for each service account, and disable it or hand it over when the owner leaves.",
	"share-link":         "Disable what the person has shared, or hand it over to somebody who stays.",
	"impersonation":      "Look up at each request the state of both: who acts, and for whom.",
	"acting-as":          "End the sessions in which the person acts as others, or ask at each request after the one who acts, and not only after the one who is acted for.",
	"direct-grant":       "Look up the account's state before what an administrator granted: who is inactive has nothing.",
	"sso-login":          "Look up the account's state after the assertion was verified: the identity provider's word says who it is, and not that they may come in.",
	"ssh-key":            "Remove the keys with the account, or have the server look up its state at each connection.",
	"event-stream":       "Close the person's open streams, or look up the account's state before each message.",
	"webhook":            "Disable the person's webhooks, or look up their owner's state before each delivery.",
	"scheduled-job":      "Stop the jobs that run for the person, or look up their owner's state before each run.",
}

// closes says what would close a gap.
func closes(k key) string {
	subject := subjectOf(k)
	switch k.class {
	case OutcomeSurvived:
		if _, stays := changed(k.event); stays {
			return fmt.Sprintf("End the %s, or decide anew at each use, when %s comes by SCIM in any form.", subject, noun(k.event))
		}
		if remedy, known := remedies[k.credential]; known {
			return remedy
		}
		return fmt.Sprintf("Revoke the %s, or look up the account's state at each use.", subject)
	case OutcomeDelayed:
		return fmt.Sprintf("Shorten the cache or the lifetime behind the %s, or push the revocation, so that it ends within revokeWithin.", subject)
	case OutcomeRevived:
		switch k.event {
		case EventSync:
			return "Leave active as it is when a write says nothing of it."
		case EventOutOfBand:
			return "Refuse it for whom the identity source has switched off; where an administrator may switch somebody on, show it over SCIM as active: true."
		case EventDeleteInactive:
			return "Destroy credentials with the account, whatever state it is in."
		case EventDeactivate, EventDelete:
			return fmt.Sprintf("Find what lets the %s in again, such as a cache that is filled anew or a replica that the change did not reach, and revoke it for good.", subject)
		case EventReactivate:
			return "Revoke instead of suspending; or declare restoredOnReactivation for the path if it is meant so."
		}
		return "Bind credentials to the immutable id and not to the userName, and destroy them with the account."
	case OutcomeIgnored:
		return "Apply the change in each form in which it is accepted, or answer with an error."
	case OutcomeRefused, OutcomePartialSupport:
		return "Accept the form, or agree with the identity source on one that is accepted, and record it as an exception."
	case OutcomeUndelivered:
		return "Do what ServiceProviderConfig says, or say there what is not supported."
	case OutcomeNoEvidence:
		if k.credential != "" && k.path == "" {
			return fmt.Sprintf("Declare an access path for the %s in the profile, or have a named person assert under notApplicable that there is none.", subject)
		}
		if k.event == EventOutOfBand && k.check == "" && k.credential == "" {
			return "Say in the profile how it is done (outOfBand), so that it works where it ought to; or have a named person assert under notApplicable that it cannot be."
		}
		if k.check == issuedGap {
			return "Say in the profile how an administrator lists what a person holds (issued), or have a named person assert under notApplicable that nobody can."
		}
		return "Mend the profile or the target until the check can decide, and run again."
	}
	if k.check == issuedGap {
		return "Look up the account's state wherever something is issued or mailed, and not only where it is used."
	}
	if k.check == stateGap {
		return "Have reads and access decided by one and the same state; where a read may lag, say for how long (limits.readLag)."
	}
	return "Answer as the cited requirement says."
}
