package acme

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
)

// The audit log, for administrators:
//
//	GET /api/audit   since (a sequence number), subject, action, count: entries after it, oldest first
//
// It holds what SCIM changed, who came in and who was refused, and what administrators
// did. Passwords and tokens are never in it.
func (a *App) auditRoutes(r chi.Router) {
	r.Get("/api/audit", a.admin(a.showAudit))
}

// maxEntries is how many lines the log keeps, the newest.
const maxEntries = 10_000

// auditLog keeps entries. It is safe for concurrent use.
type auditLog struct {
	mu      sync.Mutex
	last    int
	entries []Entry
}

func (l *auditLog) add(e Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	e.Seq = l.last
	if len(l.entries) == maxEntries {
		l.entries = slices.Delete(l.entries, 0, 1)
	}
	l.entries = append(l.entries, e)
}

// after lists the entries after a sequence number that are wanted, oldest first.
func (l *auditLog) after(seq int, wanted func(Entry) bool) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	from, _ := slices.BinarySearchFunc(l.entries, seq+1, func(e Entry, seq int) int { return cmp.Compare(e.Seq, seq) })
	out := []Entry{}
	for _, e := range l.entries[from:] {
		if wanted(e) {
			out = append(out, e)
		}
	}
	return out
}

// audit writes a line, unless a hook keeps it out.
func (a *App) audit(actor, action, subject string, err error) {
	e := Entry{At: a.config.Now().UTC(), Actor: actor, Action: action, Subject: subject, Outcome: "success"}
	if err != nil {
		e.Outcome = "denied"
	}
	for _, hook := range a.config.Hooks.OnAudit {
		hook(&e)
	}
	if !e.Drop {
		a.log.add(e)
	}
}

// auditChange writes a SCIM write, or a write of the product that goes the same way.
func (a *App) auditChange(c *Change, err error) {
	subject := c.After.Text("userName")
	for _, doc := range []Resource{c.Before, c.After} {
		if name := cmp.Or(doc.Text("userName"), doc.Text("displayName")); name != "" && subject == "" {
			subject = name
		}
	}
	a.audit(cmp.Or(c.By, "system"), c.action(), cmp.Or(subject, c.ID), err)
}

// action is what a change does, in the words of the log.
func (c *Change) action() string {
	kind := "user"
	if c.Type == TypeGroup {
		kind = "group"
	}
	switch {
	case c.Method == http.MethodPost:
		return kind + ".create"
	case c.Method == http.MethodDelete:
		return kind + ".delete"
	case c.Type == TypeUser && c.Before != nil && c.After != nil && c.Before.Active() != c.After.Active():
		if c.After.Active() {
			return "user.reactivate"
		}
		return "user.deactivate"
	}
	return kind + ".update"
}

func (a *App) showAudit(w http.ResponseWriter, r *http.Request, _ *Account) {
	parameters := r.URL.Query()
	since, _ := strconv.Atoi(parameters.Get("since")) // what is no number is the beginning
	count, err := strconv.Atoi(parameters.Get("count"))
	if err != nil || count < 0 {
		count = maxEntries
	}
	found := a.log.after(since, func(e Entry) bool {
		return matchesOr(parameters.Get("subject"), e.Subject) && matchesOr(parameters.Get("action"), e.Action)
	})
	writeJSON(w, http.StatusOK, found[:min(count, len(found))])
}

// matchesOr reports whether a value is the wanted one, or none is wanted.
func matchesOr(wanted, value string) bool { return wanted == "" || wanted == value }

// channelHealth is what a monitor wants to know of a SCIM client: a channel that has
// died brings no more leavers, and nobody is told.
type channelHealth struct {
	Client        string    `json:"client"`
	LastSuccess   time.Time `json:"lastSuccess,omitzero"`
	LastFailure   time.Time `json:"lastFailure,omitzero"`
	FailuresSince int       `json:"failuresSinceSuccess"`
}

// channels keeps the health of each SCIM client. It is safe for concurrent use.
type channels struct {
	mu sync.Mutex
	of map[string]channelHealth
}

func (c *channels) note(client string, at time.Time, failed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[string]channelHealth{}
	}
	h := c.of[client]
	h.Client = client
	if failed {
		h.LastFailure, h.FailuresSince = at, h.FailuresSince+1
	} else {
		h.LastSuccess, h.FailuresSince = at, 0
	}
	c.of[client] = h
}

// all lists the clients by name.
func (c *channels) all() []channelHealth {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []channelHealth{}
	for _, h := range c.of {
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b channelHealth) int { return cmp.Compare(a.Client, b.Client) })
	return out
}
