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

func TestTheSummarySaysUntilWhenGapsAreAccepted(t *testing.T) {
	use := func(id string, expires Day) ExceptionUse {
		return ExceptionUse{Exception: Exception{ID: id, Gap: "gap-" + id, Expires: expires}}
	}
	uses := []ExceptionUse{use("1", "2027-01-22"), use("2", "2026-12-11"), use("3", "2027-01-22"), use("4", "2028-01-01")}
	for name, c := range map[string]struct {
		accepted []string
		want     string
	}{
		"none":              {nil, ""},
		"one":               {[]string{"2"}, "1 control gap is accepted by exception until 2026-12-11"},
		"two until a day":   {[]string{"1", "3"}, "2 control gaps are accepted by exception until 2027-01-22"},
		"three until days":  {[]string{"1", "2", "3"}, "3 control gaps are accepted by exception, the first until 2026-12-11 and the last until 2027-01-22"},
		"by one not listed": {[]string{"9"}, "1 control gap is accepted by exception"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &Report{Exceptions: uses, Gaps: []Gap{{ID: "gap-4", State: StateOpen, Exception: "4", Severity: SeverityLow}}}
			for _, id := range c.accepted {
				r.Gaps = append(r.Gaps, Gap{ID: "gap-" + id, State: StateExcepted, Exception: id})
			}
			NewWithT(t).Expect(r.acceptedUntil()).To(Equal(c.want))
		})
	}
}
