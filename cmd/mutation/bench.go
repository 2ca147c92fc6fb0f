package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/subject"
)

// bench is where runs are made. Each is a process of its own, which is this program
// once more: Ginkgo keeps its tree in globals.
type bench struct{ program, dir string }

func newBench() (*bench, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "scimproof-mutation-")
	return &bench{program, dir}, err
}

func (b *bench) close() { _ = os.RemoveAll(b.dir) }

// longestRun is how long a run may take beside its watches.
const longestRun = 8 * time.Minute

// measure runs against the application with one defect.
func (b *bench) measure(ctx context.Context, d defects.Defect) (result, error) {
	dir := filepath.Join(b.dir, d.Name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return result{}, err
	}
	// A run that takes this long has lost its way; that must not stop the others for ever.
	// Where reads lag, each of some hundred writes is waited for.
	ctx, cancel := context.WithTimeout(ctx, longestRun+2*d.Watch)
	defer cancel()
	//nolint:gosec // The program is this one.
	cmd := exec.CommandContext(ctx, b.program)
	// Memory is plenty, and the processors are what all runs share.
	cmd.Env = append(os.Environ(), childVariable+"="+d.Name, subject.StateDirVariable+"="+dir, "GOGC=400")
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return result{}, fmt.Errorf("%s: %w: %s", d.Name, err, strings.TrimSpace(said.String()))
	}
	var report reports.Report
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		return result{}, fmt.Errorf("%s: %w", d.Name, err)
	}
	return compare(d, &report), nil
}
