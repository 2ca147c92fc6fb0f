package target

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// contained is a whole profile of a container. Tests replace parts of it.
const contained = `version: 1
name: App
container:
  image: registry.example.com/app:4.2
  env: {ADMIN_PASSWORD: "${TOKEN}", MODE: test}
  command: [serve]
  port: 8080
  ready: {path: /health, status: 204, within: 10s}
  files: [{from: app.conf, to: /etc/app/app.conf}]
  companions:
    db: {image: "postgres:17", port: 5432, ready: {log: ready to accept, within: 20s}}
  seed:
    - post: "${container.url}/setup"
      json: {admin: root, hooks: "http://${container.host}:9"}
      capture: {setup: {json: token}, unused: {json: id}}
    - log: {of: db}
      capture: {scimToken: {body: true, match: 'SCIM token: (\S+)'}}
      waitUpTo: 10s
    - get: "${container.url}/done/{{setup}}"
listener: {address: "127.0.0.1:0"}
scim:
  baseURL: "${container.url}/scim/v2"
  auth: {bearer: {token: "${seed.scimToken}"}}
`

// folder is one that holds what contained names.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"app.conf": "a\n", "image/Dockerfile": "FROM scratch\n"} {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAContainer(t *testing.T) {
	g := NewWithT(t)
	dir := folder(t)
	p, err := ReadText(filepath.Join(dir, "t.yaml"), []byte(contained), env)
	g.Expect(err).NotTo(HaveOccurred())
	c := p.Container()
	real, err := filepath.EvalSymlinks(dir)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.Service).To(Equal(Service{
		Image: "registry.example.com/app:4.2", Env: map[string]string{"ADMIN_PASSWORD": tokenValue, "MODE": "test"}, Command: []string{"serve"}, Port: 8080,
		Ready: Ready{Path: "/health", Status: 204, Within: 10 * time.Second}, Files: []ContainerFile{{From: filepath.Join(real, "app.conf"), To: "/etc/app/app.conf"}},
	}))
	g.Expect(c.Scheme).To(Equal("http"))
	g.Expect(c.Companions).To(Equal(map[string]Service{"db": {Image: "postgres:17", Port: 5432, Ready: Ready{Log: "ready to accept", Within: 20 * time.Second}}}))
	g.Expect(p.Secrets()).To(Equal([]Secret{{Label: "container.env.ADMIN_PASSWORD", Value: tokenValue}}), "no stand-in is a secret")

	values := map[string]string{ContainerURL: "http://127.0.0.1:4711", ContainerHost: "172.18.0.1"}
	seed, err := p.Seed(values)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(seed[0].URL).To(Equal("http://127.0.0.1:4711/setup"))
	g.Expect(seed[0].JSON).To(HaveKeyWithValue("hooks", "http://172.18.0.1:9"))
	g.Expect(seed[1].Log).To(Equal(&Log{Of: "db"}))
	g.Expect(seed[1].WaitUpTo).To(Equal(10 * time.Second))
	g.Expect(seed[2].URL).To(Equal("http://127.0.0.1:4711/done/{{setup}}"))

	_, err = p.With(values)
	g.Expect(err).To(MatchError(ContainSubstring("the container has given no seed.")))
	values[SeedPrefix+"scimToken"], values[SeedPrefix+"setup"], values[SeedPrefix+"unused"] = "seeded-token", "seeded-setup", "7"
	got, err := p.With(values)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got.SCIM.BaseURL.String()).To(Equal("http://127.0.0.1:4711/scim/v2"))
	g.Expect(got.SCIM.Auth.Token).To(Equal("seeded-token"))
	g.Expect(got.Secrets).To(ContainElement(Secret{Label: "scim.auth.bearer.token", Value: "seeded-token"}))
	for _, s := range got.Secrets {
		g.Expect(s.Value).NotTo(BeElementOf("http://127.0.0.1:4711", "172.18.0.1"), "where it runs is no secret")
	}
	g.Expect(got.ID).To(Equal("container:App"), "the same at each port and of each image")
	g.Expect(got.Listener.Address).To(Equal("172.18.0.1:0"), "where the container reaches it")
}

func TestDefaultsOfAContainer(t *testing.T) {
	g := NewWithT(t)
	dir := folder(t)
	text := strings.NewReplacer("  image: registry.example.com/app:4.2\n", "  build: {context: image, args: {A: b}}\n",
		"  ready: {path: /health, status: 204, within: 10s}\n", "").Replace(contained)
	p, err := ReadText(filepath.Join(dir, "t.yaml"), []byte(text), env)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Container().Ready).To(Equal(Ready{Path: "/", Status: 200, Within: time.Minute}))
	g.Expect(p.Container().Build.Dockerfile).To(Equal("Dockerfile"))
	g.Expect(p.Container().Build.Context).To(HaveSuffix("/image"))
	g.Expect(p.Container().Build.Args).To(Equal(map[string]string{"A": "b"}))
}

// Nobody but who starts it may take a container for a target.
func TestAContainerIsNoTargetYet(t *testing.T) {
	g := NewWithT(t)
	file := filepath.Join(folder(t), "t.yaml")
	g.Expect(os.WriteFile(file, []byte(strings.ReplaceAll(contained, "${TOKEN}", "x")), 0o600)).To(Succeed())
	_, err := Load(file)
	g.Expect(err).To(BeAssignableToTypeOf(Faults{}))
	g.Expect(err).To(MatchError(ContainSubstring("the target is a container, which is gone when its run is over (scimproof clean --containers removes")))
	p, err := Read(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Container()).NotTo(BeNil())
}

func TestAProfileWithoutAContainer(t *testing.T) {
	g := NewWithT(t)
	p, err := ReadText("t.yaml", []byte(minimal), env)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Container()).To(BeNil())
	got, err := p.With(nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got).To(Equal(must(parse(minimal))))
}

func must(t *Target, err error) *Target {
	if err != nil {
		panic(err)
	}
	return t
}

// Each row is a change to a good profile and every fault that it must give.
func TestFaultsOfAContainer(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		want     []string
	}{
		"image and build":          {"  command:", "  build: {context: image}\n  command:", []string{"container: exactly one of image and build"}},
		"neither":                  {"  image: registry.example.com/app:4.2\n", "", []string{"container: exactly one of image and build"}},
		"no port":                  {"  port: 8080\n", "", []string{"t.yaml:3:1: container: the key port is missing"}},
		"a port too high":          {"8080", "65536", []string{"t.yaml:7:3: container.port: "}},
		"port 0":                   {"8080", "0", []string{"container.port: "}},
		"no such file":             {"from: app.conf", "from: none.conf", []string{"container.files[0].from: this cannot be read: no such file"}},
		"a file from outside":      {"from: app.conf", "from: /etc/hostname", []string{"container.files[0].from: this lies outside the profile's folder"}},
		"a link to the outside":    {"from: app.conf", "from: link", []string{"container.files[0].from: this lies outside the profile's folder"}},
		"up and out":               {"from: app.conf", "from: ../../../../../../../../etc/hostname", []string{"container.files[0].from: this lies outside"}},
		"a folder as a file":       {"from: app.conf", "from: image", []string{"container.files[0].from: this is not a file"}},
		"to a relative path":       {"to: /etc/app/app.conf", "to: app.conf", []string{"container.files[0].to: not the absolute path of a file"}},
		"a file as a context":      {"image: registry.example.com/app:4.2", "build: {context: app.conf}", []string{"container.build.context: this is not a folder"}},
		"no Dockerfile":            {"image: registry.example.com/app:4.2", "build: {context: .}", []string{"container.build.dockerfile: the build context has no file Dockerfile"}},
		"a Dockerfile elsewhere":   {"image: registry.example.com/app:4.2", "build: {context: image, dockerfile: ../app.conf}", []string{"container.build.dockerfile: this lies outside the build context"}},
		"no DNS label":             {"    db: {", "    d_b: {", []string{"container.companions.d_b: not a name", "container.seed[1].log.of: no companion has this name"}},
		"the application's name":   {"  seed:", "    app: {image: x}\n  seed:", []string{"container.companions.app: this is the application's own name"}},
		"a companion of nothing":   {"  seed:", "    x: {port: 1}\n  seed:", []string{"container.companions.x: exactly one of image and build"}},
		"no duration":              {"within: 10s", "within: soon", []string{"container.ready.within: not a duration"}},
		"no time at all":           {"within: 10s", "within: 0s", []string{"container.ready.within: must be longer than 0"}},
		"a relative path":          {"/health", "health", []string{"container.ready.path: must begin with /"}},
		"another scheme":           {"  port: 8080", "  scheme: ftp\n  port: 8080", []string{"container.scheme: not one of the known words"}},
		"a privileged one":         {"  port: 8080", "  privileged: true\n  port: 8080", []string{"container.privileged: unknown key"}},
		"a mount":                  {"  port: 8080", "  volumes: [/:/host]\n  port: 8080", []string{"container.volumes: unknown key"}},
		"nothing captures":         {"${seed.scimToken}", "${seed.scimTokn}", []string{"scim.auth.bearer.token: no step of container.seed captures scimTokn (did you mean seed.scimToken?)"}},
		"an unknown value":         {"${container.url}/scim", "${container.uri}/scim", []string{"scim.baseURL: a container gives no ${container.uri} (did you mean container.url?)"}},
		"another address":          {"${container.url}/scim/v2", "https://app.example.com/scim/v2", []string{"scim.baseURL: the profile names a container, and another address"}},
		"an address too early":     {"MODE: test", `MODE: "${container.url}"`, []string{"container.env.MODE: ${container.url} is not known before the container runs"}},
		"a seed value in a seed":   {"{{setup}}", "${seed.setup}", []string{"container.seed[2].get: ${seed.setup} is for what comes after the seed steps (write {{setup}}"}},
		"an address as a token":    {"${seed.scimToken}", "${container.url}", []string{"scim.auth.bearer.token: a secret must not stand in the profile"}},
		"a command in a seed":      {`get: "${container.url}/done/{{setup}}"`, "exec: {argv: [/bin/true], plain: true}", []string{"container.seed[2].exec: a seed step is a request or a look at a log"}},
		"a user in a seed":         {"{{setup}}", "{{user.id}}", []string{"container.seed[2].get: unknown placeholder {{user.id}}"}},
		"JSON of a log":            {"{body: true, match: 'SCIM token: (\\S+)'}", "{json: a}", []string{"container.seed[1].capture.scimToken: a log has no such thing"}},
		"a header of a log":        {"    - log: {of: db}", "    - log: {of: db}\n      headers: {a: b}", []string{"container.seed[1].headers: this belongs to a request"}},
		"the log of nobody":        {"{of: db}", "{of: dc}", []string{"container.seed[1].log.of: no companion has this name (did you mean db?)"}},
		"a log without a capture":  {"    - log: {of: db}\n", "    - log: {}\n    - log: {of: db}\n", []string{"container.seed[1]: a look at a log captures something"}},
		"a log outside of a seed":  {"listener:", "issued: [{log: {}, capture: {a: {body: true, match: (a)}}}, {get: \"${container.url}/i\", capture: {issued: {json: a}}}]\nlistener:", []string{"issued[0].log: a log is read by steps of container.seed alone"}},
		"an unknown environment":   {"${TOKEN}", "${TOKNE}", []string{"container.env.ADMIN_PASSWORD: the environment variable TOKNE is not set"}},
		"a wrong type":             {"env: {", "env: {PORT: 1, ", []string{"container.env.PORT: this is number, but must be string"}},
		"a bad name of a variable": {"MODE: test", `"A=B": test`, []string{"container.env.A=B: not the name of an environment variable"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			text := strings.Replace(contained, c.old, c.new, 1)
			g.Expect(text).NotTo(Equal(contained))
			dir := folder(t)
			_, err := ReadText(filepath.Join(dir, "t.yaml"), []byte(text), env)
			var faults Faults
			g.Expect(errors.As(err, &faults)).To(BeTrue())
			g.Expect(faults).To(HaveLen(len(c.want)), err.Error())
			for i, want := range c.want {
				g.Expect(strings.TrimPrefix(faults[i].Error(), dir+"/")).To(ContainSubstring(want))
			}
		})
	}
}

func TestValuesOfAContainerWithoutOne(t *testing.T) {
	g := NewWithT(t)
	_, err := parse(strings.Replace(minimal, "${TOKEN}", "${seed.token}", 1))
	g.Expect(err).To(MatchError(ContainSubstring("scim.auth.bearer.token: ${seed.token} is of a container, and the profile names none")))
}
