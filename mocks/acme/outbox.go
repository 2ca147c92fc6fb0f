package acme

import (
	"crypto/subtle"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
)

// The outbox stands for a mail server: what the application mails is kept here.
//
//	GET /outbox?to=ADDRESS   Authorization: Bearer OUTBOX-TOKEN
//
// lists the mails to an address, newest last, as a JSON array of Mail. Without
// Config.OutboxToken there is no such address (404); with another token it is 401.
func (a *App) outboxRoutes(r chi.Router) {
	r.Get("/outbox", a.showOutbox)
}

// Mail is a mail that was sent.
type Mail struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	// Link is a path of the application. A link made of the request's Host header
	// would lead people, and their tokens, wherever the sender of that header likes.
	Link string `json:"link"`
	// Token is the one in the link.
	Token string    `json:"token"`
	At    time.Time `json:"at"`
}

// maxMails is how many mails are kept, the newest.
const maxMails = 10_000

// outbox keeps mails. It is safe for concurrent use.
type outbox struct {
	mu    sync.Mutex
	mails []Mail
}

func (o *outbox) add(m Mail) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.mails) == maxMails {
		o.mails = append(o.mails[:0], o.mails[1:]...)
	}
	o.mails = append(o.mails, m)
}

// to lists the mails to an address, newest last.
func (o *outbox) to(address string) []Mail {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := []Mail{}
	for _, m := range o.mails {
		if sameAddress(m.To, address) {
			out = append(out, m)
		}
	}
	return out
}

// mailLink sends a link: path is that of the endpoint which takes the token.
func (a *App) mailLink(to, subject, path, token string) {
	a.outbox.add(Mail{To: to, Subject: subject, Link: a.prefix + path + "?token=" + token, Token: token, At: a.config.Now().UTC()})
}

func (a *App) showOutbox(w http.ResponseWriter, r *http.Request) {
	want := a.config.OutboxToken
	switch {
	case want == "":
		apiError(w, http.StatusNotFound, "there is no outbox")
	case subtle.ConstantTimeCompare([]byte(bearer(r)), []byte(want)) != 1:
		w.Header().Set("WWW-Authenticate", `Bearer realm="outbox"`)
		apiError(w, http.StatusUnauthorized, "the outbox has a token of its own")
	default:
		writeJSON(w, http.StatusOK, a.outbox.to(strings.TrimSpace(r.URL.Query().Get("to"))))
	}
}
