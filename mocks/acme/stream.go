package acme

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// sendEvents is the stream of server-sent events (text/event-stream).
func (a *App) sendEvents(w http.ResponseWriter, r *http.Request, user *Account) {
	l := a.welcome(w, r, user)
	if l == nil {
		return
	}
	defer a.hub.leave(l)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	flush := http.NewResponseController(w)
	if _, err := fmt.Fprint(w, ": welcome\n\n"); err != nil || flush.Flush() != nil {
		return
	}
	a.listen(r.Context(), l, func(m Message) error {
		data, err := json.Marshal(m)
		if err == nil {
			_, err = fmt.Fprintf(w, "data: %s\n\n", data)
		}
		if err == nil {
			err = flush.Flush()
		}
		return err
	})
}

// serveSocket is the WebSocket. The library refuses pages of other origins.
func (a *App) serveSocket(w http.ResponseWriter, r *http.Request, user *Account) {
	l := a.welcome(w, r, user)
	if l == nil {
		return
	}
	defer a.hub.leave(l)
	socket, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // the library has answered
	}
	ctx := socket.CloseRead(r.Context())
	a.listen(ctx, l, func(m Message) error { return wsjson.Write(ctx, socket, m) })
	_ = socket.Close(websocket.StatusPolicyViolation, "sign in again")
}
