package sidebyside

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
)

const (
	longestLine = 64 << 10 // in bytes; a longer one is shown in pieces
	kept        = 100      // lines of each child
)

// screen is where the lines of both go, one at a time.
type screen struct {
	mu    sync.Mutex
	out   io.Writer
	width int // of the longer name
}

func (s *screen) print(name, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	// A terminal that went away must not end the two.
	_, _ = fmt.Fprintf(s.out, "%*s │ %s\n", s.width, name, line)
}

// lines takes what a child prints. It is written to by one goroutine at a time.
type lines struct {
	screen *screen
	name   string
	seen   func(line string)
	rest   []byte // of a line that is not over
	said   []string
}

// Write implements io.Writer, and never fails.
func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		end := bytes.IndexByte(l.rest, '\n')
		switch {
		case end >= 0:
			l.line(l.rest[:end])
			l.rest = l.rest[end+1:]
		case len(l.rest) >= longestLine:
			l.flush()
		default:
			return len(p), nil
		}
	}
}

// flush shows a last line that has no end.
func (l *lines) flush() {
	if len(l.rest) > 0 {
		l.line(l.rest)
		l.rest = nil
	}
}

func (l *lines) line(text []byte) {
	line := strings.TrimRight(string(text), "\r")
	l.screen.print(l.name, line)
	if line == "" {
		return
	}
	if len(l.said) == kept {
		l.said = l.said[1:]
	}
	l.said = append(l.said, line)
	l.seen(line)
}
