package chromium

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// lookApart is how often a page is looked at.
const lookApart = 50 * time.Millisecond

// Tab is an open page. Its methods are used by one goroutine at a time.
type Tab struct {
	traffic
	ctx     context.Context
	cancel  context.CancelFunc
	main    cdp.FrameID
	context cdp.BrowserContextID
	admit   func(ctx context.Context) (release func(), err error)

	interrupted  context.Context // under which it was opened
	stopWatching func() bool
	ending       sync.Once
	leave        func()
	left         sync.Once
}

// end closes the page and its context. It may be called more than once.
func (t *Tab) end() {
	t.ending.Do(func() {
		t.cancel()
		t.landed()
	})
}

// Close closes the page. It may be called more than once.
func (t *Tab) Close() {
	t.left.Do(func() {
		t.stopWatching()
		t.leave()
	})
}

// ErrTooLong is the error for what did not come in its time.
var ErrTooLong = errors.New("it took too long")

// within gives something an amount of time, in which waiting for a turn does not count.
// The error is ErrTooLong, the context's, or the call's own.
func (t *Tab) within(limit time.Duration, do func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancelCause(t.ctx)
	defer cancel(nil)
	began, waited := time.Now(), t.waitedFor()
	over := func() bool { return time.Since(began)-(t.waitedFor()-waited) > limit }
	done := make(chan struct{})
	defer close(done)
	go func() {
		tick := time.NewTicker(lookApart)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if over() {
					cancel(ErrTooLong)
					return
				}
			}
		}
	}()
	err := do(ctx)
	switch {
	case err == nil:
		return nil
	case t.interrupted.Err() != nil:
		return t.interrupted.Err()
	case context.Cause(ctx) != nil && errors.Is(context.Cause(ctx), ErrTooLong):
		return ErrTooLong
	case t.ctx.Err() != nil:
		return errors.New("the browser has ended")
	}
	return err
}

// Await calls a look again and again until it is done. The error is the look's, or one
// of within.
func (t *Tab) Await(limit time.Duration, look func() (done bool, err error)) error {
	return t.within(limit, func(ctx context.Context) error {
		for {
			if done, err := look(); done || err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(lookApart):
			}
		}
	})
}

// Navigate opens an address, in whose origin the stored things are found. It returns when
// the answer has begun to come. The error says why none came.
func (t *Tab) Navigate(limit time.Duration, address string, stored map[string]Stored) error {
	return t.within(limit, func(ctx context.Context) error {
		return chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
			restored, err := t.restore(ctx, on, stored)
			if err != nil {
				return err
			}
			to, err := cdp.Call(ctx, on, page.Navigate, page.NavigateParams{URL: address})
			if err != nil {
				return err
			}
			if to.ErrorText != "" {
				return errors.New(explain(to.ErrorText))
			}
			return restored(ctx)
		}))
	})
}

// explain puts the browser's names of common troubles into words.
func explain(code string) string {
	switch {
	case strings.HasPrefix(code, "net::ERR_CERT"):
		return "the certificate is not trusted by the browser (" + code + ")"
	case code == "net::ERR_CONNECTION_REFUSED":
		return "the connection was refused"
	case code == "net::ERR_NAME_NOT_RESOLVED":
		return "the host has no address"
	}
	return "the page could not be loaded (" + code + ")"
}

// evaluate runs a script of ours in the page and decodes what it returns. Between two
// documents there is none to run in, and it is tried again.
func (t *Tab) evaluate(limit time.Duration, script string, into any) error {
	return t.within(limit, func(ctx context.Context) error {
		for {
			raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](script))
			if err == nil {
				return json.Unmarshal(raw, into)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(lookApart):
			}
		}
	})
}

// call makes the text of a script that calls a function with arguments.
func call(function string, arguments ...any) string {
	list := make([]string, len(arguments))
	for i, a := range arguments {
		raw, err := json.Marshal(a)
		if err != nil {
			raw = []byte("null") // texts and numbers always can be put into JSON
		}
		list[i] = string(raw)
	}
	return fmt.Sprintf("(%s)(%s)", function, strings.Join(list, ", "))
}
