package exchange

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// The words that stand in place of a method where a step is no request.
const (
	MethodExec = "EXEC" // a command was run
	MethodMail = "MAIL" // a mailbox was searched
	MethodHear = "HEAR" // something was awaited on a stream or at the listener
	MethodSend = "SEND" // a message was sent over a WebSocket
	// MethodBrowse is that of a page in a browser; the requests of its documents are in the body.
	MethodBrowse = "BROWSE"
)

// Admit waits for the turn of something that reaches the target by another way than
// this transport, so that the target's limits hold for it, too. release gives the
// turn back. The error is the context's, or says that the rate limit cannot be met.
func (t *Transport) Admit(ctx context.Context) (release func(), err error) { return t.admit(ctx) }

// Note records what was done by another way: e says what was sent and what came of
// it; who did it and when is filled in here. JSON in its bodies is searched for
// secrets as that of a request is; what else is secret must have been learnt.
func (r *Recorder) Note(ctx context.Context, e reports.Exchange, began time.Time) {
	label := labelOf(ctx)
	trail, _ := ctx.Value(trailKey{}).(*Trail)
	e.Check, e.Purpose, e.At, e.Attempt = label.Check, label.Purpose, began.UTC(), 1
	e.DurationMs = time.Since(began).Milliseconds()
	for _, body := range []string{e.RequestBody, e.ResponseBody} {
		r.vault.LearnBody([]byte(body))
	}
	if trail != nil && !trail.Steps {
		e.Attempt = len(trail.IDs) + 1
	}
	id := r.add(e)
	if trail != nil {
		trail.IDs, trail.Sent, trail.Answered = append(trail.IDs, id), began, time.Now()
	}
}

// Address makes the address of a request that was sent by another way fit for evidence:
// secrets in its query are learnt and blanked, and what follows a # is left out.
func (r *Recorder) Address(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return withheld
	}
	learnQuery(r.vault, u)
	u.Fragment, u.RawFragment = "", ""
	return printable(r.vault.Text(withoutSecretQuery(u.Redacted())), maxAddress)
}

// maxAddress is how much is kept of such an address, in bytes.
const maxAddress = 1 << 10

// Printable is target-controlled text made harmless and cut to limit bytes, for a
// sentence in a report.
func Printable(text string, limit int) string { return printable(text, limit) }

// List shows a list of arguments in one line, in JSON: there, what is secret is
// found again however it has to be escaped.
func List(words []string) string {
	raw, err := json.Marshal(words)
	if err != nil {
		return withheld // text always can be put into JSON
	}
	return string(raw)
}
