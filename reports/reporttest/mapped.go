package reporttest

import (
	"cmp"
	"slices"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/controls"
)

const partly = "The run looks at the application alone, in one environment: not at the process around it."

// beside are controls that no gap of the fixture speaks against.
var beside = []struct {
	framework, id string
	state         reports.ControlState
	checks        []string
	limits        string
}{
	{"NIST 800-53r5", "AC-2(1)", reports.ControlEffective, []string{"lifecycle.create", "lifecycle.update.patch"}, partly},
	{"NIST 800-53r5", "AC-2(13)", reports.ControlNotDemonstrated, []string{}, "No check fires the departure of a person who is a high risk."},
	{"CSF 2.0", "ID.RA-07", reports.ControlNotDemonstrated, []string{}, "The run does not see how changes to the application are managed."},
}

// mapFrameworks says for each control of the gaps, and of a few others, what the run shows.
func mapFrameworks(r *reports.Report) {
	r.Frameworks = []reports.FrameworkView{}
	view := func(name string) *reports.FrameworkView {
		i := slices.IndexFunc(r.Frameworks, func(f reports.FrameworkView) bool { return f.Framework == name })
		if i < 0 {
			r.Frameworks = append(r.Frameworks, reports.FrameworkView{Framework: name, Version: controls.Embedded().Version(), Controls: []reports.ControlView{}})
			i = len(r.Frameworks) - 1
		}
		return &r.Frameworks[i]
	}
	for _, g := range r.Gaps {
		for _, c := range g.Controls {
			f := view(c.Framework)
			i := slices.IndexFunc(f.Controls, func(v reports.ControlView) bool { return v.ID == c.ID })
			if i < 0 {
				f.Controls = append(f.Controls, reports.ControlView{
					ID: c.ID, Words: controls.Words(c.Framework, c.ID), State: reports.ControlNotEffective, Gaps: []string{}, Checks: []string{}, Limits: partly,
				})
				i = len(f.Controls) - 1
			}
			v := &f.Controls[i]
			v.Gaps = append(v.Gaps, g.ID)
			v.Checks = append(v.Checks, g.Checks...)
		}
	}
	for _, b := range beside {
		f := view(b.framework)
		f.Controls = append(f.Controls, reports.ControlView{
			ID: b.id, Words: controls.Words(b.framework, b.id), State: b.state, Gaps: []string{}, Checks: slices.Clone(b.checks), Limits: b.limits,
		})
	}
	for i := range r.Frameworks {
		slices.SortFunc(r.Frameworks[i].Controls, func(a, b reports.ControlView) int { return cmp.Compare(a.ID, b.ID) })
	}
}

// level says which IPSIE levels the run shows to be reached: none, as leavers keep access.
func level(r *reports.Report) {
	r.IPSIE = reports.LevelView{
		Profile: "ipsie-al-scim@2026-09", Reached: []string{},
		Levels: []reports.Level{
			{ID: "AL1", Gaps: []string{gapLasting, gapDeaf}, Missing: []string{
				"A deactivation with the string “False” is ignored.", "A personal token outlives the deactivation.",
			}},
			{ID: "AL2", Gaps: []string{gapLasting, gapDeaf}, Missing: []string{
				"AL1 is not reached.", "No check looked at whether users can be changed beside the identity source.",
			}},
			{ID: "SL2", Gaps: []string{gapLasting, gapSlow}, Missing: []string{
				"A web session lives on for six to eight minutes.", "A personal token outlives the deactivation.",
			}},
		},
	}
}
