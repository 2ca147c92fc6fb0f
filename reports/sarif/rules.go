package sarif

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimproof/scimproof/reports"
)

// mostTags is how many tags of a rule GitHub takes.
const mostTags = 20

// rules are the classes that a report has gaps of.
type rules struct {
	list  []reportingDescriptor
	index map[string]int // by id
}

// newRules makes a rule for each class of the gaps, known ones first and in their order.
func newRules(gaps []reports.Gap) rules {
	byClass := map[string][]*reports.Gap{}
	var ids []string
	for i := range gaps {
		id := show(string(gaps[i].Class), maxID)
		if byClass[id] == nil {
			ids = append(ids, id)
		}
		byClass[id] = append(byClass[id], &gaps[i])
	}
	known := reports.GapClasses()
	place := func(id string) int {
		if i := slices.Index(known, reports.GapClass(id)); i >= 0 {
			return i
		}
		return len(known)
	}
	slices.SortStableFunc(ids, func(a, b string) int { return place(a) - place(b) })
	all := rules{index: map[string]int{}}
	for i, id := range ids {
		all.index[id] = i
		all.list = append(all.list, newRule(id, byClass[id]))
	}
	return all
}

// newRule is a rule as grave as the gravest of its gaps: GitHub looks at no result for that.
func newRule(id string, gaps []*reports.Gap) reportingDescriptor {
	words, known := classWords[reports.GapClass(id)]
	if !known {
		words = [2]string{"Control gap of the class " + id, "A control is not effective."}
	}
	worst := gravest(gaps)
	return reportingDescriptor{
		ID: id, Name: pascal(id),
		ShortDescription: &message{words[0]}, FullDescription: &message{words[1]},
		Help:                 &message{words[1] + " Each result says what closes it; report.html has the evidence."},
		DefaultConfiguration: &configuration{levelOf(worst)},
		Properties:           &ruleProperties{Tags: tagsOf(gaps), SecuritySeverity: securitySeverity(worst)},
	}
}

// gravest is the gravest severity; one that nobody knows is graver than any.
func gravest(gaps []*reports.Gap) reports.Severity {
	order := reports.Severities()
	return slices.MinFunc(gaps, func(a, b *reports.Gap) int {
		return slices.Index(order, a.Severity) - slices.Index(order, b.Severity)
	}).Severity
}

// tagsOf are the controls of a class's gaps, as far as there is room.
func tagsOf(gaps []*reports.Gap) []string {
	tags := []string{"security", "scim"}
	for _, g := range gaps {
		for _, c := range g.Controls {
			tag := show(c.Framework+" "+c.ID, maxID)
			if len(tags) < mostTags && !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
		}
	}
	return tags
}

// levelOf is how a dashboard shows a severity; one that nobody knows is no milder than any.
func levelOf(s reports.Severity) string {
	switch s {
	case reports.SeverityInfo, reports.SeverityLow:
		return "note"
	case reports.SeverityMedium:
		return "warning"
	}
	return "error"
}

// securitySeverity is a severity as a number from 0 to 10, in the middle of the band that GitHub
// calls by the same word.
func securitySeverity(s reports.Severity) string {
	switch s {
	case reports.SeverityInfo:
		return "0.0"
	case reports.SeverityLow:
		return "3.0"
	case reports.SeverityMedium:
		return "5.5"
	case reports.SeverityHigh:
		return "8.0"
	}
	return "9.5"
}

// pascal is the id as a name: survived-access.session as SurvivedAccessSession.
func pascal(id string) string {
	var out strings.Builder
	for _, word := range strings.FieldsFunc(id, func(r rune) bool { return r == '-' || r == '.' }) {
		first, size := utf8.DecodeRuneInString(word)
		out.WriteString(string(unicode.ToUpper(first)) + word[size:])
	}
	return out.String()
}

// classWords says of each class what it is, in short and in full.
var classWords = map[reports.GapClass][2]string{
	reports.ClassSurvivedAccess:    {"A credential outlives its account", "A stored credential, such as a token or a key, goes on working after the person's account was closed."},
	reports.ClassSurvivedSession:   {"A session outlives its account", "A session, or a token that stands for one, goes on working after the person's account was closed."},
	reports.ClassLocalPath:         {"A way in beside the identity source", "The application lets people in by a way that the identity source does not close, such as a local password."},
	reports.ClassLingeringRights:   {"Rights stay after they were taken away", "A group or a role was taken away, and what it gave is still there."},
	reports.ClassUnauthoritative:   {"Somebody else than the source may write", "What the identity source has decided can be changed past it."},
	reports.ClassIgnoredSilently:   {"Answered with success, and nothing done", "The application answers a change with success and does not carry it out, so that nobody notices."},
	reports.ClassPartialSupport:    {"Works in some forms alone", "The application takes some of the forms that identity providers send, or follows the protocol in part."},
	reports.ClassRefusedExplicitly: {"Refused with an error", "The application refuses what the identity source asks for, and says so."},
	reports.ClassUndelivered:       {"Claimed, and not delivered", "The service says that it has a feature, and the feature does not hold."},
	reports.ClassDelayed:           {"Access ends too late", "Access ends after the event, later than the profile allows."},
	reports.ClassRevived:           {"Access comes back", "Access had ended and works again, by itself or with a later event."},
	reports.ClassUnreported:        {"The reply does not say what happened", "A reply or a read-back tells the identity source something else than what is so."},
	reports.ClassUnreconcilable:    {"Accounts cannot be reconciled", "Lists, filters or pages lose accounts, so that the identity source cannot compare what it wants with what is there."},
	reports.ClassOrphanedNonHuman:  {"An account that is no person's outlives its owner", "A service account, a job or a webhook goes on working after its owner has left."},
	reports.ClassDormantAccount:    {"A dormant account", "An account that nobody uses is still open."},
	reports.ClassChannelWeak:       {"The provisioning channel is weak", "The channel over which accounts are opened and closed is not protected as it should be."},
	reports.ClassUnreliablePath:    {"The provisioning path is unreliable", "Run after run cannot decide, because the target cannot be reached or keeps refusing."},
	reports.ClassNoEvidence:        {"No evidence", "Nothing could be learnt of a way in, so that nobody can say that it closes."},
	reports.ClassGovernance:        {"Nobody answers", "A role that has to decide, approve, investigate or certify is held by nobody."},
}
