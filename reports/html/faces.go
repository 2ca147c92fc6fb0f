package html

import (
	"time"

	"github.com/scimproof/scimproof/reports"
)

var states = []struct {
	state reports.GapState
	face  face
}{
	{reports.StateOpen, face{Word: "open", Glyph: "ring", Tone: "bad"}},
	{reports.StateRegressed, face{Word: "regressed", Glyph: "back", Tone: "bad"}},
	{reports.StateExceptionExpired, face{Word: "exception expired", Glyph: "clock", Tone: "bad"}},
	{reports.StateExceptionExceeded, face{Word: "exception exceeded", Glyph: "up", Tone: "bad"}},
	{reports.StateExceptionInvalid, face{Word: "exception invalid", Glyph: "stop", Tone: "bad"}},
	{reports.StateClaimedFixed, face{Word: "claimed fixed, not verified", Glyph: "flag", Tone: "warn"}},
	{reports.StateExcepted, face{Word: "excepted", Glyph: "shield", Tone: "note"}},
}

func stateFace(s reports.GapState) face {
	for _, known := range states {
		if known.state == s {
			return known.face
		}
	}
	return unknownFace(string(s))
}

// unknownFace shows a word that this page does not know, and claims nothing about it.
func unknownFace(word string) face {
	if word == "" {
		word = "not stated"
	}
	return face{Word: word, Glyph: "question", Tone: "quiet"}
}

// exceptionFace tells one that expires soon from one that holds for long.
func exceptionFace(u reports.ExceptionUse) face {
	switch u.State {
	case reports.ExceptionActive:
		if u.Warning != "" {
			return face{Word: "expiring", Glyph: "clock", Tone: "warn"}
		}
		return face{Word: "active", Glyph: "shield", Tone: "note"}
	case reports.ExceptionExpired:
		return face{Word: "expired", Glyph: "cross", Tone: "bad"}
	case reports.ExceptionExceeded:
		return face{Word: "exceeded", Glyph: "up", Tone: "bad"}
	case reports.ExceptionInvalid:
		return face{Word: "invalid", Glyph: "stop", Tone: "bad"}
	case reports.ExceptionUnneeded:
		return face{Word: "no longer needed", Glyph: "check", Tone: "quiet"}
	}
	return unknownFace(string(u.State))
}

var changes = []struct {
	change reports.Change
	face   face
}{
	{reports.ChangeRegressed, face{Word: "regressed", Glyph: "back", Tone: "bad"}},
	{reports.ChangeNew, face{Word: "new", Glyph: "plus", Tone: "bad"}},
	{reports.ChangeWorse, face{Word: "worse", Glyph: "up", Tone: "bad"}},
	{reports.ChangeNoLongerTested, face{Word: "no longer tested", Glyph: "question", Tone: "warn"}},
	{reports.ChangeUnchanged, face{Word: "unchanged", Glyph: "dash", Tone: "quiet"}},
	{reports.ChangeBetter, face{Word: "better", Glyph: "down", Tone: "ok"}},
	{reports.ChangeFixed, face{Word: "fixed, verified", Glyph: "check", Tone: "ok"}},
}

func changeFace(c reports.Change) face {
	for _, known := range changes {
		if known.change == c {
			return known.face
		}
	}
	return unknownFace(string(c))
}

var controlStates = []struct {
	state reports.ControlState
	face  face
}{
	{reports.ControlNotEffective, face{Word: "not effective", Glyph: "cross", Tone: "bad"}},
	{reports.ControlNotDemonstrated, face{Word: "not demonstrated", Glyph: "question", Tone: "blank"}},
	{reports.ControlEffective, face{Word: "effective within this run", Glyph: "check", Tone: "ok"}},
}

func controlFace(s reports.ControlState) face {
	for _, known := range controlStates {
		if known.state == s {
			return known.face
		}
	}
	return unknownFace(string(s))
}

// classWords name a class of gap for a reader.
func classWords(c reports.GapClass) string {
	switch c {
	case "":
		return "not stated"
	case reports.ClassSurvivedAccess:
		return "Survived access, by a stored credential"
	case reports.ClassSurvivedSession:
		return "Survived access, by a session"
	case reports.ClassLocalPath:
		return "Local path, beside the identity source"
	case reports.ClassLingeringRights:
		return "Lingering entitlement"
	case reports.ClassUnauthoritative:
		return "Unauthoritative write"
	case reports.ClassIgnoredSilently:
		return "Ignored silently"
	case reports.ClassPartialSupport:
		return "Partial support"
	case reports.ClassRefusedExplicitly:
		return "Refused explicitly"
	case reports.ClassUndelivered:
		return "Declared, not delivered"
	case reports.ClassDelayed:
		return "Delayed"
	case reports.ClassRevived:
		return "Revived access"
	case reports.ClassUnreported:
		return "Unreported"
	case reports.ClassUnreconcilable:
		return "Unreconcilable"
	case reports.ClassOrphanedNonHuman:
		return "Orphaned non-human identity"
	case reports.ClassDormantAccount:
		return "Dormant account"
	case reports.ClassChannelWeak:
		return "Weak channel"
	case reports.ClassUnreliablePath:
		return "Unreliable path"
	case reports.ClassNoEvidence:
		return "No evidence"
	case reports.ClassGovernance:
		return "Governance"
	}
	return string(c)
}

// claimWords say what the service claims of what the gap is about.
func claimWords(d reports.Declared) string {
	switch d {
	case reports.DeclaredSupported:
		return "supported, and not delivered"
	case reports.DeclaredUnsupported:
		return "not supported, and it says so"
	case reports.DeclaredNothing, "":
		return "nothing"
	}
	return string(d)
}

// ruleWords name the step of the gate that decided.
func ruleWords(rule reports.GateRule) string {
	switch rule {
	case reports.RuleConfiguration:
		return "Decided by the configuration"
	case reports.RuleTrust:
		return "Decided by the rule on whose run counts"
	case reports.RuleEvidence:
		return "Decided by the rule on evidence"
	case reports.RuleHealth:
		return "Decided by the rule on the health of the run"
	case reports.RuleGaps:
		return "Decided by the rule on open control gaps"
	case reports.RuleRegression:
		return "Decided by the rule on regressions"
	case reports.RuleUnfinished:
		return "Decided by the rule on unfinished runs"
	case reports.RuleExceptions:
		return "Decided by the rule on exceptions"
	case reports.RulePass:
		return "No rule of the gate was against it"
	case "":
		return "The rule that decided"
	}
	return "Decided by the rule “" + string(rule) + "”"
}

// operatorWords name who made a run, and on whose side; empty where nobody is named.
func operatorWords(o reports.Operator) string {
	kind := string(o.Kind)
	switch o.Kind {
	case reports.OperatorBuyer:
		kind = "for the buyer"
	case reports.OperatorVendor:
		kind = "for the vendor"
	case reports.OperatorThirdParty:
		kind = "third party"
	}
	if o.Name != "" && kind != "" {
		return o.Name + ", " + kind
	}
	return o.Name + kind
}

// dayWords print a day as people write it, and as it stands where it is none.
func dayWords(d reports.Day) string {
	at := d.Time()
	if at.IsZero() {
		return string(d)
	}
	return at.Format("2 January 2006")
}

// date prints the day of a moment.
func date(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return dayWords(reports.DayOf(t))
}

// oftenWords says how often a gap happens.
func oftenWords(o reports.Occurrence) string {
	switch o {
	case reports.OccurrenceSystemic:
		return "Systemic"
	case reports.OccurrenceIntermittent:
		return "Intermittent: for some of the leavers"
	case reports.OccurrenceOneOff:
		return "Seen once, for the one leaver there was"
	case "":
		return ""
	}
	return capital(string(o))
}
