// Package console shows a person how a run gets on: on a terminal one live line
// below what is finished, elsewhere plain lines.
package console

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/scimproof/scimproof/reports"
)

// Console prints progress. It is safe for concurrent use.
type Console struct {
	mu      sync.Mutex
	out     io.Writer
	width   int // of the terminal; 0 when it is none
	started time.Time

	total, done int
	current     string
	waits       map[string]time.Time // event → next mark
	arming      map[string]bool      // events whose credentials are being obtained
	announced   map[string]bool      // events that plain lines have named
	stop        chan struct{}
	stopped     sync.WaitGroup
}

// New returns a console on a file. The live line is used only on a terminal.
func New(out *os.File) *Console {
	c := &Console{out: out, waits: map[string]time.Time{}, announced: map[string]bool{}, arming: map[string]bool{}, started: time.Now(), stop: make(chan struct{})}
	if term.IsTerminal(int(out.Fd())) && os.Getenv("TERM") != "dumb" {
		c.width = 80
		if w, _, err := term.GetSize(int(out.Fd())); err == nil && w > 20 {
			c.width = w
		}
	}
	if c.width > 0 {
		c.stopped.Go(c.tick)
	}
	return c
}

// Plain returns a console that prints plain lines to a writer.
func Plain(out io.Writer) *Console {
	return &Console{out: out, waits: map[string]time.Time{}, announced: map[string]bool{}, arming: map[string]bool{}, started: time.Now(), stop: make(chan struct{})}
}

// tick keeps the live line's clock going.
func (c *Console) tick() {
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			c.mu.Lock()
			c.drawLive()
			c.mu.Unlock()
		case <-c.stop:
			return
		}
	}
}

// Close removes the live line.
func (c *Console) Close() {
	close(c.stop)
	c.stopped.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clearLive()
}

// Underway begins the line that is printed once a run tests its target.
const Underway = "Running "

// Planned implements runner.Progress.
func (c *Console) Planned(total int) {
	c.line(func() string {
		c.total = total
		return fmt.Sprintf(Underway+"%d checks.", total)
	})
}

// Started implements runner.Progress.
func (c *Console) Started(check reports.Spec) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = check.ID
	c.drawLive()
}

// Finished implements runner.Progress.
func (c *Console) Finished(check reports.Check) {
	c.line(func() string {
		c.done++
		text := fmt.Sprintf("%s %3d/%d  %-52s %s", glyph(check.Outcome), c.done, c.total, check.ID, check.Outcome)
		if check.Outcome != reports.OutcomeConformant {
			text += "\n           " + check.Because
		}
		return text
	})
}

// Arming implements survival.Watcher.
func (c *Console) Arming(event string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arming[event] = true
	if c.width > 0 {
		c.drawLive()
		return
	}
	c.print("           arming credentials before " + event)
}

// Watching implements survival.Watcher.
func (c *Console) Watching(event string, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.arming, event)
	c.waits[event] = until
	if c.width > 0 {
		c.drawLive()
		return
	}
	// Without a live line, one line for each event is enough.
	if !c.announced[event] {
		c.announced[event] = true
		c.print("           watching access after " + event)
	}
}

// Settled implements survival.Watcher.
func (c *Console) Settled(event string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.arming, event)
	delete(c.waits, event)
	c.drawLive()
}

// Note implements runner.Progress.
func (c *Console) Note(text string) { c.line(func() string { return text }) }

// line prints a finished line above the live one.
func (c *Console) line(text func() string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clearLive()
	c.print(text())
	c.drawLive()
}

func (c *Console) print(text string) {
	// A terminal that went away must not end the run.
	_, _ = fmt.Fprintln(c.out, harmless(text))
}

func (c *Console) clearLive() {
	if c.width > 0 {
		_, _ = io.WriteString(c.out, "\r\x1b[2K")
	}
}

// drawLive redraws the live line: how far the run is, what runs, what is waited
// for and for how long.
func (c *Console) drawLive() {
	if c.width == 0 || c.total == 0 || c.done == c.total {
		return
	}
	text := fmt.Sprintf("  %d/%d  %s  %s", c.done, c.total, time.Since(c.started).Round(time.Second), c.current)
	if len(c.waits) > 0 {
		text += " · next try in " + c.soonest() + " · watching " + names(c.waits)
	}
	if len(c.arming) > 0 {
		text += " · arming " + names(c.arming)
	}
	if runes := []rune(text); len(runes) > c.width-1 {
		text = string(runes[:c.width-2]) + "…"
	}
	_, _ = io.WriteString(c.out, "\r\x1b[2K"+harmless(text))
}

// names lists the keys of a map in order.
func names[V any](m map[string]V) string { return strings.Join(slices.Sorted(maps.Keys(m)), ", ") }

func (c *Console) soonest() string {
	var next time.Time
	for _, at := range c.waits {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return fmt.Sprintf("%.1f s", max(0, time.Until(next).Seconds()))
}

// glyph marks an outcome; the word beside it says the same.
func glyph(o reports.Outcome) string {
	switch o {
	case reports.OutcomeConformant:
		return "✔"
	case reports.OutcomeOperational, reports.OutcomeNotApplicable, reports.OutcomeNotTested:
		return "–"
	case reports.OutcomeNoEvidence:
		return "?"
	case reports.OutcomeSuspended, reports.OutcomeRecorded:
		return "i"
	}
	return "✘"
}

// harmless keeps text that came from a target from steering the terminal.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r >= 0x20 && r != 0x7f && (r < 0x80 || r > 0x9f) {
			return r
		}
		return '\uFFFD'
	}, s)
}
