package containers_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/moby/moby/client"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/target"
	"github.com/scimproof/scimproof/suites/target/containers"
	"github.com/scimproof/scimproof/suites/target/containers/containerstest"
)

func TestAStartIsStopped(t *testing.T) {
	for name, stop := range map[string]func(context.CancelFunc){
		"by its caller": func(cancel context.CancelFunc) { cancel() },
		"by CloseAll":   func(context.CancelFunc) { _ = containers.CloseAll(context.Background()) },
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			of := app(t, map[string]string{"NEVER_READY": "1"})
			run := uuid.NewString()
			failed := make(chan error, 1)
			go func() {
				_, err := containers.Start(ctx, containers.Spec{Container: of, RunID: run})
				failed <- err
			}()
			g.Eventually(func() ([]string, error) { return containers.Left(t.Context(), run) }, "30s").Should(ContainElement(HavePrefix("container ")))
			stop(cancel)
			g.Eventually(failed, "30s").Should(Receive(MatchError(ContainSubstring("was stopped"))))
			g.Expect(containers.Left(t.Context(), run)).To(BeEmpty())
		})
	}
}

func TestABuildIsStopped(t *testing.T) {
	g := NewWithT(t)
	cli := engine(t)
	run := uuid.NewString()
	folder := containerstest.Folder(t)
	g.Expect(os.WriteFile(filepath.Join(folder, "Dockerfile"),
		[]byte("FROM scratch\nCOPY server /server\nRUN [\"/server\", \""+run+"\"]\n"), 0o600)).To(Succeed())
	of := app(t, nil)
	of.Image, of.Build = "", &target.Build{Context: folder, Dockerfile: "Dockerfile"}
	building := func() (steps []string, err error) {
		all, err := cli.ContainerList(t.Context(), client.ContainerListOptions{All: true})
		for _, c := range all.Items {
			if strings.Contains(c.Command, run) {
				steps = append(steps, c.ID)
			}
		}
		return steps, err
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		_, err := containers.Start(ctx, containers.Spec{Container: of, RunID: run})
		failed <- err
	}()
	g.Eventually(building, "30s").Should(HaveLen(1))
	cancel()
	g.Eventually(failed, "30s").Should(Receive(MatchError(context.Canceled)))
	g.Eventually(building, "30s").Should(BeEmpty())
	g.Expect(containers.Left(t.Context(), run)).To(BeEmpty())
}

func TestAPanicInAStartLeavesNothing(t *testing.T) {
	g := NewWithT(t)
	of := app(t, nil)
	run := uuid.NewString()
	g.Expect(func() {
		_, _ = containers.Start(t.Context(), containers.Spec{Container: of, RunID: run, Say: func(said string) {
			if strings.HasPrefix(said, "ready") {
				panic("a fault of the caller")
			}
		}})
	}).To(PanicWith("a fault of the caller"))
	g.Expect(containers.Left(t.Context(), run)).To(BeEmpty())
}
