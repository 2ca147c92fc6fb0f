package acme

import (
	"crypto/subtle"
	"html/template"
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Cookies of the web part.
const (
	sessionCookie = "acme_session"
	csrfCookie    = "acme_csrf"
)

var loginPage = template.Must(template.New("login").Parse(`<!doctype html>
<title>Acme: sign in</title>
<h1>Sign in</h1>
{{with .Problem}}<p role="alert">{{.}}</p>{{end}}
<form method="post" action="/login">
<input type="hidden" name="csrf" value="{{.CSRF}}">
<label>Name <input name="username" autocomplete="username"></label>
<label>Password <input type="password" name="password" autocomplete="current-password"></label>
<button>Sign in</button>
</form>
`))

var homePage = template.Must(template.New("home").Parse(`<!doctype html>
<title>Acme</title>
<h1>Welcome, {{.}}</h1>
<form method="post" action="/logout"><button>Sign out</button></form>
`))

func (a *App) webRoutes(r chi.Router) {
	r.Get("/login", func(w http.ResponseWriter, _ *http.Request) { a.showLogin(w, http.StatusOK, "") })
	r.Post("/login", a.login)
	r.Post("/logout", a.logout)
	r.Get("/home", a.home)
	r.Get("/", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/home", http.StatusSeeOther) })
}

// showLogin sends the form with a token that the cookie beside it must match, so
// that no other site can sign anybody in.
func (a *App) showLogin(w http.ResponseWriter, status int, problem string) {
	token := random()
	a.setCookie(w, csrfCookie, token)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = loginPage.Execute(w, map[string]string{"CSRF": token, "Problem": problem})
}

func (a *App) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	cookie, err := r.Cookie(csrfCookie)
	if err != nil || subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(r.PostFormValue("csrf"))) != 1 {
		a.showLogin(w, http.StatusForbidden, "The form has expired. Please try again.")
		return
	}
	user := a.signIn(r.PostFormValue("username"), r.PostFormValue("password"))
	if user == nil {
		a.showLogin(w, http.StatusUnauthorized, "Name or password is wrong.")
		return
	}
	a.startSession(w, user)
	http.Redirect(w, r, "/home", http.StatusSeeOther)
}

// startSession mints a session and sets its cookie.
func (a *App) startSession(w http.ResponseWriter, user Resource) string {
	secret := random()
	a.vault.mint(Session, user.Text("id"), secret, "", a.config.SessionTTL)
	a.setCookie(w, sessionCookie, secret)
	return secret
}

func (a *App) setCookie(w http.ResponseWriter, name, value string) {
	//nolint:gosec // Secure is left off: the application is served on plain http on one machine.
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func (a *App) logout(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		a.vault.spend(cookie.Value)
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func (a *App) home(w http.ResponseWriter, r *http.Request) {
	user := a.sessionUser(r)
	if user == nil {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = homePage.Execute(w, user.Text("displayName"))
}

// sessionUser returns who holds the session cookie, or nil.
func (a *App) sessionUser(r *http.Request) Resource {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	return a.vault.use(cookie.Value, Session)
}
