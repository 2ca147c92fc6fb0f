package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/scimproof/scimproof/mocks/defects"
	"github.com/scimproof/scimproof/mocks/serve"
	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/subject"
)

// Timing for an application on the same machine.
const (
	revokeWithin = 500 * time.Millisecond
	giveUpAfter  = 1500 * time.Millisecond
)

// bench is where runs are made: a command and a folder.
type bench struct{ command, dir string }

func newBench(command string) (*bench, error) {
	path, err := filepath.Abs(command)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("%w; build it with make build", err)
	}
	dir, err := os.MkdirTemp("", "scimproof-mutation-")
	return &bench{path, dir}, err
}

func (b *bench) close() { _ = os.RemoveAll(b.dir) }

// measure runs the command once against the application with one defect.
func (b *bench) measure(ctx context.Context, d defects.Defect) (result, error) {
	report, err := b.report(ctx, d)
	if err != nil {
		return result{}, fmt.Errorf("%s: %w", d.Name, err)
	}
	return compare(d, report), nil
}

func (b *bench) report(ctx context.Context, d defects.Defect) (*reports.Report, error) {
	dir := filepath.Join(b.dir, d.Name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	options := serve.Options{
		Listen: "127.0.0.1:0", Profile: filepath.Join(dir, "acme.yaml"),
		RevokeWithin: revokeWithin, GiveUpAfter: max(giveUpAfter, d.Watch),
	}
	if d.Install != nil {
		options.Defects = []string{d.Name}
	}
	server, err := serve.Start(options)
	if err != nil {
		return nil, err
	}
	defer func() { _ = server.Close() }()
	if err := b.scimproof(ctx, dir, "run", "--target", options.Profile, "--out", dir); err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		return nil, err
	}
	var report reports.Report
	return &report, json.Unmarshal(raw, &report)
}

// scimproof runs the command. That the gate failed, or nothing could be decided, is
// no error here: the report says so.
func (b *bench) scimproof(ctx context.Context, dir string, args ...string) error {
	//nolint:gosec // The command is the one that the user wants measured.
	cmd := exec.CommandContext(ctx, b.command, args...)
	cmd.Env = append(os.Environ(), subject.StateDirVariable+"="+dir)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && slices.Contains([]int{1, 3}, exit.ExitCode()) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(said.String()))
	}
	return nil
}
