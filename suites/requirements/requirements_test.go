package requirements

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

func TestEachRequirementIsComplete(t *testing.T) {
	id := regexp.MustCompile(`^(RFC(764[34]|9865|9967)-[0-9.]+-[0-9]{2}|AS-[0-9]{2}|SP-[0-9]{2})$`)
	levels := []string{
		"MUST", "MUST NOT", "SHALL", "SHALL NOT", "REQUIRED", "SHOULD", "SHOULD NOT", "MAY", "OPTIONAL", "ambiguous", "derived", "interop", "control",
	}
	stakes := []reports.Stake{"", reports.StakeData, reports.StakeAccess, reports.StakeIdentity, reports.StakeSecret, reports.StakeRights}
	seen := map[string]bool{}
	for _, r := range All() {
		t.Run(r.ID, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(r.ID).To(MatchRegexp(id.String()))
			g.Expect(seen[r.ID]).To(BeFalse(), "the id is there twice")
			seen[r.ID] = true
			g.Expect(levels).To(ContainElement(r.Level))
			g.Expect(stakes).To(ContainElement(r.Stake))
			if strings.HasPrefix(r.ID, "RFC") {
				g.Expect(r.Class).NotTo(BeEmpty())
			} else {
				g.Expect(r.Class).To(BeEmpty(), "what is no matter of protocol has no class")
			}
			for _, text := range []string{r.Source, r.Says, r.Sends, r.Why} {
				g.Expect(text).NotTo(BeEmpty())
			}
			for _, sentence := range []string{r.Says, r.Sends, r.Why, r.Untestable} {
				if sentence != "" {
					g.Expect(sentence).To(HaveSuffix("."))
				}
			}
		})
	}
}

func TestGet(t *testing.T) {
	g := NewWithT(t)
	r, ok := Get("AS-01")
	g.Expect(ok).To(BeTrue())
	g.Expect(r.Says).To(ContainSubstring("web session"))
	_, ok = Get("AS-99")
	g.Expect(ok).To(BeFalse())
}

func TestTheClassOfSeveralIsThatWhoseMissMeansMost(t *testing.T) {
	g := NewWithT(t)
	g.Expect(ClassOf([]string{"RFC7644-3.3-10", "RFC7644-3.3-02"})).To(Equal(reports.ClassStrict))
	g.Expect(ClassOf([]string{"RFC7644-3.3-10"})).To(Equal(reports.ClassOpen))
	g.Expect(ClassOf([]string{"AS-01"})).To(BeEmpty())
}

// The facts of the catalogue are those that were gathered from the RFCs.
func TestTheCatalogueIsThatOfTheRFCs(t *testing.T) {
	source, err := os.ReadFile("../../../shared/reference/scim-catalogue.json")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the gathered facts are not at hand here")
	}
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	var facts []struct {
		ID    string
		RFC   json.Number
		Class reports.Class
	}
	g.Expect(json.Unmarshal(source, &facts)).To(Succeed())
	for _, f := range facts {
		r, known := Get(f.ID)
		g.Expect(known).To(BeTrue(), f.ID)
		g.Expect(r.Class).To(Equal(f.Class), f.ID)
		g.Expect(r.Source).To(HavePrefix("RFC "+f.RFC.String()), f.ID)
	}
	classed := 0
	for _, r := range All() {
		if r.Class != "" {
			classed++
		}
	}
	g.Expect(classed).To(Equal(len(facts)))
}
