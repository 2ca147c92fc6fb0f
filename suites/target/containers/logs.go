package containers

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"
)

const (
	lastLines = 50              // of a log that an error carries
	logLimit  = 5 * time.Second // for a log that an error carries
)

// Logs returns the last lines of a service's log, standard output and standard
// error as they came, all where lines is 0 or less. The service is empty for the
// application, else a companion's name. What comes is as the container wrote it:
// the caller takes secrets out.
func (r *Running) Logs(ctx context.Context, service string, lines int) ([]string, error) {
	r.mu.Lock()
	s := r.services[service]
	known := slices.Sorted(maps.Keys(r.services))
	r.mu.Unlock()
	if s == nil || s.container == nil {
		return nil, fmt.Errorf("there is no container of %q to read a log from; there are %q", service, known)
	}
	options := client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true}
	if lines > 0 {
		options.Tail = strconv.Itoa(lines)
	}
	stream, err := r.cli.ContainerLogs(ctx, s.container.ID, options)
	if err != nil {
		return nil, fmt.Errorf("the log of %s cannot be read: %w", titled(service), err)
	}
	defer func() { _ = stream.Close() }()
	tail := &tailWriter{keep: lines}
	if _, err := stdcopy.StdCopy(tail, tail, stream); err != nil {
		return nil, fmt.Errorf("the log of %s cannot be read to its end: %w", titled(service), err)
	}
	return tail.lines(), nil
}

// tailWriter keeps the last lines of what is written: as many as keep, all where
// that is 0 or less.
type tailWriter struct {
	mu   sync.Mutex
	keep int
	all  []string
	rest []byte
}

func (t *tailWriter) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rest = append(t.rest, p...)
	for {
		line, rest, found := bytes.Cut(t.rest, []byte("\n"))
		if !found {
			return len(p), nil
		}
		t.push(string(line))
		t.rest = bytes.Clone(rest)
	}
}

func (t *tailWriter) push(line string) {
	t.all = append(t.all, strings.TrimRight(line, "\r"))
	if t.keep > 0 && len(t.all) > t.keep {
		t.all = t.all[len(t.all)-t.keep:]
	}
}

// lines returns what is kept, with a last line that was not ended.
func (t *tailWriter) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.rest) > 0 {
		t.push(string(t.rest))
		t.rest = nil
	}
	return slices.Clone(t.all)
}
