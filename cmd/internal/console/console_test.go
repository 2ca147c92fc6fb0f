package console

import (
	"bytes"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/scimproof/scimproof/reports"
)

func check(id string, outcome reports.Outcome, because string) reports.Check {
	return reports.Check{Spec: reports.Spec{ID: id}, Outcome: outcome, Because: because}
}

func TestPlainLines(t *testing.T) {
	g := NewWithT(t)
	var out bytes.Buffer
	c := Plain(&out)
	c.Planned(2)
	c.Arming("delete")
	c.Started(reports.Spec{ID: "a"})
	c.Watching("delete", time.Now())
	c.Watching("delete", time.Now())
	c.Finished(check("a", reports.OutcomeConformant, "as it should be"))
	c.Finished(check("b", reports.OutcomeSurvived, "Access still worked."))
	c.Settled("delete")
	c.Note("Done.")
	c.Close()

	text := out.String()
	g.Expect(strings.Count(text, "watching access after delete")).To(Equal(1), "one line for each event")
	g.Expect(text).To(MatchRegexp(`✔ +1/2  a +conformant\n`))
	g.Expect(text).To(MatchRegexp(`✘ +2/2  b +survived-access\n +Access still worked\.`))
	g.Expect(text).NotTo(ContainSubstring("as it should be"))
	g.Expect(text).NotTo(ContainSubstring("\x1b"), "no terminal codes where there is no terminal")
}

func TestTheLiveLineSaysWhatIsWaitedFor(t *testing.T) {
	g := NewWithT(t)
	var out bytes.Buffer
	c := Plain(&out)
	c.width = 200
	c.Planned(3)
	c.Started(reports.Spec{ID: "survival.delete.web-session"})
	c.Arming("recreate")
	c.Watching("delete", time.Now().Add(2*time.Second))
	lines := strings.Split(out.String(), "\r")
	last := lines[len(lines)-1]
	g.Expect(last).To(SatisfyAll(ContainSubstring("0/3"), ContainSubstring("survival.delete.web-session"),
		MatchRegexp(`next try in (2\.0|1\.9) s`), ContainSubstring("watching delete"), ContainSubstring("arming recreate")))
	c.width = 30
	c.Started(reports.Spec{ID: "survival.delete.web-session"})
	lines = strings.Split(out.String(), "\r")
	g.Expect(len([]rune(strings.TrimPrefix(lines[len(lines)-1], "\x1b[2K")))).To(BeNumerically("<", 30), "a line never wraps")
}

func TestATargetCannotSteerTheTerminal(t *testing.T) {
	g := NewWithT(t)
	var out bytes.Buffer
	c := Plain(&out)
	c.Finished(check("a", reports.OutcomeNonconformant, "\x1b]0;title\x07 \u009b31m red \r gone"))
	g.Expect(out.String()).NotTo(containAnyOf("\x1b", "\x07", "\u009b", "\r"))
}

// containAnyOf matches text that holds any of the strings.
func containAnyOf(list ...string) types.GomegaMatcher {
	matchers := make([]types.GomegaMatcher, len(list))
	for i, s := range list {
		matchers[i] = ContainSubstring(s)
	}
	return Or(matchers...)
}
