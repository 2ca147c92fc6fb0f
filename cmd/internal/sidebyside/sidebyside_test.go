//go:build unix

package sidebyside

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	. "github.com/onsi/gomega"
)

// screenshot keeps what is printed, and calls a function once it holds some texts.
type screenshot struct {
	mu      sync.Mutex
	text    bytes.Buffer
	moments []string
	then    func()
}

func (s *screenshot) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(p)
	missing := func(moment string) bool { return !strings.Contains(s.text.String(), moment) }
	if s.then != nil && !slices.ContainsFunc(s.moments, missing) {
		then := s.then
		s.then = nil
		then()
	}
	return len(p), nil
}

// says is a child that carries out a script.
func says(name, script string) Child { return Child{Name: name, Args: []string{"-c", script}} }

func TestBothRunAndEachLineSaysWhose(t *testing.T) {
	for name, c := range map[string]struct {
		together      bool
		first, second string
		goOn          bool
		prints        []string
		codes         []int // of those that were started
	}{
		"one after the other": {false, "echo Running; echo a >&2", "echo b", true, []string{"from │ Running", "from │ a", "  to │ b"}, []int{0, 0}},
		// The first one waits for what the second one makes.
		"at once":                   {true, "echo Running; until [ -e met ]; do sleep 0.02; done; exit 3", "touch met; echo b; exit 1", true, []string{"  to │ b"}, []int{3, 1}},
		"a first one that is short": {true, "exit 1", "echo b", true, []string{"  to │ b"}, []int{1, 0}},
		"nothing to go on with":     {true, "echo wrong >&2; exit 2", "echo b", false, []string{"from │ wrong"}, []int{2}},
		"a line without an end":     {false, "printf 'x\\r\\n\\ny'", "true", true, []string{"from │ x\n", "from │ \n", "from │ y\n"}, []int{0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			t.Chdir(t.TempDir())
			var out screenshot
			ended, err := Run(t.Context(), Options{
				Program: "/bin/sh", Out: &out, Together: c.together, Underway: "Running",
				GoOn: func(e Ended) bool { return e.Code != 2 },
			}, says("from", c.first), says("to", c.second))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(ended.Interrupted).To(BeFalse())
			for _, line := range c.prints {
				g.Expect(out.text.String()).To(ContainSubstring(line))
			}
			g.Expect(ended.First).To(And(HaveField("Started", true), HaveField("Code", c.codes[0])))
			g.Expect(ended.Second.Started).To(Equal(len(c.codes) == 2))
			if len(c.codes) == 2 {
				g.Expect(ended.Second.Code).To(Equal(c.codes[1]))
			}
		})
	}
}

func TestOneAfterTheOtherIsNotAtOnce(t *testing.T) {
	g := NewWithT(t)
	t.Chdir(t.TempDir())
	var out screenshot
	ended, err := Run(t.Context(), Options{Program: "/bin/sh", Out: &out, Underway: "Running"},
		says("from", "echo Running; sleep 0.1; touch over"), says("to", "test -e over"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(ended.Second).To(And(HaveField("Started", true), HaveField("Code", 0)))
}

const counts = `n=0; trap 'n=$((n+1)); echo told $n; [ $n = 2 ] && exit 7' INT; echo Running; while :; do sleep 0.02; done`

func TestEachSignalIsPassedOnToBoth(t *testing.T) {
	g := NewWithT(t)
	interrupt := func() { g.Expect(syscall.Kill(os.Getpid(), syscall.SIGINT)).To(Succeed()) }
	var out screenshot
	out.moments, out.then = []string{"to │ Running"}, func() {
		out.moments, out.then = []string{"from │ told 1", "to │ told 1"}, interrupt // a second time
		interrupt()
	}
	ended, err := Run(t.Context(), Options{Program: "/bin/sh", Out: &out, Together: true, Underway: "Running"}, says("from", counts), says("to", counts))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(ended.Interrupted).To(BeTrue())
	g.Expect([]int{ended.First.Code, ended.Second.Code}).To(Equal([]int{7, 7}), out.text.String())
}

func TestWhoIsToldToStopStartsNothingMore(t *testing.T) {
	const stops = `trap 'exit 3' INT; echo Running; while :; do sleep 0.02; done`
	g := NewWithT(t)
	ctx, stop := context.WithCancel(t.Context())
	out := screenshot{moments: []string{"Running"}, then: stop}
	ended, err := Run(ctx, Options{Program: "/bin/sh", Out: &out}, says("from", stops), says("to", stops))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(ended).To(And(HaveField("Interrupted", true), HaveField("First.Code", 3), HaveField("Second.Started", false)))

	ended, err = Run(ctx, Options{Program: "/bin/sh", Out: &out}, says("from", stops), says("to", stops))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(ended).To(And(HaveField("Interrupted", true), HaveField("First.Started", false)))
}

func TestAProgramThatIsNotThere(t *testing.T) {
	_, err := Run(t.Context(), Options{Program: "/nowhere/scimproof", Out: &screenshot{}}, says("from", ""), says("to", ""))
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("starting /nowhere/scimproof for from")))
}

func TestALongLineIsShownInPiecesAndOnlyTheLastLinesAreKept(t *testing.T) {
	g := NewWithT(t)
	var out screenshot
	l := &lines{screen: &screen{out: &out}, name: "x", seen: func(string) {}}
	for range 150 {
		_, err := l.Write([]byte("line\n"))
		g.Expect(err).NotTo(HaveOccurred())
	}
	_, err := l.Write(bytes.Repeat([]byte("y"), longestLine+1))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(l.rest).To(BeEmpty())
	g.Expect(l.said).To(HaveLen(kept))
}
