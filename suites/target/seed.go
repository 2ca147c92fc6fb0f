package target

import (
	"maps"
	"slices"
	"strconv"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

// Log is a look at what a container has written to standard output and standard error.
type Log struct {
	Of string // a companion's name; empty for the application
}

// String names the log, for people.
func (l Log) String() string {
	if l.Of == "" {
		return "the log of the application"
	}
	return "the log of " + l.Of
}

// seed reads what is done once before the first test: there is no test user yet, so that
// steps have the profile's secrets and what earlier ones have captured.
func (b *builder) seed(at path, list []documentStep) []Step {
	var known []string
	for name := range b.doc.Secrets {
		known = append(known, SecretPrefix+name)
	}
	for i, s := range list {
		here := at.Child(strconv.Itoa(i))
		for key, given := range map[string]bool{"exec": s.Exec != nil, "mail": s.Mail != nil, "stream": s.Stream != nil, "oauth": s.OAuth != nil, "browser": s.Browser != nil} {
			if given {
				b.faults.add(here.Child(key), "a seed step is a request or a look at a log", "give get, post, put, patch, delete or log")
			}
		}
		if s.Log != nil && len(s.Capture) == 0 {
			b.faults.add(here, "a look at a log captures something", "give capture: {NAME: {body: true, match: …}}")
		}
	}
	b.seeding = true
	defer func() { b.seeding = false }()
	steps, _ := b.steps(at, list, known)
	return steps
}

// log checks a look at a container's log.
func (b *builder) log(at path, d *documentLog) *Log {
	if !b.seeding {
		b.faults.add(at, "a log is read by steps of container.seed alone", "capture there what it says, and write ${"+SeedPrefix+"NAME} here")
		return nil
	}
	companions := b.doc.Container.Companions
	if _, ok := companions[d.Of]; d.Of != "" && !ok {
		b.faults.add(at.Child("of"), "no companion has this name", strictyaml.DidYouMean(d.Of, append(slices.Collect(maps.Keys(companions)), "leave it out for the application")))
	}
	return &Log{Of: d.Of}
}
