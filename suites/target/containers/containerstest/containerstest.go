// Package containerstest helps tests that need a real engine: it skips where none
// can be reached, and provides one small image that behaves as it is told.
package containerstest

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // the server's source
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gofrs/flock"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"

	"github.com/scimproof/scimproof/suites/target/containers"
)

// Port is where the server of Image listens inside; it answers 200 on /health.
const Port = 8080

//go:embed testdata/server.go
var source []byte

const dockerfile = "FROM scratch\nCOPY server /server\nEXPOSE 8080 9999\nUSER 65532:65532\nENTRYPOINT [\"/server\"]\n"

// Engine skips the test where no engine can be reached.
func Engine(t testing.TB) {
	t.Helper()
	if err := containers.Reachable(context.Background()); err != nil {
		t.Skip(err.Error())
	}
}

// turns is a file on which tests of several packages wait for each other: what one of them
// leaves in the engine on purpose, another would sweep.
func turns() *flock.Flock {
	return flock.New(filepath.Join(os.TempDir(), "scimproof-containerstest.lock"))
}

// MaySweep is called before a test starts containers as the command does, which begins with
// a sweep. Until the test is over nobody leaves anything in the engine on purpose.
func MaySweep(t testing.TB) { hold(t, (*flock.Flock).RLock) }

// LeavesBehind is called before a test leaves something in the engine on purpose. Until the
// test is over nobody else sweeps.
func LeavesBehind(t testing.TB) { hold(t, (*flock.Flock).Lock) }

func hold(t testing.TB, take func(*flock.Flock) error) {
	t.Helper()
	lock := turns()
	if err := take(lock); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lock.Close() })
}

// Image returns the reference of an image from scratch with a static server, which
// is built unless the engine has it; it skips where no engine can be reached. The
// image stays in the engine, for the next test. The server takes these variables:
//
//	NEVER_READY  /health answers 503
//	EXIT_AFTER   a duration after which it ends with exit code 7
//	NEEDS        host:port that must take a connection before /health answers 200
//	SAY          a line that it prints when it starts
//	READ         a file that /file answers, its mode in the header Mode
//
// /end ends it with exit code 7, and /dial?to=host:port answers 200 where it can connect to that from inside.
func Image(t testing.TB) string {
	t.Helper()
	Engine(t)
	reference, err := image()
	if err != nil {
		t.Fatal(err)
	}
	return reference
}

var image = sync.OnceValues(func() (string, error) {
	ctx := context.Background()
	provider, err := testcontainers.NewDockerProvider()
	if err != nil {
		return "", err
	}
	defer func() { _ = provider.Close() }()
	sum := sha256.Sum256(append([]byte(dockerfile), source...))
	repo, tag := "scimproof-containerstest", hex.EncodeToString(sum[:6])
	if _, err := provider.Client().ImageInspect(ctx, repo+":"+tag); err == nil {
		return repo + ":" + tag, nil
	}
	archive, err := buildContext()
	if err != nil {
		return "", err
	}
	return provider.BuildImage(ctx, &testcontainers.ContainerRequest{FromDockerfile: testcontainers.FromDockerfile{
		ContextArchive: archive, Repo: repo, Tag: tag, KeepImage: true,
		BuildOptionsModifier: func(o *client.ImageBuildOptions) { o.Labels = map[string]string{"org.scimproof.test": "image"} },
	}})
})

// Folder writes a build context of the same server to a new folder and returns it.
func Folder(t testing.TB) string {
	t.Helper()
	binary, err := compile()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, content := range map[string][]byte{"Dockerfile": []byte(dockerfile), "server": binary} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o755); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	return folder
}

func buildContext() (*bytes.Reader, error) {
	binary, err := compile()
	if err != nil {
		return nil, err
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for name, content := range map[string][]byte{"Dockerfile": []byte(dockerfile), "server": binary} {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(content))}); err != nil {
			return nil, err
		}
		if _, err := w.Write(content); err != nil {
			return nil, err
		}
	}
	return bytes.NewReader(archive.Bytes()), w.Close()
}

// compile returns the server as a static program.
var compile = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "containerstest")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := os.WriteFile(filepath.Join(folder, "server.go"), source, 0o600); err != nil {
		return nil, err
	}
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", "server", "server.go")
	build.Dir = folder
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOWORK=off", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the test server does not build: %w\n%s", err, out)
	}
	return os.ReadFile(filepath.Join(folder, "server"))
})
