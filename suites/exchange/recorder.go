// Package exchange is the one road by which requests leave the program: each is
// bounded in rate, number and size, named in its User-Agent, recorded, and
// redacted when the record is read.
package exchange

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
)

// keepBody is how much of a body is kept as evidence, in bytes, after redaction.
const keepBody = 16 << 10

// Recorder keeps the exchanges of a run. All methods are safe for concurrent use.
type Recorder struct {
	// Prefix begins each userName that the run makes. In list replies only
	// resources that carry it are kept: the others are real people.
	Prefix string

	vault *redact.Vault
	mu    sync.Mutex
	list  []reports.Exchange
	// before is how many exchanges have ids that come before those of the list.
	before int
	health reports.Health
	leaves map[string]string // by host; see TLSLeaf
}

// NewRecorder returns an empty recorder that redacts with vault.
func NewRecorder(vault *redact.Vault, prefix string) *Recorder {
	return &Recorder{vault: vault, Prefix: prefix}
}

// Continue gives the next exchange the id after that of the given number: the record of an
// earlier process goes on. It is called before anything is sent.
func (r *Recorder) Continue(after int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.before = max(0, after)
}

// Vault holds the run's secrets.
func (r *Recorder) Vault() *redact.Vault { return r.vault }

// add keeps one exchange and returns its id.
func (r *Recorder) add(e reports.Exchange) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	e.ID = fmt.Sprintf("x%04d", r.before+len(r.list)+1)
	r.list = append(r.list, e)
	r.health.Requests++
	if e.Attempt > 1 {
		r.health.Retries++
	}
	switch {
	case e.Status == http.StatusTooManyRequests:
		r.health.Throttled++
	// A command and a mailbox have no status, and trouble only where it is said.
	case e.Status == 0 && e.Error != "" || e.Status >= 500 && e.Status != http.StatusNotImplemented:
		r.health.Errors++
	}
	return e.ID
}

// Find returns the exchanges so far for which is holds, as they were recorded. Secrets are
// still in them.
func (r *Recorder) Find(is func(reports.Exchange) bool) []reports.Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []reports.Exchange
	for _, e := range r.list {
		if is(e) {
			found = append(found, e)
		}
	}
	return found
}

// Health counts what was sent so far.
func (r *Recorder) Health() reports.Health {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.health
}

// Exchanges returns redacted copies of everything recorded. It is called when
// the run is over, so that a secret learnt late is also taken out of what was
// recorded early.
func (r *Recorder) Exchanges() []reports.Exchange {
	r.mu.Lock()
	list := append([]reports.Exchange{}, r.list...)
	r.mu.Unlock()
	r.vault.Settle()
	for i := range list {
		r.redact(&list[i])
	}
	return list
}

// Shorten keeps of an exchange what was asked and the status alone: it repeats another
// one that is kept whole.
func (r *Recorder) Shorten(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var n int
	if _, err := fmt.Sscanf(id, "x%d", &n); err != nil || n <= r.before || n > r.before+len(r.list) {
		return
	}
	shorten(&r.list[n-1-r.before])
}

// Drain redacts everything recorded in place and hands it over: nothing is kept, as a run
// of many credentials would hold its evidence twice.
func (r *Recorder) Drain() []reports.Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := append([]reports.Exchange{}, r.list...)
	r.before, r.list = r.before+len(r.list), nil
	r.vault.Settle()
	for i := range list {
		r.redact(&list[i])
	}
	return list
}

func (r *Recorder) redact(e *reports.Exchange) {
	e.URL = r.vault.Text(withoutSecretQuery(e.URL))
	e.RequestHeaders = r.headers(e.RequestHeaders)
	e.ResponseHeaders = r.headers(e.ResponseHeaders)
	e.RequestBody = r.body(e.RequestBody)
	e.ResponseBody = r.body(hideStrangers(e.ResponseBody, r.Prefix))
	e.Error = r.vault.Text(e.Error)
}

func (r *Recorder) headers(in map[string]string) map[string]string {
	if in == nil {
		return nil
	}
	out := make(map[string]string, len(in))
	for name, value := range in {
		out[name] = printable(r.vault.Text(value), 1<<10)
	}
	return out
}

func (r *Recorder) body(s string) string { return printable(r.vault.Text(s), keepBody) }

// printable makes target-controlled text harmless: valid UTF-8, no control
// characters but line breaks and tabs, and no longer than limit bytes.
func printable(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !unicode.IsControl(r) {
			return r
		}
		if r == '\r' {
			return -1
		}
		return '\uFFFD'
	}, s)
	if len(s) <= limit {
		return s
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + fmt.Sprintf(" … (%d bytes more)", len(s)-cut)
}

// Label says on whose behalf a request is sent.
type Label struct {
	Check   string // id of the check
	Purpose string // such as "deactivate (patch-pathless)"
	// Brief keeps of an exchange that went well what was asked and the status alone: it
	// repeats another one, which is kept whole.
	Brief bool
	// Whole keeps all of it, whatever an outer call has set.
	Whole bool
}

type labelKey struct{}

// WithLabel marks all requests sent under the context. Empty fields keep what an
// outer call has set.
func WithLabel(ctx context.Context, l Label) context.Context {
	outer, _ := ctx.Value(labelKey{}).(Label)
	if l.Check == "" {
		l.Check = outer.Check
	}
	if l.Purpose == "" {
		l.Purpose = outer.Purpose
	}
	l.Brief = (l.Brief || outer.Brief) && !l.Whole
	return context.WithValue(ctx, labelKey{}, l)
}

func labelOf(ctx context.Context) Label {
	l, _ := ctx.Value(labelKey{}).(Label)
	return l
}

// Trail collects what happened on the wire for one logical request, retries
// included. It is used by one goroutine at a time.
type Trail struct {
	IDs      []string  // exchange ids, in order
	Sent     time.Time // when the last attempt was handed to the connection
	Answered time.Time // when its reply's header had come
	// Steps says that each request is another one, and none a repetition.
	Steps bool
}

// LastID is the last of some exchange ids, "" of none.
func LastID(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[len(ids)-1]
}

type trailKey struct{}

// WithTrail returns a context whose requests are noted in the returned Trail.
func WithTrail(ctx context.Context) (context.Context, *Trail) {
	t := &Trail{}
	return context.WithValue(ctx, trailKey{}, t), t
}
