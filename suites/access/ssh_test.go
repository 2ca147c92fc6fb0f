package access

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/target"
)

// sshProfile arms a key of the user's own and tries it on a server: made with
// ssh-keygen, handed in over HTTP as on the key page of a code host, used with ssh.
const sshProfile = `version: 1
name: Code host
owners:
  identitySource: {name: A, contact: a@example.com}
  applicationOwner: {name: B, contact: b@example.com}
  exceptionApprover: {name: C, contact: c@example.com}
  failureInvestigator: {name: D, contact: d@example.com}
  remediationCertifier: {name: E, contact: e@example.com}
scim:
  baseURL: https://app.example.com/scim/v2
  auth: {bearer: {token: "${SSH_TEST_TOKEN}"}}
access:
  - name: ssh key
    kind: ssh-key
    arm:
      - exec: {argv: [ssh-keygen, -q, -t, ed25519, -N, "", -C, "{{user.userName}}", -f, "keys/{{unique}}"], plain: true}
      - exec: {argv: [cat, "keys/{{unique}}.pub"], plain: true}
        capture: {public: {body: true, match: "(.+)"}}
      - post: ${SSH_TEST_APP}/keys
        form: {user: "{{user.userName}}", key: "{{public}}"}
        expect: [201]
    try:
      exec:
        argv: [ssh, -F, none, -i, "keys/{{unique}}", -p, "${SSH_TEST_PORT}", -o, IdentitiesOnly=yes, -o, BatchMode=yes,
          -o, ControlPath=none, -o, StrictHostKeyChecking=yes, -o, UserKnownHostsFile=known_hosts, -o, LogLevel=ERROR,
          "${SSH_TEST_USER}@127.0.0.1", whoami]
        timeLimit: 20s
        plain: true
      allowed: {marker: "{{user.marker}}"}
      denied: {exit: [255], stderr: "Permission denied \\("}
    disarm:
      - exec: {argv: [rm, -f, "keys/{{unique}}", "keys/{{unique}}.pub"], plain: true}
`

// codeHost is an application whose users hand in SSH keys, with a real sshd beside
// it that lets those keys in.
type codeHost struct {
	dir, file string // file is sshd's AuthorizedKeysFile
	mu        sync.Mutex
	keys      map[string][]string // by user
}

// startCodeHost starts application and sshd and sets the variables of sshProfile.
func startCodeHost(t *testing.T) *codeHost {
	t.Helper()
	needs(t, "ssh", "ssh-keygen")
	const sshd = "/usr/sbin/sshd"
	if _, err := os.Stat(sshd); err != nil {
		t.Skipf("this test needs %s, which is not installed here", sshd)
	}
	me, err := user.Current()
	must(t, err)
	h := &codeHost{dir: t.TempDir(), keys: map[string][]string{}}
	h.file = filepath.Join(h.dir, "authorized_keys")
	must(t, os.Mkdir(filepath.Join(h.dir, "keys"), 0o700))
	hostKey := filepath.Join(h.dir, "host_key")
	_, err = exec.CommandContext(t.Context(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hostKey).CombinedOutput()
	must(t, err)
	port := freePort(t)
	public, err := os.ReadFile(hostKey + ".pub")
	must(t, err)
	must(t, os.WriteFile(filepath.Join(h.dir, "known_hosts"), fmt.Appendf(nil, "[127.0.0.1]:%s %s", port, public), 0o600))
	h.serve(t, sshd, hostKey, port)
	t.Setenv("SSH_TEST_APP", serving(t, h.takeKey))
	t.Setenv("SSH_TEST_PORT", port)
	t.Setenv("SSH_TEST_USER", me.Username)
	t.Setenv("SSH_TEST_TOKEN", "the-token-of-the-channel")
	return h
}

// serve runs sshd in the foreground until the test ends and waits for its greeting.
func (h *codeHost) serve(t *testing.T, sshd, hostKey, port string) {
	t.Helper()
	if os.Getuid() == 0 {
		// Debian's sshd wants its empty folder, which the service manager makes otherwise.
		must(t, os.MkdirAll("/run/sshd", 0o755))
	}
	config := filepath.Join(h.dir, "sshd_config")
	must(t, os.WriteFile(config, fmt.Appendf(nil, "Port %s\nListenAddress 127.0.0.1\nHostKey %s\nPidFile none\nAuthorizedKeysFile %s\n"+
		"StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nMaxStartups 100\n",
		port, hostKey, h.file), 0o600))
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, sshd, "-D", "-e", "-f", config)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	must(t, cmd.Start())
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log("sshd said: " + said.String())
		}
	})
	NewWithT(t).Eventually(func() string { return greeting(port) }).WithTimeout(10 * time.Second).Should(HavePrefix("SSH-2.0-OpenSSH"))
}

// greeting is what a server says first.
func greeting(port string) string {
	conn, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	line := make([]byte, 64)
	n, _ := io.ReadAtLeast(conn, line, len("SSH-2.0-OpenSSH"))
	return string(line[:n])
}

// takeKey is the key page: whoever hands in a key gets in with it, and is told who
// they are.
func (h *codeHost) takeKey(w http.ResponseWriter, r *http.Request) {
	h.change(func() {
		name := r.FormValue("user")
		line := fmt.Sprintf("restrict,command=\"echo Welcome, marker-of-%s\" %s", name, r.FormValue("key"))
		h.keys[name] = append(h.keys[name], line)
	})
	w.WriteHeader(http.StatusCreated)
}

// deprovision takes a user's keys away.
func (h *codeHost) deprovision(name string) { h.change(func() { delete(h.keys, name) }) }

// change changes the keys and lets sshd see it: it reads the file for each log-in.
func (h *codeHost) change(how func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	how()
	var lines []string
	for _, keys := range h.keys {
		lines = append(lines, keys...)
	}
	slices.Sort(lines)
	if err := os.WriteFile(h.file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		panic(err) // the test's own folder
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed at once
	must(t, err)
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	must(t, err)
	return port
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnSSHKeyOnARealServer(t *testing.T) {
	g := NewWithT(t)
	host := startCodeHost(t)
	file := filepath.Join(host.dir, "target.yaml")
	must(t, os.WriteFile(file, []byte(sshProfile), 0o600))
	profile, err := target.Load(file)
	g.Expect(err).NotTo(HaveOccurred())
	path := profile.Access[0]
	d, recorder := newDriver(t)
	who := func(name string) map[string]string {
		return map[string]string{"user.userName": name, "user.marker": "marker-of-" + name}
	}
	plan := Plan{RevokeWithin: 300 * time.Millisecond, GiveUpAfter: time.Second}
	canary, err := d.ArmCanary(t.Context(), path, plan, 2, who("leaver"), who("control"))
	g.Expect(err).NotTo(HaveOccurred())
	problem, _ := canary.Before(t.Context())
	g.Expect(problem).To(BeEmpty(), "both keys work before the event")

	t.Run("a key that was never handed in is denied", func(t *testing.T) {
		attempt := d.Try(t.Context(), Forge(canary.control))
		NewWithT(t).Expect(attempt.Result).To(Equal(reports.TryDenied), attempt.Reason)
	})

	noWait := func(time.Time) func() { return func() {} }
	canary.Tries = nil
	t.Run("keys that stay are seen to survive", func(t *testing.T) {
		g := NewWithT(t)
		g.Expect(canary.Watch(t.Context(), plan, Rule{Need: 2}, reports.PhaseLeft, time.Now(), noWait)).To(BeTrue())
		g.Expect(results(canary, reports.WhoPolled)).To(HaveEach(reports.TryAllowed))
	})

	canary.Tries = nil
	host.deprovision("leaver")
	t.Run("keys that are removed are denied, and the control user's works", func(t *testing.T) {
		g := NewWithT(t)
		g.Expect(canary.Watch(t.Context(), plan, Rule{Need: 2, Last: true}, reports.PhaseLeft, time.Now(), noWait)).To(BeTrue())
		g.Expect(len(results(canary, reports.WhoPolled))).To(BeNumerically(">=", 2))
		g.Expect(results(canary, reports.WhoPolled)).To(HaveEach(reports.TryDenied))
		g.Expect(results(canary, reports.WhoSilent)).To(Equal([]reports.Result{reports.TryDenied}))
		g.Expect(results(canary, reports.WhoControl)).To(HaveEach(reports.TryAllowed))
	})

	t.Run("a server that is gone denies nothing", func(t *testing.T) {
		g := NewWithT(t)
		t.Setenv("SSH_TEST_PORT", freePort(t))
		gone, err := target.Load(file)
		g.Expect(err).NotTo(HaveOccurred())
		elsewhere := *canary.control
		elsewhere.Path = gone.Access[0]
		attempt := d.Try(t.Context(), &elsewhere)
		g.Expect(attempt.Result).To(Equal(reports.TryInconclusive))
		g.Expect(attempt.Reason).To(Equal("exit code 255 without what denied.stderr names"))
	})

	canary.Disarm(t.Context())
	left, err := os.ReadDir(filepath.Join(host.dir, "keys"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(left).To(BeEmpty(), "no key is left behind")
	g.Expect(fmt.Sprint(recorder.Exchanges())).NotTo(ContainSubstring(canary.control.values["public"]))
}
