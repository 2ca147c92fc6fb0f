package containers_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/scimproof/scimproof/suites/target"
	"github.com/scimproof/scimproof/suites/target/containers"
	"github.com/scimproof/scimproof/suites/target/containers/containerstest"
)

func TestAContainerThatCannotStart(t *testing.T) {
	never := app(t, map[string]string{"NEVER_READY": "1", "SAY": "hello"})
	never.Ready.Within = 300 * time.Millisecond
	dies := app(t, map[string]string{"EXIT_AFTER": "1ms", "NEVER_READY": "1"})
	full := app(t, map[string]string{"EXIT_AFTER": "1ms", "NEVER_READY": "1", "SAY": "write /data: No space left on device"})
	missing := app(t, nil)
	missing.Image = "127.0.0.1:1/nobody/has-this:1"
	malformed := app(t, nil)
	malformed.Image = "Not An Image"
	command := app(t, nil)
	command.Image = containerstest.Image(t)
	command.Files = []target.ContainerFile{{From: "/nowhere/at/all", To: "/x"}}
	companion := app(t, nil)
	companion.Companions = map[string]target.Service{"db": {
		Image: companion.Image, Env: map[string]string{"EXIT_AFTER": "1ms"},
		Ready: target.Ready{Log: "never written", Within: 10 * time.Second}}}
	silent := app(t, nil)
	silent.Companions = map[string]target.Service{"db": {
		Image: silent.Image, Ready: target.Ready{Log: "never written", Within: 300 * time.Millisecond}}}
	closed := app(t, nil)
	closed.Companions = map[string]target.Service{"db": {
		Image: closed.Image, Port: 5432, Ready: target.Ready{Within: 300 * time.Millisecond}}}
	for name, c := range map[string]struct {
		of      target.Container
		kind    containers.Kind
		service string
		message string
		logs    types.GomegaMatcher
	}{
		"never ready":             {never, containers.KindNotReady, "", `GET http://127\.0\.0\.1:\d+/health did not answer 200 within 300ms; last came 503`, ContainElements("hello", "listening on :8080")},
		"dies":                    {dies, containers.KindDied, "", "exit code 7 before it was ready", ContainElement("ending now")},
		"disk full inside":        {full, containers.KindNoSpace, "", "exit code 7", ContainElement("ending now")},
		"image missing":           {missing, containers.KindImageMissing, "", `"127.0.0.1:1/nobody/has-this:1" of the application is not here and cannot be pulled: .*refused`, BeEmpty()},
		"reference malformed":     {malformed, containers.KindImageMissing, "", "Not An Image", BeEmpty()},
		"file missing":            {command, containers.KindOther, "", "the file for /x of the application cannot be read", BeEmpty()},
		"companion dies":          {companion, containers.KindDied, "db", "the companion db ended with exit code 7", ContainElement("ending now")},
		"companion never says it": {silent, containers.KindNotReady, "db", `its log did not hold "never written" within 300ms`, ContainElement("listening on :8080")},
		"companion's port closed": {closed, containers.KindNotReady, "db", "its port 5432 took no connection within 300ms; last came .*refused", ContainElement("listening on :8080")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			fault := refused(t, c.of)
			g.Expect(fault.Kind).To(Equal(c.kind), fault.Error())
			g.Expect(fault.Service).To(Equal(c.service))
			g.Expect(fault.Message).To(MatchRegexp(c.message))
			g.Expect(fault.Hint).NotTo(BeEmpty())
			g.Expect(fault.Logs).To(c.logs)
		})
	}
}

func TestAnImageThatCannotBeBuilt(t *testing.T) {
	g := NewWithT(t)
	of := app(t, nil)
	folder := t.TempDir()
	g.Expect(os.WriteFile(filepath.Join(folder, "Dockerfile"), []byte("FROM scratch\nCOPY absent /absent\n"), 0o600)).To(Succeed())
	of.Image, of.Build = "", &target.Build{Context: folder, Dockerfile: "Dockerfile"}
	fault := refused(t, of)
	g.Expect(fault.Kind).To(Equal(containers.KindBuild))
	g.Expect(fault.Message).To(ContainSubstring("absent"))
	g.Expect(fault.Logs).To(ContainElement(ContainSubstring("COPY absent")))
}
