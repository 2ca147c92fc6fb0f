package html

import (
	"strconv"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

func TestManyPartsAreFolded(t *testing.T) {
	for name, c := range map[string]struct {
		parts        int
		reproduced   bool
		told, folded int
	}{
		"few":                        {3, false, 3, 0},
		"one more than are shown":    {maxParts + 1, false, maxParts + 1, 0},
		"many":                       {20, false, maxParts, 20 - maxParts},
		"many, and how often it was": {20, true, maxParts + 1, 19 - maxParts},
		"none":                       {0, true, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var from reports.Gap
			for i := range c.parts {
				from.Parts = append(from.Parts, strconv.Itoa(i+1))
			}
			if c.reproduced {
				from.Reproduced = &reports.Reproduced{}
			}
			told, rest := folded(from)
			g.Expect(told).To(HaveLen(c.told))
			g.Expect(rest).To(HaveLen(c.folded))
			g.Expect(append(append([]string{}, told...), rest...)).To(ConsistOf(from.Parts))
			if c.reproduced && c.parts > 0 {
				g.Expect(told[len(told)-1]).To(Equal(strconv.Itoa(c.parts)))
			}
		})
	}
}
