package acme

import (
	"encoding/json"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
)

// Invitations:
//
//	POST   /api/invitations        {"email"}: mails a link; 201 {"id", "email"}
//	DELETE /api/invitations/{id}   cancels one of one's own; 204
//	GET    /invitation?token=      the form
//	POST   /invitation             token, userName, password: makes the account
//
// An invitation works once, for a week. It ends with what else the inviter holds, and when
// anybody of the invited address is, comes or leaves: it can neither double an account
// nor bring one back. SCIM sees the account as one of its own.
func (a *App) invitationRoutes(r chi.Router) {
	r.Post("/api/invitations", a.signedIn(a.invite, Session, AccessToken))
	r.Delete("/api/invitations/{id}", a.signedIn(a.cancelInvitation, Session, AccessToken))
	r.Get("/invitation", a.showInvitation)
	r.Post("/invitation", a.acceptInvitation)
}

const invitationTTL = 7 * 24 * time.Hour

var invitationPage = template.Must(template.New("invitation").Parse(`<!doctype html>
<title>Acme: invitation</title>
<h1>{{.Inviter}} invites {{.Email}}</h1>
{{with .Problem}}<p role="alert">{{.}}</p>{{end}}
<form method="post" action="{{.Action}}">
<input type="hidden" name="token" value="{{.Token}}">
<label>Name <input name="userName" autocomplete="username"></label>
<label>Password <input type="password" name="password" autocomplete="new-password" minlength="12"></label>
<button>Join</button>
</form>
`))

// invite answers alike whether or not the address has an account.
func (a *App) invite(w http.ResponseWriter, r *http.Request, user *Account) {
	var body struct{ Email string }
	if json.NewDecoder(r.Body).Decode(&body) != nil || mailAddress(body.Email) == "" {
		apiError(w, http.StatusBadRequest, "the body must be JSON with an email address")
		return
	}
	email := mailAddress(body.Email)
	var now moment
	taken := false
	a.store.view(func(v view) {
		now = a.momentNow(v)
		other := inTheWay(v, now, email)
		taken = other != nil && !a.takesOver(v, ByInvitation, other)
	})
	link := a.mint(user, credential{
		kind: InvitationLink, label: email, data: map[string]string{"serial": strconv.Itoa(now.serial)},
	}, invitationTTL)
	if taken {
		a.spend(link.secret)
	} else {
		a.mailLink(email, "An invitation to Acme", "/invitation", link.secret)
	}
	writeJSON(w, http.StatusCreated, map[string]any{"id": link.id, "email": email})
}

func (a *App) cancelInvitation(w http.ResponseWriter, r *http.Request, user *Account) {
	id := chi.URLParam(r, "id")
	var own *credential
	a.store.view(func(v view) {
		for _, c := range v.heldBy(user.serial) {
			if c.kind == InvitationLink && c.id == id {
				own = c
			}
		}
	})
	if own == nil {
		apiError(w, http.StatusNotFound, "no such invitation")
		return
	}
	a.spend(own.secret) // or it was dead before, which is not said
	w.WriteHeader(http.StatusNoContent)
}

// invitation is one that was found good.
type invitation struct {
	email   string
	inviter *Account
}

// judgeInvitation returns an invitation if it is good at the moment, or nil.
func (a *App) judgeInvitation(v view, token string) *invitation {
	held := v.credential(token)
	if held == nil || held.kind != InvitationLink || held.spent || held.expired(a.config.Now()) {
		return nil
	}
	c := held.describe(v)
	serial, _ := strconv.Atoi(held.data["serial"]) // which invite wrote
	other := inTheWay(v, moment{at: held.issuedAt, serial: serial}, held.label)
	if a.takesOver(v, ByInvitation, other) {
		other = nil
	}
	if other != nil && c.Ended == nil {
		c.Ended = other.departure()
	}
	inviter := a.decide(c, c.Owner.State == Active && c.Ended == nil && other == nil, c.Owner)
	if inviter == nil {
		return nil
	}
	return &invitation{held.label, inviter}
}

// departure returns the last event by which a user left, or nil.
func (r *record) departure() *Ending {
	for i := len(r.endings) - 1; i >= 0; i-- {
		if why := r.endings[i].Why; why == Deactivation || why == Deletion {
			return &r.endings[i]
		}
	}
	return nil
}

// lookAtInvitation is judgeInvitation for who is only asking.
func (a *App) lookAtInvitation(token string) (i *invitation) {
	a.store.view(func(v view) { i = a.judgeInvitation(v, token) })
	return i
}

func (a *App) showInvitation(w http.ResponseWriter, r *http.Request) {
	token := r.URL.Query().Get("token")
	if i := a.lookAtInvitation(token); i != nil {
		a.showInvitationForm(w, http.StatusOK, i, token, "")
		return
	}
	showDead(w)
}

func (a *App) showInvitationForm(w http.ResponseWriter, status int, i *invitation, token, problem string) {
	showPage(w, status, invitationPage, map[string]string{
		"Inviter": i.inviter.User.Text("displayName"), "Email": i.email, "Token": token, "Problem": problem,
		"Action": a.prefix + "/invitation",
	})
}

func (a *App) acceptInvitation(w http.ResponseWriter, r *http.Request) {
	token, chosen := r.PostFormValue("token"), choiceOf(r)
	i := a.lookAtInvitation(token)
	if i == nil {
		showDead(w)
		return
	}
	if problem := chosen.problem(); problem != "" {
		a.showInvitationForm(w, http.StatusBadRequest, i, token, problem)
		return
	}
	if a.join(token, i, chosen) != nil {
		a.showInvitationForm(w, http.StatusConflict, i, token, "That cannot be done. Another name may help.")
		return
	}
	a.spend(token)
	http.Redirect(w, r, a.prefix+"/login", http.StatusSeeOther)
}

// join makes the account. The invitation is judged again at that moment, as anybody
// may have left, or come, in between. Of two who follow one link the second finds the
// address taken.
func (a *App) join(token string, i *invitation, chosen choice) error {
	return a.settle(newcomer{
		userName: chosen.userName, displayName: chosen.userName, email: i.email,
		passwordHash: hashPassword(chosen.password), by: i.inviter.User.Text("userName"), road: ByInvitation,
	}, func(v view) error {
		if a.judgeInvitation(v, token) == nil || inTheWay(v, a.momentNow(v), chosen.userName) != nil {
			return errTaken()
		}
		return nil
	})
}
