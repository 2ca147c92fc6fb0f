package oscal

import (
	"regexp"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// objectives are the assessment objectives (NIST SP 800-53A, ids as in NIST's OSCAL catalogue of
// 800-53r5, 5.1.1) for the controls that have one of their own. A control that is not listed
// stands for all of its control.
var objectives = map[string]string{
	"AC-2h":    "ac-2_obj.h.2",
	"AC-2j":    "ac-2_obj.j",
	"AC-2k":    "ac-2_obj.k-2",
	"AC-2l":    "ac-2_obj.l-1",
	"AC-2(3)b": "ac-2.3_obj.b",
	"AC-2(3)d": "ac-2.3_obj.d",
	"AC-6(7)":  "ac-6.7_obj.b",
	"AU-12":    "au-12_obj.a",
	"CA-5a":    "ca-5_obj.a",
	"CA-5b":    "ca-5_obj.b",
	"CM-3(2)":  "cm-3.2_obj-1",
	"CM-4":     "cm-4_obj-1",
	"IA-4d":    "ia-4_obj.d",
	"IA-5d":    "ia-5_obj.d",
	"IA-5i":    "ia-5_obj.i",
	"PS-4a":    "ps-4_obj.a",
	"PS-4b":    "ps-4_obj.b",
	"PS-5c":    "ps-5_obj.c",
	"SA-9a":    "sa-9_obj.a-1",
	"SA-9b":    "sa-9_obj.b-1",
	"SA-9c":    "sa-9_obj.c",
	"SI-11a":   "si-11_obj.a",
}

// byEvent are objectives that a control has for what was done to the account: AC-2f asks for five
// acts, AC-2l for leavers and for movers.
var byEvent = map[string]map[reports.EventKind]string{
	"AC-2f": {
		reports.EventCreate:     "ac-2_obj.f-1",
		reports.EventReactivate: "ac-2_obj.f-2",
		reports.EventRecreate:   "ac-2_obj.f-2",
		reports.EventUpdate:     "ac-2_obj.f-3",
		reports.EventRename:     "ac-2_obj.f-3",
		reports.EventDeactivate: "ac-2_obj.f-4",
		reports.EventDelete:     "ac-2_obj.f-5",
	},
	"AC-2l": {
		reports.EventRemoveMember: "ac-2_obj.l-2",
		reports.EventDeleteGroup:  "ac-2_obj.l-2",
		reports.EventRemoveRole:   "ac-2_obj.l-2",
	},
}

// nistForm is how NIST writes a control, with an enhancement and a part of the statement:
// AC-2(3)b.
var nistForm = regexp.MustCompile(`^([A-Z]{2})-([1-9]\d?)(?:\(([1-9]\d?)\))?([a-z])?$`)

// nist reports a framework whose controls have objectives in NIST's catalogue.
func nist(framework string) bool { return strings.Contains(framework, "800-53") }

// controlID is a control's id in NIST's OSCAL catalogue: AC-2(3)b is part of ac-2.3. It is empty
// for what is no control of 800-53.
func controlID(id string) string {
	parts := nistForm.FindStringSubmatch(id)
	if parts == nil {
		return ""
	}
	control := strings.ToLower(parts[1]) + "-" + parts[2]
	if parts[3] != "" {
		control += "." + parts[3]
	}
	return control
}

// objectiveOf is the objective that a gap of a control fails, and whether it covers no more than
// that control: what fails a part fails the whole, but what meets a part does not meet the whole.
// It is empty for what is no control of 800-53.
func objectiveOf(id string, event reports.EventKind) (objective string, own bool) {
	control := controlID(id)
	if control == "" {
		return "", false
	}
	if named := byEvent[id][event]; named != "" {
		return named, true
	}
	if named := objectives[id]; named != "" {
		return named, true
	}
	part := nistForm.FindStringSubmatch(id)[4]
	return control + "_obj", part == ""
}
