package policy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/strictyaml"
)

func TestWhatAGateDoesNotNameIsAsInTheDefault(t *testing.T) {
	g := NewWithT(t)
	p, err := ReadGate("/somewhere/ours.yaml", []byte("version: 1\n"))
	g.Expect(err).NotTo(HaveOccurred())
	want := reports.DefaultPolicy()
	want.Name, want.Digest = "ours.yaml", strictyaml.Digest([]byte("version: 1\n"))
	g.Expect(p).To(Equal(&want))
}

func TestAGateLaysItselfOverTheOneThatItExtends(t *testing.T) {
	g := NewWithT(t)
	p, err := ReadGate("ours.yaml", []byte(`version: 1
extends: builtin:onboarding
name: Ours
failFrom: medium
regressions: false
maxAgeDays: 7
exceptions:
  maxDays: {high: 30}
  approvals: {medium: [[Product-Owner, ciso], [risk office]]}
  neverWaive: [survived-access.credential.delete, delayed, gap-0123456789ab]
fixWithinDays: {critical: 2}
escalation: []
raise:
  - {gap: gap-0123456789ab, severity: critical, by: Ada Okafor, reason: Payment data.}
`))
	g.Expect(err).NotTo(HaveOccurred())
	want, _ := Builtin("builtin:onboarding")
	want.Name, want.FailFrom, want.Regressions, want.MaxAgeDays, want.Digest = "Ours", reports.SeverityMedium, false, 7, p.Digest
	want.Exceptions.MaxDays[reports.SeverityHigh] = 30
	want.Exceptions.Approvals[reports.SeverityMedium] = [][]string{{"product owner", "ciso"}, {"risk office"}}
	want.Exceptions.NeverWaive = []string{"survived-access.credential.delete", "delayed", "gap-0123456789ab"}
	want.FixWithinDays[reports.SeverityCritical] = 2
	want.Escalation = []reports.EscalationStep{}
	want.Raise = []reports.Raise{{Gap: "gap-0123456789ab", Severity: reports.SeverityCritical, By: "Ada Okafor", Reason: "Payment data."}}
	g.Expect(p).To(Equal(&want))
	g.Expect(p.RequireOwners).To(BeTrue(), "from the gate that it extends")
	g.Expect(p.Exceptions.MaxDays).To(HaveKeyWithValue(reports.SeverityLow, 180), "a key beside the one that it names")
}

// wrongGates are what gate.yaml has after its version, with what the fault says.
var wrongGates = map[string]struct {
	text, says string
	beyond     bool // what a schema cannot say
}{
	"unknown key":         {"failFrm: low", "g.yaml:2:1: failFrm: unknown key (did you mean failFrom?)", false},
	"unknown severity":    {"failFrom: mild", `g.yaml:2:1: failFrom: "mild" is not one of the known words (known here: critical, high, info, low, medium)`, false},
	"unknown gate":        {"extends: builtin:onbording", "did you mean builtin:onboarding?", false},
	"a file is extended":  {"extends: other.yaml", "extends: \"other.yaml\" is not one of the known words", false},
	"evidence passes":     {"noEvidence: pass", `noEvidence: "pass" is not one of the known words`, false},
	"a share of percent":  {"maxErrorShare: 20", "g.yaml:2:1: maxErrorShare: out of range (The share of failed requests, from 0 to 1", false},
	"half a day":          {"maxAgeDays: 1.5", "maxAgeDays: this is number, but must be integer", false},
	"before now":          {"maxAgeDays: -1", "maxAgeDays: out of range", false},
	"a word for a switch": {"regressions: often", "regressions: this is string, but must be boolean", false},
	"unknown operator":    {"operators: [buyers]", `operators[0]: "buyers" is not one of the known words (did you mean buyer?)`, false},
	"a bad pattern":       {"required: ['survival.[a-z]']", "required[0]: \"survival.[a-z]\" has not the right form", false},
	"the program's name":  {"name: ' Builtin:default'", "g.yaml:2:1: name: ", false},
	"unknown day":         {"fixWithinDays: {grave: 3}", "g.yaml:2:17: fixWithinDays.grave: unknown key", false},
	"nobody signs":        {"exceptions: {approvals: {high: []}}", "exceptions.approvals.high", false},
	"an empty list signs": {"exceptions: {approvals: {high: [[]]}}", "exceptions.approvals.high[0]", false},
	"unknown class":       {"exceptions: {neverWaive: [ignored-silent]}", `exceptions.neverWaive[0]: "ignored-silent" is no gap, class or class with an event (did you mean ignored-silently?)`, true},
	"unknown event":       {"exceptions: {neverWaive: [ignored-silently.user]}", "known events: deactivate, delete", true},
	"told before":         {"escalation: [{afterDays: -3, to: x}]", "escalation[0].afterDays: out of range", false},
	"raised by nobody":    {"raise: [{gap: gap-0123456789ab, severity: high, reason: x}]", "the key by is missing (Who says so)", false},
	"raised twice":        {"raise: [{gap: gap-0123456789ab, severity: high, by: a, reason: x}, {gap: gap-0123456789ab, severity: low, by: a, reason: x}]", "raise[1].gap: gap-0123456789ab is raised twice", true},
}

func TestFaultsOfAGateSayWhereAndWhatToDo(t *testing.T) {
	for name, c := range wrongGates {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := ReadGate("g.yaml", []byte("version: 1\n"+c.text+"\n"))
			g.Expect(err).To(BeAssignableToTypeOf(Faults{}))
			g.Expect(err).To(MatchError(ContainSubstring(c.says)))
		})
	}
}

func TestAFaultOfTheFormIsSaidOnce(t *testing.T) {
	g := NewWithT(t)
	_, err := ReadGate("g.yaml", []byte("version: 1\nextends: builtin:onbording\nmaxAgeDays: soon\n"))
	g.Expect(faultsOf(t, err)).To(HaveLen(2), "%v", err)
}

func TestTheDefaultInItsFileIsTheDefaultOfTheProgram(t *testing.T) {
	g := NewWithT(t)
	text, ok := BuiltinSource("builtin:default")
	g.Expect(ok).To(BeTrue())
	// Each key stands in the file: without one, the gate would come from the program.
	for _, key := range []string{"failFrom", "regressions", "noEvidence", "required", "maxErrorShare", "maxAgeDays", "exceptionsPass", "maxDays", "approvals", "maxRenewals", "warnBeforeDays", "neverWaive", "fixWithinDays", "escalation"} {
		g.Expect(string(text)).To(ContainSubstring(key + ":"))
	}
	p, ok := Builtin("builtin:default")
	g.Expect(ok).To(BeTrue())
	g.Expect(p).To(Equal(reports.DefaultPolicy()))
}

func TestGatesOfTheProgram(t *testing.T) {
	g := NewWithT(t)
	files, err := filepath.Glob("builtin/*.yaml")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(files).To(HaveLen(len(Builtins())))
	for _, name := range Builtins() {
		p, ok := Builtin(name)
		g.Expect(ok).To(BeTrue(), name)
		g.Expect(p.Name).To(Equal(name))
		g.Expect(p.Digest).To(BeEmpty())
		g.Expect(p.NoEvidence).NotTo(Equal(reports.VerdictPass), name)
	}
	onboarding, _ := Builtin("builtin:onboarding")
	g.Expect(onboarding.RequireOwners).To(BeTrue())
	g.Expect(onboarding.Required).To(ConsistOf("survival.*", "lifecycle.deactivate.*", "lifecycle.delete*"))
	vendor, _ := Builtin("builtin:vendor-acceptance")
	g.Expect(vendor.Operators).To(ConsistOf(reports.OperatorBuyer, reports.OperatorThirdParty, reports.OperatorVendor))
	g.Expect(vendor.SignedOperators).To(ConsistOf(reports.OperatorVendor))
	g.Expect(vendor.NotEnvironments).To(ConsistOf("vendor-sandbox"))
	g.Expect(vendor.MaxAgeDays).To(Equal(30))
	upgrade, _ := Builtin("builtin:upgrade")
	g.Expect(upgrade.FailFrom).To(Equal(reports.SeverityHigh))
	g.Expect(upgrade.Regressions).To(BeTrue())
}

func TestAGateIsFoundByName(t *testing.T) {
	g := NewWithT(t)
	p, err := Gate("builtin:upgrade")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Name).To(Equal("builtin:upgrade"))
	_, err = Gate("builtin:upgrades")
	g.Expect(err).To(MatchError("builtin:upgrades: the program has no such gate (did you mean builtin:upgrade?)"))
	_, err = Gate("builtin:../starter/gate")
	g.Expect(err).To(HaveOccurred())
	file := filepath.Join(t.TempDir(), "gate.yaml")
	g.Expect(os.WriteFile(file, []byte("version: 1\nfailFrom: high\n"), 0o600)).To(Succeed())
	p, err = Gate(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.FailFrom).To(Equal(reports.SeverityHigh))
	_, err = Gate(filepath.Join(t.TempDir(), "none.yaml"))
	g.Expect(err).To(MatchError(ContainSubstring("(name a gate.yaml, or one of builtin:default, builtin:onboarding, ")))
}

func TestTwoReadsShareNothing(t *testing.T) {
	g := NewWithT(t)
	p, _ := Builtin("builtin:default")
	p.Exceptions.MaxDays[reports.SeverityHigh] = 9999
	p.Exceptions.NeverWaive[0] = "x"
	again, _ := Builtin("builtin:default")
	g.Expect(again).To(Equal(reports.DefaultPolicy()))
}

func TestStartersLoadAsTheyStand(t *testing.T) {
	g := NewWithT(t)
	e, err := ReadExceptions("exceptions.yaml", StarterExceptions())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(e.List).To(BeEmpty())
	g.Expect(e.List).NotTo(BeNil())
	p, err := ReadGate("gate.yaml", StarterGate())
	g.Expect(err).NotTo(HaveOccurred())
	want := reports.DefaultPolicy()
	want.Name, want.Digest = "Our gate", p.Digest
	g.Expect(p).To(Equal(&want), "the starter shows the default")
}

// What a starter shows in comments is meant to be copied.
func TestTheExamplesInTheCommentsLoadToo(t *testing.T) {
	g := NewWithT(t)
	_, example, found := strings.Cut(string(StarterExceptions()), "such as this one:\n#\n")
	g.Expect(found).To(BeTrue())
	e, err := ReadExceptions("exceptions.yaml", []byte("version: 1\n"+uncommented(example)))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(e.List).To(HaveLen(1))
	g.Expect(e.List[0].Approvals).To(HaveLen(2))

	keys := names(parsed(t, GateSchema()))
	var gate strings.Builder
	for line := range strings.Lines(string(StarterGate())) {
		bare := strings.TrimPrefix(line, "# ")
		if key, _, _ := strings.Cut(bare, ":"); slices.Contains(keys, key) || strings.HasPrefix(bare, "  ") {
			line = bare
		}
		gate.WriteString(line)
	}
	p, err := ReadGate("gate.yaml", []byte(gate.String()))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Required).NotTo(BeEmpty())
	g.Expect(p.SignedOperators).NotTo(BeEmpty())
	g.Expect(p.RequireOwners).To(BeTrue())
	g.Expect(p.Raise).To(HaveLen(1))
}

func uncommented(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(strings.TrimPrefix(strings.TrimPrefix(line, "#"), " "))
	}
	return out.String()
}
