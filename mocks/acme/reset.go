package acme

import (
	"html/template"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// Passwords that people choose themselves:
//
//	POST /password/forgot           email or username: mails a link, or does not; the answer is the same
//	GET  /password/reset?token=     the form
//	POST /password/reset            token, password
//	GET  /welcome?token=            the form, and POST as above, for who has just got an account
//	POST /account/password          old, new; with a session
//
// A link works once, for an hour, that of a welcome for a week, and while its owner stays active. A new password goes
// the way of one that comes by SCIM: it ends what was obtained with the old one. It
// never makes anybody active. The first password of a user whom SCIM created without
// one is set in the same way.
func (a *App) resetRoutes(r chi.Router) {
	r.Post("/password/forgot", a.forgot)
	for _, link := range []passwordLink{resetLink, welcomeLink} {
		r.Get(link.path, a.showReset(link))
		r.Post(link.path, a.reset(link))
	}
	r.Post("/account/password", a.signedIn(a.changePassword, Session))
}

// passwordLink is a kind of link that opens the form for a password.
type passwordLink struct {
	kind          CredentialKind
	path, subject string // of the form and of the mail
	ttl           time.Duration
}

var (
	resetLink   = passwordLink{ResetLink, "/password/reset", "Your new password", time.Hour}
	welcomeLink = passwordLink{WelcomeLink, "/welcome", "Welcome to Acme", 7 * 24 * time.Hour}
)

// minPassword is the least number of characters of a password that somebody chooses.
const minPassword = 12

const shortPassword = "A password has 12 characters at least."

var resetPage = template.Must(template.New("reset").Parse(`<!doctype html>
<title>Acme: new password</title>
<h1>New password for {{.Name}}</h1>
{{with .Problem}}<p role="alert">{{.}}</p>{{end}}
<form method="post" action="{{.Action}}">
<input type="hidden" name="token" value="{{.Token}}">
<label>New password <input type="password" name="password" autocomplete="new-password" minlength="12"></label>
<button>Save</button>
</form>
`))

var notePage = template.Must(template.New("note").Parse(`<!doctype html>
<title>Acme</title>
<p>{{.}}</p>
`))

// showSent is the answer to everybody who asks for a mail: it does not tell whether
// there is an account.
func showSent(w http.ResponseWriter) {
	showPage(w, http.StatusAccepted, notePage, "If that can be done, a mail is on its way.")
}

// showDead is the answer to a link that is unknown, used up, expired or ended.
func showDead(w http.ResponseWriter) {
	showPage(w, http.StatusForbidden, notePage, "This link is not good, or no longer. Please ask for a new one.")
}

func (a *App) forgot(w http.ResponseWriter, r *http.Request) {
	if address := strings.TrimSpace(r.PostFormValue("email")); address != "" {
		for _, user := range append(a.reachable(address), a.unreachable(address, ResetLink)...) {
			a.mailPasswordLink(resetLink, user, listed(user.User, address))
		}
	} else if user := a.activeUser(r.PostFormValue("username")); user != nil {
		if own := addresses(user.User); len(own) > 0 {
			a.mailPasswordLink(resetLink, user, own[0])
		}
	}
	showSent(w)
}

// activeUser returns the active user of a name, or nil.
func (a *App) activeUser(userName string) (user *Account) {
	a.store.view(func(v view) {
		if r := v.named(userName); r != nil && r.doc.Active() {
			user = r.account(v)
		}
	})
	return user
}

func (a *App) mailPasswordLink(link passwordLink, user *Account, to string) {
	made := a.mint(user, linkTo(to, link.kind), link.ttl)
	a.mailLink(to, link.subject, link.path, made.secret)
}

// mailWelcome mails whom SCIM has created a link to choose a password, with
// Config.WelcomeMails.
func (a *App) mailWelcome(created Resource) {
	if !a.config.WelcomeMails {
		return
	}
	if user := a.activeUser(created.Text("userName")); user != nil {
		if own := addresses(user.User); len(own) > 0 {
			a.mailPasswordLink(welcomeLink, user, own[0])
		}
	}
}

// linkTo is a link that goes to an address, and is good while its owner has that.
func linkTo(address string, kind CredentialKind) credential {
	return credential{kind: kind, data: map[string]string{"to": address}}
}

// useLink judges a link of a kind. It returns whom it speaks for, or nil. After a change
// of address the mail lies in a mailbox that may be somebody else's.
func (a *App) useLink(token string, kind CredentialKind) *Account {
	user, held := a.use(token, kind), a.credential(token)
	if user == nil || held == nil || listed(user.User, held.data["to"]) == "" {
		return nil
	}
	return user
}

func (a *App) showReset(link passwordLink) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token := r.URL.Query().Get("token")
		if user := a.useLink(token, link.kind); user != nil {
			a.showResetForm(w, http.StatusOK, link, user, token, "")
			return
		}
		showDead(w)
	}
}

func (a *App) showResetForm(w http.ResponseWriter, status int, link passwordLink, user *Account, token, problem string) {
	showPage(w, status, resetPage, map[string]string{
		"Name": user.User.Text("displayName"), "Token": token, "Problem": problem, "Action": a.prefix + link.path,
	})
}

func (a *App) reset(link passwordLink) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, password := r.PostFormValue("token"), r.PostFormValue("password")
		user := a.useLink(token, link.kind)
		switch {
		case user == nil:
			showDead(w)
		case utf8.RuneCountInString(password) < minPassword:
			a.showResetForm(w, http.StatusBadRequest, link, user, token, shortPassword)
		case !a.spend(token) || a.setPassword(user, password) != nil:
			showDead(w)
		default:
			http.Redirect(w, r, a.prefix+"/login", http.StatusSeeOther)
		}
	}
}

// setPassword changes a password the way SCIM does it, unless the user has changed in
// the meantime: nothing may come between judging somebody and letting them do this.
func (a *App) setPassword(user *Account, password string) error {
	_, err := a.commit(&Change{
		Method: http.MethodPatch, Type: TypeUser, ID: user.User.Text("id"), By: user.User.Text("userName"),
		IfMatch: user.User.Text("meta", "version"),
		Body: map[string]any{
			"schemas":    []any{model.URNPatchOp},
			"Operations": []any{map[string]any{"op": "replace", "path": "password", "value": password}},
		},
	})
	return err
}

// changePassword ends every session with the rest, and begins a new one for who did it.
func (a *App) changePassword(w http.ResponseWriter, r *http.Request, user *Account) {
	old, fresh := r.PostFormValue("old"), r.PostFormValue("new")
	known := a.signIn(user.User.Text("userName"), old)
	switch {
	case known == nil || known.serial != user.serial:
		apiError(w, http.StatusForbidden, "the old password is wrong")
	case utf8.RuneCountInString(fresh) < minPassword:
		apiError(w, http.StatusBadRequest, shortPassword)
	case a.setPassword(known, fresh) != nil:
		apiError(w, http.StatusConflict, "the account has changed meanwhile; please try again")
	default:
		if again := a.signIn(user.User.Text("userName"), fresh); again != nil {
			a.startSession(w, again)
		}
		http.Redirect(w, r, a.prefix+"/home", http.StatusSeeOther)
	}
}
