package access

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// script writes a shell script and returns the command that runs it.
func script(t *testing.T, body string) *target.Exec {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "command")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return &target.Exec{Name: "./command", Program: file, Dir: dir, TimeLimit: 20 * time.Second}
}

// tried tries a command once as Ada.
func tried(t *testing.T, e *target.Exec, denied *target.Denied) (Attempt, *exchange.Recorder) {
	t.Helper()
	d, recorder := newDriver(t)
	c, err := d.Arm(t.Context(), target.AccessPath{
		Name: "key", Try: target.Try{Step: target.Step{Exec: e}, Allowed: target.Allowed{Marker: "{{user.marker}}"}, Denied: denied},
	}, "polled", ada)
	if err != nil {
		t.Fatal(err)
	}
	return d.Try(t.Context(), c), recorder
}

func TestWhatACommandSays(t *testing.T) {
	for name, c := range map[string]struct {
		body   string
		want   reports.Result
		reason string
	}{
		"allowed with the marker":         {`echo '{"result":"allowed","values":{"marker":"Hello mark-of-ada!"}}'`, reports.TryAllowed, "allowed with the marker"},
		"allowed with the marker escaped": {`echo '{"result":"allowed","values":{"marker":"\u006dark-of-ada"}}'`, reports.TryAllowed, "allowed with the marker"},
		"allowed, it says":                {`echo '{"result":"allowed"}'`, reports.TryInconclusive, "values.marker does not hold the marker"},
		"allowed for somebody else":       {`echo '{"result":"allowed","values":{"marker":"mark-of-bob"}}'`, reports.TryInconclusive, "values.marker does not hold the marker"},
		"the marker in another place":     {`echo '{"result":"allowed","reason":"mark-of-ada","values":{"page":"mark-of-ada"}}'`, reports.TryInconclusive, "values.marker does not hold"},
		"denied":                          {`echo '{"result":"denied","reason":"no such key"}'`, reports.TryDenied, "denied: no such key"},
		"it cannot decide":                {`echo '{"result":"inconclusive","reason":"no route"}'`, reports.TryInconclusive, "could not decide: no route"},
		"another word":                    {`echo '{"result":"yes"}'`, reports.TryInconclusive, "no result of allowed, denied and inconclusive"},
		"no result":                       {`echo '{}'`, reports.TryInconclusive, "no result of"},
		"nothing":                         {`:`, reports.TryInconclusive, "printed nothing"},
		"no JSON":                         {`echo denied`, reports.TryInconclusive, "no JSON object of the expected form"},
		"a list":                          {`echo '["denied"]'`, reports.TryInconclusive, "no JSON object of the expected form"},
		"two objects":                     {`echo '{"result":"denied"}{"result":"denied"}'`, reports.TryInconclusive, "more than one JSON object"},
		"half an object":                  {`echo '{"result":"denied"'`, reports.TryInconclusive, "no JSON object of the expected form"},
		"an exit code beside it":          {`echo '{"result":"denied"}'; exit 3`, reports.TryInconclusive, "exit code 3; a command that has an answer ends with 0"},
		"a signal":                        {`echo '{"result":"denied"}'; kill -TERM $$`, reports.TryInconclusive, "ended by something else (signal: terminated)"},
		"too much":                        {`yes`, reports.TryInconclusive, "printed more than 1 MiB, and was ended"},
		"too much of an error":            {`yes >&2`, reports.TryInconclusive, "printed more than 1 MiB, and was ended"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			attempt, recorder := tried(t, script(t, c.body), nil)
			g.Expect(attempt.Result).To(Equal(c.want), attempt.Reason)
			g.Expect(attempt.Reason).To(ContainSubstring(c.reason))
			g.Expect(attempt.Exchange).To(Equal(recorder.Exchanges()[0].ID))
		})
	}
}

func TestWhatAPlainCommandShows(t *testing.T) {
	denied := &target.Denied{Exit: []int{128, 255}, Stderr: "Permission denied|not allowed"}
	for name, c := range map[string]struct {
		body   string
		want   reports.Result
		reason string
	}{
		"the marker":                      {`echo welcome mark-of-ada`, reports.TryAllowed, "exit code 0 with the marker"},
		"success without the marker":      {`echo welcome`, reports.TryInconclusive, "exit code 0 without the marker"},
		"the marker among errors":         {`echo mark-of-ada >&2`, reports.TryInconclusive, "without the marker"},
		"a denial":                        {`echo 'ada@x: Permission denied (publickey).' >&2; exit 255`, reports.TryDenied, "exit code 255 and what denied.stderr names"},
		"a denial of the other kind":      {`echo 'not allowed' >&2; exit 128`, reports.TryDenied, "exit code 128"},
		"a broken connection":             {`echo 'ssh: connect to host x port 22: Connection refused' >&2; exit 255`, reports.TryInconclusive, "exit code 255 without what denied.stderr names"},
		"another code":                    {`echo 'Permission denied' >&2; exit 1`, reports.TryInconclusive, "exit code 1, which denied does not name"},
		"a denial on the output":          {`echo 'Permission denied'; exit 255`, reports.TryInconclusive, "without what denied.stderr names"},
		"the marker, and yet a failure":   {`echo mark-of-ada; exit 9`, reports.TryInconclusive, "exit code 9"},
		"a denial by what is no access":   {`echo 'Permission denied' >&2`, reports.TryInconclusive, "exit code 0 without the marker"},
		"something holds the output open": {`echo mark-of-ada; sleep 600 &`, reports.TryAllowed, "exit code 0 with the marker"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := script(t, c.body)
			e.Plain = true
			attempt, _ := tried(t, e, denied)
			g.Expect(attempt.Result).To(Equal(c.want), attempt.Reason)
			g.Expect(attempt.Reason).To(ContainSubstring(c.reason))
		})
	}
}

func TestACommandThatCannotBeStartedDecidesNothing(t *testing.T) {
	g := NewWithT(t)
	e := script(t, `:`)
	g.Expect(os.Remove(e.Program)).To(Succeed())
	attempt, recorder := tried(t, e, nil)
	g.Expect(attempt.Result).To(Equal(reports.TryInconclusive))
	g.Expect(attempt.Reason).To(ContainSubstring("could not be started: no such file"))
	g.Expect(recorder.Health().Errors).To(Equal(1))
}

// Whatever a command started holds the FIFO open: its end is the end of them all.
func TestACommandEndsWithAllThatItStarted(t *testing.T) {
	for name, c := range map[string]struct {
		limit     time.Duration
		interrupt bool
		reason    string
	}{
		"at its time limit": {500 * time.Millisecond, false, "took longer than exec.timeLimit, and was ended"},
		"on an interrupt":   {time.Minute, true, "it was interrupted"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := script(t, `exec 3>fifo; sleep 600 & wait`)
			e.TimeLimit = c.limit
			fifo := filepath.Join(e.Dir, "fifo")
			g.Expect(syscall.Mkfifo(fifo, 0o600)).To(Succeed())
			d, _ := newDriver(t)
			credential, err := d.Arm(t.Context(), target.AccessPath{Try: target.Try{Step: target.Step{Exec: e}, Allowed: target.Allowed{Marker: "m"}}}, "polled", nil)
			g.Expect(err).NotTo(HaveOccurred())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			attempts := make(chan Attempt, 1)
			go func() { attempts <- d.Try(ctx, credential) }()

			// Opening waits for the command, reading for its end.
			held, err := os.Open(fifo)
			g.Expect(err).NotTo(HaveOccurred())
			if c.interrupt {
				cancel()
			}
			var attempt Attempt
			g.Eventually(attempts).WithTimeout(10 * time.Second).Should(Receive(&attempt))
			g.Expect(attempt.Result).To(Equal(reports.TryInconclusive))
			g.Expect(attempt.Reason).To(ContainSubstring(c.reason))
			ended := make(chan error, 1)
			go func() {
				_, err := io.ReadAll(held)
				ended <- err
			}()
			g.Eventually(ended).WithTimeout(10 * time.Second).Should(Receive(BeNil()))
		})
	}
}

func TestACommandIsToldTheValuesAndTheirNamesAlone(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("OURS_ALONE", "our-own-environment")
	d, recorder := newDriver(t)
	d.Secrets = map[string]string{"secret.key": "the-declared-key-1"}
	d.Vault.Learn("key", "the-declared-key-1")
	d.Vault.Learn("password", "right-password")
	first := script(t, `printf '{"values":{"told":'; cat; printf ',"env":"'; env | tr '\n"' ';_'; printf '"}}'`)
	first.Args = []string{"-v", "{{user.userName}}"}
	first.Env = map[string]string{"KEY": "{{secret.key}}"}
	path := target.AccessPath{Name: "ssh key", Arm: []target.Step{
		{Exec: first, Capture: map[string]target.Capture{
			"step": {JSON: "values.told.step"}, "path": {JSON: "values.told.path"}, "all": {JSON: "values.told.values"},
			"env": {JSON: "values.env"}, "key": {JSON: "values.env", Match: "KEY=([^;]+)"},
		}},
	}}
	c, err := d.Arm(t.Context(), path, "polled", ada)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.values).To(SatisfyAll(HaveKeyWithValue("step", "arm"), HaveKeyWithValue("path", "ssh key"), HaveKeyWithValue("key", "the-declared-key-1")))
	g.Expect(c.values["all"]).To(MatchJSON(fmt.Sprintf(`{"user.userName":"ada","user.password":"right-password","user.marker":"mark-of-ada","unique":%q}`, c.values["unique"])))
	g.Expect(c.values["env"]).NotTo(ContainSubstring("our-own-environment"))
	g.Expect(c.values["env"]).To(ContainSubstring("PATH=" + os.Getenv("PATH")))

	seen := recorder.Exchanges()[0]
	g.Expect(seen.Method).To(Equal("EXEC"))
	g.Expect(seen.URL).To(Equal("./command"))
	g.Expect(seen.Purpose).To(Equal("arm ssh key (polled)"))
	g.Expect(seen.RequestHeaders).To(HaveKeyWithValue("Arguments", `["-v","ada"]`))
	g.Expect(seen.RequestHeaders).To(HaveKeyWithValue("Environment", "KEY"))
	g.Expect(seen.ResponseHeaders).To(HaveKeyWithValue("Exit-Code", "0"))
	for _, secret := range []string{"the-declared-key-1", "right-password"} {
		g.Expect(fmt.Sprint(recorder.Exchanges())).NotTo(ContainSubstring(secret))
	}
	g.Expect(recorder.Health().Errors).To(BeZero(), "a command has no status, which is no error")
}

func TestACommandIsToldWhichStepItIs(t *testing.T) {
	g := NewWithT(t)
	e := script(t, `cat >>told; echo >>told`)
	path := target.AccessPath{Arm: []target.Step{{Exec: e}}, Try: target.Try{Step: target.Step{Exec: e}}, Disarm: []target.Step{{Exec: e}}}
	d, _ := newDriver(t)
	c, err := d.Arm(t.Context(), path, "polled", nil)
	g.Expect(err).NotTo(HaveOccurred())
	d.Try(t.Context(), c)
	d.Disarm(t.Context(), c)
	told, err := os.ReadFile(filepath.Join(e.Dir, "told"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(strings.Split(strings.TrimSpace(string(told)), "\n")).To(HaveExactElements(
		ContainSubstring(`"step":"arm"`), ContainSubstring(`"step":"try"`), ContainSubstring(`"step":"disarm"`)))
}

func TestArmSaysWhatACommandDidNotDo(t *testing.T) {
	for name, c := range map[string]struct {
		body    string
		args    []string
		problem string
		passing bool
	}{
		"a failure":        {`echo secret-on-the-error-output >&2; exit 4`, nil, "exec ./command ended with exit code 4; expected 0", false},
		"nothing captured": {`echo '{"values":{}}'`, nil, `exec ./command ended with exit code 0, but "id" cannot be captured: the JSON body has nothing at values.id`, false},
		"no JSON":          {`echo secret-on-the-output`, nil, "the body is not JSON", false},
		"too long":         {`sleep 600`, nil, "took longer than exec.timeLimit", true},
		"an option":        {`:`, []string{"{{hostile}}"}, "argument 1 begins with a dash", false},
		"a zero byte":      {`:`, []string{"-v", "x{{zero}}"}, "argument 2 holds a zero byte", false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := script(t, c.body)
			e.Args = c.args
			if c.passing {
				e.TimeLimit = 50 * time.Millisecond
			}
			d, _ := newDriver(t)
			_, err := d.Arm(t.Context(), target.AccessPath{Name: "key", Arm: []target.Step{{Exec: e, Capture: map[string]target.Capture{"id": {JSON: "values.id"}}}}},
				"polled", map[string]string{"hostile": "-oProxyCommand=touch /tmp/x", "zero": "\x00"})
			var arm *ArmError
			g.Expect(err).To(BeAssignableToTypeOf(arm))
			g.Expect(err.Error()).To(SatisfyAll(ContainSubstring(c.problem), Not(ContainSubstring("secret-on")), Not(ContainSubstring("ProxyCommand"))))
			g.Expect(err.(*ArmError).Passing).To(Equal(c.passing)) //nolint:errorlint // it is one, as the line before says
		})
	}
}

func TestACommandWaitsForTheTurnOfTheTarget(t *testing.T) {
	g := NewWithT(t)
	e := script(t, `touch ran`)
	d, _ := newDriver(t)
	d.Transport.Slots = make(chan struct{}) // never free
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := d.Arm(ctx, target.AccessPath{Arm: []target.Step{{Exec: e}}}, "polled", nil)
	g.Expect(err).To(MatchError(ContainSubstring("interrupted")))
	g.Expect(filepath.Join(e.Dir, "ran")).NotTo(BeAnExistingFile())
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"result":"allowed","values":{"marker":"mark-of-ada"}}`), 0)
	f.Add([]byte(`{"result":"denied","reason":"\u0000"}`), 1)
	f.Add([]byte(`[]`), 0)
	f.Fuzz(func(t *testing.T, stdout []byte, exit int) {
		result, reason := classifyAnswer(ran{exit: exit, stdout: stdout}, "mark-of-ada")
		if reason == "" {
			t.Fatal("no reason is given")
		}
		if result != reports.TryInconclusive && exit != 0 {
			t.Fatalf("a command that failed says %s", result)
		}
		plain, _ := classifyPlain(ran{exit: exit, stdout: stdout}, "mark-of-ada", &target.Denied{Exit: []int{255}, Stderr: "Permission denied"})
		if plain == reports.TryDenied {
			t.Fatal("a denial that no error output names")
		}
	})
}

// needs skips a test where a command is missing.
func needs(t *testing.T, commands ...string) {
	t.Helper()
	for _, c := range commands {
		if _, err := exec.LookPath(c); err != nil {
			t.Skipf("this test needs %s, which is not installed here", c)
		}
	}
}
