package reports

import (
	"fmt"
	"strings"
)

// summarise says in a few plain sentences what still works after somebody has
// left, for how long, and who answers for it.
func summarise(r *Report) string {
	var text []string
	switch {
	case r.Health.Outage != "":
		return "Nothing can be said about " + r.Target.Name + ": " + strings.TrimSuffix(r.Health.Outage, ".") + ". This is an operational matter and no finding."
	case r.Run.Partial:
		text = append(text, "The run was cut short, so this is a part of the picture.")
	}
	text = append(text, leavingSentences(r)...)
	text = append(text, backSentences(r)...)
	text = append(text, unknownSentence(r))
	if open := openGaps(r.Gaps); len(open) > 0 {
		text = append(text, fmt.Sprintf("%s (%s) answers for the %s.", r.Target.Owners.ApplicationOwner.Name, RoleApplicationOwner, plural(len(open), "open control gap")))
	}
	if accepted := r.acceptedUntil(); accepted != "" {
		text = append(text, accepted+".")
	}
	text = append(text, unclearSentence(r), pendingSentence(r.LongWatch))
	return strings.Join(nonEmpty(text), " ")
}

// leavingSentences compares what the target said with what it did.
func leavingSentences(r *Report) []string {
	tried, alive := map[string]bool{}, map[string]int64{}
	for _, row := range r.Matrix {
		name := rowName(row)
		for _, c := range row.Cells {
			switch c.Outcome {
			case OutcomeSurvived, OutcomeIgnored, OutcomeDelayed:
				alive[name] = max(alive[name], c.LastAllowedMs)
				tried[name] = true
			case OutcomeConformant, OutcomeSuspended, OutcomeRevived:
				tried[name] = true
			}
		}
	}
	if len(tried) == 0 {
		return nil
	}
	if len(alive) == 0 {
		return []string{fmt.Sprintf("Once a person has left, none of the %s that were tried goes on letting them into %s.", plural(len(tried), "way in", "ways in"), r.Target.Name)}
	}
	var names []string
	var longest int64
	for _, row := range r.Matrix {
		if ms, ok := alive[rowName(row)]; ok {
			names = append(names, rowName(row))
			longest = max(longest, ms)
		}
	}
	return []string{fmt.Sprintf("After the identity source says that a person has left, %d of %s into %s still work: %s. The longest was still open %s later.",
		len(names), plural(len(tried), "way"), r.Target.Name, some(names), seconds(longest))}
}

// mostNames is how many names the summary lists; the matrix has all of them.
const mostNames = 6

// some lists names, and says how many there are beyond those that are listed.
func some(names []string) string {
	if len(names) <= mostNames+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d others", strings.Join(names[:mostNames], ", "), len(names)-mostNames)
}

func rowName(row MatrixRow) string { return nameOf(row.Path, row.Credential) }

// nameOf names a way in: its path, or the kind where none is declared.
func nameOf(path, credential string) string {
	if path != "" {
		return path
	}
	return CredentialTitle(credential)
}

// backSentences name what came back: while the person was away, with the next account of
// the name, and by itself at a later mark.
func backSentences(r *Report) []string {
	said := []string{
		"While they are away, this lets them in again: ",
		"Old credentials of a deleted user open the next account of that name: ",
		"Access that had ended was open again later, by itself: ",
	}
	names := make([][]string, len(said))
	for _, g := range r.Gaps {
		switch {
		case g.Outcome != OutcomeRevived || g.Event == EventReactivate:
		case g.Event == EventRecreate:
			names[1] = append(names[1], CredentialTitle(g.Credential))
		case comesBackByItself(g.Event):
			names[2] = append(names[2], nameOf(g.Path, g.Credential))
		default:
			name := "a routine write to the account" // where SCIM shows it as open again, and no way in was tried
			if g.Path+g.Credential != "" {
				name = nameOf(g.Path, g.Credential)
			}
			names[0] = append(names[0], name)
		}
	}
	var text []string
	for i, list := range names {
		if len(list) > 0 {
			text = append(text, said[i]+strings.Join(unique(list), ", ")+".")
		}
	}
	return text
}

func unknownSentence(r *Report) string {
	unknown, operational := r.Counts.Checks[OutcomeNoEvidence], r.Counts.Checks[OutcomeOperational]
	var text []string
	if unknown > 0 {
		text = append(text, plural(unknown, "check")+" found no evidence, which is never a pass.")
	}
	if operational > 0 {
		text = append(text, plural(operational, "check")+" could not decide for passing trouble, which is no finding.")
	}
	return strings.Join(text, " ")
}

// plural prints a number with its noun: "1 check", "2 checks".
func plural(n int, one string, many ...string) string {
	if n == 1 {
		return "1 " + one
	}
	if len(many) > 0 {
		return fmt.Sprintf("%d %s", n, many[0])
	}
	return fmt.Sprintf("%d %ss", n, one)
}

func nonEmpty(list []string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
