package acme

import (
	"crypto/subtle"
	"html/template"
	"net/http"
	"time"

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
<form method="post" action="{{.Action}}">
<input type="hidden" name="csrf" value="{{.CSRF}}">
<label>Name <input name="username" autocomplete="username"></label>
<label>Password <input type="password" name="password" autocomplete="current-password"></label>
<label><input type="checkbox" name="remember" value="yes"> Keep me signed in</label>
<button>Sign in</button>
</form>
`))

var homePage = template.Must(template.New("home").Parse(`<!doctype html>
<title>Acme</title>
<h1>Welcome, {{.}}</h1>
<form method="post" action="logout"><button>Sign out</button></form>
`))

// Signing in with a password, as a browser does it:
//
//	GET  /login    the form
//	POST /login    username, password, csrf, remember (optional): begins a session and leads to /home
//	POST /logout   ends the session and forgets the browser
//	GET  /home     greets who is signed in by name; leads others to /login
//
// The field csrf repeats the cookie acme_csrf. The session is the cookie acme_session.
func (a *App) webRoutes(r chi.Router) {
	r.Get("/login", func(w http.ResponseWriter, _ *http.Request) { a.showLogin(w, http.StatusOK, "") })
	r.Post("/login", a.login)
	r.Post("/logout", a.logout)
	r.Get("/home", a.home)
	a.resetRoutes(r)
	a.magicRoutes(r)
	a.invitationRoutes(r)
	a.registerRoutes(r)
	a.ssoRoutes(r)
	a.outboxRoutes(r)
	a.webAppRoutes(r)
	r.Get("/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, a.prefix+"/home", http.StatusSeeOther)
	})
}

// showLogin sends the form with a token that the cookie beside it must match, so
// that no other site can sign anybody in.
func (a *App) showLogin(w http.ResponseWriter, status int, problem string) {
	token := random()
	a.setCookie(w, csrfCookie, token)
	showPage(w, status, loginPage, map[string]string{"CSRF": token, "Problem": problem, "Action": a.prefix + "/login"})
}

func showPage(w http.ResponseWriter, status int, page *template.Template, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A client that went away gets no page.
	_ = page.Execute(w, data)
}

func (a *App) login(w http.ResponseWriter, r *http.Request) {
	if !fromOurForm(r) {
		a.showLogin(w, http.StatusForbidden, "The form has expired. Please try again.")
		return
	}
	user := a.signIn(r.PostFormValue("username"), r.PostFormValue("password"))
	if user == nil {
		a.showLogin(w, http.StatusUnauthorized, "Name or password is wrong.")
		return
	}
	if r.PostFormValue("remember") == "" {
		a.startSession(w, user)
	} else {
		a.remember(w, user, random())
	}
	http.Redirect(w, r, a.prefix+"/home", http.StatusSeeOther)
}

// fromOurForm compares the form's token with the cookie's.
func fromOurForm(r *http.Request) bool {
	cookie, err := r.Cookie(csrfCookie)
	return err == nil && cookie.Value != "" &&
		subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(r.PostFormValue("csrf"))) == 1
}

// startSession issues a session, sets its cookie and returns its secret.
func (a *App) startSession(w http.ResponseWriter, user *Account) string {
	return a.startSessionOf(w, user, "")
}

// startSessionOf issues a session that ends with the series of remember-me cookies
// it came from; empty for none.
func (a *App) startSessionOf(w http.ResponseWriter, user *Account, series string) string {
	session := a.mint(user, credential{kind: Session, grant: series}, a.config.SessionTTL)
	a.setCookie(w, sessionCookie, session.secret)
	if a.config.CookieCache > 0 {
		a.setCookie(w, cacheCookie, "") // it may be of who sat here before
	}
	return session.secret
}

// setCookie sets a cookie that scripts cannot read and that lasts until the browser is
// closed; an empty value removes it.
func (a *App) setCookie(w http.ResponseWriter, name, value string) {
	a.setLastingCookie(w, name, value, 0)
}

// setLastingCookie sets a cookie that outlives the browser.
func (a *App) setLastingCookie(w http.ResponseWriter, name, value string, ttl time.Duration) {
	age := int(ttl.Seconds())
	if value == "" {
		age = -1
	}
	//nolint:gosec // Secure is left off: the application is served on plain http on one machine.
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: a.prefix + "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func (a *App) logout(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		a.spend(cookie.Value)
	}
	if cookie, err := r.Cookie(rememberCookie); err == nil {
		a.endSeries(cookie.Value)
	}
	a.setCookie(w, sessionCookie, "")
	a.setCookie(w, rememberCookie, "")
	a.setCookie(w, cacheCookie, "")
	http.Redirect(w, r, a.prefix+"/login", http.StatusSeeOther)
}

func (a *App) home(w http.ResponseWriter, r *http.Request) {
	user := a.cachedUser(r)
	if user == nil {
		user = a.visitor(w, r)
	}
	if user == nil {
		http.Redirect(w, r, a.prefix+"/login", http.StatusSeeOther)
		return
	}
	showPage(w, http.StatusOK, homePage, user.User.Text("displayName"))
}

// visitor returns whom a browser speaks for, or nil. Without a session that is still
// good, a remember-me cookie begins a new one.
func (a *App) visitor(w http.ResponseWriter, r *http.Request) *Account {
	asked := a.config.Now()
	user := a.sessionUser(r)
	if user == nil {
		return a.recall(w, r)
	}
	a.cache(w, user, asked)
	return user
}

// sessionUser returns whom the session cookie speaks for, or nil.
func (a *App) sessionUser(r *http.Request) *Account {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	return a.use(cookie.Value, Session)
}
