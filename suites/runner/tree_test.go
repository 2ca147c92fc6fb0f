package runner_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/requirements"
	"github.com/scimproof/scimproof/suites/runner"
)

var update = flag.Bool("update", false, "write the golden files anew")

func list(t *testing.T, filter string) []reports.Spec {
	t.Helper()
	all, err := runner.List(filter)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The names of checks are what owners and reports refer to; a change of the list is
// for review.
func TestTheListOfChecksIsGolden(t *testing.T) {
	g := NewWithT(t)
	var names strings.Builder
	for _, s := range list(t, "") {
		names.WriteString(s.ID + "\n")
	}
	const golden = "testdata/checks.golden"
	if *update {
		g.Expect(os.WriteFile(golden, []byte(names.String()), 0o600)).To(Succeed())
	}
	want, err := os.ReadFile(golden)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(names.String()).To(Equal(string(want)))
}

func TestEachCheckIsWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range list(t, "") {
		t.Run(s.ID, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(s.ID).To(MatchRegexp(`^[a-z]+(\.[a-z0-9-]+)+$`))
			g.Expect(seen[s.ID]).To(BeFalse(), "the name is there twice")
			seen[s.ID] = true
			g.Expect(s.Text).To(MatchRegexp(`^[a-z].*[^.]$`), "a check's text goes on after “The target …”")
			g.Expect(s.Requirements).NotTo(BeEmpty())
		})
	}
}

func TestChecksAndRequirementsCoverEachOther(t *testing.T) {
	g := NewWithT(t)
	covered := map[string]bool{}
	for _, s := range list(t, "") {
		for _, id := range s.Requirements {
			covered[id] = true
			_, known := requirements.Get(id)
			g.Expect(known).To(BeTrue(), "%s covers %s, which is not in the catalogue", s.ID, id)
		}
	}
	for _, r := range requirements.All() {
		g.Expect(covered[r.ID]).To(BeTrue(), "no check covers %s", r.ID)
	}
}

func TestTheFilterSelects(t *testing.T) {
	for filter, want := range map[string]int{
		"lifecycle":                         40,
		"survival":                          306,
		"credential:web-session":            34,
		"event:delete && survival":          21,
		"shape:put":                         25,
		"req: containsAny {RFC7644-3.6-03}": 2,
		"check: containsAny {lifecycle.create, lifecycle.delete}": 2,
	} {
		t.Run(filter, func(t *testing.T) {
			n := 0
			for _, s := range list(t, filter) {
				if s.State != reports.SpecNotSelected {
					n++
				}
			}
			NewWithT(t).Expect(n).To(Equal(want))
		})
	}
}

func TestABadFilterIsAnErrorAndNotTheEndOfTheProcess(t *testing.T) {
	for _, filter := range []string{"((", "a &&", "/(/", "check: containsAny {"} {
		t.Run(filter, func(t *testing.T) {
			g := NewWithT(t)
			_, err := runner.List(filter)
			var wrong *runner.FilterError
			g.Expect(err).To(BeAssignableToTypeOf(wrong))
			g.Expect(err.Error()).To(ContainSubstring(filter))
			g.Expect(err.Error()).NotTo(ContainSubstring("\x1b"), "no terminal codes in an error")
		})
	}
}

// What a report lists as not tried is tried by no check.
func TestWhatIsNotTriedHasNoCheck(t *testing.T) {
	g := NewWithT(t)
	covered := map[string]bool{}
	for _, s := range list(t, "") {
		for _, id := range s.Requirements {
			covered[id] = true
		}
	}
	for n := 1; n <= 40; n++ {
		id := fmt.Sprintf("AS-%02d", n)
		unprobed := slices.ContainsFunc(reports.UnprobedWays(), func(u reports.Unprobed) bool { return u.ID == id })
		g.Expect(unprobed).NotTo(Equal(covered[id]), "%s is either tried or listed as not tried", id)
	}
}
