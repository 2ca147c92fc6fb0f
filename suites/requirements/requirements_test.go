package requirements

import (
	"regexp"
	"testing"

	. "github.com/onsi/gomega"
)

func TestEachRequirementIsComplete(t *testing.T) {
	id := regexp.MustCompile(`^(RFC764[34]-[0-9.]+-[0-9]{2}|AS-[0-9]{2}|SP-[0-9]{2})$`)
	levels := []string{"MUST", "SHALL", "SHOULD", "SHOULD NOT", "derived", "interop", "control"}
	seen := map[string]bool{}
	for _, r := range All() {
		t.Run(r.ID, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(r.ID).To(MatchRegexp(id.String()))
			g.Expect(seen[r.ID]).To(BeFalse(), "the id is there twice")
			seen[r.ID] = true
			g.Expect(levels).To(ContainElement(r.Level))
			for _, text := range []string{r.Source, r.Says, r.Sends, r.Why} {
				g.Expect(text).NotTo(BeEmpty())
			}
			for _, sentence := range []string{r.Says, r.Sends, r.Why} {
				g.Expect(sentence).To(HaveSuffix("."))
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
