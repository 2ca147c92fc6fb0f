package oscal

import (
	"encoding/base64"
	"encoding/hex"
	"slices"

	"github.com/scimproof/scimproof/reports"
)

func (b *builder) results() *assessmentResults {
	r := b.r
	return &assessmentResults{
		UUID:     b.documentID("assessment-results"),
		Metadata: b.metadata("Assessment results"),
		ImportAP: importAP{
			Href:    "#" + b.profile,
			Remarks: "The target profile says what was tested, how and within which times; it stands for the assessment plan.",
		},
		Results: []result{{
			UUID:        b.uuid("result", r.Target.ID, r.Run.ID),
			Title:       "Run " + line(r.Run.ID, "without an id"),
			Description: paragraphs("The run has no summary.", r.Summary, r.Verdict.Reason),
			Start:       b.start,
			End:         moment(r.Run.Finished),
			Props: props("verdict", string(r.Verdict.Word), "verdict-rule", string(r.Verdict.Rule), "policy", r.Policy.Name,
				"policy-sha-256", r.Policy.Digest, "run-id", r.Run.ID, "run-partial", partial(r.Run), "selection", r.Run.Selection),
			Definitions: b.definitions(),
			Reviewed:    b.reviewed(),
			Observed:    b.observed,
			Risks:       b.risks,
			Findings:    b.findings,
		}},
		BackMatter: b.backMatter(),
	}
}

func partial(run reports.Run) string {
	if run.Partial {
		return "true"
	}
	return "false"
}

// documentID changes with whatever may change the document's contents.
func (b *builder) documentID(model string) string {
	r := b.r
	return b.uuid(model, string(b.version), r.Target.ID, r.Run.ID, moment(r.Judged), r.Policy.Name, r.Policy.Digest, r.ExceptionsDigest)
}

func (b *builder) metadata(title string) metadata {
	r := b.r
	m := metadata{
		Title:        title + " for " + line(r.Target.Name, "an unnamed target"),
		LastModified: moment(b.judged()),
		Version:      orWord(plain(r.Run.ID), "1"),
		OSCALVersion: string(b.version),
		Props:        props("tool", r.Run.Tool.Name, "tool-version", r.Run.Tool.Version, "report-schema", r.Schema),
		Roles:        b.roles,
		Parties:      b.parties,
	}
	for _, owner := range owners(r) {
		if id := b.party(owner); id != "" {
			m.Responsible = append(m.Responsible, responsibleRole{RoleID: b.role(owner.Role), Parties: []string{id}})
		}
	}
	return m
}

// definitions are the target and, among the assets, the tool, so that both can be referred to.
func (b *builder) definitions() definitions {
	r := b.r
	running := state{State: "operational"}
	name := line(r.Run.Tool.Name, "scimproof")
	return definitions{
		Components: []component{{
			UUID: b.target, Type: "service", Title: line(r.Target.Name, "The target"),
			Description: "The application under test, seen from outside through SCIM and its declared access paths.",
			Props: props("target-id", r.Target.ID, "environment", r.Target.Environment, "target-version", r.Target.Version,
				"scim-base", r.Target.SCIMBase),
			Status: running,
		}},
		Assets: &assets{
			Components: []component{{
				UUID: b.tool, Type: "software", Title: name,
				Description: "The program that fired the events, watched the access paths and judged what it saw.",
				Props:       props("tool-version", r.Run.Tool.Version, "tool-commit", r.Run.Tool.Commit),
				Status:      running,
			}},
			Platforms: []platform{{
				UUID: b.uuid("platform", r.Target.ID, r.Run.ID), Title: name,
				Uses: []uses{{Component: b.tool}},
			}},
		},
	}
}

func (b *builder) backMatter() *backMatter {
	resources := []resource{{
		UUID: b.profile, Title: "Target profile",
		Description: "The profile that the run was made with, named by the SHA-256 of its bytes.",
		Links:       byDigest(b.r.Target.ProfileDigest),
	}, {
		UUID: b.uuid("report", b.r.Target.ID, b.r.Run.ID), Title: "report.json",
		Description: "The whole report. Evidence leads to its exchanges by JSON pointers (RFC 6901).",
		Links:       []rlink{{Href: reportFile}},
	}}
	if b.exceptions != "" {
		resources = append(resources, resource{
			UUID: b.exceptions, Title: "Exceptions",
			Description: "The file of exceptions that the report was judged with, named by the SHA-256 of its bytes.",
			Links:       byDigest(b.r.ExceptionsDigest),
		})
	}
	return &backMatter{Resources: resources}
}

// byDigest names a file by its bytes alone (RFC 6920), because a report does not know where the
// file lies.
func byDigest(digest string) []rlink {
	if !sha256s.MatchString(digest) {
		return nil
	}
	raw, err := hex.DecodeString(digest)
	if err != nil {
		return nil
	}
	return []rlink{{
		Href:   "ni:///sha-256;" + base64.RawURLEncoding.EncodeToString(raw),
		Hashes: []hash{{Algorithm: "SHA-256", Value: digest}},
	}}
}

// reviewed are the controls of which the run shows something, good or bad.
func (b *builder) reviewed() reviewedControls {
	var ids, targets []string
	for _, f := range b.findings {
		targets = append(targets, f.Target.ID)
	}
	for id, view := range b.views {
		if view.State != reports.ControlNotDemonstrated {
			ids = append(ids, controlID(id))
		}
	}
	for _, gap := range b.r.Gaps {
		for _, control := range gap.Controls {
			if nist(control.Framework) {
				ids = append(ids, controlID(control.ID))
			}
		}
	}
	description := "Controls of NIST SP 800-53r5 of which the run shows something."
	if ids = unique(ids); len(ids) == 0 {
		// OSCAL wants a selection: what every run is about, whatever came of it.
		ids = []string{"ac-2", "ps-4"}
		description = "The run is about the end of access; it shows no control of NIST SP 800-53r5 to be effective or not."
	}
	selection := controlSelection{Description: description}
	for _, id := range ids {
		selection.Include = append(selection.Include, controlChoice{ID: id})
	}
	reviewed := reviewedControls{Selections: []controlSelection{selection}}
	if len(targets) > 0 {
		var choice objectiveSelection
		for _, id := range unique(targets) {
			choice.Include = append(choice.Include, objectiveChoice{ID: id})
		}
		reviewed.Objectives = []objectiveSelection{choice}
	}
	return reviewed
}

// unique sorts texts and drops those that are empty or there already.
func unique(texts []string) []string {
	texts = slices.DeleteFunc(texts, func(s string) bool { return s == "" })
	slices.Sort(texts)
	return slices.Compact(texts)
}
