package reports

import (
	"fmt"
	"strings"
)

// governance are the gaps of those who answer for the target: a role that nobody holds, and a
// path that is down again and again, which is nobody's passing trouble any more.
func (r *Report) governance() []Gap {
	var gaps []Gap
	for _, role := range r.roles() {
		if strings.TrimSpace(role.party.Name) == "" {
			gaps = append(gaps, r.unowned(role.name, role.does))
		}
	}
	if why := r.unreliable(); why != "" {
		gaps = append(gaps, r.unreliablePath(why))
	}
	return gaps
}

// role is one that somebody has to hold.
type role struct {
	name  string
	party Party
	does  string
}

func (r *Report) roles() []role {
	o := r.Target.Owners
	return []role{
		{RoleIdentitySource, o.IdentitySource, "says who has left"},
		{RoleApplicationOwner, o.ApplicationOwner, "answers for the gaps of the application"},
		{RoleExceptionApprover, o.ExceptionApprover, "may accept a gap for a time"},
		{RoleFailureInvestigator, o.FailureInvestigator, "looks into provisioning that fails"},
		{RoleRemediationCertifier, o.RemediationCertifier, "certifies that a gap is closed"},
	}
}

// emptyRoles names the roles that nobody holds.
func (r *Report) emptyRoles() []string {
	var empty []string
	for _, role := range r.roles() {
		if strings.TrimSpace(role.party.Name) == "" {
			empty = append(empty, role.name)
		}
	}
	return empty
}

func (r *Report) unowned(role, does string) Gap {
	return r.beside(Gap{
		Outcome: OutcomeUnowned, Class: ClassGovernance, Severity: SeverityHigh,
		SeverityWhy: []string{
			"What survives: whatever this run found or missed, as nobody " + does + " (base high)",
			"Exposure: does not apply",
			"Silence: does not apply",
		},
		Title:     "Nobody is named as " + role,
		Statement: fmt.Sprintf("Without a name nobody %s: a gap that nobody owns stays open.", does),
		Parts:     []string{"The profile names no " + role + "."},
		Closes:    "Name a person or a team as " + role + " in the profile, under owners.",
	}, role)
}

func (r *Report) unreliablePath(why string) Gap {
	return r.beside(Gap{
		Outcome: OutcomeUnreliable, Class: ClassUnreliablePath, Severity: SeverityMedium,
		SeverityWhy: []string{
			"What survives: unknown, run after run; departures that meet the same trouble wait (base medium)",
			"Exposure: until the path holds",
			"Silence: does not apply",
		},
		Title:     "Run after run cannot decide",
		Statement: "An outage passes; a path that is down again and again is a matter of ownership: nobody can rely on it for a departure.",
		Parts:     []string{why},
		Closes:    "Find out why the target cannot be reached or keeps refusing, and run again until the runs decide.",
	}, "unreliable")
}

// beside completes a gap that no check of this run shows.
func (r *Report) beside(g Gap, about string) Gap {
	g.ID = gapID(r.Target.ID, string(g.Class), "", "", "", about)
	g.Declared, g.Occurrence = DeclaredNothing, OccurrenceSystemic
	g.Checks, g.Evidence = []string{}, []string{}
	g.Reproduce = "scimproof run --target TARGET.yaml --out DIR"
	return g
}

// Runs that could not decide become a matter of ownership after so many in a row, or where they
// are more than half of the last few.
const (
	inconclusiveInARow = 3
	lastFew            = 5
)

// unreliable says why a path is not to be relied on, as a sentence; empty if it is. The run at
// hand counts by its health: whether it decided is not known yet.
func (r *Report) unreliable() string {
	words := []Word{VerdictPass}
	if !r.sound() {
		words[0] = VerdictInconclusive
	}
	for _, p := range r.History {
		words = append(words, p.Verdict)
	}
	row := 0
	for row < len(words) && words[row] == VerdictInconclusive {
		row++
	}
	if row >= inconclusiveInARow {
		return fmt.Sprintf("The last %d runs, with this one, could not decide.", row)
	}
	of := 0
	for _, w := range words[:min(len(words), lastFew)] {
		if w == VerdictInconclusive {
			of++
		}
	}
	if len(words) >= lastFew && 2*of > lastFew {
		return fmt.Sprintf("%d of the last %d runs could not decide.", of, lastFew)
	}
	return ""
}
