package target

import (
	"errors"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// withOAuth is minimal with an access path of a client's requests.
const withOAuth = minimal + `secrets: {client: {value: "${TOKEN}"}}
access:
  - name: device
    kind: refresh-token
    oneShot: true
    arm:
      - oauth: {authorize: device, issuer: https://app.example.com/tenant, clientID: tv, scope: openid}
        capture: {device: {json: device_code}, code: {json: user_code}}
      - oauth: {authorize: code, endpoint: "https://app.example.com/authorize?x=y", clientID: web, redirectURI: "http://127.0.0.1/cb", pkce: true}
        capture: {csrf: {form: csrf}}
      - oauth: {grant: authorization_code, endpoint: https://app.example.com/token, clientID: web, code: "{{code}}", redirectURI: "http://127.0.0.1/cb", pkce: true}
      - oauth: {grant: device_code, issuer: https://app.example.com/tenant, clientID: tv, deviceCode: "{{device}}"}
        capture: {refresh: {json: refresh_token}}
      - oauth: {grant: password, endpoint: https://app.example.com/token, parameters: {audience: "{{unique}}"}}
        waitUpTo: 7s
    try:
      oauth: {grant: refresh_token, endpoint: https://app.example.com/token, refreshToken: "{{refresh}}", clientID: web, clientSecret: "{{secret.client}}", clientAuth: client_secret_post}
    disarm:
      - oauth: {revoke: "{{refresh}}", issuer: https://app.example.com/tenant}
`

func TestRequestsOfAClient(t *testing.T) {
	g := NewWithT(t)
	p, err := parse(withOAuth)
	g.Expect(err).NotTo(HaveOccurred())
	path := p.Access[0]
	g.Expect(path.Arm[0].OAuth).To(Equal(&OAuth{
		Name: "authorize device", Endpoint: DeviceAuthorizationEndpoint, Issuer: "https://app.example.com/tenant", ClientID: "tv",
		Parameters: map[string]string{"scope": "openid"},
	}))
	g.Expect(path.Arm[0].String()).To(Equal("oauth authorize device at https://app.example.com/tenant"))
	g.Expect(path.Arm[1].OAuth).To(Equal(&OAuth{
		Name: "authorize code", Endpoint: AuthorizationEndpoint, URL: "https://app.example.com/authorize?x=y", ClientID: "web",
		Parameters: map[string]string{
			"response_type": "code", "state": "{{unique}}", "redirect_uri": "http://127.0.0.1/cb",
			"code_challenge": "{{pkce.challenge}}", "code_challenge_method": "S256",
		},
	}))
	g.Expect(path.Arm[2].OAuth.Parameters).To(Equal(map[string]string{
		"grant_type": "authorization_code", "code": "{{code}}", "redirect_uri": "http://127.0.0.1/cb", "code_verifier": "{{pkce.verifier}}",
	}))
	g.Expect(path.Arm[3].OAuth.Parameters).To(Equal(map[string]string{"grant_type": deviceGrantType, "device_code": "{{device}}"}))
	g.Expect(path.Arm[3].OAuth.Polls()).To(BeTrue())
	g.Expect(path.Arm[3].WaitUpTo).To(Equal(30 * time.Second))
	g.Expect(path.Arm[4].OAuth.Parameters).To(Equal(map[string]string{
		"grant_type": "password", "username": "{{user.userName}}", "password": "{{user.password}}", "audience": "{{unique}}",
	}))
	g.Expect(path.Arm[4].WaitUpTo).To(Equal(7 * time.Second))
	g.Expect(path.Try).To(Equal(Try{Step: Step{OAuth: &OAuth{
		Name: "grant refresh_token", Endpoint: TokenEndpoint, URL: "https://app.example.com/token", ClientID: "web", ClientSecret: "{{secret.client}}", SecretInBody: true,
		Parameters: map[string]string{"grant_type": "refresh_token", "refresh_token": "{{refresh}}"},
	}}}))
	g.Expect(path.Disarm[0].OAuth).To(Equal(&OAuth{
		Name: "revoke", Endpoint: RevocationEndpoint, Issuer: "https://app.example.com/tenant", Parameters: map[string]string{"token": "{{refresh}}"},
	}))
}

// Each row is a change to a good profile and the one fault that it must give.
func TestFaultsOfAClientsRequests(t *testing.T) {
	const (
		device  = `{authorize: device, issuer: https://app.example.com/tenant, clientID: tv, scope: openid}`
		refresh = `{grant: refresh_token, endpoint: https://app.example.com/token, refreshToken: "{{refresh}}", clientID: web, clientSecret: "{{secret.client}}", clientAuth: client_secret_post}`
		revoke  = `{revoke: "{{refresh}}", issuer: https://app.example.com/tenant}`
	)
	for name, c := range map[string]struct{ old, with, want string }{
		"no server":                 {revoke, `{revoke: "{{refresh}}"}`, "access[0].disarm[0].oauth: exactly one of issuer and endpoint must be given"},
		"two servers":               {revoke, `{revoke: "{{refresh}}", issuer: "https://a.example", endpoint: "https://a.example/r"}`, "access[0].disarm[0].oauth: exactly one of issuer and endpoint"},
		"nothing asked":             {device, `{issuer: "https://a.example", clientID: tv}`, "access[0].arm[0].oauth: exactly one of authorize, grant, introspect and revoke must be given"},
		"two things asked":          {device, `{authorize: device, grant: password, issuer: "https://a.example", clientID: tv}`, "access[0].arm[0].oauth: exactly one of authorize"},
		"no request":                {"oauth: " + device, "oauth: 7", "access[0].arm[0].oauth: this is number, but must be object"},
		"an empty request":          {"oauth: " + refresh, `oauth: {issuer: "https://a.example"}`, "access[0].try.oauth: exactly one of authorize, grant, introspect and revoke must be given"},
		"an unknown grant":          {"grant: password", "grant: passwort", "access[0].arm[4].oauth.grant: not one of the known words (known here: password, client_credentials"},
		"an unknown key":            {"scope: openid", "scopes: openid", "access[0].arm[0].oauth.scopes: unknown key (did you mean scope?)"},
		"an issuer without TLS":     {revoke, `{revoke: "{{refresh}}", issuer: "http://app.example.com"}`, "access[0].disarm[0].oauth.issuer: credentials would be sent over plain http"},
		"an issuer with a query":    {revoke, `{revoke: "{{refresh}}", issuer: "https://app.example.com?x"}`, "access[0].disarm[0].oauth.issuer: an issuer has no query"},
		"a host by a placeholder":   {revoke, `{revoke: "{{refresh}}", endpoint: "https://{{refresh}}/r"}`, "access[0].disarm[0].oauth.endpoint: the address must hold no placeholder (credentials go to fixed hosts alone)"},
		"no address":                {revoke, `{revoke: "{{refresh}}", endpoint: app}`, "access[0].disarm[0].oauth.endpoint: not an absolute http or https address"},
		"no client":                 {"clientID: tv, deviceCode", "deviceCode", "access[0].arm[3].oauth: clientID must be given for grant device_code (The client that asks)"},
		"no device code":            {`, deviceCode: "{{device}}"`, "", "access[0].arm[3].oauth: deviceCode must be given for grant device_code"},
		"no refresh token":          {`refreshToken: "{{refresh}}", `, "", "access[0].try.oauth: refreshToken must be given for grant refresh_token"},
		"a code for a password":     {"{grant: password,", `{grant: password, code: "{{code}}",`, "access[0].arm[4].oauth.code: this does not belong to grant password (leave it out)"},
		"PKCE without a code":       {"{grant: password,", "{grant: password, pkce: true,", "access[0].arm[4].oauth.pkce: this does not belong to grant password"},
		"a client without a secret": {`{grant: password, endpoint`, `{grant: client_credentials, clientID: a, endpoint`, "access[0].arm[4].oauth: clientSecret must be given for grant client_credentials"},
		"a secret in the profile":   {`"{{secret.client}}"`, "hunter2", "access[0].try.oauth.clientSecret: a secret must not stand here (name it under secrets"},
		"a secret of a variable":    {`"{{secret.client}}"`, `"${TOKEN}"`, "access[0].try.oauth.clientSecret: a secret must not stand here"},
		"an unknown secret":         {`"{{secret.client}}"`, `"{{secret.klient}}"`, "access[0].try.oauth.clientSecret: unknown placeholder {{secret.klient}} (did you mean secret.client?)"},
		"a secret of nobody":        {"clientID: web, clientSecret", "clientSecret", "access[0].try.oauth.clientSecret: clientID must be given beside it"},
		"a way without a secret":    {`clientSecret: "{{secret.client}}", `, "", "access[0].try.oauth.clientAuth: clientSecret must be given beside it"},
		"a parameter of the step":   {"audience", "grant_type", "access[0].arm[4].oauth.parameters.grant_type: the step sets this by itself"},
		"a client as a parameter":   {"audience", "client_id", "access[0].arm[4].oauth.parameters.client_id: the step sets this by itself"},
		"a parameter of nothing":    {"{{unique}}", "{{uniqe}}", "access[0].arm[4].oauth.parameters.audience: unknown placeholder {{uniqe}}"},
		"a token of nothing":        {`revoke: "{{refresh}}"`, `revoke: "{{refrehs}}"`, "access[0].disarm[0].oauth.revoke: unknown placeholder {{refrehs}}"},
		"a code of nothing":         {`code: "{{code}}"`, `code: "{{cod}}"`, "access[0].arm[2].oauth.code: unknown placeholder {{cod}}"},
		"a request and a client":    {"oauth: " + device, "oauth: " + device + "\n        get: https://app.example.com", "access[0].arm[0]: exactly one of get"},
		"a header beside it":        {"oauth: " + device, "oauth: " + device + "\n        headers: {A: b}", "access[0].arm[0].headers: this belongs to a request"},
		"a try that tries nothing":  {refresh, device, "access[0].try.oauth: authorize device tries no credential (use grant or introspect)"},
		"to give it back as a try":  {refresh, `{revoke: "{{refresh}}", issuer: "https://a.example"}`, "access[0].try.oauth: revoke tries no credential"},
		"a marker":                  {refresh, refresh + "\n      allowed: {marker: x}", "access[0].try.allowed: a token that is issued, or that is active, is the proof by itself"},
		"a try as the control user": {refresh, refresh + "\n      as: control", "access[0].try.as: a client asks, and no user"},
		"a denial that it says":     {refresh, refresh + "\n      denied: {exit: [1], stderr: x}", "access[0].try.denied: this belongs to a plain command"},
		"something to wait for":     {refresh, refresh + "\n      within: 3s", "access[0].try.within: there is nothing to wait for"},
		"a try without all":         {"oauth: " + refresh, "get: https://app.example.com/", "access[0].try: the key allowed is missing"},
		"a name that the run has":   {"{refresh: {json: refresh_token}}", "{refresh: {json: refresh_token}, unique: {json: a}}", "access[0].arm[3].capture.unique: this name is taken"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			text := strings.Replace(withOAuth, c.old, c.with, 1)
			g.Expect(text).NotTo(Equal(withOAuth), "the row changes nothing")
			_, err := parse(text)
			var faults Faults
			g.Expect(errors.As(err, &faults)).To(BeTrue())
			g.Expect(faults).To(HaveLen(1), err.Error())
			g.Expect(err.Error()).To(ContainSubstring(c.want))
			g.Expect(err.Error()).NotTo(Or(ContainSubstring(tokenValue), ContainSubstring("hunter2")), "a fault quotes a secret")
		})
	}
}
