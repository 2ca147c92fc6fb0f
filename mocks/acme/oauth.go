package acme

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/golang-jwt/jwt/v5"
)

// oauthRoutes are the token endpoint (RFC 6749) and revocation (RFC 7009).
func (a *App) oauthRoutes(r chi.Router) {
	r.Post("/oauth/token", a.token)
	r.Post("/oauth/revoke", func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		a.vault.spend(r.PostFormValue("token"))
		// RFC 7009 §2.2: 200 also for a token that was not known.
		w.WriteHeader(http.StatusOK)
	})
}

func (a *App) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	w.Header().Set("Cache-Control", "no-store")
	var user Resource
	switch r.PostFormValue("grant_type") {
	case "password":
		user = a.signIn(r.PostFormValue("username"), r.PostFormValue("password"))
	case "refresh_token":
		user = a.refresh(r.PostFormValue("refresh_token"))
	default:
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": "unsupported_grant_type"})
		return
	}
	if user == nil {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		return
	}
	access, err := a.accessToken(user)
	if err != nil {
		writeJSON(w, http.StatusInternalServerError, map[string]any{"error": "server_error"})
		return
	}
	refresh := random()
	a.vault.mint(RefreshToken, user.Text("id"), refresh, "", 0)
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": access, "token_type": "Bearer", "expires_in": int(a.config.AccessTokenTTL.Seconds()), "refresh_token": refresh,
	})
}

// refresh uses a refresh token up: each works once (RFC 9700 §4.14).
func (a *App) refresh(secret string) Resource {
	user := a.vault.use(secret, RefreshToken)
	if user == nil || !a.vault.spend(secret) {
		return nil
	}
	return user
}

// accessToken mints a JWT, or a random string. Either way the API asks whether it
// is still good: a signature alone would let a leaver in until it expires.
func (a *App) accessToken(user Resource) (string, error) {
	token := random()
	if !a.config.OpaqueAccessTokens {
		now := a.config.Now()
		claims := jwt.RegisteredClaims{
			Issuer: "acme", Subject: user.Text("id"), ID: token,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(a.config.AccessTokenTTL)),
		}
		signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(a.vault.signingKey)
		if err != nil {
			return "", err
		}
		token = signed
	}
	a.vault.mint(AccessToken, user.Text("id"), token, "", a.config.AccessTokenTTL)
	return token, nil
}
