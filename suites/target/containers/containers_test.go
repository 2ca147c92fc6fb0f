package containers_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/moby/moby/client"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/target"
	"github.com/scimproof/scimproof/suites/target/containers"
	"github.com/scimproof/scimproof/suites/target/containers/containerstest"
)

// app is the test server as an application.
func app(t testing.TB, env map[string]string) target.Container {
	return target.Container{Scheme: "http", Service: target.Service{
		Image: containerstest.Image(t), Env: env, Port: containerstest.Port,
		Ready: target.Ready{Path: "/health", Status: 200, Within: time.Minute},
	}}
}

// started starts a container that the test's end closes.
func started(t testing.TB, of target.Container) *containers.Running {
	t.Helper()
	r, err := containers.Start(t.Context(), containers.Spec{Container: of})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r
}

// refused starts a container that cannot start, and returns why; nothing is left of it.
func refused(t *testing.T, of target.Container) *containers.Error {
	t.Helper()
	g := NewWithT(t)
	run := uuid.NewString()
	_, err := containers.Start(t.Context(), containers.Spec{Container: of, RunID: run})
	fault, ok := errors.AsType[*containers.Error](err)
	g.Expect(ok).To(BeTrue(), "%v", err)
	g.Expect(containers.Left(t.Context(), run)).To(BeEmpty())
	return fault
}

func get(t testing.TB, url string) (int, string, http.Header) {
	t.Helper()
	defer http.DefaultClient.CloseIdleConnections()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body), answer.Header
}

func engine(t testing.TB) client.APIClient {
	t.Helper()
	containerstest.Engine(t)
	c, err := client.New(client.FromEnv)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestAContainerStartsAndLeavesNothing(t *testing.T) {
	g := NewWithT(t)
	run := uuid.NewString()
	var said []string
	r, err := containers.Start(t.Context(), containers.Spec{
		Container: app(t, map[string]string{"SAY": "SCIM token: abc"}), RunID: run,
		Say: func(s string) { said = append(said, s) },
	})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.URL()).To(MatchRegexp(`^http://127\.0\.0\.1:\d+$`))
	status, _, _ := get(t, r.URL()+"/health")
	g.Expect(status).To(Equal(200))
	g.Expect(r.Logs(t.Context(), "", 50)).To(Equal([]string{"SCIM token: abc", "listening on :8080"}))
	g.Expect(r.Logs(t.Context(), "", 1)).To(Equal([]string{"listening on :8080"}))
	_, err = r.Logs(t.Context(), "db", 1)
	g.Expect(err).To(MatchError(ContainSubstring(`no container of "db"`)))
	reference, id := r.Image()
	g.Expect(reference).To(Equal(containerstest.Image(t)))
	g.Expect(id).To(HavePrefix("sha256:"))
	g.Expect(said).To(ContainElement(HavePrefix("ready at " + r.URL())))

	left, err := containers.Left(t.Context(), run)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(left).To(ConsistOf(HavePrefix("container "), HavePrefix("network ")))
	both := make(chan error, 2)
	for range 2 {
		go func() { both <- r.Close(context.Background()) }()
	}
	g.Expect(errors.Join(<-both, <-both)).To(Succeed())
	g.Expect(r.Close(t.Context())).To(Succeed())
	g.Expect(containers.Left(t.Context(), run)).To(BeEmpty())
	g.Consistently(r.Died(), "200ms").ShouldNot(Receive(), "what Close removes has not died")
}

func TestAContainerThatDiesLater(t *testing.T) {
	g := NewWithT(t)
	r := started(t, app(t, nil))
	defer http.DefaultClient.CloseIdleConnections() // which the engine's proxy keeps open
	answer, err := http.Get(r.URL() + "/end")
	if err == nil { // it may be gone before it has answered
		_ = answer.Body.Close()
	}
	g.Eventually(r.Died(), "30s").Should(Receive(Equal(containers.Death{ExitCode: 7})))
	g.Expect(r.Logs(t.Context(), "", 1)).To(Equal([]string{"ending now"}))
}

func TestACompanionIsReachedByItsName(t *testing.T) {
	g := NewWithT(t)
	of := app(t, map[string]string{"NEEDS": "db:8080"})
	of.Companions = map[string]target.Service{"db": {Image: of.Image, Port: containerstest.Port, Ready: target.Ready{Log: "listening"}}}
	r := started(t, of)
	for address, want := range map[string]int{"app:8080": 200, "db:8080": 200, "db:8081": 502} {
		status, _, _ := get(t, r.URL()+"/dial?to="+address)
		g.Expect(status).To(Equal(want), address)
	}
	listener, err := net.Listen("tcp", "0.0.0.0:0") // the gateway's address is among them
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = listener.Close() }()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	status, _, _ := get(t, r.URL()+"/dial?to="+net.JoinHostPort(r.Host(), port))
	g.Expect(status).To(Equal(200), "the host is reached at %s", r.Host())
	g.Expect(r.Logs(t.Context(), "db", 1)).To(Equal([]string{"listening on :8080"}))
}

func TestAFileIsCopiedWithItsMode(t *testing.T) {
	g := NewWithT(t)
	from := filepath.Join(t.TempDir(), "app.conf")
	g.Expect(os.WriteFile(from, []byte("key = 1\n"), 0o644)).To(Succeed())
	of := app(t, map[string]string{"READ": "/etc/app/app.conf"})
	of.Files = []target.ContainerFile{{From: from, To: "/etc/app/app.conf"}}
	status, body, header := get(t, started(t, of).URL()+"/file")
	g.Expect(status).To(Equal(200))
	g.Expect(body).To(Equal("key = 1\n"))
	g.Expect(header.Get("Mode")).To(Equal("-rw-r--r--"))
}

func TestWhatIsPublishedAndAllowed(t *testing.T) {
	g := NewWithT(t)
	of := app(t, nil)
	of.Companions = map[string]target.Service{"db": {Image: of.Image}}
	r := started(t, of)
	cli := engine(t)
	found, err := cli.ContainerList(t.Context(), client.ContainerListOptions{
		Filters: make(client.Filters).Add("label", containers.LabelPID+"="+strconv.Itoa(os.Getpid()))})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Items).To(HaveLen(2))
	var published []string
	for _, c := range found.Items {
		full, err := cli.ContainerInspect(t.Context(), c.ID, client.ContainerInspectOptions{})
		g.Expect(err).NotTo(HaveOccurred())
		host := full.Container.HostConfig
		g.Expect(host.Privileged).To(BeFalse())
		g.Expect(host.CapAdd).To(BeEmpty())
		g.Expect(host.SecurityOpt).To(Equal([]string{"no-new-privileges:true"}))
		g.Expect(full.Container.Mounts).To(BeEmpty())
		g.Expect(full.Container.NetworkSettings.Networks).To(HaveLen(1))
		for port, bindings := range full.Container.NetworkSettings.Ports {
			for _, b := range bindings {
				published = append(published, b.HostIP.String()+":"+b.HostPort+" "+port.String())
			}
		}
	}
	g.Expect(published).To(Equal([]string{strings.TrimPrefix(r.URL(), "http://") + " 8080/tcp"}))
}

func TestAnImageIsBuiltAndRemoved(t *testing.T) {
	g := NewWithT(t)
	of := app(t, nil)
	of.Image, of.Build = "", &target.Build{Context: containerstest.Folder(t), Dockerfile: "Dockerfile"}
	run := "Run_" + uuid.NewString()
	r, err := containers.Start(t.Context(), containers.Spec{Container: of, RunID: run})
	g.Expect(err).NotTo(HaveOccurred())
	reference, _ := r.Image()
	g.Expect(reference).To(HavePrefix("scimproof-build-run-"))
	left, _ := containers.Left(t.Context(), run)
	g.Expect(left).To(ContainElement(HavePrefix("image scimproof-build-run-")))
	g.Expect(r.Close(t.Context())).To(Succeed())
	g.Expect(containers.Left(t.Context(), run)).To(BeEmpty())
}

func BenchmarkStart(b *testing.B) {
	of := app(b, nil)
	for b.Loop() {
		r, err := containers.Start(b.Context(), containers.Spec{Container: of})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := r.Close(context.Background()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
