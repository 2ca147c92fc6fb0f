package acme

import (
	"fmt"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// newcomer is somebody who gets an account without the identity provider's doing.
type newcomer struct {
	userName, displayName, email string
	passwordHash                 []byte
	by                           string // who has it made
	road                         Road   // empty for the installer and for administrators
}

// enrol creates the account as a POST of SCIM does, if the guard allows it at that
// moment. Groups and roles are not a newcomer's to have.
func (a *App) enrol(n newcomer, guard func(view) error) (Resource, error) {
	return a.commit(&Change{
		Method: http.MethodPost, Type: TypeUser, ID: uuid.NewString(), By: n.by, guard: guard, passwordHash: n.passwordHash,
		Body: map[string]any{
			"schemas": []any{model.URNUser}, "userName": n.userName, "displayName": n.displayName, "active": true,
			"emails": []any{map[string]any{"value": n.email, "type": "work", "primary": true}},
		},
	})
}

// settle creates the account, or gives the newcomer the one in their way where a hook
// wants it so.
func (a *App) settle(n newcomer, guard func(view) error) error {
	var other *record
	a.store.view(func(v view) {
		if other = inTheWay(v, moment{}, n.userName, n.email); !a.takesOver(v, n.road, other) {
			other = nil
		}
	})
	if other == nil {
		_, err := a.enrol(n, guard)
		return err
	}
	_, err := a.commit(&Change{
		Method: http.MethodPatch, Type: TypeUser, ID: other.doc.Text("id"), By: n.by, passwordHash: n.passwordHash,
		Body: map[string]any{"schemas": []any{model.URNPatchOp}, "Operations": []any{map[string]any{"op": "replace", "path": "active", "value": true}}},
	})
	return err
}

// takesOver asks the hooks whether a newcomer gets the account in their way.
func (a *App) takesOver(v view, road Road, other *record) bool {
	if other == nil {
		return false
	}
	n := &Newcomer{Road: road, InTheWay: other.account(v)}
	for _, hook := range a.config.Hooks.JudgeNewcomer {
		hook(n)
	}
	return n.TakeOver
}

// AddUser creates an account with a password, as its installer would.
func (a *App) AddUser(userName, password string) error {
	_, err := a.enrol(newcomer{
		userName: userName, displayName: userName, email: userName, passwordHash: hashPassword(password), by: "installer",
	}, nil)
	return err
}

// AddToken gives somebody active an access token with the secret, as one that they obtained
// and that does not end.
func (a *App) AddToken(userName, secret string) error {
	user := a.activeUser(userName)
	if user == nil {
		return fmt.Errorf("nobody active has the userName %s", userName)
	}
	a.mint(user, credential{kind: AccessToken, secret: secret}, 0)
	return nil
}

// errTaken refuses a newcomer who is, or was, somebody here. Which of the two, and
// who, is not said.
func errTaken() *Error {
	return &Error{Status: http.StatusForbidden, Detail: "this account cannot be made"}
}

// moment is a point in the history of the users: a clock alone cannot tell what comes
// first of two things that it gives the same time.
type moment struct {
	at     time.Time
	serial int // of the last user so far
}

func (a *App) momentNow(v view) moment {
	m := moment{at: a.config.Now()}
	if all := v.ever(TypeUser); len(all) > 0 {
		m.serial = all[len(all)-1].serial
	}
	return m
}

// inTheWay finds the user who stands against a new account under some names and
// addresses: one who has one of them, active or not, or who had it and came or left
// since the moment. It returns nil for none. A name that looks like an address counts as
// one: many applications have the address for a name.
func inTheWay(v view, since moment, identifiers ...string) *record {
	for _, r := range v.ever(TypeUser) {
		before := r.deleted && r.serial <= since.serial && !r.endings[len(r.endings)-1].At.After(since.at)
		if !before && slices.ContainsFunc(identifiers, r.answersTo) {
			return r
		}
	}
	return nil
}

// answersTo reports whether a user has a name or an address.
func (r *record) answersTo(identifier string) bool {
	return fold(r.doc.Text("userName")) == fold(identifier) || listed(r.doc, identifier) != ""
}

// mailAddress returns the address that somebody typed, or "" if it is none.
func mailAddress(typed string) string {
	typed = strings.TrimSpace(typed)
	parsed, err := mail.ParseAddress(typed)
	if err != nil || parsed.Address != typed || !utf8.ValidString(typed) {
		return ""
	}
	return typed
}

// choice is a name and a password that somebody chose in a form.
type choice struct{ userName, password string }

func choiceOf(r *http.Request) choice {
	return choice{strings.TrimSpace(r.PostFormValue("userName")), r.PostFormValue("password")}
}

// problem says what is wrong with it whoever else there is, "" for nothing.
func (c choice) problem() string {
	switch {
	case c.userName == "" || !utf8.ValidString(c.userName) || strings.ContainsFunc(c.userName, unicode.IsControl):
		return "Please choose a name."
	case utf8.RuneCountInString(c.password) < minPassword:
		return shortPassword
	}
	return ""
}
