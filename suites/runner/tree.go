// Package runner assembles the spec tree, lists it and runs it. It is the only
// package that touches Ginkgo's globals.
package runner

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/bulk"
	"github.com/scimproof/scimproof/suites/channel"
	"github.com/scimproof/scimproof/suites/discovery"
	"github.com/scimproof/scimproof/suites/errors"
	"github.com/scimproof/scimproof/suites/groups"
	"github.com/scimproof/scimproof/suites/lifecycle"
	"github.com/scimproof/scimproof/suites/me"
	"github.com/scimproof/scimproof/suites/patching"
	"github.com/scimproof/scimproof/suites/querying"
	"github.com/scimproof/scimproof/suites/replacing"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/story"
	"github.com/scimproof/scimproof/suites/survival"
	"github.com/scimproof/scimproof/suites/users"
	"github.com/scimproof/scimproof/suites/versions"
)

// suites lists what adds checks to the tree, in the order of the report. Ginkgo
// runs specs by file, line and text; story is the order in which they are told.
var suites = []struct {
	name     string
	register func()
	story    func() []string
}{
	{"The lifecycle of a user", lifecycle.Register, lifecycle.Story},
	{"What the service says of itself", discovery.Register, discovery.Story},
	{"Messages, refusals and errors", errors.Register, errors.Story},
	{"What is stored of a person", users.Register, users.Story},
	{"Groups and their members", groups.Register, groups.Story},
	{"Lists and filters", querying.Register, querying.Story},
	{"Replacing with PUT", replacing.Register, replacing.Story},
	{"The alias of who asks", me.Register, me.Story},
	{"Changing with PATCH", patching.Register, patching.Story},
	{"Several operations at once", bulk.Register, bulk.Story},
	{"Versions", versions.Register, versions.Story},
	{"The story of each identity provider", story.Register, story.Story},
	{"Who may provision", channel.Register, channel.Story},
	{"Access after a lifecycle event", survival.Register, survival.Story},
}

// build makes a new spec tree. Ginkgo keeps it in globals, so nothing else may run
// until the returned function has been called.
func build() (release func()) {
	globals.Reset()
	// Ginkgo's own reporter writes here; ours does the talking.
	formatter.ColorableStdOut = io.Discard
	gomega.RegisterFailHandler(ginkgo.Fail)
	ginkgo.Describe("SCIM", func() {
		for _, s := range suites {
			ginkgo.Describe(s.name, s.register)
		}
	})
	return globals.Reset
}

// settings returns Ginkgo's configuration. It starts from the defaults each time,
// as Ginkgo keeps what an earlier run in the process has set.
func settings(filter string, seed int64) (types.SuiteConfig, types.ReporterConfig) {
	suite, reporter := types.NewDefaultSuiteConfig(), types.NewDefaultReporterConfig()
	suite.LabelFilter = filter
	suite.RandomSeed = seed
	return suite, reporter
}

// List returns every check, those that the filter cuts marked as not selected.
// The error is a *FilterError.
func List(filter string) ([]reports.Spec, error) {
	if err := validate(filter); err != nil {
		return nil, err
	}
	defer build()()
	suite, reporter := settings(filter, 1)
	preview := ginkgo.PreviewSpecs("scimproof", suite, reporter)
	var list []reports.Spec
	for _, r := range preview.SpecReports {
		if r.LeafNodeType != types.NodeTypeIt {
			continue
		}
		s := spec.Describe(r.LeafNodeText, r.Labels())
		if r.State.Is(types.SpecStateSkipped) {
			s.State = reports.SpecNotSelected
		}
		list = append(list, s)
	}
	tell(list)
	return list, nil
}

// tell puts checks into the order of the story. One that the story does not name
// comes last.
func tell(list []reports.Spec) {
	var story []string
	for _, s := range suites {
		story = append(story, s.story()...)
	}
	place := func(id string) int {
		for i, start := range story {
			if id == start || strings.HasPrefix(id, start+".") {
				return i
			}
		}
		return len(story)
	}
	places := make(map[string]int, len(list))
	for _, s := range list {
		places[s.ID] = place(s.ID)
	}
	slices.SortStableFunc(list, func(a, b reports.Spec) int { return places[a.ID] - places[b.ID] })
}

// FilterError is the error for a selection that cannot be used.
type FilterError struct{ Filter, Problem string }

// Error says what is wrong with the filter.
func (e *FilterError) Error() string {
	return fmt.Sprintf("--only %q: %s", e.Filter, e.Problem)
}

var ansi = regexp.MustCompile(`\x1b\[[0-9;]*m|\{\{[^}]*\}\}`)

// validate refuses a filter on which Ginkgo would end the process.
func validate(filter string) error {
	if _, err := types.ParseLabelFilter(filter); err != nil {
		text := strings.Join(strings.Fields(ansi.ReplaceAllString(err.Error(), "")), " ")
		return &FilterError{Filter: filter, Problem: text}
	}
	return nil
}

// selected returns the ids of the checks that will run.
func selected(list []reports.Spec) []string {
	var ids []string
	for _, s := range list {
		if s.State != reports.SpecNotSelected {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// merged returns a context that ends with the node's or with the run's.
func merged(node, run context.Context) context.Context {
	ctx, cancel := context.WithCancel(node)
	context.AfterFunc(run, cancel)
	// AfterFunc does not wait: a node that starts after the end must not slip through.
	if run.Err() != nil {
		cancel()
	}
	return ctx
}

func index(list []reports.Spec, id string) int {
	return slices.IndexFunc(list, func(s reports.Spec) bool { return s.ID == id })
}
