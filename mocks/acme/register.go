package acme

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
)

// Self-registration, with Config.SelfRegistration; without it these are 404:
//
//	POST /register                 email, userName, password: mails a link, or does not; the answer is the same
//	GET  /register/confirm?token=  makes the account and leads to /login
//
// A link works once, for a day. There is none for who has an account, active or not. Who
// had one and was deleted may begin anew, with nothing of the old account.
func (a *App) registerRoutes(r chi.Router) {
	if a.config.SelfRegistration {
		r.Post("/register", a.signUp)
		r.Get("/register/confirm", a.confirm)
	}
}

const (
	registrationTTL  = 24 * time.Hour
	maxRegistrations = 1000
)

// registration waits for a click in a mail. It is no credential, as it is nobody's yet.
type registration struct {
	newcomer
	token   string
	since   moment
	expires time.Time
}

// registrations keeps the newest. It is safe for concurrent use.
type registrations struct {
	mu   sync.Mutex
	list []registration
}

func (s *registrations) add(r registration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == maxRegistrations {
		s.list = slices.Delete(s.list, 0, 1)
	}
	s.list = append(s.list, r)
}

// take removes and returns the registration of a token that has not expired.
func (s *registrations) take(token string, now time.Time) (registration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.list, func(r registration) bool { return r.token == token })
	if i < 0 || !now.Before(s.list[i].expires) {
		return registration{}, false
	}
	found := s.list[i]
	s.list = slices.Delete(s.list, i, i+1)
	return found, true
}

func (a *App) signUp(w http.ResponseWriter, r *http.Request) {
	email, chosen := mailAddress(r.PostFormValue("email")), choiceOf(r)
	problem := chosen.problem()
	if email == "" {
		problem = "Please give an e-mail address."
	}
	if problem != "" {
		showPage(w, http.StatusBadRequest, notePage, problem)
		return
	}
	// Hashing before anybody is looked up takes the same time for all.
	entry := registration{token: random(), expires: a.config.Now().Add(registrationTTL), newcomer: newcomer{
		userName: chosen.userName, displayName: chosen.userName, email: email,
		passwordHash: hashPassword(chosen.password), by: chosen.userName, road: SelfRegistration,
	}}
	taken := false
	a.store.view(func(v view) {
		entry.since = a.momentNow(v)
		other := inTheWay(v, entry.since, email, chosen.userName)
		taken = other != nil && !a.takesOver(v, SelfRegistration, other)
	})
	if !taken {
		a.registrations.add(entry)
		a.mailLink(email, "Confirm your Acme account", "/register/confirm", entry.token)
	}
	showSent(w)
}

func (a *App) confirm(w http.ResponseWriter, r *http.Request) {
	entry, ok := a.registrations.take(r.URL.Query().Get("token"), a.config.Now())
	if !ok {
		showDead(w)
		return
	}
	err := a.settle(entry.newcomer, func(v view) error {
		if inTheWay(v, entry.since, entry.email, entry.userName) != nil {
			return errTaken()
		}
		return nil
	})
	if err != nil {
		showDead(w)
		return
	}
	http.Redirect(w, r, a.prefix+"/login", http.StatusSeeOther)
}
