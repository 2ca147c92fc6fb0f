package html

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimproof/scimproof/reports"
)

// face is how a state looks: always a glyph and a word, the colour comes on top.
type face struct {
	Word  string
	Glyph string // id of a symbol in templates/glyphs.html, without "g-"
	Tone  string // a class of style.css: ok, bad, warn, note, quiet, or blank where nothing was learnt
	Plain string // what it means, for the legend
}

var outcomes = []struct {
	outcome reports.Outcome
	face    face
}{
	{reports.OutcomeConformant, face{"conformant", "check", "ok", "As it should be: access ended in time and for good, or SCIM did what it says."}},
	{reports.OutcomeSurvived, face{"survived access", "open", "bad", "The credential still worked when the watch ended."}},
	{reports.OutcomeRevived, face{"revived access", "back", "bad", "Access had ended, and came back: with a later event, or by itself."}},
	{reports.OutcomeIgnored, face{"ignored silently", "cross", "bad", "The target answered with success, and nothing changed."}},
	{reports.OutcomeDelayed, face{"delayed", "clock", "warn", "Access ended, but later than allowed."}},
	{reports.OutcomePartialSupport, face{"partial support", "half", "warn", "Some forms of the event work, others do not."}},
	{reports.OutcomeRefused, face{"refused explicitly", "stop", "warn", "The target answered with an honest error."}},
	{reports.OutcomeNonconformant, face{"nonconformant", "mark", "warn", "The effect is right, the protocol is not."}},
	{reports.OutcomeSuspended, face{"suspended, not revoked", "pause", "note", "Refused while the account was inactive, and back with it."}},
	{reports.OutcomeNoEvidence, face{"no evidence", "question", "blank", "Nothing could be learnt. This is never a pass."}},
	{reports.OutcomeOperational, face{"operational", "wave", "blank", "Passing trouble, such as an outage, hid the answer. No finding."}},
	{reports.OutcomeNotApplicable, face{"not applicable", "dash", "quiet", "There is none of the kind: the cell or row names the person who says so. Or the event does not apply: the note says why."}},
	{reports.OutcomeRecorded, face{"recorded", "pen", "quiet", "The texts leave it open: what the target does is noted, without a verdict."}},
	{reports.OutcomeNotTested, face{"not tested", "gate", "quiet", "The service does not claim the feature, or the profile lacks what it takes. This is no pass."}},
	{reports.OutcomeUndelivered, face{"declared, not delivered", "claim", "warn", "The service says that it can, and it cannot."}},
	{reports.OutcomeUnowned, face{"governance", "nobody", "bad", "Nobody is named who answers, approves, investigates or certifies."}},
	{reports.OutcomeUnreliable, face{"unreliable path", "broken", "warn", "Run after run could not decide."}},
	{reports.OutcomeNotSelected, face{"not selected", "dots", "blank", "Left out of this run."}},
}

func outcomeFace(o reports.Outcome) face {
	for _, known := range outcomes {
		if known.outcome == o {
			return known.face
		}
	}
	return face{Word: string(o), Glyph: "question", Tone: "quiet"}
}

func severityFace(s reports.Severity) face {
	switch s {
	case reports.SeverityCritical:
		return face{Word: "critical", Glyph: "level4", Tone: "bad"}
	case reports.SeverityHigh:
		return face{Word: "high", Glyph: "level3", Tone: "bad"}
	case reports.SeverityMedium:
		return face{Word: "medium", Glyph: "level2", Tone: "warn"}
	case reports.SeverityLow:
		return face{Word: "low", Glyph: "level1", Tone: "note"}
	case reports.SeverityInfo:
		return face{Word: "info", Glyph: "level0", Tone: "quiet"}
	}
	return face{Word: string(s), Glyph: "question", Tone: "quiet"}
}

func verdictFace(w reports.Word) face {
	switch w {
	case reports.VerdictPass:
		return face{Word: "Pass", Glyph: "check", Tone: "ok"}
	case reports.VerdictWithExceptions:
		return face{Word: "Pass with exceptions", Glyph: "shield", Tone: "warn"}
	case reports.VerdictError:
		return face{Word: "Error", Glyph: "mark", Tone: "bad"}
	case reports.VerdictFail:
		return face{Word: "Fail", Glyph: "cross", Tone: "bad"}
	case reports.VerdictInconclusive:
		return face{Word: "Inconclusive", Glyph: "question", Tone: "warn"}
	}
	return face{Word: string(w), Glyph: "question", Tone: "warn"}
}

// eventWords name an event the way the matrix does, apart from its shape.
func eventWords(kind reports.EventKind) string { return reports.EventTitle(kind, "") }

// watchTitle names one credential in one event.
func watchTitle(kind reports.EventKind, shape, path string) string {
	words := eventWords(kind)
	if shape != "" {
		words += " · " + reports.ShapeTitle(shape)
	}
	if path != "" {
		words += " — " + path
	}
	return words
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// slug turns an id into what may stand in an anchor.
func slug(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r)) {
			return r
		}
		return '-'
	}, s)
}
