package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/scimproof/scimproof/suites/target"
)

// chat is a small application that says things by itself. A person's token is their
// name; a test changes what becomes of each.
type chat struct {
	URL string

	mu       sync.Mutex
	mute     map[string]bool // hears nothing more, connection open
	barred   map[string]bool // may say nothing and open nothing
	hangup   map[string]chan struct{}
	hears    map[chan string]string // the person's name
	hooks    map[string]string      // by address
	runs     map[string]int
	instead  func(w http.ResponseWriter, r *http.Request) bool // of what it does otherwise
	greeting string                                            // what a WebSocket must be told first
}

// newChat starts the application. Everything of it and of the test has ended afterwards.
func newChat(t *testing.T) *chat {
	t.Helper()
	before := goleak.IgnoreCurrent()
	a := &chat{
		mute: map[string]bool{}, barred: map[string]bool{}, hangup: map[string]chan struct{}{},
		hears: map[chan string]string{}, hooks: map[string]string{}, runs: map[string]int{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /say", a.say)
	mux.HandleFunc("GET /events", a.events)
	mux.HandleFunc("GET /socket", a.socket)
	mux.HandleFunc("POST /hooks", a.hook)
	mux.HandleFunc("GET /runs", a.run)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		instead, barred := a.instead, a.barred[r.Header.Get("Token")]
		a.mu.Unlock()
		switch {
		case instead != nil && instead(w, r):
		case barred:
			http.Error(w, "who are you?", http.StatusUnauthorized)
		default:
			mux.ServeHTTP(w, r)
		}
	}))
	a.URL = server.URL
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		goleak.VerifyNone(t, before)
	})
	return a
}

// leave does something to somebody.
func (a *chat) leave(how func(*chat)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	how(a)
}

func (a *chat) say(w http.ResponseWriter, r *http.Request) {
	var body struct{ Text string }
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	a.mu.Lock()
	for c, name := range a.hears {
		if !a.mute[name] {
			c <- body.Text
		}
	}
	hooks := maps.Clone(a.hooks)
	maps.DeleteFunc(hooks, func(_, name string) bool { return a.mute[name] })
	a.mu.Unlock()
	for address := range hooks {
		resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Post(address, "text/plain", bytes.NewReader([]byte(body.Text))) //nolint:noctx // a test
		if err == nil {
			_ = resp.Body.Close()
		}
	}
	w.WriteHeader(http.StatusCreated)
}

// open begins a connection of the request's person.
func (a *chat) open(r *http.Request) (said chan string, hangup chan struct{}, leave func()) {
	name := r.Header.Get("Token")
	said = make(chan string, 100)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.hangup[name] == nil {
		a.hangup[name] = make(chan struct{})
	}
	a.hears[said] = name
	return said, a.hangup[name], func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.hears, said)
	}
}

func (a *chat) events(w http.ResponseWriter, r *http.Request) {
	said, hangup, leave := a.open(r)
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	flush := http.NewResponseController(w)
	_ = flush.Flush()
	for {
		select {
		case text := <-said:
			_, _ = fmt.Fprintf(w, "event: said\ndata: {\"text\": %q}\n\n", text)
			_ = flush.Flush()
		case <-hangup:
			return
		case <-r.Context().Done():
			return
		}
	}
}

func (a *chat) socket(w http.ResponseWriter, r *http.Request) {
	said, hangup, leave := a.open(r)
	defer leave()
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"chat"}})
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	if a.greeting != "" {
		if _, text, err := conn.Read(r.Context()); err != nil || string(text) != a.greeting || conn.Subprotocol() != "chat" {
			_ = conn.Close(websocket.StatusPolicyViolation, "greet first")
			return
		}
	}
	ctx := conn.CloseRead(r.Context())
	for {
		select {
		case text := <-said:
			_ = conn.Write(ctx, websocket.MessageText, []byte(text))
		case <-hangup:
			_ = conn.Close(websocket.StatusPolicyViolation, "sign in again")
			return
		case <-ctx.Done():
			return
		}
	}
}

func (a *chat) hook(w http.ResponseWriter, r *http.Request) {
	address, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.hooks[string(address)] = r.Header.Get("Token")
	w.WriteHeader(http.StatusCreated)
}

// run shows how often somebody's job has run, which it does at each look.
func (a *chat) run(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("of")
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.mute[name] {
		a.runs[name]++
	}
	_, _ = fmt.Fprintf(w, `{"by": %q, "count": %d}`, r.Header.Get("Token"), a.runs[name])
}

// withinTest is how long a try of a test waits at the most.
const withinTest = 300 * time.Millisecond

// speaking is a try in which the control user says something.
func (a *chat) speaking() target.Try {
	return target.Try{
		Provoke: []target.Step{{
			Method: "POST", URL: a.URL + "/say", Headers: map[string]string{"Token": "{{name}}"},
			JSON: map[string]any{"text": "to {{leaver.name}}: {{spoken}}"},
		}},
		Within: withinTest, Allowed: target.Allowed{Marker: "{{spoken}}"},
	}
}

func (a *chat) eventPath() target.AccessPath {
	return target.AccessPath{Name: "events", Kind: target.EventStream, Try: a.speaking(), Arm: []target.Step{
		{Stream: &target.Stream{URL: a.URL + "/events", Headers: map[string]string{"Token": "{{name}}"}}},
	}}
}

func (a *chat) socketPath() target.AccessPath {
	path := a.eventPath()
	path.Name = "socket"
	path.Arm = []target.Step{{Stream: &target.Stream{
		URL: "ws" + a.URL[len("http"):] + "/socket", WebSocket: true, Headers: map[string]string{"Token": "{{name}}"},
	}}}
	return path
}

func (a *chat) hookPath() target.AccessPath {
	path := a.eventPath()
	path.Name, path.Kind, path.Listens = "hook", target.Webhook, true
	path.Arm = []target.Step{{Method: "POST", URL: a.URL + "/hooks", Headers: map[string]string{"Token": "{{name}}"}, Body: "{{listener.url}}"}}
	return path
}

func (a *chat) jobPath() target.AccessPath {
	return target.AccessPath{Name: "job", Kind: target.ScheduledJob, Try: target.Try{
		Step:      target.Step{Method: "GET", URL: a.URL + "/runs?of={{leaver.name}}", Headers: map[string]string{"Token": "{{name}}"}},
		AsControl: true, Within: withinTest, Allowed: target.Allowed{Changes: "count"},
	}}
}

// paths lists each way in which something acts by itself.
func (a *chat) paths() []target.AccessPath {
	return []target.AccessPath{a.eventPath(), a.socketPath(), a.hookPath(), a.jobPath()}
}

// The two people of a test.
var (
	lena = map[string]string{"name": "lena"} // leaves
	cora = map[string]string{"name": "cora"} // stays
)
