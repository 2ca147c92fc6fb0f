package acme

import "github.com/go-chi/chi/v5"

// actingRoutes are what acts for people while they are away.
func (a *App) actingRoutes(r chi.Router) {
	a.botRoutes(r)
	a.messageRoutes(r)
	a.webhookRoutes(r)
	a.jobRoutes(r)
	a.shareRoutes(r)
}
