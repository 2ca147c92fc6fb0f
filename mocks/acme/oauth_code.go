package acme

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// codeTTL is how long an authorization code works (RFC 6749 §4.1.2).
const codeTTL = time.Minute

var consentPage = template.Must(template.New("consent").Parse(`<!doctype html>
<title>Acme: consent</title>
<h1>Let {{.Client}} act for {{.Name}}?</h1>
<form method="post" action="{{.Action}}">
{{range $name, $value := .Fields}}<input type="hidden" name="{{$name}}" value="{{$value}}">
{{end}}<button name="approve" value="1">Allow</button>
</form>
`))

// asked is a request for a code (RFC 6749 §4.1.1, RFC 7636 §4.3).
type asked struct{ client, redirect, state, challenge string }

// readAsked checks a request for a code. A client or an address that is not known makes
// it an error that is shown here: it must not send anybody anywhere.
func (a *App) readAsked(form url.Values) (asked, string) {
	q := asked{form.Get("client_id"), form.Get("redirect_uri"), form.Get("state"), form.Get("code_challenge")}
	client, known := a.oauthClient(q.client)
	method := form.Get("code_challenge_method")
	unbound := q.challenge == "" && method == ""
	switch {
	case !known:
		return q, "This application is not known."
	case !slices.Contains(client.RedirectURIs, q.redirect):
		return q, "The application wants to send you to an address that is not its own."
	case form.Get("response_type") != "code":
		return q, "The application must ask for a code."
	// Who has a secret proves with it that the code is theirs (RFC 9700 §2.1.1).
	case unbound && client.Secret != "":
	case q.challenge == "" || method != "S256":
		return q, "The application must ask for a code with a challenge (S256)."
	}
	return q, ""
}

// authorize shows the consent form to whoever is signed in.
func (a *App) authorize(w http.ResponseWriter, r *http.Request) {
	q, problem := a.readAsked(r.URL.Query())
	user := a.visitor(w, r)
	switch {
	case problem != "":
		showPage(w, http.StatusBadRequest, notePage, problem)
	case user == nil:
		http.Redirect(w, r, a.prefix+"/login", http.StatusSeeOther)
	default:
		token := random()
		a.setCookie(w, csrfCookie, token)
		fields := map[string]string{
			"csrf": token, "client_id": q.client, "redirect_uri": q.redirect, "state": q.state, "response_type": "code",
		}
		if q.challenge != "" {
			fields["code_challenge"], fields["code_challenge_method"] = q.challenge, "S256"
		}
		showPage(w, http.StatusOK, consentPage, map[string]any{
			"Client": q.client, "Name": user.User.Text("displayName"), "Action": a.prefix + "/oauth/authorize", "Fields": fields,
		})
	}
}

// approve hands out a code, to the address that belongs to the client.
func (a *App) approve(w http.ResponseWriter, r *http.Request) {
	if !fromOurForm(r) {
		showPage(w, http.StatusForbidden, notePage, "The form has expired. Please try again.")
		return
	}
	q, problem := a.readAsked(r.PostForm)
	user := a.visitor(w, r)
	if problem != "" || user == nil || r.PostForm.Get("approve") != "1" {
		showPage(w, http.StatusBadRequest, notePage, "Nothing was allowed. "+problem)
		return
	}
	code := a.mint(user, credential{kind: AuthorizationCode, client: q.client, grant: random(), data: map[string]string{
		"redirect": q.redirect, "challenge": q.challenge,
	}}, codeTTL)
	back := url.Values{"code": {code.secret}, "state": {q.state}}.Encode()
	separator := "?"
	if strings.Contains(q.redirect, "?") { // which is kept (RFC 6749 §3.1.2)
		separator = "&"
	}
	http.Redirect(w, r, q.redirect+separator+back, http.StatusSeeOther)
}

// codeGrant redeems a code (RFC 6749 §4.1.3). A code that comes twice has been seen by
// somebody else: what came of it ends (RFC 6749 §4.1.2).
func (a *App) codeGrant(w http.ResponseWriter, r *http.Request, by caller) {
	code := a.credential(r.PostForm.Get("code"))
	if code == nil || code.kind != AuthorizationCode {
		oauthError(w, invalidGrant)
		return
	}
	if code.client != by.id || code.data["redirect"] != r.PostForm.Get("redirect_uri") ||
		!answers(code.data["challenge"], r.PostForm.Get("code_verifier")) {
		oauthError(w, invalidGrant)
		return
	}
	user := a.use(code.secret, AuthorizationCode)
	if user == nil || !a.spend(code.secret) {
		if now := a.credential(code.secret); now.spent {
			a.endGrant(code)
		}
		oauthError(w, invalidGrant)
		return
	}
	a.issueTokens(w, user, code.client, code.grant)
}

// answers reports whether a verifier belongs to a challenge (RFC 7636 §4.6). To none
// belongs none: else a code that was asked for without could be passed off for one of
// somebody else (RFC 9700 §2.1.1).
func answers(challenge, verifier string) bool {
	if challenge == "" || verifier == "" {
		return challenge == verifier
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// endGrant ends everything that came of one grant.
func (a *App) endGrant(of *credential) {
	_ = a.store.update(func(t tx) error { // which cannot fail
		for _, c := range t.heldBy(of.owner) {
			if c.grant == of.grant && !c.spent {
				used := *c
				used.spent = true
				t.keep(&used)
			}
		}
		return nil
	})
}
