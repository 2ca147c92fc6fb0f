package controls_test

import (
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/controls"
)

func names(list []controls.Control) []string {
	var out []string
	for _, c := range list {
		out = append(out, c.Framework+" "+c.ID)
	}
	return out
}

func TestForGoesByClassCredentialAndOutcome(t *testing.T) {
	for name, c := range map[string]struct {
		class, outcome, credential string
		has, lacks                 []string
	}{
		"a session":              {"survived-access.session", "survived-access", "web-session", []string{"ASVS 5.0 7.4.2", "NIST 800-53r5 AC-12", "IPSIE SL2"}, []string{"OWASP NHI:2025 NHI1:2025"}},
		"an access token":        {"survived-access.session", "survived-access", "access-token", []string{"NIST 800-53r5 AC-12"}, []string{"NIST 800-53r5 PS-4b"}},
		"a refresh token":        {"survived-access.credential", "survived-access", "refresh-token", []string{"NIST 800-53r5 PS-4b", "OWASP NHI:2025 NHI1:2025"}, []string{"ASVS 5.0 7.4.2"}},
		"an unknown kind":        {"survived-access.credential", "survived-access", "ssh-key", []string{"OWASP NHI:2025 NHI7:2025"}, nil},
		"the leaver's password":  {"local-path", "survived-access", "local-password", []string{"CSA SSCF IAM-SaaS-05", "IPSIE AL2"}, []string{"OWASP NHI:2025 NHI9:2025"}},
		"a shared login":         {"local-path", "survived-access", "", []string{"OWASP NHI:2025 NHI9:2025", "PCI DSS 4.0.1 8.2.2"}, []string{"NIST 800-53r5 PS-4b"}},
		"a group":                {"lingering-entitlement", "survived-access", "group-access", []string{"NIST 800-53r5 PS-5c", "CSA SSCF IAM-SaaS-16"}, []string{"NIST 800-53r5 PS-4b"}},
		"revival":                {"revived-access", "revived-access", "personal-token", []string{"NIST 800-53r5 IA-4d"}, nil},
		"a form that is ignored": {"ignored-silently", "ignored-silently", "", []string{"NIST 800-53r5 PS-4(2)", "CIS v8 15.6"}, nil},
		"a form that is refused": {"partial-support", "partial-support", "", []string{"NIST 800-53r5 SA-9a", "IPSIE AL1"}, []string{"NIST 800-53r5 SI-11a"}},
		"a wrong protocol":       {"partial-support", "nonconformant", "", []string{"NIST 800-53r5 SI-11a"}, []string{"IPSIE AL1"}},
		"a webhook":              {"orphaned-nhi", "survived-access", "webhook", []string{"NIST AI RMF GOVERN 1.7", "NIST AI RMF MANAGE 2.4", "OWASP NHI:2025 NHI10:2025"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			list := controls.Embedded().For(controls.Subject{Class: c.class, Outcome: c.outcome, Credential: c.credential})
			g.Expect(names(list)).To(ContainElements(c.has))
			for _, id := range c.lacks {
				g.Expect(names(list)).NotTo(ContainElement(id))
			}
			for _, control := range list {
				g.Expect(controls.Words(control.Framework, control.ID)).To(Equal(control.Words))
			}
		})
	}
}

func TestAControlIsMappedWithItsSuccessors(t *testing.T) {
	for class, mapped := range map[reports.GapClass]bool{
		reports.ClassIgnoredSilently: true,  // PR.AA-01
		reports.ClassDelayed:         true,  // PR.AA-05
		reports.ClassGovernance:      false, // neither
	} {
		list := names(controls.Embedded().For(controls.Subject{Class: string(class)}))
		NewWithT(t).Expect(slices.Contains(list, "CSF 1.1 PR.AC-1")).To(Equal(mapped), string(class))
	}
	NewWithT(t).Expect(controls.Embedded().ClassesOf("CSF 1.1", "PR.AC-1")).To(ContainElements("ignored-silently", "delayed"))
}

func TestForOrdersByFramework(t *testing.T) {
	var frameworks []string
	for _, c := range controls.Embedded().For(controls.Subject{Class: "survived-access.session"}) {
		frameworks = append(frameworks, c.Framework)
	}
	NewWithT(t).Expect(slices.Compact(frameworks)).To(Equal([]string{
		"NIST 800-53r5", "CSF 2.0", "CSF 1.1", "CSA SSCF", "ISO 27001:2022", "SOC 2", "PCI DSS 4.0.1", "CIS v8", "ASVS 5.0", "IPSIE",
	}))
}

func TestForKnowsNothingOfNoGap(t *testing.T) {
	g := NewWithT(t)
	g.Expect(controls.Embedded().For(controls.Subject{Class: "conformant", Credential: "web-session"})).To(BeEmpty())
	g.Expect(controls.Embedded().For(controls.Subject{})).To(BeEmpty())
	g.Expect(controls.Words("no such framework", "X-1")).To(BeEmpty())
}

// Each class of a report has controls in the two frameworks that auditors ask for first, whatever
// the credential; and no row is for a class that no report has.
func TestEveryGapClassIsMapped(t *testing.T) {
	g := NewWithT(t)
	m := controls.Embedded()
	var known []string
	for _, class := range reports.GapClasses() {
		known = append(known, string(class))
		for _, credential := range []string{"", "web-session", "personal-token", "local-password", "webhook", "of tomorrow"} {
			for _, outcome := range []reports.Outcome{"", reports.OutcomeNonconformant, reports.OutcomeSurvived} {
				var frameworks []string
				for _, c := range m.For(controls.Subject{Class: string(class), Outcome: string(outcome), Credential: credential}) {
					frameworks = append(frameworks, c.Framework)
				}
				g.Expect(frameworks).To(ContainElements("NIST 800-53r5", "CSF 2.0"), "%s of %q", class, credential)
			}
		}
	}
	for _, f := range m.Frameworks() {
		for _, c := range f.Controls {
			classes := m.ClassesOf(f.Name, c.ID)
			g.Expect(classes).NotTo(BeEmpty(), "%s %s stands in no row", f.Name, c.ID)
			g.Expect(known).To(ContainElements(classes))
		}
	}
}

// The frameworks write their identifiers like this, as their publishers' documents show.
func TestIdentifiersAreWrittenAsTheFrameworksDo(t *testing.T) {
	g := NewWithT(t)
	m := controls.Embedded()
	g.Expect(m.Version()).To(MatchRegexp(`^\d{4}-\d{2}-\d{2}$`))
	patterns := map[string]string{
		"NIST 800-53r5": `^(AC|AU|CA|CM|IA|IR|PS|RA|SA|SC|SI|SR)-\d{1,2}(\(\d{1,2}\))?[a-z]?$`, "CSF 2.0": `^(GV|ID|PR|DE|RS|RC)\.(RR|SC|AM|RA|IM|AA|PS|CM|AE)-\d\d$`,
		"CSF 1.1": `^PR\.AC-1$`, "NIST AI RMF": `^(GOVERN|MANAGE) \d\.\d$`, "OWASP NHI:2025": `^NHI([1-9]|10):2025$`,
		"CSA SSCF": `^(IAM|LOG)-SaaS-(0[1-9]|1\d|2[01])$`, "ISO 27001:2022": `^A\.[5-8]\.\d{1,2}$`, "SOC 2": `^(CC[1-9]|A1)\.\d$`,
		"PCI DSS 4.0.1": `^\d{1,2}(\.\d){2}(\.\d)?$`, "CIS v8": `^\d{1,2}\.\d$`, "ASVS 5.0": `^\d\.\d\.\d$`, "IPSIE": `^(AL|SL)[1-3]$`,
	}
	for _, f := range m.Frameworks() {
		g.Expect(patterns).To(HaveKey(f.Name))
		g.Expect([]string{f.Title, f.Version, f.Source, f.Licence}).NotTo(ContainElement(""), f.Name)
		seen := map[string]bool{}
		for _, c := range f.Controls {
			g.Expect(c.ID).To(MatchRegexp(patterns[f.Name]))
			g.Expect(c.Words).To(MatchRegexp(`^[A-Z].*\.$`), "the words for %s", c.ID)
			g.Expect(seen).NotTo(HaveKey(c.ID))
			seen[c.ID] = true
		}
		delete(patterns, f.Name)
	}
	g.Expect(patterns).To(BeEmpty(), "frameworks that the mapping lost")
}
