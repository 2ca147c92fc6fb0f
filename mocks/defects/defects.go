// Package defects names ways to be wrong. Each is a small change of the reference
// application's behaviour through its hooks, with the failure that it imitates and
// the checks that must notice it.
package defects

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/agext/levenshtein"

	"github.com/scimproof/scimproof/mocks/acme"
)

// Defect is one way to be wrong, or something that a tester may take for one.
type Defect struct {
	// Name is unique, in lower case with hyphens.
	Name string
	// Summary is one sentence.
	Summary string
	// Imitates is where it happened for real; empty where none is known.
	Imitates string
	// Family is what it is about; see Families.
	Family Family
	// Checks are the ids of exactly the checks that turn red. A * stands for one
	// part between dots or the rest of it, so survival.delete.* is each credential. Empty while no
	// check notices the defect.
	Checks []string
	// Gaps are the gaps that it costs, each as "class", "class event" or "class event
	// credential", in the report's words.
	Gaps []string
	// Watch is how long access must be watched to see it; zero for a moment.
	Watch time.Duration
	// Only chooses the checks that it is held against, as it spoils all others; no run of
	// them may pass. Empty for no such choice.
	Only string
	// Delay is how long access lasts that ends late; zero for none.
	Delay time.Duration
	// Install switches the defect on. Several can be on at once.
	Install func(*acme.Config)
}

// Family is what a group of defects is about.
type Family string

// The families of defects, and two that are none.
const (
	Leaver         Family = "leaver"         // what SCIM shows of somebody who leaves and comes back
	Survival       Family = "survival"       // access that outlives the event, or comes back
	Members        Family = "members"        // groups and roles, and what they open
	Create         Family = "create"         // POST
	Identity       Family = "identity"       // what is stored of a person, and who is who
	Patch          Family = "patch"          // PATCH
	Put            Family = "put"            // PUT
	Lists          Family = "query"          // filters, sorting and paging
	Representation Family = "representation" // the form of resources and messages
	Errors         Family = "errors"         // statuses and error messages
	Discovery      Family = "discovery"      // what the service says of itself
	Versions       Family = "versions"       // ETags
	Bulk           Family = "bulk"           // Bulk
	Channel        Family = "channel"        // who may provision
	Monitoring     Family = "monitoring"     // audit log and inventory
	Leaks          Family = "leaks"          // what is shown to whom it is not meant for
	// Operational is passing trouble, which is no defect and must cost no gap.
	Operational Family = "operational"
	// Lawful is what the RFCs allow and testers take for a defect; it must cost none.
	Lawful Family = "lawful"
)

// Harmless reports what must cost no gap.
func (d Defect) Harmless() bool { return d.Family == Operational || d.Family == Lawful }

// Noticed reports whether a check turns red.
func (d Defect) Noticed() bool { return len(d.Checks) > 0 }

// families lists each family's defects; a new family is a file and a line here.
var families = map[Family]func() []Defect{
	Leaver:         leaver,
	Survival:       survival,
	Members:        members,
	Create:         create,
	Identity:       identity,
	Patch:          patch,
	Put:            put,
	Lists:          query,
	Representation: representation,
	Errors:         errorReplies,
	Discovery:      discovery,
	Versions:       versions,
	Bulk:           bulk,
	Channel:        channel,
	Monitoring:     monitoring,
	Leaks:          leaks,
	Operational:    operational,
	Lawful:         lawful,
}

// All lists the defects, sorted by family and then by name.
func All() []Defect {
	var all []Defect
	for family, list := range families {
		for _, d := range list() {
			d.Family = family
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b Defect) int {
		return cmp.Or(cmp.Compare(a.Family, b.Family), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// Get returns the defect with the name.
func Get(name string) (Defect, bool) {
	all := All()
	i := slices.IndexFunc(all, func(d Defect) bool { return d.Name == name })
	if i < 0 {
		return Defect{}, false
	}
	return all[i], true
}

// Install switches the named defects on, all of them or, on an error, none. The
// error for an unknown name lists the nearest known ones.
func Install(c *acme.Config, names ...string) error {
	chosen := make([]Defect, len(names))
	for i, name := range names {
		var ok bool
		if chosen[i], ok = Get(name); !ok {
			return fmt.Errorf("no defect has the name %q; the nearest are %s", name, strings.Join(nearest(name, 3), ", "))
		}
	}
	for _, d := range chosen {
		d.Install(c)
	}
	return nil
}

// nearest lists the n names that are most like the given one.
func nearest(name string, n int) []string {
	all := All()
	slices.SortStableFunc(all, func(a, b Defect) int {
		return cmp.Compare(levenshtein.Distance(name, a.Name, nil), levenshtein.Distance(name, b.Name, nil))
	})
	var names []string
	for _, d := range all[:min(n, len(all))] {
		names = append(names, d.Name)
	}
	return names
}

// Expected lists which of the given check ids the defect must turn red.
func (d Defect) Expected(all []string) []string {
	var out []string
	for _, id := range all {
		if slices.ContainsFunc(d.Checks, func(pattern string) bool { return matches(pattern, id) }) {
			out = append(out, id)
		}
	}
	return out
}

// PlainChecks is a selection of checks for when a whole run takes too long: of those on
// survival, the ones of five plain credentials that stand for the others, being tried by
// the same machinery, in the seven events that every leaver meets.
const PlainChecks = "!survival || credential: containsAny {web-session, access-token, refresh-token, personal-token, local-password} && " +
	"(event: containsAny {delete, recreate, reactivate} || shape: containsAny {patch-pathless, patch-path, patch-string, put})"

// matches compares an id with a pattern part by part.
func matches(pattern, id string) bool {
	return slices.EqualFunc(strings.Split(pattern, "."), strings.Split(id, "."), func(p, part string) bool {
		same, err := path.Match(p, part)
		return same && err == nil
	})
}
