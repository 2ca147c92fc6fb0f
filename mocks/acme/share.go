package acme

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
)

// Addresses that open something to whoever knows them:
//
//	POST /api/shares          {"label"}: 201 {"id", "url"}; GET and DELETE …/{id} as for tokens
//	GET  /s/{secret}          what was shared
//	POST /api/feeds           {"label"}: 201 {"id", "url"}; GET and DELETE …/{id} likewise
//	GET  /feed/{secret}.ics   the person's calendar (RFC 5545)
//
// The policy is declared here, as products differ: both end with the person who made
// them. A share link outlives a new password, which is nobody else's business; a feed
// address does not.
func (a *App) shareRoutes(r chi.Router) {
	for path, kind := range map[string]CredentialKind{"/api/shares": ShareLink, "/api/feeds": FeedURL} {
		r.Post(path, a.signedIn(a.share(kind), Session, AccessToken))
		r.Get(path, a.signedIn(a.listOwn(kind), Session, AccessToken))
		r.Delete(path+"/{id}", a.signedIn(a.deleteOwn(kind), Session, AccessToken))
	}
	r.Get("/s/{secret}", a.showShared)
	r.Get("/feed/{secret}", a.showFeed)
}

// shareTTL is how long a share link works at most.
const shareTTL = 90 * 24 * time.Hour

func (a *App) share(kind CredentialKind) func(http.ResponseWriter, *http.Request, *Account) {
	return func(w http.ResponseWriter, r *http.Request, user *Account) {
		label := labelIn(w, r)
		if label == "" {
			return
		}
		path, ttl := "/s/%s", shareTTL
		if kind == FeedURL {
			path, ttl = "/feed/%s.ics", 0
		}
		c := a.mint(user, credential{kind: kind, label: label}, ttl)
		writeJSON(w, http.StatusCreated, map[string]any{"id": c.id, "url": a.prefix + fmt.Sprintf(path, c.secret)})
	}
}

func (a *App) showShared(w http.ResponseWriter, r *http.Request) {
	maker := a.use(chi.URLParam(r, "secret"), ShareLink)
	if maker == nil {
		showPage(w, http.StatusNotFound, notePage, "There is nothing here, or no longer.")
		return
	}
	showPage(w, http.StatusOK, notePage, "A document that "+maker.User.Text("displayName")+" shares with you.")
}

func (a *App) showFeed(w http.ResponseWriter, r *http.Request) {
	owner := a.use(strings.TrimSuffix(chi.URLParam(r, "secret"), ".ics"), FeedURL)
	if owner == nil {
		http.Error(w, "There is no such calendar.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	name := strings.NewReplacer("\\", "\\\\", ";", "\\;", ",", "\\,", "\r", "", "\n", "\\n").Replace(owner.User.Text("displayName"))
	_, _ = fmt.Fprintf(w, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Acme//EN\r\nX-WR-CALNAME:%s\r\nEND:VCALENDAR\r\n", name)
}
