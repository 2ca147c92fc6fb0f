package oscal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// mitigating are the compensating controls of an exception that holds: of any other nobody knows
// whether they do.
func (b *builder) mitigating(g *reports.Gap, exception *reports.ExceptionUse) []mitigatingFactor {
	if exception == nil || g.State != reports.StateExcepted {
		return nil
	}
	var list []mitigatingFactor
	for _, c := range exception.Compensating {
		list = append(list, mitigatingFactor{
			UUID:        b.uuid("mitigating", b.r.Target.ID, g.ID, exception.ID, c.Description),
			Description: line(c.Description, "A compensating control without a description."),
			Props:       props("kind", c.Kind, "verified-by-check", c.VerifiedBy, "exception-id", exception.ID),
		})
	}
	return list
}

// remediations are what would close the gap and, where an exception has one, the plan to do so.
func (b *builder) remediations(g *reports.Gap, exception *reports.ExceptionUse) []remediation {
	recommended := remediation{
		UUID:        b.uuid("remediation", b.r.Target.ID, g.ID),
		Lifecycle:   "recommendation",
		Title:       "What would close the gap",
		Description: line(g.Closes, "Nothing is said of what would close the gap."),
		Props:       props("remediating-role", g.Remediator.Role, "certifying-role", g.Certifier.Role),
	}
	if day := endOf(g.Deadline); day != "" {
		recommended.Tasks = append(recommended.Tasks, b.task("milestone", "The gap is closed", day, g.ID))
	}
	for _, step := range g.Escalation {
		if day := moment(step.On.Time()); day != "" {
			recommended.Tasks = append(recommended.Tasks, b.task("action", "If the gap is still open, tell: "+line(step.To, "nobody is named"), day, g.ID))
		}
	}
	list := []remediation{recommended}
	if exception == nil || strings.TrimSpace(exception.Remediation.Plan) == "" {
		return list
	}
	planned := remediation{
		UUID:        b.uuid("planned", b.r.Target.ID, g.ID, exception.ID),
		Lifecycle:   "planned",
		Title:       "The plan of exception " + line(exception.ID, "without an id"),
		Description: line(exception.Remediation.Plan, "No plan is given."),
		Props:       props("exception-id", exception.ID, "remediating-party", exception.Remediation.Party),
	}
	if day := endOf(exception.Remediation.By); day != "" {
		planned.Tasks = []task{b.task("milestone", "The plan is carried out", day, g.ID, exception.ID)}
	}
	return append(list, planned)
}

func (b *builder) task(kind, title, day string, key ...string) task {
	return task{
		UUID: b.uuid(append([]string{"task", b.r.Target.ID, kind, title, day}, key...)...),
		Type: kind, Title: title, Timing: &timing{On: onDate{Date: day}},
	}
}

// log tells how a gap came to its state: when it was first seen, who approved what, and what the
// judging changed.
func (b *builder) log(g *reports.Gap, exception *reports.ExceptionUse) *riskLog {
	var entries []logEntry
	add := func(at time.Time, e logEntry) {
		if e.at, e.Start = at, moment(at); e.Start != "" { // what has no day cannot be put into a log
			e.UUID = b.uuid("log", b.r.Target.ID, g.ID, e.Title, e.Start)
			entries = append(entries, e)
		}
	}
	add(g.FirstSeen, logEntry{Title: "First seen", Status: "open"})
	for _, c := range b.r.Closures {
		if c.Gap == g.ID {
			add(c.On, logEntry{
				Title: "Certified as closed", Status: "closed",
				Description: markup(fmt.Sprintf("Run %s shows it, in the report with SHA-256 %s.", c.Run, c.Evidence)),
				LoggedBy:    b.logged(c.Certifier, reports.RoleRemediationCertifier),
			})
		}
	}
	if exception != nil {
		for _, e := range b.approvals(exception) {
			add(e.at, e)
		}
	}
	add(b.judged(), logEntry{
		Title:       "Judged as " + line(string(g.State), "open"),
		Description: markup(g.StateWhy), Status: status(g.State),
	})
	slices.SortStableFunc(entries, func(a, b logEntry) int { return a.at.Compare(b.at) })
	return &riskLog{Entries: entries}
}

// judged is when the report was judged.
func (b *builder) judged() time.Time {
	if moment(b.r.Judged) == "" {
		return b.r.Run.Started
	}
	return b.r.Judged
}

// approvals are the signers' words, the earliest first. The last of them approves the deviation,
// unless the exception never came into force.
func (b *builder) approvals(exception *reports.ExceptionUse) []logEntry {
	signed := slices.Clone(exception.Approvals)
	slices.SortStableFunc(signed, func(a, b reports.Approval) int { return strings.Compare(string(a.On), string(b.On)) })
	var list []logEntry
	for i, a := range signed {
		e := logEntry{
			Title: "Exception " + line(exception.ID, "without an id") + " approved as " + line(a.Role, "somebody without a role"),
			at:    a.On.Time(), Description: markup(reference(a)),
			LoggedBy: b.logged(reports.Party{Contact: a.By}, a.Role),
		}
		if i == len(signed)-1 && exception.State != reports.ExceptionInvalid {
			e.Status = "deviation-approved"
		}
		list = append(list, e)
	}
	return list
}

func reference(a reports.Approval) string {
	if strings.TrimSpace(a.Reference) == "" {
		return ""
	}
	return "Reference: " + a.Reference
}

func (b *builder) logged(p reports.Party, role string) []loggedBy {
	id := b.party(p)
	if id == "" {
		return nil
	}
	if strings.TrimSpace(role) == "" {
		return []loggedBy{{Party: id}}
	}
	return []loggedBy{{Party: id, Role: b.role(role)}}
}
