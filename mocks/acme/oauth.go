package acme

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/golang-jwt/jwt/v5"
)

// Errors of the token endpoint (RFC 6749 §5.2).
const (
	invalidRequest       = "invalid_request"
	invalidClient        = "invalid_client"
	invalidGrant         = "invalid_grant"
	unauthorizedClient   = "unauthorized_client"
	unsupportedGrantType = "unsupported_grant_type"
)

// deviceGrantType is the grant of RFC 8628 §3.4.
const deviceGrantType = "urn:ietf:params:oauth:grant-type:device_code"

// metadataPath is where an authorization server describes itself (RFC 8414 §3).
const metadataPath = "/.well-known/oauth-authorization-server"

// oauthRoutes are those of an authorization server:
//
//	GET, POST /oauth/authorize   the code flow (RFC 6749 §4.1), with PKCE (RFC 7636) for
//	                             public clients
//	POST /oauth/token            grants: authorization_code, refresh_token, password,
//	                             client_credentials and that of a device
//	POST /oauth/revoke           token (RFC 7009)
//	POST /oauth/introspect       token, by a confidential client (RFC 7662)
//	GET, DELETE /oauth/grants    what the person who is signed in allowed
//	GET /.well-known/oauth-authorization-server (RFC 8414)
//
// oauth_device.go and oauth_clients.go have more of them.
func (a *App) oauthRoutes(r chi.Router) {
	r.Get("/oauth/authorize", a.authorize)
	r.Post("/oauth/authorize", a.approve)
	r.Post("/oauth/introspect", a.introspect)
	r.Get(metadataPath, a.metadata)
	r.Get("/oauth/grants", a.signedIn(a.grants, Session, AccessToken))
	r.Delete("/oauth/grants/{id}", a.signedIn(a.endOwnGrant, Session, AccessToken))
	r.Post("/oauth/token", a.token)
	r.Post("/oauth/revoke", a.revoke)
	a.deviceRoutes(r)
	a.oauthClientRoutes(r)
}

// grantsByType are the grants of the token endpoint.
func (a *App) grantsByType() map[string]func(http.ResponseWriter, *http.Request, caller) {
	return map[string]func(http.ResponseWriter, *http.Request, caller){
		"password": a.passwordGrant, "refresh_token": a.refreshGrant, "authorization_code": a.codeGrant,
		"client_credentials": a.clientGrant, deviceGrantType: a.deviceGrant,
	}
}

// token answers the grants.
func (a *App) token(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		oauthError(w, invalidRequest)
		return
	}
	by, proven := a.caller(r)
	if !proven {
		refuseClient(w)
		return
	}
	kind := r.PostForm.Get("grant_type")
	grant, known := a.grantsByType()[kind]
	switch {
	case kind == "":
		oauthError(w, invalidRequest)
	case !known:
		oauthError(w, unsupportedGrantType)
	case by.owned != nil && kind != "client_credentials":
		oauthError(w, unauthorizedClient)
	default:
		grant(w, r, by)
	}
}

// passwordGrant is RFC 6749 §4.3.
func (a *App) passwordGrant(w http.ResponseWriter, r *http.Request, by caller) {
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
	a.issueTokens(w, user, by.id, random())
}

// refreshGrant is RFC 6749 §6. Each refresh token works once, and for the client it was
// issued to. One that comes twice has been seen by somebody else: everything of its grant
// ends (RFC 9700 §4.14.2).
func (a *App) refreshGrant(w http.ResponseWriter, r *http.Request, by caller) {
	secret := r.PostForm.Get("refresh_token")
	if secret == "" {
		oauthError(w, invalidRequest)
		return
	}
	old := a.credential(secret)
	if old == nil || old.kind != RefreshToken || old.client != by.id {
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
	a.issueTokens(w, user, by.id, old.grant)
}

// issueTokens answers with an access token and a refresh token (RFC 6749 §5.1).
func (a *App) issueTokens(w http.ResponseWriter, user *Account, client, grant string) {
	body := a.mintAccess(w, user, client, grant)
	if body == nil {
		return
	}
	body["refresh_token"] = a.mint(user, credential{kind: RefreshToken, client: client, grant: grant}, 0).secret
	writeJSON(w, http.StatusOK, body)
}

// mintAccess issues an access token and returns what to answer. It is nil where it has
// answered that this failed.
func (a *App) mintAccess(w http.ResponseWriter, user *Account, client, grant string) map[string]any {
	access, err := a.accessToken(user)
	if err != nil {
		writeJSON(w, http.StatusInternalServerError, map[string]any{"error": "server_error"})
		return nil
	}
	a.mint(user, credential{kind: AccessToken, secret: access, client: client, grant: grant}, a.config.AccessTokenTTL)
	return map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": int(a.config.AccessTokenTTL.Seconds())}
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
