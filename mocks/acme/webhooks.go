package acme

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
)

// Webhooks carry messages to an address outside:
//
//	POST   /api/webhooks        {"url", "room"}: 201 {"id", "secret"}, shown this once
//	GET    /api/webhooks        lists one's own, with the last delivery
//	DELETE /api/webhooks/{id}   204
//
// A webhook with a room carries what is said there, and any other everything. A delivery is a POST with a Message and X-Acme-Signature: sha256=HMAC of the body with
// the secret. Each is judged when it is sent, and ends with the person who set it up.
// Only addresses of this machine and of Config.WebhookHosts are taken: an application
// that sends anywhere it is told to is a weapon.
func (a *App) webhookRoutes(r chi.Router) {
	r.Post("/api/webhooks", a.signedIn(a.createWebhook, Session, AccessToken))
	r.Get("/api/webhooks", a.signedIn(a.listWebhooks, Session, AccessToken))
	r.Delete("/api/webhooks/{id}", a.signedIn(a.deleteOwn(Webhook), Session, AccessToken))
}

// deliveryTime bounds one delivery; deliveriesAtOnce how many are on their way.
const (
	deliveryTime     = 2 * time.Second
	deliveriesAtOnce = 4
)

// delivery is how the last one of a webhook went.
type delivery struct {
	At     time.Time `json:"at"`
	Status int       `json:"status"` // 0 for no answer
}

// deliveries keeps the last one of each webhook. It is safe for concurrent use.
type deliveries struct {
	mu   sync.Mutex
	last map[string]delivery
}

func (d *deliveries) note(id string, how delivery) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.last == nil {
		d.last = map[string]delivery{}
	}
	d.last[id] = how
}

func (d *deliveries) of(id string) any {
	d.mu.Lock()
	defer d.mu.Unlock()
	if how, ok := d.last[id]; ok {
		return how
	}
	return nil
}

func (a *App) createWebhook(w http.ResponseWriter, r *http.Request, user *Account) {
	var body struct{ URL, Room string }
	if json.NewDecoder(r.Body).Decode(&body) != nil || len(body.Room) > maxRoom || !a.mayDeliverTo(body.URL) {
		apiError(w, http.StatusBadRequest, "the body must be JSON with a url of this machine or of an allowed host, and with a room of at most 100 bytes")
		return
	}
	c := a.mint(user, credential{kind: Webhook, data: map[string]string{"url": body.URL, "room": body.Room}}, 0)
	writeJSON(w, http.StatusCreated, map[string]any{"id": c.id, "secret": c.secret})
}

// mayDeliverTo reports an address that webhooks may have.
func (a *App) mayDeliverTo(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback() || slices.Contains(a.config.WebhookHosts, u.Hostname())
}

func (a *App) listWebhooks(w http.ResponseWriter, _ *http.Request, user *Account) {
	list := []any{}
	for _, c := range a.good(user, Webhook) {
		list = append(list, map[string]any{"id": c.id, "url": c.data["url"], "last": a.deliveries.of(c.id)})
	}
	writeJSON(w, http.StatusOK, list)
}

// deliver sends a message to every webhook, in the background.
func (a *App) deliver(m Message) {
	var hooks []*credential
	a.store.view(func(v view) {
		for _, c := range v.everyCredential() {
			if c.kind == Webhook && !c.spent && m.heardIn(c.data["room"]) {
				hooks = append(hooks, c)
			}
		}
	})
	for _, hook := range hooks {
		a.background(func() {
			a.sending <- struct{}{}
			defer func() { <-a.sending }()
			if a.judgeHeld(hook) != nil {
				a.deliveries.note(hook.id, a.post(hook, m))
			}
		})
	}
}

// post makes one delivery. It follows no redirect, and does not try again. What was
// begun is finished, also when the application ends.
func (a *App) post(hook *credential, m Message) delivery {
	how := delivery{At: a.config.Now().UTC()}
	ctx, cancel := context.WithTimeout(context.Background(), deliveryTime)
	defer cancel()
	body, err := json.Marshal(m)
	if err != nil {
		return how
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.data["url"], bytes.NewReader(body))
	if err != nil {
		return how
	}
	mac := hmac.New(sha256.New, []byte(hook.secret))
	_, _ = mac.Write(body) // which never fails
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Acme-Signature", fmt.Sprintf("sha256=%s", hex.EncodeToString(mac.Sum(nil))))
	// A transport of its own for each: a kept connection would outlive the application.
	reply, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		return how
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(reply.Body, 1<<10))
	_ = reply.Body.Close()
	how.Status = reply.StatusCode
	return how
}
