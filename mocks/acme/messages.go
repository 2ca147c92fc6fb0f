package acme

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"
)

// Messages that everybody of the organisation receives who listens:
//
//	POST /api/messages   {"text"}: 201 {"id"}
//	GET  /api/events     server-sent events, each with a Message as its data
//	GET  /api/socket     a WebSocket (RFC 6455), each message a Message
//
// Who listens is judged anew before each message and every Config.StreamCheck, so that
// an open connection ends with its person, also while nothing is said. Messages go to
// the webhooks, too.
func (a *App) messageRoutes(r chi.Router) {
	kinds := []CredentialKind{Session, AccessToken, PersonalToken, ServiceToken}
	r.Post("/api/messages", a.signedIn(a.postMessage, kinds...))
	r.Get("/api/events", a.signedIn(a.sendEvents, kinds...))
	r.Get("/api/socket", a.signedIn(a.serveSocket, kinds...))
}

// Message is what somebody says to everybody.
type Message struct {
	ID   string    `json:"id"`
	From string    `json:"from"` // a displayName
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// maxStreams is how many connections one person may have open.
const maxStreams = 100

// hub hands messages on. It is safe for concurrent use.
type hub struct {
	mu        sync.Mutex
	listeners map[*listener]bool
}

// listener is one open connection.
type listener struct {
	held     *credential
	messages chan Message
}

// join opens a connection for somebody, or returns nil if they have too many.
func (h *hub) join(user *Account) *listener {
	h.mu.Lock()
	defer h.mu.Unlock()
	open := 0
	for l := range h.listeners {
		if l.held.owner == user.serial {
			open++
		}
	}
	if open >= maxStreams {
		return nil
	}
	l := &listener{
		held:     &credential{kind: Stream, owner: user.serial, endings: len(user.Endings)},
		messages: make(chan Message, 64),
	}
	if h.listeners == nil {
		h.listeners = map[*listener]bool{}
	}
	h.listeners[l] = true
	return l
}

func (h *hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.listeners, l)
}

// say hands a message to everybody. Who is too slow to take it misses it.
func (h *hub) say(m Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		select {
		case l.messages <- m:
		default:
		}
	}
}

func (a *App) postMessage(w http.ResponseWriter, r *http.Request, user *Account) {
	var body struct{ Text string }
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.Text == "" {
		apiError(w, http.StatusBadRequest, "the body must be JSON with a text")
		return
	}
	m := Message{ID: uuid.NewString(), From: user.User.Text("displayName"), Text: body.Text, At: a.config.Now().UTC()}
	a.hub.say(m)
	a.deliver(m)
	writeJSON(w, http.StatusCreated, map[string]any{"id": m.ID})
}

// listen hands a connection's messages to send until its person may no longer hear
// them, one of the two ends goes away, or sending fails.
func (a *App) listen(ctx context.Context, l *listener, send func(Message) error) {
	check := time.NewTicker(a.config.StreamCheck)
	defer check.Stop()
	for {
		select {
		case m := <-l.messages:
			if a.judgeHeld(l.held) == nil || send(m) != nil {
				return
			}
		case <-check.C:
			if a.judgeHeld(l.held) == nil {
				return
			}
		case <-ctx.Done():
			return
		case <-a.life.Done():
			return
		}
	}
}

// judgeHeld judges what is nobody's secret, but acts in a person's place: an open
// connection, a webhook, a job.
func (a *App) judgeHeld(held *credential) *Account {
	var c *Credential
	a.store.view(func(v view) { c = held.describe(v) })
	return a.judge(c)
}

// welcome begins a connection, or answers that there are too many.
func (a *App) welcome(w http.ResponseWriter, user *Account) *listener {
	l := a.hub.join(user)
	if l == nil {
		w.Header().Set("Retry-After", "1")
		apiError(w, http.StatusTooManyRequests, "too many open connections")
	}
	return l
}
