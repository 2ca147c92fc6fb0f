package acme

import (
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Bots and service accounts: they act with the rights of the person who owns them.
//
//	POST   /api/bots                {"label"}: 201 {"id", "label", "token"}, shown this once
//	GET    /api/bots                lists one's own, without the tokens
//	DELETE /api/bots/{id}           204
//	POST   /api/bots/{id}/transfer  {"to": userName}: 200 {"id", "label", "token"}
//
// A bot ends with its owner. Whoever wants it to go on hands it over before: the new
// owner gets a new token, as the old one is known to somebody else.
func (a *App) botRoutes(r chi.Router) {
	r.Post("/api/bots", a.signedIn(a.createBot, Session, AccessToken))
	r.Get("/api/bots", a.signedIn(a.listOwn(ServiceToken), Session, AccessToken))
	r.Delete("/api/bots/{id}", a.signedIn(a.deleteOwn(ServiceToken), Session, AccessToken))
	r.Post("/api/bots/{id}/transfer", a.signedIn(a.transferBot, Session, AccessToken))
}

func (a *App) createBot(w http.ResponseWriter, r *http.Request, user *Account) {
	if label := labelIn(w, r); label != "" {
		showBot(w, http.StatusCreated, a.mintBot(user, label))
	}
}

func (a *App) mintBot(owner *Account, label string) *credential {
	return a.mint(owner, credential{kind: ServiceToken, secret: "acme_bot_" + random(), label: label}, 0)
}

func showBot(w http.ResponseWriter, status int, bot *credential) {
	writeJSON(w, status, map[string]any{"id": bot.id, "label": bot.label, "token": bot.secret})
}

func (a *App) transferBot(w http.ResponseWriter, r *http.Request, user *Account) {
	var body struct{ To string }
	_ = json.NewDecoder(r.Body).Decode(&body) // what cannot be read names nobody
	heir := a.activeUser(body.To)
	if heir == nil {
		apiError(w, http.StatusBadRequest, "to must be the userName of somebody active")
		return
	}
	for _, bot := range a.good(user, ServiceToken) {
		if bot.id == chi.URLParam(r, "id") && a.spend(bot.secret) {
			showBot(w, http.StatusOK, a.mintBot(heir, bot.label))
			return
		}
	}
	apiError(w, http.StatusNotFound, "you have no such bot")
}
