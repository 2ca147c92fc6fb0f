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
//	POST /api/messages       {"text", "room"}: 201 {"id"}
//	GET  /api/events?room=   server-sent events, each with a Message as its data
//	GET  /api/socket?room=   a WebSocket (RFC 6455), each message a Message
//
// A room is any name. Who listens in one hears what is said there, and who names none
// hears everything.
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
	Room string    `json:"room,omitempty"`
	At   time.Time `json:"at"`
}

// heardIn reports whether somebody hears the message who listens in a room, or
// everywhere.
func (m Message) heardIn(room string) bool { return room == "" || room == m.Room }

// maxRoom is how long the name of a room may be, in bytes.
const maxRoom = 100

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
	room     string
	messages chan Message
}

// join opens a connection for somebody, or returns nil if they have too many.
func (h *hub) join(user *Account, room string) *listener {
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
		room:     room,
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

// say hands a message to everybody who listens for it. Who is too slow to take it misses it.
func (h *hub) say(m Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		if !m.heardIn(l.room) {
			continue
		}
		select {
		case l.messages <- m:
		default:
		}
	}
}

func (a *App) postMessage(w http.ResponseWriter, r *http.Request, user *Account) {
	var body struct{ Text, Room string }
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.Text == "" || len(body.Room) > maxRoom {
		apiError(w, http.StatusBadRequest, "the body must be JSON with a text, and with a room of at most 100 bytes")
		return
	}
	m := Message{ID: uuid.NewString(), From: user.User.Text("displayName"), Text: body.Text, Room: body.Room, At: a.config.Now().UTC()}
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
func (a *App) welcome(w http.ResponseWriter, r *http.Request, user *Account) *listener {
	l := a.hub.join(user, r.URL.Query().Get("room"))
	if l == nil {
		w.Header().Set("Retry-After", "1")
		apiError(w, http.StatusTooManyRequests, "too many open connections")
	}
	return l
}
