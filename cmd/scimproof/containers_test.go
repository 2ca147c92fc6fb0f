package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/subject"
	"github.com/scimproof/scimproof/suites/target/containers"
	"github.com/scimproof/scimproof/suites/target/containers/containerstest"
)

const (
	today    = "scimproof-acme:1.0" // sessions outlive a deactivation
	tomorrow = "scimproof-acme:1.1" // they do not
)

// imageProfile is the profile of the image, with a companion, so that there is a network
// with something else on it.
func imageProfile(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "mocks", "acme", "image", "target.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(subject.StateDirVariable, t.TempDir())
	return written(t, "target.yaml", strings.Replace(string(text), "\n  seed:\n",
		"\n  companions: {sister: {image: \""+tomorrow+"\", ready: {log: \"SCIM token\", within: 30s}}}\n  seed:\n", 1))
}

// runImage is the command line of a short run.
func runImage(profile, image, out string, more ...string) []string {
	return append([]string{"run", "--target", profile, "--image", image, "--out", out, "--only", oneSession, "--budget", "1s"}, more...)
}

// ofProcess is what the engine's own client shows of a process's things: containers,
// running or not, and networks.
func ofProcess(t *testing.T, pid int) (found []string) {
	t.Helper()
	filter := "label=" + containers.LabelPID + "=" + strconv.Itoa(pid)
	for _, args := range [][]string{
		{"ps", "-a", "--filter", filter, "--format", "container {{.Names}}"},
		{"network", "ls", "--filter", filter, "--format", "network {{.Name}}"},
	} {
		out, err := exec.Command("docker", args...).Output()
		if err != nil {
			t.Fatalf("docker %v: %v", args, err)
		}
		found = slices.AppendSeq(found, strings.Lines(string(out)))
	}
	return found
}

func TestNothingOfOursIsLeftInTheEngine(t *testing.T) {
	images(t)
	for name, c := range map[string]struct {
		image  string
		signal os.Signal // once it watches; nil for none
		code   int
	}{
		"success":        {tomorrow, nil, exitPass},
		"a failing gate": {today, nil, exitFail},
		"Ctrl-C":         {today, os.Interrupt, exitInconclusive},
	} {
		t.Run(name, func(t *testing.T) {
			containerstest.MaySweep(t)
			g := NewWithT(t)
			args := runImage(imageProfile(t), c.image, t.TempDir())
			if c.signal != nil {
				args = append(args, "--budget", "1h")
			}
			cmd, prints := process(t, args...)
			pid := cmd.Process.Pid
			if c.signal != nil {
				<-prints.seen
				g.Expect(ofProcess(t, pid)).To(HaveLen(3), "two containers and their network")
				g.Expect(cmd.Process.Signal(c.signal)).To(Succeed())
			}
			_ = cmd.Wait()
			g.Expect(ofProcess(t, pid)).To(BeEmpty(), prints.String())
			g.Expect(cmd.ProcessState.ExitCode()).To(Equal(c.code), prints.String())
		})
	}
}

// Test users cannot be removed from an application that stands still, so that the second
// signal meets a run that waits.
func TestASecondSignalLeavesNothingInTheEngineEither(t *testing.T) {
	images(t)
	containerstest.MaySweep(t)
	g := NewWithT(t)
	cmd, prints := process(t, runImage(imageProfile(t), today, t.TempDir(), "--budget", "1h")...)
	pid := cmd.Process.Pid
	<-prints.seen
	code, said := in(t, ".", "docker pause "+containerOf(strconv.Itoa(pid)))
	g.Expect(code).To(BeZero(), said)
	g.Expect(cmd.Process.Signal(os.Interrupt)).To(Succeed())
	g.Eventually(prints.String, "30s").Should(ContainSubstring("A second Ctrl-C"))
	g.Expect(ofProcess(t, pid)).To(HaveLen(3), "still there")
	g.Expect(cmd.Process.Signal(os.Interrupt)).To(Succeed())
	_ = cmd.Wait()
	g.Expect(cmd.ProcessState.ExitCode()).To(Equal(exitSignalled), prints.String())
	g.Expect(ofProcess(t, pid)).To(BeEmpty(), prints.String())
}

func TestWhatAKilledRunLeavesInTheEngineIsRemoved(t *testing.T) {
	images(t)
	containerstest.LeavesBehind(t)
	g := NewWithT(t)
	cmd, prints := process(t, runImage(imageProfile(t), today, t.TempDir(), "--budget", "1h")...)
	pid := cmd.Process.Pid
	<-prints.seen
	g.Expect(cmd.Process.Kill()).To(Succeed())
	_ = cmd.Wait()
	g.Expect(ofProcess(t, pid)).To(HaveLen(3))

	code, stdout, stderr := scimproof(t, "clean", "--containers")
	g.Expect(code).To(Equal(exitPass), stdout+stderr)
	g.Expect(stdout).To(MatchRegexp(`(?m)^removed  container `))
	g.Expect(stdout).To(MatchRegexp(`(?m)^removed  network `))
	g.Expect(ofProcess(t, pid)).To(BeEmpty())
}

func TestAContainerThatDiesInTheMiddleOfARun(t *testing.T) {
	images(t)
	containerstest.MaySweep(t)
	g := NewWithT(t)
	out := t.TempDir()
	cmd, prints := process(t, runImage(imageProfile(t), today, out, "--budget", "1h")...)
	pid := cmd.Process.Pid
	<-prints.seen
	code, said := in(t, ".", "docker kill "+containerOf(strconv.Itoa(pid)))
	g.Expect(code).To(BeZero(), said)
	_ = cmd.Wait()
	g.Expect(cmd.ProcessState.ExitCode()).To(Equal(exitInconclusive), prints.String())
	g.Expect(ofProcess(t, pid)).To(BeEmpty())
	r := report(t, out)
	g.Expect(r.Gaps).To(BeEmpty())
	g.Expect(r.Health.Outage).To(ContainSubstring("container"))
}

// containerOf is what the shell makes the id of the application's container of a process.
func containerOf(pid string) string {
	return "$(docker ps -q --filter ancestor=" + today + " --filter label=" + containers.LabelPID + "=" + pid + ")"
}

func TestAContainerThatDiesWhileItsPathsAreTried(t *testing.T) {
	images(t)
	containerstest.MaySweep(t)
	g := NewWithT(t)
	text, err := os.ReadFile(imageProfile(t))
	g.Expect(err).NotTo(HaveOccurred())
	profile := written(t, "target.yaml", strings.Replace(string(text), "    kind: personal-token\n    arm:\n",
		"    kind: personal-token\n    arm:\n      - exec: {argv: [bash, -c, '"+"docker kill "+containerOf("$PPID")+"; sleep 60']}\n", 1))
	code, stdout, stderr := scimproof(t, "try-access", "--target", profile)
	g.Expect(code).To(Equal(exitInconclusive), stdout+stderr)
	g.Expect(stderr).To(MatchRegexp(`(?m)^scimproof: the container .* ended`), stdout)
}

// BenchmarkFirstRequest measures how long it is from the start of the command to the first
// SCIM request to a container.
func BenchmarkFirstRequest(b *testing.B) {
	if err := containers.Reachable(b.Context()); err != nil {
		b.Skip(err.Error())
	}
	path, err := built()
	if err != nil {
		b.Fatal(err)
	}
	b.Setenv(subject.StateDirVariable, b.TempDir())
	var first time.Duration
	for b.Loop() {
		out := b.TempDir()
		begun := time.Now()
		said, _ := exec.Command(path, runImage(filepath.Join("..", "..", "mocks", "acme", "image", "target.yaml"), tomorrow, out)...).CombinedOutput()
		text, err := os.ReadFile(filepath.Join(out, "run.json"))
		if err != nil {
			b.Fatalf("%v: %s", err, said)
		}
		var record reports.Record
		if err := json.Unmarshal(text, &record); err != nil {
			b.Fatal(err)
		}
		first += firstToSCIM(&record).Sub(begun)
	}
	b.ReportMetric(float64(first.Milliseconds())/float64(b.N), "ms-to-first-request")
}

// firstToSCIM is when a run sent its first SCIM request.
func firstToSCIM(record *reports.Record) time.Time {
	var first time.Time
	for _, x := range record.Exchanges {
		if strings.Contains(x.URL, "/scim/v2") && (first.IsZero() || x.At.Before(first)) {
			first = x.At
		}
	}
	return first
}
