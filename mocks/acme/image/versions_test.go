// Package image_test holds what is shipped as an image to what its files say.
package image_test

import (
	"os"
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

func TestTheProfileHolds(t *testing.T) {
	g := NewWithT(t)
	profile, err := target.Read("target.yaml")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(profile.Container().Seed).To(HaveLen(1))
	loaded, err := profile.With(map[string]string{target.ContainerURL: "http://127.0.0.1:8080", target.ContainerHost: "172.17.0.1", "seed.scimToken": "scim_0123456789"})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(loaded.SCIM.BaseURL.String()).To(Equal("http://127.0.0.1:8080/scim/v2"))
	g.Expect(loaded.SCIM.Auth.Token).To(Equal("scim_0123456789"))
	g.Expect(loaded.Access).To(HaveLen(4))
}
