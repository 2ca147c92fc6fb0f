package acme

import (
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
)

// Signing in without a password:
//
//	POST /login/magic         email: mails a link, or does not; the answer is the same
//	GET  /login/magic?token=  begins a session and leads to /home
//
// A link works once, for 15 minutes, and while its owner stays active.
func (a *App) magicRoutes(r chi.Router) {
	r.Post("/login/magic", a.askForMagic)
	r.Get("/login/magic", a.followMagic)
}

const magicTTL = 15 * time.Minute

func (a *App) askForMagic(w http.ResponseWriter, r *http.Request) {
	address := strings.TrimSpace(r.PostFormValue("email"))
	for _, user := range a.reachable(address) {
		to := listed(user.User, address)
		link := a.mint(user, linkTo(to, MagicLink), magicTTL)
		a.mailLink(to, "Sign in to Acme", "/login/magic", link.secret)
	}
	showSent(w)
}

func (a *App) followMagic(w http.ResponseWriter, r *http.Request) {
	token := r.URL.Query().Get("token")
	user := a.useLink(token, MagicLink)
	if user == nil || !a.spend(token) {
		showDead(w)
		return
	}
	a.startSession(w, user)
	http.Redirect(w, r, a.prefix+"/home", http.StatusSeeOther)
}
