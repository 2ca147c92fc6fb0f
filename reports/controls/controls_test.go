package controls

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestForSplitsAccessByCredential(t *testing.T) {
	for name, c := range map[string]struct {
		class, credential string
		has, lacks        []string
	}{
		"a session":        {"survived-access", "web-session", []string{"ASVS 5.0 7.4.2", "NIST 800-53r5 AC-12"}, []string{"OWASP NHI:2025 NHI1:2025"}},
		"an access token":  {"survived-access", "access-token", []string{"NIST 800-53r5 AC-12"}, []string{"NIST 800-53r5 PS-4b"}},
		"a refresh token":  {"survived-access", "refresh-token", []string{"NIST 800-53r5 PS-4b", "OWASP NHI:2025 NHI1:2025"}, []string{"ASVS 5.0 7.4.2"}},
		"an unknown kind":  {"survived-access", "ssh-key", []string{"OWASP NHI:2025 NHI7:2025"}, nil},
		"a local password": {"survived-access", "local-password", []string{"CSA SSCF IAM-SaaS-05", "IPSIE AL2"}, []string{"OWASP NHI:2025 NHI9:2025"}},
		"revival":          {"revived-access", "personal-token", []string{"NIST 800-53r5 IA-4d"}, nil},
		"the protocol":     {"ignored-silently", "", []string{"NIST 800-53r5 PS-4(2)", "CIS v8 15.6"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var got []string
			for _, control := range For(c.class, c.credential) {
				got = append(got, control.Framework+" "+control.ID)
				g.Expect(control.Words).To(HaveSuffix("."))
				g.Expect(Words(control.Framework, control.ID)).To(Equal(control.Words))
			}
			g.Expect(got).To(ContainElements(c.has))
			for _, id := range c.lacks {
				g.Expect(got).NotTo(ContainElement(id))
			}
		})
	}
}

func TestForOrdersByFramework(t *testing.T) {
	g := NewWithT(t)
	var frameworks []string
	for _, c := range For("survived-access", "web-session") {
		frameworks = append(frameworks, c.Framework)
	}
	g.Expect(slices.Compact(frameworks)).To(Equal([]string{
		"NIST 800-53r5", "CSF 2.0", "CSA SSCF", "ISO 27001:2022", "SOC 2", "PCI DSS 4.0.1", "CIS v8", "ASVS 5.0", "IPSIE",
	}))
}

func TestForKnowsNothingOfNoGap(t *testing.T) {
	g := NewWithT(t)
	g.Expect(For("conformant", "web-session")).To(BeEmpty())
	g.Expect(For("", "")).To(BeEmpty())
	g.Expect(Words("no such framework", "X-1")).To(BeEmpty())
}

// notGaps are the outcomes that leave nothing to close.
var notGaps = []string{"conformant", "operational", "not-applicable", "not-selected", "recorded", "not-tested"}

func TestEveryGapClassIsCovered(t *testing.T) {
	g := NewWithT(t)
	words := outcomes(t)
	g.Expect(words).To(ContainElements(notGaps))
	for _, class := range words {
		for _, credential := range []string{"", "web-session", "access-token", "refresh-token", "personal-token", "local-password"} {
			if slices.Contains(notGaps, class) {
				g.Expect(For(class, credential)).To(BeEmpty(), class)
			} else {
				g.Expect(For(class, credential)).NotTo(BeEmpty(), "%s of %q", class, credential)
			}
		}
	}
	for _, r := range mapping().Classes {
		g.Expect(words).To(ContainElement(r.Class), "a row for a class that no report has")
	}
}

func TestDataIsWellFormed(t *testing.T) {
	g := NewWithT(t)
	m, err := parse(source)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(Version()).To(MatchRegexp(`^\d{4}-\d{2}-\d{2}$`))

	used := map[string]bool{}
	rows := map[string]bool{}
	for _, r := range m.Classes {
		key := r.Class + " of " + r.Credentials
		g.Expect(rows).NotTo(HaveKey(key), "two rows for "+key)
		rows[key] = true
		for name, ids := range r.Controls {
			g.Expect(slices.ContainsFunc(m.Frameworks, func(f framework) bool { return f.Name == name })).To(BeTrue(), "%s names the framework %q", key, name)
			g.Expect(slices.Sorted(slices.Values(ids))).To(HaveLen(len(slices.Compact(slices.Sorted(slices.Values(ids))))), "%s repeats a control of %s", key, name)
			for _, id := range ids {
				used[name+" "+id] = true
			}
		}
	}
	for _, f := range m.Frameworks {
		pattern := regexp.MustCompile("^(?:" + f.Pattern + ")$")
		for id, words := range f.Words {
			g.Expect(id).To(MatchRegexp(pattern.String()))
			g.Expect(words).To(MatchRegexp(`^[A-Z].*\.$`), "the words for %s", id)
			g.Expect(used).To(HaveKey(f.Name+" "+id), "words for a control that no row uses")
			delete(used, f.Name+" "+id)
		}
	}
	g.Expect(used).To(BeEmpty(), "controls without words")
}

// outcomes reads the outcome words out of the report model's source: this package
// must not import the one that imports it.
func outcomes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../report.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Outcome" {
			return true
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok && strings.HasPrefix(spec.Names[0].Name, "Outcome") {
			if word, err := strconv.Unquote(literal.Value); err == nil {
				words = append(words, word)
			}
		}
		return true
	})
	if len(words) < 10 {
		t.Fatalf("found only %d outcome words in report.go", len(words))
	}
	return words
}
