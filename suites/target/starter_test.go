package target

import (
	"errors"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestTheStarterIsAProfile(t *testing.T) {
	g := NewWithT(t)
	set := func(name string) (string, bool) { return "the-token-itself-1", name == "SCIM_TOKEN" }
	p, err := Parse("target.yaml", Starter(), set)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Access).To(HaveLen(1))
	g.Expect(p.Owners.RemediationCertifier.Name).To(Equal("Assurance"))

	_, err = Parse("target.yaml", Starter(), func(string) (string, bool) { return "", false })
	var faults Faults
	g.Expect(errors.As(err, &faults)).To(BeTrue())
	g.Expect(faults).To(HaveLen(1), "the variable is all that is missing")
	g.Expect(err).To(MatchError(ContainSubstring("export SCIM_TOKEN=")))
}

// What it shows in comments is meant to be copied.
func TestTheCommentsOfTheStarterCanBeUsed(t *testing.T) {
	g := NewWithT(t)
	text := strings.NewReplacer("# id:", "id:", "# applicationVersion:", "applicationVersion:", "  # vendor:", "  vendor:", "# limits:", "limits:",
		"# notApplicable:", "notApplicable:", "#   ", "  ").Replace(string(Starter()))
	p, err := Parse("target.yaml", []byte(text), func(string) (string, bool) { return "the-token-itself-1", true })
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.ID).To(Equal("example-app"))
	g.Expect(p.Owners.Vendor.Name).To(Equal("Example Inc."))
	g.Expect(p.NotApplicable).NotTo(BeEmpty())
	g.Expect(p.Limits.Concurrency).To(Equal(4))
}
