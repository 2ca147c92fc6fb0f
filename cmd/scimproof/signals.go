package main

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/scimproof/scimproof/suites/target/containers"
)

// exitSignalled is the exit code of a process that a second signal has ended.
const exitSignalled = 130

// lastRemoval is how long a second signal waits for containers to be removed.
const lastRemoval = 10 * time.Second

// signals takes what asks the process to stop.
var signals = make(chan os.Signal, 3)

// hangups takes word that nobody is there any more: the terminal, or the process that has
// started this one. It comes as often as the kernel likes, so that it never counts as a
// second signal.
var hangups = make(chan os.Signal, 1)

// heeding is true once signals is read.
var heeding atomic.Bool

// heedSignals returns a context that the first signal, or a hang-up, ends: the command stops,
// and cleans up behind it. A second signal leaves test users where they are, removes the
// containers of this process, which nobody else would miss, and ends it; a third ends it at
// once.
func heedSignals(exit func(code int)) context.Context {
	ctx, stop := context.WithCancel(context.Background())
	heeding.Store(true)
	keepHeeding()
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signal.Notify(hangups, syscall.SIGHUP)
	}
	go func() {
		select {
		case <-signals:
		case <-hangups:
		}
		stop()
		<-signals
		go func() {
			<-signals
			exit(exitSignalled)
		}()
		removing, done := context.WithTimeout(context.Background(), lastRemoval)
		defer done()
		if err := containers.CloseAll(removing); err != nil {
			_, _ = os.Stderr.WriteString("scimproof: " + err.Error() + "\n")
		}
		exit(exitSignalled)
	}()
	return ctx
}

// keepHeeding takes the signals again after something in the process has let go of them.
func keepHeeding() {
	if heeding.Load() {
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	}
}
