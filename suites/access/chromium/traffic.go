package chromium

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// maxVisits is how many requests of documents one page may send. A page that leads to
// itself for ever is stopped.
const maxVisits = 50

// Visit is the request of a document.
type Visit struct {
	Method, URL string
	Status      int    // 0 while no answer has come
	Problem     string // why none came
	Frame       bool   // of a frame within the page
	Sent        time.Time
}

// traffic is what a page asks for.
type traffic struct {
	mu      sync.Mutex
	visits  []*Visit
	asked   map[network.RequestID]*turn
	flying  map[network.RequestID]cdp.LoaderID // requests without an answer, and of which document
	quiet   time.Time                          // since when there are none
	waiting int                                // documents that wait for their turn
	since   time.Time                          // the first of them
	waited  time.Duration                      // by those before
	running sync.WaitGroup
	over    bool
}

// turn is a document's request that was let through.
type turn struct {
	visit   *Visit
	release func()
}

// hear takes the browser's events, in their order. It must not block.
func (t *Tab) hear(event any) {
	switch e := event.(type) {
	case *fetch.EventRequestPaused:
		t.aside(func() { t.paused(e) })
	case *page.EventJavascriptDialogOpening:
		// An alert stops the page until somebody answers it.
		t.aside(func() {
			_, _ = chromedp.Call(t.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		})
	case *network.EventRequestWillBeSent:
		switch e.Type {
		case network.ResourceTypeEventSource, network.ResourceTypeWebSocket, network.ResourceTypePing, network.ResourceTypeMedia:
			return // they may go on for ever
		}
		t.change(func() { t.flying[e.RequestID] = e.LoaderID })
	case *network.EventLoadingFinished:
		t.change(func() { delete(t.flying, e.RequestID) })
	case *network.EventLoadingFailed:
		t.change(func() { delete(t.flying, e.RequestID) })
	case *page.EventFrameNavigated:
		if e.Frame.ParentID == "" {
			// What the document before had asked for ends with it, and not always with an event.
			t.change(func() {
				maps.DeleteFunc(t.flying, func(_ network.RequestID, of cdp.LoaderID) bool { return of != e.Frame.LoaderID })
			})
		}
	}
}

// aside does something beside the events, as long as the page is open.
func (t *Tab) aside(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.over {
		t.running.Go(f)
	}
}

// change notes that something is under way, or is no more.
func (t *Tab) change(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
	t.quiet = time.Now()
}

// paused lets the request of a document through in its turn, and notes its answer.
func (t *Tab) paused(e *fetch.EventRequestPaused) {
	if e.ResponseStatusCode != 0 || e.ResponseErrorReason != "" {
		t.answered(e)
		_, _ = chromedp.Call(t.ctx, fetch.ContinueResponse, fetch.ContinueResponseParams{RequestID: e.RequestID})
		return
	}
	if !t.admitted(e) {
		_, _ = chromedp.Call(t.ctx, fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonAborted})
		return
	}
	_, _ = chromedp.Call(t.ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID})
}

// admitted waits for the turn of a document's request.
func (t *Tab) admitted(e *fetch.EventRequestPaused) bool {
	t.mu.Lock()
	before := t.asked[e.NetworkID] // that it was redirected from
	delete(t.asked, e.NetworkID)
	full := len(t.visits) >= maxVisits
	t.mu.Unlock()
	before.end()
	if full {
		return false
	}
	t.wait(1)
	release, err := t.admit(t.ctx)
	t.wait(-1)
	if err != nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	v := &Visit{Method: e.Request.Method, URL: e.Request.URL, Frame: e.FrameID != t.main, Sent: time.Now()}
	t.visits = append(t.visits, v)
	t.asked[e.NetworkID] = &turn{v, release}
	return true
}

// answered notes how a document was answered and gives its turn back.
func (t *Tab) answered(e *fetch.EventRequestPaused) {
	t.mu.Lock()
	asked := t.asked[e.NetworkID]
	delete(t.asked, e.NetworkID)
	if asked != nil {
		asked.visit.Status, asked.visit.Problem = int(e.ResponseStatusCode), string(e.ResponseErrorReason)
	}
	t.mu.Unlock()
	asked.end()
}

func (a *turn) end() {
	if a != nil {
		a.release()
	}
}

// wait counts the documents that wait for their turn: that time is not the page's.
func (t *Tab) wait(more int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting == 0 {
		t.since = time.Now()
	}
	if t.waiting += more; t.waiting == 0 {
		t.waited += time.Since(t.since)
	}
}

// waitedFor is how long documents have waited for their turn.
func (t *Tab) waitedFor() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting > 0 {
		return t.waited + time.Since(t.since)
	}
	return t.waited
}

// Quiet is for how long nothing was under way; 0 if something is.
func (t *Tab) Quiet() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.flying) > 0 || t.waiting > 0 {
		return 0
	}
	return time.Since(t.quiet)
}

// Visits lists the requests of documents so far.
func (t *Tab) Visits() []Visit {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]Visit, len(t.visits))
	for i, v := range t.visits {
		out[i] = *v
	}
	return out
}

// Last is the last request of the page itself, of none a zero one.
func (t *Tab) Last() Visit {
	list := t.Visits()
	for i := len(list) - 1; i >= 0; i-- {
		if !list[i].Frame {
			return list[i]
		}
	}
	return Visit{}
}

// landed gives back the turns of all that was never answered.
func (t *Tab) landed() {
	t.mu.Lock()
	t.over = true
	t.mu.Unlock()
	t.running.Wait()
	for id, asked := range t.asked {
		asked.end()
		delete(t.asked, id)
	}
}

// newTab is a page that is not open yet.
func newTab(ctx context.Context, p *process, admit func(context.Context) (func(), error)) *Tab {
	t := &Tab{admit: admit}
	t.asked, t.flying, t.quiet = map[network.RequestID]*turn{}, map[network.RequestID]cdp.LoaderID{}, time.Now()
	t.ctx, t.cancel = chromedp.NewContext(p.root, chromedp.WithNewBrowserContext(), chromedp.WithListener(t.hear))
	t.interrupted = ctx
	t.stopWatching = context.AfterFunc(ctx, t.end)
	return t
}
