package reports

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestTheSummaryListsSomeNames(t *testing.T) {
	g := NewWithT(t)
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	g.Expect(some(names[:1])).To(Equal("a"))
	g.Expect(some(names[:7])).To(Equal("a, b, c, d, e, f, g"), "“and 1 others” would be no shorter")
	g.Expect(some(names)).To(Equal("a, b, c, d, e, f and 2 others"))
}
