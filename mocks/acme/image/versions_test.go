// Package image_test holds what is shipped as an image to what its files say.
package image_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/suites/target"
)

// version is a line of the file versions.
type version struct {
	tag     string
	defects []string
}

func versions(t *testing.T) []version {
	t.Helper()
	raw, err := os.ReadFile("versions")
	if err != nil {
		t.Fatal(err)
	}
	var out []version
	for line := range strings.Lines(string(raw)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if len(fields) != 2 {
			t.Fatalf("versions: %q is not a tag and its defects", line)
		}
		out = append(out, version{fields[0], strings.Split(fields[1], ",")})
	}
	return out
}

func TestTheDefectsOfEachVersionAreKnownAndNoticed(t *testing.T) {
	for _, v := range versions(t) {
		for _, name := range v.defects {
			g := NewWithT(t)
			d, known := defects.Get(name)
			g.Expect(known).To(BeTrue(), "%s of %s", name, v.tag)
			g.Expect(d.Noticed()).To(BeTrue(), "%s of %s", name, v.tag)
			g.Expect(d.Family).To(Equal(defects.Survival), "the profile beside it looks at the ways in")
		}
	}
}

// What an upgrade can bring is in it: something mended, something that stays, something new.
func TestTheUpgradeHasEachKindOfChange(t *testing.T) {
	g := NewWithT(t)
	all := versions(t)
	g.Expect(all).To(HaveLen(2))
	before, after := all[0].defects, all[1].defects
	in := func(set []string) func(string) bool {
		return func(name string) bool { return slices.Contains(set, name) }
	}
	without := func(set, other []string) []string { return slices.DeleteFunc(slices.Clone(set), in(other)) }
	g.Expect(without(before, after)).NotTo(BeEmpty(), "fixed")
	g.Expect(without(after, before)).NotTo(BeEmpty(), "regressed")
	g.Expect(slices.ContainsFunc(before, in(after))).To(BeTrue(), "unchanged")
}

func TestTheProfileIsThatOfTheFirstVersion(t *testing.T) {
	g := NewWithT(t)
	raw, err := os.ReadFile("target.yaml")
	g.Expect(err).NotTo(HaveOccurred())
	profile, first := string(raw), versions(t)[0].tag
	g.Expect(profile).To(ContainSubstring("\n  image: scimproof-acme:" + first + "\n"))
	g.Expect(profile).To(ContainSubstring("\napplicationVersion: \"" + first + "\"\n"))
}

// The same profile serves a container that somebody else started.
func TestTheProfileOfWhatRuns(t *testing.T) {
	g := NewWithT(t)
	raw, err := os.ReadFile("target.yaml")
	g.Expect(err).NotTo(HaveOccurred())
	before, rest, found := strings.Cut(string(raw), "\ncontainer:\n")
	g.Expect(found).To(BeTrue())
	_, after, found := strings.Cut(rest, "\nscim:\n")
	g.Expect(found).To(BeTrue())
	text := strings.NewReplacer("${container.url}", "http://127.0.0.1:8080", "${seed.scimToken}", "${ACME_TEST_TOKEN}").Replace(before + "\nscim:\n" + after)
	path := filepath.Join(t.TempDir(), "target.yaml")
	g.Expect(os.WriteFile(path, []byte(text), 0o600)).To(Succeed())
	t.Setenv("ACME_TEST_TOKEN", "scim_0123456789")
	loaded, err := target.Load(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(loaded.Access).To(HaveLen(4))
}
