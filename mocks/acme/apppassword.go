package acme

import (
	"html/template"
	"net/http"

	"github.com/go-chi/chi/v5"
)

// App passwords are for programs that can only do HTTP Basic (RFC 7617):
//
//	POST   /api/app-passwords        {"label"}: 201 {"id", "label", "password"}, shown this once
//	GET    /api/app-passwords        lists them, without the passwords
//	DELETE /api/app-passwords/{id}   takes one back; 204
//	GET    /dav/                     HTTP Basic with userName and app password: a listing
//
// The account's own password does not open /dav/: a program that keeps one app password
// gives no more than that away.
func (a *App) appPasswordRoutes(r chi.Router) {
	r.Post("/api/app-passwords", a.signedIn(a.createAppPassword, Session, AccessToken))
	r.Get("/api/app-passwords", a.signedIn(a.listOwn(AppPassword), Session, AccessToken))
	r.Delete("/api/app-passwords/{id}", a.signedIn(a.deleteOwn(AppPassword), Session, AccessToken))
	r.Get("/dav/", a.listFiles)
}

var davPage = template.Must(template.New("dav").Parse(`<!doctype html>
<title>Index of /dav/</title>
<h1>Files of {{.}}</h1>
<ul><li>notes.txt</li></ul>
`))

func (a *App) createAppPassword(w http.ResponseWriter, r *http.Request, user *Account) {
	if label := labelIn(w, r); label != "" {
		c := a.mint(user, credential{kind: AppPassword, label: label}, 0)
		writeJSON(w, http.StatusCreated, map[string]any{"id": c.id, "label": c.label, "password": c.secret})
	}
}

// listFiles asks for the name as well: it must be the one that the user has now.
func (a *App) listFiles(w http.ResponseWriter, r *http.Request) {
	name, password, _ := r.BasicAuth()
	user := a.use(password, AppPassword)
	if user == nil || fold(user.User.Text("userName")) != fold(name) {
		w.Header().Set("WWW-Authenticate", `Basic realm="dav", charset="UTF-8"`)
		apiError(w, http.StatusUnauthorized, "give your name and an app password")
		return
	}
	showPage(w, http.StatusOK, davPage, user.User.Text("displayName"))
}
