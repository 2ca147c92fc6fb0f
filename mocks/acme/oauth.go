package acme

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/golang-jwt/jwt/v5"
)

// Errors of the token endpoint (RFC 6749 §5.2).
const (
	invalidRequest       = "invalid_request"
	invalidGrant         = "invalid_grant"
	unsupportedGrantType = "unsupported_grant_type"
)

// oauthRoutes are those of an authorization server:
//
//	GET, POST /oauth/authorize   the code flow with PKCE (RFC 6749 §4.1, RFC 7636)
//	POST /oauth/token            grants: authorization_code, refresh_token, password
//	POST /oauth/revoke           token (RFC 7009)
//	POST /oauth/introspect       token, by a confidential client (RFC 7662)
//	GET, DELETE /oauth/grants    what the person who is signed in allowed
//	GET /.well-known/oauth-authorization-server (RFC 8414)
func (a *App) oauthRoutes(r chi.Router) {
	r.Get("/oauth/authorize", a.authorize)
	r.Post("/oauth/authorize", a.approve)
	r.Post("/oauth/introspect", a.introspect)
	r.Get("/.well-known/oauth-authorization-server", a.metadata)
	r.Get("/oauth/grants", a.signedIn(a.grants, Session, AccessToken))
	r.Delete("/oauth/grants/{id}", a.signedIn(a.endOwnGrant, Session, AccessToken))
	r.Post("/oauth/token", a.token)
	r.Post("/oauth/revoke", a.revoke)
}

// token answers the grants. A client is who it says it is: of those that there are, only
// confidential ones could prove it, and none asks for tokens.
func (a *App) token(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		oauthError(w, invalidRequest)
		return
	}
	switch r.PostForm.Get("grant_type") {
	case "password":
		a.passwordGrant(w, r)
	case "refresh_token":
		a.refreshGrant(w, r)
	case "authorization_code":
		a.codeGrant(w, r)
	case "":
		oauthError(w, invalidRequest)
	default:
		oauthError(w, unsupportedGrantType)
	}
}

// passwordGrant is RFC 6749 §4.3.
func (a *App) passwordGrant(w http.ResponseWriter, r *http.Request) {
	userName, password := r.PostForm.Get("username"), r.PostForm.Get("password")
	if userName == "" || password == "" {
		oauthError(w, invalidRequest)
		return
	}
	user := a.signIn(userName, password)
	if user == nil {
		oauthError(w, invalidGrant)
		return
	}
	a.issueTokens(w, user, r.PostForm.Get("client_id"), random())
}

// refreshGrant is RFC 6749 §6. Each refresh token works once, and for the client it was
// issued to. One that comes twice has been seen by somebody else: everything of its grant
// ends (RFC 9700 §4.14.2).
func (a *App) refreshGrant(w http.ResponseWriter, r *http.Request) {
	secret, client := r.PostForm.Get("refresh_token"), r.PostForm.Get("client_id")
	if secret == "" {
		oauthError(w, invalidRequest)
		return
	}
	old := a.credential(secret)
	if old == nil || old.kind != RefreshToken || old.client != client {
		oauthError(w, invalidGrant)
		return
	}
	user := a.use(secret, RefreshToken)
	if user == nil || !a.spend(secret) {
		if now := a.credential(secret); now.spent {
			a.endGrant(old)
		}
		oauthError(w, invalidGrant)
		return
	}
	a.issueTokens(w, user, client, old.grant)
}

func (a *App) issueTokens(w http.ResponseWriter, user *Account, client, grant string) {
	access, err := a.accessToken(user)
	if err != nil {
		writeJSON(w, http.StatusInternalServerError, map[string]any{"error": "server_error"})
		return
	}
	a.mint(user, credential{kind: AccessToken, secret: access, client: client, grant: grant}, a.config.AccessTokenTTL)
	refresh := a.mint(user, credential{kind: RefreshToken, client: client, grant: grant}, 0)
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": access, "token_type": "Bearer", "expires_in": int(a.config.AccessTokenTTL.Seconds()), "refresh_token": refresh.secret,
	})
}

// accessToken makes a JWT, or a random string. Either way the API asks whether it
// is still good: a signature alone would let a leaver in until it expires.
func (a *App) accessToken(user *Account) (string, error) {
	if a.config.OpaqueAccessTokens {
		return random(), nil
	}
	now := a.config.Now()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Issuer: "acme", Subject: user.User.Text("id"), ID: random(),
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(a.config.AccessTokenTTL)),
	}).SignedString(a.signingKey)
}

// revoke takes a token back. With a refresh token goes everything of its grant
// (RFC 7009 §2.1). An unknown token is no error (§2.2).
func (a *App) revoke(w http.ResponseWriter, r *http.Request) {
	token := r.PostFormValue("token")
	if token == "" {
		oauthError(w, invalidRequest)
		return
	}
	var secrets []string
	a.store.view(func(v view) {
		given := v.credential(token)
		if given == nil || given.kind != AccessToken && given.kind != RefreshToken {
			return
		}
		secrets = append(secrets, token)
		for _, c := range v.heldBy(given.owner) {
			if given.kind == RefreshToken && c.grant == given.grant {
				secrets = append(secrets, c.secret)
			}
		}
	})
	for _, secret := range secrets {
		a.spend(secret)
	}
	w.WriteHeader(http.StatusOK)
}

func oauthError(w http.ResponseWriter, code string) {
	writeJSON(w, http.StatusBadRequest, map[string]any{"error": code})
}
