package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/scimproof/scimproof/suites/target/containers/containerstest"
)

// checkout is a folder that looks like a fresh clone of the project, in which commands may
// write what they like: each entry of the root is a link, but for what has been built.
func checkout(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, e := range entries {
		if slices.Contains([]string{".git", "bin", "out", "upgrade"}, e.Name()) {
			continue
		}
		if err := os.Symlink(filepath.Join(root, e.Name()), filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// in carries out one line as a shell does, in a folder, and returns its exit code and what
// it prints.
func in(t *testing.T, dir, line string) (code int, printed string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-c", line)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatalf("%s: %v", line, err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// images builds the images of the built-in application, once. It skips where no engine can
// be reached.
func images(t *testing.T) {
	t.Helper()
	containerstest.Engine(t)
	makeImages.Do(func() {
		code, printed := in(t, checkout(t), "make image")
		if code != 0 {
			imagesProblem = printed
		}
	})
	if imagesProblem != "" {
		t.Fatal(imagesProblem)
	}
}

var (
	makeImages    sync.Once
	imagesProblem string
)
