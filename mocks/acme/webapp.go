package acme

import (
	"crypto/subtle"
	_ "embed"
	"html/template"
	"net/http"

	"github.com/go-chi/chi/v5"
)

//go:embed webapp.js
var webAppScript []byte

// webAppPage is all that the server sends of a page: the script builds the rest.
var webAppPage = template.Must(template.New("web app").Parse(`<!doctype html>
<title>Acme</title>
<main id="app"><noscript>Acme needs JavaScript.</noscript></main>
<script src="{{.}}/app/webapp.js" data-prefix="{{.}}"></script>
`))

// csrfHeader repeats the cookie acme_csrf. No other site can set it.
const csrfHeader = "X-Csrf-Token"

// The same product as a page that a script builds, for which a browser is needed:
//
//	GET  /app/login      the page; its script asks for a token and builds the form
//	GET  /app/csrf       {"token"}, which is in the cookie acme_csrf, too
//	POST /app/login      {"username", "password"} with the header X-Csrf-Token: 200 and a session
//	GET  /app/           the page; its script greets who is signed in, and leads others to /app/login
//	GET  /app/webapp.js  the script
//
// The session is that of /login.
func (a *App) webAppRoutes(r chi.Router) {
	r.Get("/app/login", a.showWebApp)
	r.Get("/app/", a.showWebApp)
	r.Get("/app/webapp.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		// A client that went away gets no script.
		_, _ = w.Write(webAppScript)
	})
	r.Get("/app/csrf", func(w http.ResponseWriter, _ *http.Request) {
		token := random()
		a.setCookie(w, csrfCookie, token)
		w.Header().Set("Cache-Control", "no-store")
		writeJSON(w, http.StatusOK, map[string]string{"token": token})
	})
	r.Post("/app/login", a.webAppLogin)
}

func (a *App) showWebApp(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Security-Policy", "default-src 'self'")
	showPage(w, http.StatusOK, webAppPage, a.prefix)
}

func (a *App) webAppLogin(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie(csrfCookie)
	if err != nil || cookie.Value == "" || subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(r.Header.Get(csrfHeader))) != 1 {
		apiError(w, http.StatusForbidden, "the page has expired; please load it again")
		return
	}
	body, err := readObject(r)
	if err != nil {
		apiError(w, http.StatusBadRequest, "the body is not JSON of the form {username, password}")
		return
	}
	name, _ := body["username"].(string)
	password, _ := body["password"].(string)
	user := a.signIn(name, password)
	if user == nil {
		apiError(w, http.StatusUnauthorized, errWrongPassword.Error())
		return
	}
	a.startSession(w, user)
	writeJSON(w, http.StatusOK, map[string]any{"user": profileOf(user)})
}
