// Package oscal writes a report as NIST OSCAL documents: the run as assessment results, and its
// control gaps as a plan of action and milestones. The documents follow the official JSON Schema
// and hold no reference that leads nowhere; the further rules of OSCAL's metaschema, which only
// oscal-cli checks, are not claimed.
package oscal

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/google/uuid"

	"github.com/scimproof/scimproof/reports"
)

// Version is a version of OSCAL's models.
type Version string

// The versions that can be written. The two differ in nothing that a report fills but the number.
const (
	Version113 Version = "1.1.3"
	Version122 Version = "1.2.2"
)

// Versions lists the versions that can be written, the oldest first.
func Versions() []Version { return []Version{Version113, Version122} }

// Namespace is the ns of the documents' own props and the system of their facets.
const Namespace = "urn:scimproof:ns:oscal"

// WriteResults writes the run as OSCAL assessment results, in JSON: a risk and an observation for
// each control gap, a finding for each objective of NIST SP 800-53r5 that a gap fails, and one for
// each that the report has as effective within the run. Evidence leads into report.json, which is
// thought of as lying in the same folder. The same report gives the same bytes, and risks keep
// their uuid from run to run. It is an error if the version is unknown or the report does not say
// when the run began.
func WriteResults(w io.Writer, r *reports.Report, version Version) error {
	b, err := build(r, version)
	if err != nil {
		return err
	}
	return encode(w, document{Results: b.results()})
}

// WritePlan writes the control gaps, open and excepted, as an OSCAL plan of action and milestones.
// Without a gap nothing is written, as OSCAL has no plan without items, and written is false.
// Errors are those of WriteResults.
func WritePlan(w io.Writer, r *reports.Report, version Version) (written bool, err error) {
	b, err := build(r, version)
	if err != nil || len(r.Gaps) == 0 {
		return false, err
	}
	return true, encode(w, document{Plan: b.plan()})
}

func encode(w io.Writer, doc document) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	if err := out.Encode(doc); err != nil {
		return fmt.Errorf("oscal: writing the document: %w", err)
	}
	return nil
}

// builder gathers what both documents hold.
type builder struct {
	r       *reports.Report
	version Version
	ids     map[string]int // how often a key has been given a uuid
	start   string         // of the run

	tool, target, profile, exceptions string // uuids; exceptions is empty where there is no file

	roles     []role
	parties   []party
	exchanges map[string]int   // id → place in report.json
	cited     map[int]evidence // by place
	views     map[string]reports.ControlView

	observed []observation
	risks    []risk
	findings []finding
	of       map[string]gapRefs
}

// gapRefs are the uuids of what a gap became.
type gapRefs struct{ observation, risk string }

func build(r *reports.Report, version Version) (*builder, error) {
	if !slices.Contains(Versions(), version) {
		return nil, fmt.Errorf("oscal: version %q cannot be written; choose one of %v", version, Versions())
	}
	b := &builder{
		r: r, version: version, ids: map[string]int{}, start: moment(r.Run.Started),
		exchanges: map[string]int{}, cited: map[int]evidence{}, views: map[string]reports.ControlView{}, of: map[string]gapRefs{},
	}
	if b.start == "" {
		return nil, fmt.Errorf("oscal: the report says that the run began on %s (key run.started), which OSCAL cannot hold; use a report that scimproof has written", r.Run.Started.UTC().Format("2006-01-02"))
	}
	b.tool = b.uuid("tool", r.Run.Tool.Name, r.Run.Tool.Version)
	b.target = b.uuid("target", r.Target.ID)
	b.profile = b.uuid("profile", r.Target.ID, r.Target.ProfileDigest)
	if sha256s.MatchString(r.ExceptionsDigest) {
		b.exceptions = b.uuid("exceptions", r.ExceptionsDigest)
	}
	for i, exchange := range r.Exchanges {
		b.exchanges[exchange.ID] = i
	}
	for _, framework := range r.Frameworks {
		for _, control := range framework.Controls {
			if nist(framework.Framework) {
				b.views[control.ID] = control
			}
		}
	}
	b.ownerRoles()
	for i := range r.Gaps {
		b.gap(&r.Gaps[i])
	}
	b.failed()
	b.satisfied()
	return b, nil
}

// space is the namespace of all uuids of the documents.
var space = uuid.NewSHA1(uuid.NameSpaceURL, []byte(Namespace))

// uuid is version 5 of a key, so that the same thing has the same uuid in every document. A key
// that comes again within a document is another thing with the same name, and gets its own.
func (b *builder) uuid(key ...string) string {
	text, _ := json.Marshal(key) // texts always have a JSON form
	n := b.ids[string(text)]
	b.ids[string(text)]++
	if n > 0 {
		text = fmt.Appendf(text, "#%d", n)
	}
	return uuid.NewSHA1(space, text).String()
}

func (b *builder) origins() []origin {
	return []origin{{Actors: []actor{{Type: "tool", UUID: b.tool}}}}
}

// props makes properties of names and values, one after the other; those without a value are left
// out.
func props(pairs ...string) []prop {
	var list []prop
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := plain(pairs[i+1]); value != "" {
			list = append(list, prop{Name: pairs[i], NS: Namespace, Value: value})
		}
	}
	return list
}
