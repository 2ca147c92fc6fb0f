// Package sidebyside runs a program twice, at once or one after the other, and shows line by
// line what each says. A signal to this process is passed on to both.
package sidebyside

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
)

// Options say how the two are run.
type Options struct {
	Program string // path of the executable
	Out     io.Writer
	// Together runs both at once. The second one starts when the first has printed a line
	// that begins with Underway, so that the first is always the earlier one.
	Together bool
	Underway string
	// GoOn says of the first one, when it has ended, whether the second is still to be started.
	GoOn func(Ended) bool
}

// Child is one of the two.
type Child struct {
	Name string // stands before each of its lines
	Args []string
}

// Ended is what became of a child. One that was never started has the zero value.
type Ended struct {
	Started bool
	Code    int      // its exit code; -1 where a signal has ended it
	Said    []string // its last lines, without empty ones; at most 100
}

// Outcome is what became of both.
type Outcome struct {
	First, Second Ended
	Interrupted   bool
}

// Run runs the two and returns once both have ended. An interrupt or SIGTERM of this process,
// or the end of the context, is passed on to the children as an interrupt, and starts no
// further one; a second signal is passed on as well. The error is one of starting a child;
// the other one is told to stop and waited for.
func Run(ctx context.Context, o Options, first, second Child) (Outcome, error) {
	signals := make(chan os.Signal, 4)
	// From here on the children say when this process is over, and nobody else.
	signal.Reset(os.Interrupt, syscall.SIGTERM)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	p := &pair{Options: o, screen: &screen{out: o.Out, width: max(len(first.Name), len(second.Name))}}
	if ctx.Err() != nil {
		return Outcome{Interrupted: true}, nil
	}
	if err := p.start(&p.first, first); err != nil {
		return Outcome{}, err
	}
	err := p.watch(ctx, signals, second)
	return Outcome{First: p.first.ended, Second: p.second.ended, Interrupted: p.interrupted}, err
}

// pair is the two while they run.
type pair struct {
	Options
	screen        *screen
	first, second process
	interrupted   bool
}

// watch starts the second child when its time has come, passes on what this process is told,
// and returns when nothing runs any more.
func (p *pair) watch(ctx context.Context, signals <-chan os.Signal, second Child) (err error) {
	next := func() {
		if !p.second.started && !p.interrupted {
			if err = p.start(&p.second, second); err != nil {
				p.stop()
			}
		}
	}
	stopped, underway := ctx.Done(), p.first.underway
	if !p.Together {
		underway = nil
	}
	for p.first.running || p.second.running {
		select {
		case <-underway:
			underway = nil
			next()
		case p.first.ended = <-p.first.done:
			p.first.running, underway = false, nil
			if p.GoOn == nil || p.GoOn(p.first.ended) {
				next()
			}
		case p.second.ended = <-p.second.done:
			p.second.running = false
		case <-stopped:
			stopped = nil
			p.stop()
		case <-signals:
			p.stop()
		}
	}
	return err
}

// stop asks what runs to end.
func (p *pair) stop() {
	p.interrupted = true
	for _, c := range []*process{&p.first, &p.second} {
		if c.running {
			// One that has ended in this moment needs no signal.
			_ = c.cmd.Process.Signal(os.Interrupt)
		}
	}
}

func (p *pair) start(c *process, child Child) error {
	lines := &lines{screen: p.screen, name: child.Name}
	c.underway = make(chan struct{})
	seen := sync.OnceFunc(func() { close(c.underway) })
	lines.seen = func(line string) {
		if strings.HasPrefix(line, p.Underway) {
			seen()
		}
	}
	if err := c.run(p.Program, child.Args, lines); err != nil {
		return fmt.Errorf("starting %s for %s: %w", p.Program, child.Name, err)
	}
	return nil
}
