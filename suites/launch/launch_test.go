package launch

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/target"
	"github.com/scimproof/scimproof/suites/target/containers"
)

const profile = `version: 1
name: App
container:
  image: app:1
  env: {ADMIN_PASSWORD: "${LAUNCH_TEST_PASSWORD}"}
  port: 8080
  seed:
    - log: {}
      capture: {boot: {body: true, match: 'boot phrase (\w+)'}}
    - post: "${container.url}/setup"
      json: {boot: "{{boot}}"}
      capture: {scimToken: {json: token}}
scim:
  baseURL: "${container.url}/scim/v2"
  auth: {bearer: {token: "${seed.scimToken}"}}
`

const password = "correct horse battery"

// fake is an engine without containers, and the container that it starts.
type fake struct {
	url     string
	lines   []string
	died    chan containers.Death
	started target.Container
	starts  int
	closed  atomic.Int32
	failing error
	swept   containers.Swept
	sweep   error
}

func (f *fake) Sweep(context.Context) (containers.Swept, error) { return f.swept, f.sweep }

func (f *fake) Start(_ context.Context, c target.Container, _ func(string)) (running, error) {
	f.started = c
	f.starts++
	if f.failing != nil {
		return nil, f.failing
	}
	return f, nil
}

func (f *fake) URL() string                                         { return f.url }
func (f *fake) Host() string                                        { return "172.18.0.1" }
func (f *fake) Image() (string, string)                             { return "tag", "sha256:1" }
func (f *fake) Logs(context.Context, string, int) ([]string, error) { return f.lines, nil }
func (f *fake) Died() <-chan containers.Death                       { return f.died }
func (f *fake) Close(context.Context) error                         { f.closed.Add(1); return nil }

// application answers the seed step with a status.
func application(t *testing.T, status int) *fake {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"token":"seeded-token"}`))
	}))
	t.Cleanup(server.Close)
	return &fake{url: server.URL, lines: []string{"boot phrase abracadabra", "admin has " + password}, died: make(chan containers.Death, 2)}
}

// written is a file with a profile.
func written(t *testing.T, text string) string {
	t.Helper()
	t.Setenv("LAUNCH_TEST_PASSWORD", password)
	file := filepath.Join(t.TempDir(), "t.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAContainerIsOpened(t *testing.T) {
	g := NewWithT(t)
	f := application(t, 200)
	f.swept.Removed = []string{"container x"}
	var said []string
	o, err := open(t.Context(), f, written(t, profile), Options{Say: func(s string) { said = append(said, s) }})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(o.Target.SCIM.BaseURL.String()).To(Equal(f.url + "/scim/v2"))
	g.Expect(o.Target.SCIM.Auth.Token).To(Equal("seeded-token"))
	g.Expect(o.Target.Secrets).To(ContainElements(
		target.Secret{Label: "container.env.ADMIN_PASSWORD", Value: password}, target.Secret{Label: "seed.boot", Value: "abracadabra"}))
	g.Expect(o.Target.Image.Reference).To(Equal("app:1"))
	g.Expect(o.Target.Image.ID).To(Equal("sha256:1"))
	g.Expect(o.Target.Version).To(Equal("app:1"))
	g.Expect(f.started.Env).To(HaveKeyWithValue("ADMIN_PASSWORD", password))
	g.Expect(said).To(ContainElement(ContainSubstring("container x")))
	g.Consistently(o.Died(), "50ms").ShouldNot(Receive())
	g.Expect(o.Close(t.Context())).To(Succeed())
	g.Expect(o.Close(t.Context())).To(Succeed())
	g.Expect(f.closed.Load()).To(BeEquivalentTo(2))
}

func TestAnotherImage(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "1.7")
	if err := errors.Join(os.Mkdir(folder, 0o700), os.WriteFile(filepath.Join(folder, "Dockerfile"), []byte("FROM scratch\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	for image, want := range map[string]struct{ reference, version, problem string }{
		"app:2":  {"app:2", "app:2", ""},
		folder:   {"", "1.7", ""},
		"1.7":    {"", "1.7", ""},
		"./none": {"", "", "the image cannot be built from ./none"},
	} {
		t.Run(image, func(t *testing.T) {
			g := NewWithT(t)
			f := application(t, 200)
			o, err := open(t.Context(), f, written(t, strings.Replace(profile, "name: App", "name: App\napplicationVersion: mine", 1)), Options{Image: image})
			if want.problem != "" {
				g.Expect(err).To(MatchError(ContainSubstring(want.problem)))
				g.Expect(f.starts).To(BeZero())
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(f.started.Image).To(Equal(want.reference))
			g.Expect(f.started.Build == nil).To(Equal(want.reference != ""))
			g.Expect(o.Target.Version).To(Equal(want.version), "the image of the command line is another version than the profile's")
			g.Expect(o.Close(t.Context())).To(Succeed())
		})
	}
}

func TestATargetThatRunsByItself(t *testing.T) {
	g := NewWithT(t)
	text := "version: 1\nname: App\nscim: {baseURL: \"https://app.example.com\", auth: {bearer: {token: \"${LAUNCH_TEST_PASSWORD}\"}}}\n"
	f := &fake{}
	o, err := open(t.Context(), f, written(t, text), Options{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(o.Target.SCIM.BaseURL.Host).To(Equal("app.example.com"))
	g.Expect(o.Died()).To(BeNil())
	g.Expect(o.Close(t.Context())).To(Succeed())
	_, err = open(t.Context(), f, written(t, text), Options{Image: "app:2"})
	g.Expect(err).To(MatchError(ContainSubstring("names no container")))
	g.Expect(f.starts).To(BeZero())
}

func TestFailuresSpeak(t *testing.T) {
	refused := func(kind containers.Kind) *fake {
		return &fake{failing: &containers.Error{Kind: kind, Message: "it happened", Hint: "do this", Logs: []string{"admin password: hunter2"}}}
	}
	for name, c := range map[string]struct {
		f           *fake
		operational bool
		want        string
		closed      int
	}{
		"no engine when sweeping": {&fake{sweep: &containers.Error{Kind: containers.KindNoEngine, Message: "it happened"}}, false, "it happened", 0},
		"no engine":               {refused(containers.KindNoEngine), false, "it happened: do this", 0},
		"no image":                {refused(containers.KindImageMissing), false, "it happened: do this", 0},
		"not built":               {refused(containers.KindBuild), false, "it happened: do this", 0},
		"not ready":               {refused(containers.KindNotReady), true, "admin password: ‹removed›", 0},
		"died":                    {refused(containers.KindDied), true, "it happened: do this", 0},
		"no space":                {refused(containers.KindNoSpace), true, "it happened: do this", 0},
		"a step refused":          {application(t, 403), false, "container.seed[1]: POST", 1},
		"a step in trouble":       {application(t, 503), true, "answered 503", 1},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := open(t.Context(), c.f, written(t, profile), Options{})
			var e *Error
			g.Expect(errors.As(err, &e)).To(BeTrue(), "%v", err)
			g.Expect(e.Operational).To(Equal(c.operational))
			g.Expect(err.Error()).To(ContainSubstring(c.want))
			for _, secret := range []string{password, "hunter2", "abracadabra", "seeded-token"} {
				g.Expect(err.Error()).NotTo(ContainSubstring(secret))
			}
			g.Expect(c.f.closed.Load()).To(BeEquivalentTo(c.closed), "nothing is left running")
		})
	}
}

func TestAContainerThatDiesWhileItIsSeeded(t *testing.T) {
	g := NewWithT(t)
	f := application(t, 503)
	f.died <- containers.Death{ExitCode: 7}
	_, err := open(t.Context(), f, written(t, profile), Options{})
	var e *Error
	g.Expect(errors.As(err, &e)).To(BeTrue())
	g.Expect(e.Operational).To(BeTrue())
	g.Expect(e.Problem).To(Equal("the container of the application ended with exit code 7"))
	g.Expect(f.closed.Load()).To(BeEquivalentTo(1))
}

func TestAContainerThatDiesLater(t *testing.T) {
	g := NewWithT(t)
	f := application(t, 200)
	o, err := open(t.Context(), f, written(t, profile), Options{})
	g.Expect(err).NotTo(HaveOccurred())
	f.died <- containers.Death{Service: "db", OOM: true, ExitCode: 137}
	var death error
	g.Eventually(o.Died(), "30s").Should(Receive(&death))
	g.Expect(death).To(MatchError(And(ContainSubstring("the companion db was ended for want of memory"), ContainSubstring("boot phrase ‹removed›"))))
	g.Expect(death.Error()).NotTo(ContainSubstring(password))
	g.Expect(o.Close(t.Context())).To(Succeed())
}

func TestGivenUpWhileSeeding(t *testing.T) {
	g := NewWithT(t)
	f := application(t, 503)
	ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	_, err := open(ctx, f, written(t, profile), Options{})
	g.Expect(err).To(MatchError(context.DeadlineExceeded))
	g.Expect(f.closed.Load()).To(BeEquivalentTo(1))
}

func TestWhatCouldBeASecretIsRemoved(t *testing.T) {
	file := written(t, profile)
	read, err := target.Read(file)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	l := &launching{profile: read, vault: newVault(read)}
	for line, want := range map[string]string{
		"listening on :8080":                              "listening on :8080",
		"connect ECONNREFUSED 127.0.0.1:5432":             "connect ECONNREFUSED 127.0.0.1:5432",
		"Error: Cannot find module '/app/dist/index.mjs'": "Error: Cannot find module '/app/dist/index.mjs'",
		"signed in with " + password:                      "signed in with ‹removed›",
		"boot phrase abracadabra now":                     "boot phrase ‹removed› now",
		"SCIM token: abc":                                 "SCIM token: ‹removed›",
		"secret key = abc":                                "secret key = ‹removed›",
		"initial password for admin: abc":                 "initial password ‹removed› admin: ‹removed›",
		"DB_PASSWORD=abc DB_HOST=db":                      "DB_PASSWORD=‹removed› DB_HOST=db",
		`{"access_token":"a b","level":"info"}`:           `{"access_token":‹removed›,"level":"info"}`,
		"Authorization: Bearer abc":                       "Authorization: Bearer ‹removed›",
		"dial postgres://app:abc@db:5432/app":             "dial postgres://‹removed›@db:5432/app",
		"at 0123456789abcdef0123 it ended":                "at ‹20 characters› it ended",
		"\x1b[31mred":                                     "�[31mred",
	} {
		t.Run(line, func(t *testing.T) { NewWithT(t).Expect(l.clean([]string{line})).To(Equal([]string{want})) })
	}
}
