package main

import (
	"fmt"
	"time"

	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/reports"
)

// What survives ranks as follows, whatever the program says: what opens everything, or
// anew, is critical; a session, and what a group opens, high; what expires or only shows
// something, medium.
var ranks = map[string]int{
	"personal-token": critical, "refresh-token": critical, "app-password": critical, "local-password": critical, "ssh-key": critical,
	"service-account": critical, "role-access": critical, "reset-link": critical,
	"web-session": high, "remember-me": high, "sso-login": high, "magic-link": high, "impersonation": high, "acting-as": high,
	"authorization-code": high, "invitation": high, "event-stream": high, "webhook": high, "scheduled-job": high,
	"group-access": high, "direct-grant": high,
	"access-token": medium, "share-link": medium,
}

// The severities, from least to most.
const (
	info = iota
	low
	medium
	high
	critical
)

// withinAnHour are the credentials that end by themselves within an hour, by the word of
// the reference application: what survives of them is two steps less grave.
var withinAnHour = map[string]bool{
	"access-token": true, "authorization-code": true, "reset-link": true, "magic-link": true, "impersonation": true, "acting-as": true,
}

// severityOf is how grave a gap of a class has to be on the reference application, and
// false for a class whose severity does not come of what survives. The application answers
// every event with success, which is one step graver than an honest refusal.
func severityOf(g reports.Gap) (reports.Severity, bool) {
	rank := ranks[g.Credential]
	switch {
	case g.Outcome == reports.OutcomeRevived && g.Event == reports.EventReactivate:
		return reports.SeverityInfo, true // suspended with the account, as many products declare
	case g.Outcome == reports.OutcomeRevived:
		return reports.SeverityCritical, true
	case g.Outcome == reports.OutcomeIgnored && (g.Event == reports.EventDeactivate || g.Event == reports.EventDelete):
		return reports.SeverityCritical, true
	case g.Outcome == reports.OutcomeDelayed, g.Outcome == reports.OutcomeSurvived && withinAnHour[g.Credential]:
		rank -= 2
	case g.Outcome != reports.OutcomeSurvived:
		return "", false
	}
	all := []reports.Severity{reports.SeverityInfo, reports.SeverityLow, reports.SeverityMedium, reports.SeverityHigh, reports.SeverityCritical}
	return all[min(max(rank+1, info), critical)], true
}

// misjudged says which gaps have another severity than they must; empty for none.
func misjudged(gaps []reports.Gap) string {
	for _, g := range gaps {
		if want, known := severityOf(g); known && g.Severity != want {
			return fmt.Sprintf("%q is %s and must be %s", g.Title, g.Severity, want)
		}
	}
	return ""
}

// slack is how much later than the application a tester may see a moment: a try takes its
// time.
const slack = 750 * time.Millisecond

// mismeasured says where the exposure window of access that ends late does not hold the
// moment at which the defect ends it; empty where all do.
func mismeasured(d defects.Defect, matrix []reports.MatrixRow) string {
	for _, row := range matrix {
		for _, c := range row.Cells {
			last, first := time.Duration(c.LastAllowedMs)*time.Millisecond, time.Duration(c.FirstDeniedMs)*time.Millisecond
			if c.Outcome == reports.OutcomeDelayed && (last > d.Delay+slack || first < d.Delay-slack) {
				return fmt.Sprintf("%s: access ends %s after the event, and was measured between %s and %s", c.Check, d.Delay, last, first)
			}
		}
	}
	return ""
}
