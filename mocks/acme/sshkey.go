package acme

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
)

// SSH keys open shells and repositories. Whoever speaks SSH for this application asks here
// which keys are good, as OpenSSH does with AuthorizedKeysCommand:
//
//	POST   /api/ssh-keys                     {"label", "key"}: 201 {"id"}; the key as in a .pub file
//	GET    /api/ssh-keys                     lists them
//	DELETE /api/ssh-keys/{id}                takes one back; 204
//	GET    /ssh/authorized-keys?user=NAME    a line for each key (text/plain), with the token of
//	                                         the outbox; without Config.OutboxToken 404
func (a *App) sshKeyRoutes(r chi.Router) {
	r.Post("/api/ssh-keys", a.signedIn(a.createSSHKey, Session, AccessToken))
	r.Get("/api/ssh-keys", a.signedIn(a.listOwn(SSHKey), Session, AccessToken))
	r.Delete("/api/ssh-keys/{id}", a.signedIn(a.deleteOwn(SSHKey), Session, AccessToken))
	r.Get("/ssh/authorized-keys", a.authorizedKeys)
}

func (a *App) createSSHKey(w http.ResponseWriter, r *http.Request, user *Account) {
	var body struct{ Label, Key string }
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.Label == "" || !publicKey(body.Key) {
		apiError(w, http.StatusBadRequest, "the body must be JSON with a label and a key such as ssh-ed25519 AAAA…")
		return
	}
	c := a.mint(user, credential{kind: SSHKey, label: body.Label, data: map[string]string{"key": body.Key}}, 0)
	writeJSON(w, http.StatusCreated, map[string]any{"id": c.id})
}

// publicKey reports one line that looks like a public key.
func publicKey(text string) bool {
	return strings.HasPrefix(text, "ssh-") && len(strings.Fields(text)) >= 2 && !strings.ContainsAny(text, "\r\n")
}

// authorizedKeys lists the keys that open for a name. Those of deleted users are looked at
// too: that they open nothing is decided by judge.
func (a *App) authorizedKeys(w http.ResponseWriter, r *http.Request) {
	want := a.config.OutboxToken
	if want == "" {
		apiError(w, http.StatusNotFound, "nobody speaks SSH for this application")
		return
	}
	if subtle.ConstantTimeCompare([]byte(bearer(r)), []byte(want)) != 1 {
		apiError(w, http.StatusUnauthorized, "the server that speaks SSH has a token of its own")
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for _, held := range a.keysOf(r.URL.Query().Get("user")) {
		if as := a.judgeHeld(held); as != nil {
			_, _ = fmt.Fprintln(w, held.data["key"]) // whoever hangs up asks again
		}
	}
}

// keysOf lists the keys of those who have a name or had it.
func (a *App) keysOf(userName string) (keys []*credential) {
	for _, r := range a.accountsNamed(userName) {
		a.store.view(func(v view) {
			for _, c := range v.heldBy(r.serial) {
				if c.kind == SSHKey && !c.spent {
					keys = append(keys, c)
				}
			}
		})
	}
	return keys
}
