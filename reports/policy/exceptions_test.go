package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/strictyaml"
)

// accepted is an exceptions.yaml with one exception; tests replace parts of it.
const accepted = `version: 1
exceptions:
  - id: EXC-17
    gap: gap-4c0d1e2f3a4b
    reason: The session store is replaced with version 5.
    requestedBy: product@acme.example
    accountable: {role: Application-Owner, name: Ada Okafor}
    approvals:
      - {role: risk_office, by: risk@acme.example, on: 2026-09-14}
    approvedSeverity: high
    expires: 2026-12-11
    remediation: {plan: Version 5., by: 2026-12-01, party: Acme Inc.}
`

func faultsOf(t *testing.T, err error) Faults {
	t.Helper()
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("%v are no faults of a file", err)
	}
	return faults
}

func TestAnExceptionIsRead(t *testing.T) {
	g := NewWithT(t)
	e, err := ReadExceptions("e.yaml", []byte(accepted))
	g.Expect(err).NotTo(HaveOccurred())
	sum := sha256.Sum256([]byte(accepted))
	g.Expect(e).To(Equal(&reports.Exceptions{Digest: hex.EncodeToString(sum[:]), List: []reports.Exception{{
		ID: "EXC-17", Gap: "gap-4c0d1e2f3a4b", Reason: "The session store is replaced with version 5.", RequestedBy: "product@acme.example",
		Accountable:      reports.Party{Role: reports.RoleApplicationOwner, Name: "Ada Okafor"},
		Approvals:        []reports.Approval{{Role: "risk office", By: "risk@acme.example", On: "2026-09-14"}},
		ApprovedSeverity: reports.SeverityHigh, Expires: "2026-12-11",
		Remediation: reports.RemediationPlan{Plan: "Version 5.", By: "2026-12-01", Party: "Acme Inc."},
	}}}))
}

func TestADayMayStandInQuotes(t *testing.T) {
	for _, day := range []string{"2026-12-11", `"2026-12-11"`, "'2026-12-11'"} {
		g := NewWithT(t)
		e, err := ReadExceptions("e.yaml", []byte(strings.Replace(accepted, "expires: 2026-12-11", "expires: "+day, 1)))
		g.Expect(err).NotTo(HaveOccurred(), day)
		g.Expect(e.List[0].Expires).To(Equal(reports.Day("2026-12-11")), day)
	}
}

// wrongExceptions are changes to accepted, with what the fault says. Of those that are beyond a
// schema, the schema says nothing.
var wrongExceptions = map[string]struct {
	old, new string
	says     string
	beyond   bool
}{
	"unknown key":            {"    approvedSeverity", "    aprovedSeverity", "e.yaml:10:5: exceptions[0].aprovedSeverity: unknown key (did you mean approvedSeverity?)", false},
	"a key is missing":       {"    expires: 2026-12-11\n", "", "the key expires is missing (The last day on which it holds (UTC), such as 2027-01-22)", false},
	"no version":             {"version: 1\n", "", "the key version is missing", false},
	"another version":        {"version: 1", "version: 2", "e.yaml:1:1: version: not a known version of this form (write 1)", false},
	"a wildcard":             {"gap-4c0d1e2f3a4b", "gap-*", `e.yaml:4:5: exceptions[0].gap: "gap-*" has not the right form (The exact id of the gap`, false},
	"a short reason":         {"The session store is replaced with version 5.", "We accept it.", "exceptions[0].reason: 13 characters, but at least 20 are needed (Why the gap is accepted", false},
	"a reason of blanks":     {"The session store is replaced with version 5.", `"Yes.                    "`, "exceptions[0].reason: 4 characters, but at least 20 are needed", true},
	"an unknown severity":    {"approvedSeverity: high", "approvedSeverity: hihg", `exceptions[0].approvedSeverity: "hihg" is not one of the known words (did you mean high?)`, false},
	"no day":                 {"expires: 2026-12-11", "expires: in spring", `e.yaml:11:5: exceptions[0].expires: "in spring" has not the right form (The last day`, false},
	"a day with a time":      {"expires: 2026-12-11", "expires: 2026-12-11T10:00:00Z", "exceptions[0].expires", false},
	"not in the calendar":    {"expires: 2026-12-11", "expires: 2027-02-30", "e.yaml:11:5: exceptions[0].expires: 2027-02-30 is not in the calendar (write a day such as 2027-01-22)", true},
	"never expires":          {"expires: 2026-12-11", "expires:", "exceptions[0].expires: this is null, but must be string", false},
	"approved on no day":     {"on: 2026-09-14", "on: 2026-09-31", "e.yaml:9:52: exceptions[0].approvals[0].on: 2026-09-31 is not in the calendar", true},
	"a version as a number":  {"    reason:", "    targetVersion: 4.10\n    reason:", "e.yaml:5:5: exceptions[0].targetVersion: this is number, but must be string (put it in quotes)", false},
	"a role of no letters":   {"role: risk_office", `role: "*"`, "exceptions[0].approvals[0].role", false},
	"nobody asks":            {"requestedBy: product@acme.example", `requestedBy: " "`, "exceptions[0].requestedBy", false},
	"renews itself":          {"    expires:", "    renews: EXC-17\n    expires:", "e.yaml:11:5: exceptions[0].renews: EXC-17 renews itself", true},
	"a list is a word":       {"exceptions:\n", "exceptions: none\nx:\n", "exceptions: this is string, but must be array", false},
	"the same key twice":     {"    gap:", "    id: EXC-18\n    gap:", "e.yaml:4:5: not YAML", false},
	"a check with a pattern": {"    approvedSeverity", "    compensatingControls: [{description: d, verifiedBy: survival.*}]\n    approvedSeverity", "exceptions[0].compensatingControls[0].verifiedBy", false},
}

func TestFaultsOfExceptionsSayWhereAndWhatToDo(t *testing.T) {
	for name, c := range wrongExceptions {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(accepted).To(ContainSubstring(c.old))
			_, err := ReadExceptions("e.yaml", []byte(strings.Replace(accepted, c.old, c.new, 1)))
			g.Expect(err).To(BeAssignableToTypeOf(Faults{}))
			g.Expect(err).To(MatchError(ContainSubstring(c.says)))
		})
	}
}

func TestTwoExceptionsHaveTwoIDs(t *testing.T) {
	g := NewWithT(t)
	_, second, _ := strings.Cut(accepted, "exceptions:\n")
	_, err := ReadExceptions("e.yaml", []byte(accepted+second))
	g.Expect(err).To(MatchError("e.yaml:13:5: exceptions[1].id: EXC-17 is the id of the exception in line 3 too (give each exception an id of its own)"))
}

func TestAChainOfRenewalsThatIsACircleIsNamed(t *testing.T) {
	g := NewWithT(t)
	_, one, _ := strings.Cut(accepted, "exceptions:\n")
	one = strings.Replace(one, "    expires:", "    renews: EXC-18\n    expires:", 1)
	two := strings.NewReplacer("EXC-17", "EXC-18", "EXC-18", "EXC-17").Replace(one)
	later := strings.Replace(two, "EXC-18", "EXC-19", 1)
	_, err := ReadExceptions("e.yaml", []byte("version: 1\nexceptions:\n"+one+two+later))
	faults := faultsOf(t, err)
	g.Expect(faults).To(HaveLen(2), "EXC-19 leads into the circle, and is no part of it")
	g.Expect(faults[0].Key).To(Equal("exceptions[0].renews"))
	g.Expect(faults[1].Key).To(Equal("exceptions[1].renews"))
}

func TestEveryFaultIsSaidInOneRound(t *testing.T) {
	g := NewWithT(t)
	_, err := ReadExceptions("e.yaml", []byte("version: 1\nexceptions:\n  - id: A\n    gpa: x\n    reason: short\n    expires: 2027-02-30\n"))
	g.Expect(faultsOf(t, err)).To(HaveLen(9), "one unknown key, six that are missing, a reason and a day")
	g.Expect(err).To(MatchError(ContainSubstring("2027-02-30 is not in the calendar")))
}

func TestFilesThatAreNoFileOfExceptions(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.yaml")
	NewWithT(t).Expect(os.WriteFile(big, make([]byte, strictyaml.MaxBytes+1), 0o600)).To(Succeed())
	for name, says := range map[string]string{
		filepath.Join(dir, "none.yaml"): "the file cannot be read: no such file or directory (name an exceptions.yaml that is there)",
		dir:                             "this is a folder (name an exceptions.yaml that is there)",
		big:                             "at most 1048576 are read",
	} {
		_, err := LoadExceptions(name)
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(name + ": ")))
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(says)))
	}
}

func TestTextsThatAreNoYAML(t *testing.T) {
	for text, says := range map[string]string{
		"":                            "e.yaml:1:1: the file is empty (scimproof init writes one to begin with)",
		"# nothing\n":                 "exactly one YAML document",
		"version: 1\n---\nversion: 1": "exactly one YAML document",
		"version: [1":                 "e.yaml:1:",
		"\xff\xfe":                    "the file is not UTF-8",
		"version: .nan":               "the file cannot be put into JSON",
		"just a word":                 "this is string, but must be object",
		strings.Repeat("[", 500_000):  "lists within lists more than 100 deep",
		strings.Repeat("- ", 500_000): "lists within lists more than 100 deep",
		"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e]\n": "too large once its aliases are written out",
	} {
		_, err := ReadExceptions("e.yaml", []byte(text))
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(says)))
	}
}

func TestOnlySoManyFaultsAreShown(t *testing.T) {
	g := NewWithT(t)
	_, err := ReadExceptions("e.yaml", []byte("version: 1\nexceptions:\n"+strings.Repeat("  - {}\n", 100)))
	g.Expect(faultsOf(t, err)).To(HaveLen(900))
	g.Expect(strings.Split(err.Error(), "\n")).To(HaveLen(51))
	g.Expect(err.Error()).To(HaveSuffix("\ne.yaml: and 850 more of such faults"))
}

func TestAFaultDoesNotSteerTheTerminal(t *testing.T) {
	g := NewWithT(t)
	_, err := ReadExceptions("e.yaml", []byte("version: 1\n\"\\e[2Jx\": 1\nexceptions: [\"\\e]0;owned\\a\"]\n"))
	g.Expect(err).To(HaveOccurred())
	g.Expect(err.Error()).NotTo(ContainSubstring("\x1b"))
	g.Expect(err.Error()).NotTo(ContainSubstring("\a"))
}
