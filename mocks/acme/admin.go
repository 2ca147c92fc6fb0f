package acme

import "github.com/go-chi/chi/v5"

// adminRoutes are the console's API.
func (a *App) adminRoutes(chi.Router) {}
