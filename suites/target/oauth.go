package target

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// OAuth is a request of an OAuth client (RFC 6749) that a step sends.
type OAuth struct {
	// Name says what it is, for people: "grant refresh_token", "authorize device".
	Name string
	// Endpoint is which one of an authorization server is asked. Its address is URL, or
	// what the server says of itself that is called Issuer; one of the two is empty.
	Endpoint    OAuthEndpoint
	URL, Issuer string
	// ClientID and ClientSecret are who asks, empty for nobody and for a public client;
	// placeholders allowed. The secret goes by HTTP Basic (RFC 6749 section 2.3.1), or
	// into the body if SecretInBody is set.
	ClientID, ClientSecret string
	SecretInBody           bool
	// Parameters are sent beside them; placeholders allowed.
	Parameters map[string]string
}

// OAuthEndpoint is an endpoint of an authorization server, by the name that it has in the
// server's metadata (RFC 8414 section 2).
type OAuthEndpoint string

// The endpoints that a step may ask.
const (
	AuthorizationEndpoint       OAuthEndpoint = "authorization_endpoint"
	TokenEndpoint               OAuthEndpoint = "token_endpoint"
	DeviceAuthorizationEndpoint OAuthEndpoint = "device_authorization_endpoint" // RFC 8628
	IntrospectionEndpoint       OAuthEndpoint = "introspection_endpoint"        // RFC 7662
	RevocationEndpoint          OAuthEndpoint = "revocation_endpoint"           // RFC 7009
)

// deviceGrantType is the grant_type of a device (RFC 8628 section 3.4).
const deviceGrantType = "urn:ietf:params:oauth:grant-type:device_code"

// defaultPolling is how long a device polls.
const defaultPolling = 30 * time.Second

// Polls reports a request that is sent again until somebody has let the device in.
func (o OAuth) Polls() bool { return o.Parameters["grant_type"] == deviceGrantType }

// At is the address as the profile has it: the endpoint's, or the issuer.
func (o OAuth) At() string { return o.URL + o.Issuer }

type documentOAuth struct {
	Issuer, Endpoint                       string
	ClientID, ClientSecret, ClientAuth     string
	Authorize, Grant, Introspect, Revoke   string
	Username, Password, Scope, RedirectURI string
	RefreshToken, Code, DeviceCode         string
	PKCE                                   bool
	Parameters                             map[string]string
}

// oauthForm is what one kind of request is made of.
type oauthForm struct {
	endpoint OAuthEndpoint
	fixed    map[string]string // parameters that it always has
	needs    []string          // keys that must be given
	may      []string          // keys that may be given
	// bound and proof are what PKCE adds (RFC 7636).
	bound, proof bool
}

// oauthForms are the requests by their names.
var oauthForms = map[string]oauthForm{
	"authorize code": {
		endpoint: AuthorizationEndpoint, fixed: map[string]string{"response_type": "code", "state": "{{" + Unique + "}}"},
		needs: []string{"clientID"}, may: []string{"redirectURI", "scope", "pkce"}, bound: true,
	},
	"authorize device": {endpoint: DeviceAuthorizationEndpoint, needs: []string{"clientID"}, may: []string{"scope", "clientSecret"}},
	"grant password":   {endpoint: TokenEndpoint, may: []string{"clientID", "clientSecret", "username", "password", "scope"}},
	"grant client_credentials": {
		endpoint: TokenEndpoint, needs: []string{"clientID", "clientSecret"}, may: []string{"scope"},
	},
	"grant refresh_token": {endpoint: TokenEndpoint, needs: []string{"refreshToken"}, may: []string{"clientID", "clientSecret", "scope"}},
	"grant authorization_code": {
		endpoint: TokenEndpoint, needs: []string{"code"}, may: []string{"clientID", "clientSecret", "redirectURI", "pkce"}, proof: true,
	},
	"grant device_code": {
		endpoint: TokenEndpoint, fixed: map[string]string{"grant_type": deviceGrantType},
		needs: []string{"deviceCode", "clientID"}, may: []string{"clientSecret"},
	},
	"introspect": {endpoint: IntrospectionEndpoint, may: []string{"clientID", "clientSecret"}},
	"revoke":     {endpoint: RevocationEndpoint, may: []string{"clientID", "clientSecret"}},
}

// oauthParameters are the parameters that keys stand for, beside the client's.
var oauthParameters = map[string]string{
	"username": "username", "password": "password", "scope": "scope", "redirectURI": "redirect_uri",
	"refreshToken": "refresh_token", "code": "code", "deviceCode": "device_code",
}

// keys are the values of the keys that not every request has.
func (d *documentOAuth) keys() map[string]string {
	all := map[string]string{
		"clientID": d.ClientID, "clientSecret": d.ClientSecret, "username": d.Username, "password": d.Password, "scope": d.Scope,
		"redirectURI": d.RedirectURI, "refreshToken": d.RefreshToken, "code": d.Code, "deviceCode": d.DeviceCode,
	}
	if d.PKCE {
		all["pkce"] = "true"
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	return all
}

// name is the name of the request; ok tells that exactly one is asked for.
func (d *documentOAuth) name() (name string, ok bool) {
	var names []string
	for _, given := range []struct{ value, name string }{
		{d.Authorize, "authorize " + d.Authorize}, {d.Grant, "grant " + d.Grant}, {d.Introspect, "introspect"}, {d.Revoke, "revoke"},
	} {
		if given.value != "" {
			names = append(names, given.name)
		}
	}
	return strings.Join(names, " and "), len(names) == 1
}

// oauth checks a request of an OAuth client.
func (b *builder) oauth(at path, d *documentOAuth, known []string) *OAuth {
	out := &OAuth{URL: d.Endpoint, Issuer: d.Issuer, ClientID: d.ClientID, ClientSecret: d.ClientSecret, SecretInBody: d.ClientAuth == "client_secret_post"}
	b.oauthServer(at, d)
	name, one := d.name()
	form, found := oauthForms[name]
	if !one {
		b.faults.add(at, "exactly one of authorize, grant, introspect and revoke must be given", "")
	}
	if !found {
		return out // a fault in the form, if not that one
	}
	out.Name, out.Endpoint = name, form.endpoint
	b.oauthKeys(at, name, form, d)
	out.Parameters = d.parameters(form)
	for _, parameter := range slices.Sorted(maps.Keys(d.Parameters)) {
		if _, set := out.Parameters[parameter]; set || slices.Contains([]string{"client_id", "client_secret", "client_assertion"}, parameter) {
			b.faults.add(at.Child("parameters", parameter), "the step sets this by itself", "leave it out")
			continue
		}
		out.Parameters[parameter] = d.Parameters[parameter]
		b.template(at.Child("parameters", parameter), d.Parameters[parameter], known)
	}
	for key, text := range d.keys() {
		b.template(at.Child(key), text, known)
	}
	b.template(at.Child("introspect"), d.Introspect, known)
	b.template(at.Child("revoke"), d.Revoke, known)
	return out
}

// parameters are what the request sends, beside what the profile adds to it.
func (d *documentOAuth) parameters(form oauthForm) map[string]string {
	out := map[string]string{}
	if d.Grant != "" {
		out["grant_type"] = d.Grant
	}
	if d.Grant == "password" {
		out["username"], out["password"] = "{{user.userName}}", "{{user.password}}"
	}
	maps.Copy(out, form.fixed)
	for key, value := range d.keys() {
		if parameter := oauthParameters[key]; parameter != "" {
			out[parameter] = value
		}
	}
	if token := d.Introspect + d.Revoke; token != "" {
		out["token"] = token
	}
	if d.PKCE && form.bound {
		out["code_challenge"], out["code_challenge_method"] = "{{"+PKCEChallenge+"}}", "S256"
	}
	if d.PKCE && form.proof {
		out["code_verifier"] = "{{" + PKCEVerifier + "}}"
	}
	return out
}

// oauthServer checks who is asked. Secrets travel there, so that neither of the two may
// hold a placeholder in its origin, and an issuer holds none at all.
func (b *builder) oauthServer(at path, d *documentOAuth) {
	if (d.Issuer == "") == (d.Endpoint == "") {
		b.faults.add(at, "exactly one of issuer and endpoint must be given", "issuer, where the application describes itself (RFC 8414); else the endpoint's address")
		return
	}
	here, address := at.Child("endpoint"), d.Endpoint
	if d.Issuer != "" {
		here, address = at.Child("issuer"), d.Issuer
		if strings.Contains(d.Issuer, "?") { // RFC 8414 section 2
			b.faults.add(here, "an issuer has no query", "")
			return
		}
	}
	if strings.Contains(address, "{{") {
		b.faults.add(here, "the address must hold no placeholder", "credentials go to fixed hosts alone")
		return
	}
	b.address(here, address)
}

// onlyPlaceholder matches a value that is one placeholder and nothing else.
var onlyPlaceholder = regexp.MustCompile(`^\{\{[^{}]*\}\}$`)

// oauthKeys checks that the request has the keys that it needs, and no others.
func (b *builder) oauthKeys(at path, name string, form oauthForm, d *documentOAuth) {
	given := d.keys()
	for _, key := range form.needs {
		if given[key] == "" {
			b.faults.add(at, key+" must be given for "+name, profileForm().Described(at.Child(key)))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(form.needs, key) && !slices.Contains(form.may, key) {
			b.faults.add(at.Child(key), "this does not belong to "+name, "leave it out")
		}
	}
	if d.ClientSecret != "" && !onlyPlaceholder.MatchString(d.ClientSecret) {
		b.faults.add(at.Child("clientSecret"), "a secret must not stand here", "name it under secrets and write \"{{secret.NAME}}\", or capture it")
	}
	switch {
	case d.ClientSecret != "" && d.ClientID == "":
		b.faults.add(at.Child("clientSecret"), "clientID must be given beside it", "")
	case d.ClientAuth != "" && d.ClientSecret == "":
		b.faults.add(at.Child("clientAuth"), "clientSecret must be given beside it", "a public client has nothing to prove itself by")
	}
}

// tryOAuth checks a try that asks an authorization server. Its answer says by itself
// whether the credential is good.
func (b *builder) tryOAuth(at path, t documentStep) {
	switch name, one := t.OAuth.name(); {
	case !one:
	case strings.HasPrefix(name, "authorize "), name == "revoke":
		b.faults.add(at.Child("oauth"), name+" tries no credential", "use grant or introspect")
	}
	a := t.Allowed
	if a.Status != nil || a.Marker != "" || a.Cookie != "" || a.Changes != "" {
		b.faults.add(at.Child("allowed"), "a token that is issued, or that is active, is the proof by itself", "leave allowed out")
	}
	if t.Denied != nil {
		b.faults.add(at.Child("denied"), "this belongs to a plain command", "what a request is denied with is known")
	}
	if t.As != "" {
		b.faults.add(at.Child("as"), "a client asks, and no user", "leave it out")
	}
}
