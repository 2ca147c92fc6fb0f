package containers_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/target/containers"
	"github.com/scimproof/scimproof/suites/target/containers/containerstest"
)

// asked is how a test asks this binary, started again, to be another process.
const asked = "CONTAINERS_TEST_CHILD"

// child is this binary started again for one test.
func child(t *testing.T, test, what string, env ...string) *exec.Cmd {
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.v=false")
	c.Env = append(append(os.Environ(), asked+"="+what), env...)
	return c
}

func TestSweepRemovesWhatAKilledProcessHasLeft(t *testing.T) {
	if run := os.Getenv(asked); run != "" {
		_, err := containers.Start(t.Context(), containers.Spec{Container: app(t, nil), RunID: run})
		_, _ = os.Stdout.WriteString(strings.TrimSpace("STARTED "+errorText(err)) + "\n")
		time.Sleep(time.Minute) // until it is killed
		return
	}
	g := NewWithT(t)
	mine := uuid.NewString()
	living, err := containers.Start(t.Context(), containers.Spec{Container: app(t, nil), RunID: mine})
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { g.Expect(living.Close(context.Background())).To(Succeed()) }()

	containerstest.LeavesBehind(t)
	theirs := uuid.NewString()
	c := child(t, t.Name(), theirs)
	out, err := c.StdoutPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.Start()).To(Succeed())
	line, _ := bufio.NewReader(out).ReadString('\n')
	g.Expect(line).To(Equal("STARTED\n"))
	swept, err := containers.Sweep(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(swept.Kept).To(ContainElement(And(ContainSubstring(theirs), ContainSubstring("is running"))))
	g.Expect(swept.Removed).NotTo(ContainElement(ContainSubstring(theirs)))

	g.Expect(c.Process.Kill()).To(Succeed())
	_ = c.Wait()
	g.Expect(containers.Left(t.Context(), theirs)).To(HaveLen(2))
	swept, err = containers.Sweep(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(swept.Removed).To(ContainElements(
		And(HavePrefix("container "), ContainSubstring(theirs)), And(HavePrefix("network "), ContainSubstring(theirs))))
	g.Expect(swept.Kept).To(ContainElement(ContainSubstring(mine)))
	g.Expect(containers.Left(t.Context(), theirs)).To(BeEmpty())
	g.Expect(containers.Left(t.Context(), mine)).To(HaveLen(2))
}

func TestNoEngine(t *testing.T) {
	if os.Getenv(asked) != "" {
		_, err := containers.Start(t.Context(), containers.Spec{})
		_, _ = os.Stdout.WriteString(errorText(err) + "\n")
		return
	}
	g := NewWithT(t)
	out, err := child(t, t.Name(), "yes", "DOCKER_HOST=unix:///nowhere/docker.sock").CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(out))
	g.Expect(string(out)).To(MatchRegexp(`(?s)^no Docker engine can be reached \([^\n]+\): start Docker, or give scim\.baseURL of something that runs\nPASS\n$`))
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
