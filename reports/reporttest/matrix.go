package reporttest

import "github.com/scimproof/scimproof/reports"

// column is one event in one shape.
type column struct {
	event reports.EventKind
	shape string
}

var columns = []column{
	{reports.EventDeactivate, "patch-pathless"},
	{reports.EventDeactivate, "patch-path"},
	{reports.EventDeactivate, "patch-string"},
	{reports.EventDeactivate, "put"},
	{reports.EventDelete, ""},
	{reports.EventRecreate, ""},
	{reports.EventReactivate, ""},
}

func (c column) id() string {
	if c.shape == "" {
		return string(c.event)
	}
	return string(c.event) + "." + c.shape
}

// ways lists the rows with one story for each column.
var ways = []struct {
	kind, path string
	stories    [7]story
}{
	{"web-session", "browser session", [7]story{slow, slow, deaf, slow, prompt, prompt, prompt}},
	{"access-token", "API access token", [7]story{prompt, prompt, deaf, prompt, prompt, prompt, unarmed}},
	{"refresh-token", "", [7]story{absent, absent, absent, absent, absent, absent, absent}},
	{"personal-token", "personal API token", [7]story{lasting, lasting, deaf, lasting, prompt, reborn, suspended}},
	{"local-password", "password sign-in", [7]story{prompt, prompt, deaf, troubled, prompt, prompt, restored}},
}

// story is what becomes of one way in through one event.
type story struct {
	outcome             reports.Outcome
	label, why          string
	lastAllowed, denied int64 // ms after the acknowledgement, -1 for never
	gap                 string
	trouble             *reports.Trouble
	returns             bool // allowed again once the person has returned
	wantAllowed         bool
}

const (
	gapLasting = "gap-3f9a21c407be"
	gapReborn  = "gap-b07e55d1c2a9"
	gapDeaf    = "gap-5c18f06e83d4"
	gapSlow    = "gap-e2d94a37f150"
)

var (
	prompt = story{
		outcome: reports.OutcomeConformant, label: "≤ 0.2 s", lastAllowed: -1, denied: 240,
		why: "Denied from 0.2 s after the acknowledgement on; the untouched user stayed allowed.",
	}
	slow = story{
		outcome: reports.OutcomeDelayed, label: "6 min – 8 min", lastAllowed: 360_000, denied: 480_000, gap: gapSlow,
		why: "Last allowed at 6 min and denied from 8 min on; 5 min are allowed.",
	}
	lasting = story{
		outcome: reports.OutcomeSurvived, label: "≥ 10 min", lastAllowed: 600_000, denied: -1, gap: gapLasting,
		why: "Still allowed 10 min after the acknowledged event, when the watch ended.",
	}
	deaf = story{
		outcome: reports.OutcomeIgnored, label: "≥ 10 min", lastAllowed: 600_000, denied: -1, gap: gapDeaf,
		why: "The event was answered with 200 and changed nothing, so nothing was revoked.",
	}
	reborn = story{
		outcome: reports.OutcomeRevived, label: "came back", lastAllowed: -1, denied: 240, gap: gapReborn, returns: true,
		why: "Denied after the deletion; allowed again 0.4 s after a new account took the user name.",
	}
	suspended = story{
		outcome: reports.OutcomeSuspended, label: "came back", lastAllowed: -1, denied: 240, returns: true,
		why: "Denied while the account was inactive, and back with it on reactivation.",
	}
	restored = story{
		outcome: reports.OutcomeConformant, label: "works again", lastAllowed: -1, denied: 240, returns: true, wantAllowed: true,
		why: "The person can sign in again 0.4 s after the reactivation.",
	}
	unarmed = story{
		outcome: reports.OutcomeNoEvidence, lastAllowed: -1, denied: -1,
		why:     "The token was refused before the event: 403 without the marker. What was never open cannot be seen to close.",
		trouble: &reports.Trouble{Kind: reports.TroubleNoEvidence, Message: "the access token was refused before the event: 403"},
	}
	troubled = story{
		outcome: reports.OutcomeOperational, lastAllowed: -1, denied: -1,
		why:     "The untouched user was cut off as well (503), so a denial proves nothing.",
		trouble: &reports.Trouble{Kind: reports.TroubleOperational, Message: "the control user answered 503 at four marks of eleven"},
	}
	absent = story{
		outcome: reports.OutcomeNotApplicable, lastAllowed: -1, denied: -1,
		why:     "Ada Okafor asserts that there are none: The product's OAuth server issues no refresh tokens; clients sign in again.",
		trouble: &reports.Trouble{Kind: reports.TroubleAsserted, Message: "Ada Okafor: The product's OAuth server issues no refresh tokens; clients sign in again."},
	}
)

func (b *builder) matrix() []reports.MatrixRow {
	rows := make([]reports.MatrixRow, 0, len(ways))
	for _, way := range ways {
		row := reports.MatrixRow{Credential: way.kind, Path: way.path}
		for i, column := range columns {
			s := way.stories[i]
			row.Cells = append(row.Cells, reports.Cell{
				Event: column.event, Shape: column.shape, Check: "survival." + column.id() + "." + way.kind,
				Outcome: s.outcome, Label: s.label, Why: s.why, Gap: s.gap,
				LastAllowedMs: s.lastAllowed, FirstDeniedMs: s.denied,
			})
		}
		rows = append(rows, row)
	}
	return rows
}
