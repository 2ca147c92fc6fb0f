package chromium

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// maxTabs is how many pages are open at once. Each is a process or two.
const maxTabs = 2

// openTime bounds the opening of an empty page.
const openTime = 15 * time.Second

// Options say how the browser is started.
type Options struct {
	Executable string // a path or a command; empty for the first one found
	// NoSandbox lets pages run without the browser's sandbox, for machines that have none.
	NoSandbox bool
	// IgnoreCertificates does not check whom a page comes from.
	IgnoreCertificates bool
}

// Browser is one process that is started by the first page that needs it. The zero value
// is ready. All methods are safe for concurrent use.
type Browser struct {
	once    sync.Once
	slots   chan struct{}
	mu      sync.Mutex
	running *process
	closed  bool
}

// Setup is what a page begins with.
type Setup struct {
	Options
	State
	// Agent is added to the browser's own User-Agent.
	Agent string
	// Admit waits for the turn of a document's request, and returns what gives it back.
	Admit func(ctx context.Context) (release func(), err error)
}

// Open opens an empty page in a fresh context, once fewer than maxTabs are open. It lives
// as long as the context, or until Close. The error is the context's, a *MissingError, or
// says why there is no page.
func (b *Browser) Open(ctx context.Context, s Setup) (*Tab, error) {
	b.once.Do(func() { b.slots = make(chan struct{}, maxTabs) })
	select {
	case b.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p, err := b.join(ctx, s.Options)
	if err != nil {
		<-b.slots
		return nil, err
	}
	t := newTab(ctx, p, s.Admit)
	t.leave = func() {
		t.end()
		b.leave(p, ctx.Err() != nil)
		<-b.slots
	}
	if err := t.begin(s); err != nil {
		t.Close()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, err
	}
	return t, nil
}

// join returns the running process, or starts one.
func (b *Browser) join(ctx context.Context, o Options) (*process, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, fmt.Errorf("the run is over")
	}
	if b.running != nil && !b.running.alive() {
		b.running.stop() // it crashed
		b.running = nil
	}
	if b.running == nil {
		path, err := Find(o.Executable)
		if err != nil {
			return nil, err
		}
		if b.running, err = start(ctx, path, o); err != nil {
			return nil, err
		}
	}
	b.running.users++
	return b.running, nil
}

// leave ends the process with its last page if that was interrupted, as nobody may be
// left to close the browser.
func (b *Browser) leave(p *process, interrupted bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p.users--
	if interrupted && p.users == 0 && b.running == p {
		p.stop()
		b.running = nil
	}
}

// Close ends the process. No page can be opened any more.
func (b *Browser) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	if b.running != nil {
		b.running.stop()
		b.running = nil
	}
}

// begin opens the page with all that it is set up with.
func (t *Tab) begin(s Setup) error {
	opening := time.AfterFunc(openTime, t.end)
	defer opening.Stop()
	if err := chromedp.Do(t.ctx, chromedp.Func(func(ctx context.Context, on *chromedp.Target) error {
		t.main = cdp.FrameID(on.TargetID)
		return t.setUp(ctx, on, s)
	})); err != nil {
		return fmt.Errorf("the browser opens no page: %w", firstLine(err))
	}
	return nil
}

func (t *Tab) setUp(ctx context.Context, on *chromedp.Target, s Setup) error {
	all := chromedp.FromContext(ctx)
	t.context = all.BrowserContextID
	version, err := cdp.Call(ctx, all.Browser, browser.GetVersion, cdp.Empty{})
	if err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, on, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: version.UserAgent + " " + s.Agent}); err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, all.Browser, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorDeny, BrowserContextID: t.context,
	}); err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, on, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{
		{ResourceType: network.ResourceTypeDocument, RequestStage: fetch.RequestStageRequest},
		{ResourceType: network.ResourceTypeDocument, RequestStage: fetch.RequestStageResponse},
	}}); err != nil {
		return err
	}
	if len(s.Cookies) == 0 {
		return nil
	}
	_, err = cdp.Call(ctx, all.Browser, storage.SetCookies, storage.SetCookiesParams{Cookies: forBrowser(s.Cookies), BrowserContextID: t.context})
	return err
}
