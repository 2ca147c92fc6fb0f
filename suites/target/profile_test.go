package target

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

// minimal is the shortest profile that holds. Tests replace parts of it.
const minimal = `version: 1
name: App
owners:
  identitySource: {name: A, contact: a@example.com}
  applicationOwner: {name: B, contact: b@example.com}
  exceptionApprover: {name: C, contact: c@example.com}
  failureInvestigator: {name: D, contact: d@example.com}
  remediationCertifier: {name: E, contact: e@example.com}
scim:
  baseURL: https://app.example.com/scim/v2/
  auth:
    bearer: {token: "${TOKEN}"}
`

// withPath is minimal with one access path.
const withPath = minimal + `access:
  - name: session
    kind: web-session
    arm:
      - get: https://app.example.com/login
        capture: {csrf: {form: csrf}}
      - post: https://app.example.com/login
        form: {user: "{{user.userName}}", csrf: "{{csrf}}"}
    try:
      get: https://app.example.com/me
      allowed: {marker: "{{user.marker}}"}
`

const tokenValue = "the-token-itself-1"

func env(name string) (string, bool) {
	values := map[string]string{"TOKEN": tokenValue, "EMPTY": ""}
	v, ok := values[name]
	return v, ok
}

func parse(text string) (*Target, error) { return Parse("t.yaml", []byte(text), env) }

func TestDefaults(t *testing.T) {
	g := NewWithT(t)
	p, err := parse(minimal)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.ID).To(Equal("https://app.example.com/scim/v2"), "without the trailing slash")
	g.Expect(p.RevokeWithin).To(Equal(5 * time.Minute))
	g.Expect(p.GiveUpAfter).To(Equal(10 * time.Minute))
	g.Expect(p.Subjects).To(Equal(3))
	g.Expect(p.Limits).To(Equal(Limits{
		RequestsPerSecond: 5, AccessRequestsPerSecond: 20, Concurrency: 4, Connections: 4, RequestTimeout: 15 * time.Second, MaxBodyBytes: 4 << 20,
	}))
	g.Expect(p.SCIM.MailDomain).To(Equal("example.com"))
	g.Expect(p.SCIM.Auth).To(Equal(Auth{Scheme: AuthBearer, Token: tokenValue}))
	g.Expect(p.Secrets).To(Equal([]Secret{{Label: "scim.auth.bearer.token", Value: tokenValue}}))
	g.Expect(p.Digest).To(HaveLen(64))
}

// Who answers for nothing is told so in the report: the profile may leave roles out.
func TestARoleMayBeLeftOut(t *testing.T) {
	g := NewWithT(t)
	without := strings.Replace(minimal, "  exceptionApprover: {name: C, contact: c@example.com}\n", "", 1)
	g.Expect(without).NotTo(Equal(minimal))
	p, err := parse(without)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Owners.ExceptionApprover).To(BeZero())
	g.Expect(p.Owners.ApplicationOwner).NotTo(BeZero())
}

func TestAFullProfile(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	g.Expect(os.WriteFile(filepath.Join(dir, "secret"), []byte("file-secret-1\n"), 0o600)).To(Succeed())
	text := strings.Replace(withPath, `bearer: {token: "${TOKEN}"}`, "clientCredentials: {tokenURL: https://id.example.com/token, clientID: me, clientSecretFile: secret, scopes: [scim]}", 1) + `    disarm:
      - post: https://app.example.com/logout
  - name: password
    kind: local-password
    declaredLifetime: 1h
    restoredOnReactivation: true
    arm:
      - put: https://app.example.com/password
        json: {list: ["{{user.password}}", 1, true]}
        basicAuth: {username: admin, password: "${TOKEN}"}
        expect: [200, 204]
        followRedirects: true
    try:
      post: https://app.example.com/login
      body: "{{user.email}}"
      allowed: {status: [200, 203], marker: ok}
notApplicable:
  - {kind: refresh-token, assertedBy: Ada, reason: none are issued}
revokeWithin: 1m
giveUpAfter: 90s
subjects: 3
limits: {readLag: 2s, concurrency: 1}
`
	p, err := Parse(filepath.Join(dir, "t.yaml"), []byte(text), env)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.SCIM.Auth.Scheme).To(Equal(AuthClientCredentials))
	g.Expect(p.SCIM.Auth.TokenURL.String()).To(Equal("https://id.example.com/token"))
	g.Expect(p.SCIM.Auth.ClientSecret).To(Equal("file-secret-1"))
	g.Expect(p.GiveUpAfter).To(Equal(90 * time.Second))
	g.Expect(p.Subjects).To(Equal(3))
	g.Expect(p.Limits.ReadLag).To(Equal(2 * time.Second))
	g.Expect(p.NotApplicable).To(Equal([]NotApplicable{{Kind: RefreshToken, AssertedBy: "Ada", Reason: "none are issued"}}))
	g.Expect(p.Access).To(HaveLen(2))
	session, password := p.Access[0], p.Access[1]
	g.Expect(session.Arm[0]).To(Equal(Step{Method: "GET", URL: "https://app.example.com/login", Capture: map[string]Capture{"csrf": {Form: "csrf"}}}))
	g.Expect(session.Try.Allowed).To(Equal(Allowed{Status: []int{200}, Marker: "{{user.marker}}"}))
	g.Expect(session.Disarm).To(HaveLen(1))
	g.Expect(password.MaxTries).To(Equal(3), "against lock-outs")
	g.Expect(password.DeclaredLifetime).To(Equal(time.Hour))
	g.Expect(password.RestoredOnReactivation).To(BeTrue())
	g.Expect(password.Arm[0].BasicAuth).To(Equal(&BasicAuth{Username: "admin", Password: tokenValue}))
	g.Expect(password.Arm[0].Expect).To(Equal([]int{200, 204}))
	g.Expect(password.Arm[0].FollowRedirects).To(BeTrue())
	g.Expect(password.Try.Step.Body).To(Equal("{{user.email}}"))
}

// Each row is a change to a good profile and every fault that it must give.
func TestFaults(t *testing.T) {
	replace := func(old, with string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, with, 1) }
	}
	appended := func(more string) func(string) string { return func(s string) string { return s + more } }
	for name, c := range map[string]struct {
		change func(string) string
		want   []string
	}{
		"a misspelt key":                     {replace("name: App", "name: App\nrevokeWitin: 5m"), []string{"t.yaml:3:1: revokeWitin: unknown key (did you mean revokeWithin?)"}},
		"a misspelt key further in":          {replace("capture: {csrf", "captures: {csrf"), []string{"access[0].arm[0].captures: unknown key (did you mean capture?)"}},
		"an owner without a name":            {replace("{name: C, contact", "{contact"), []string{"t.yaml:6:3: owners.exceptionApprover: the key name is missing (Person or team)"}},
		"an owner with no name":              {replace("{name: C,", `{name: "",`), []string{"owners.exceptionApprover.name: must not be empty"}},
		"a wrong type":                       {replace("name: App", "name: [App]"), []string{"t.yaml:2:1: name: this is array, but must be string"}},
		"a relative address":                 {replace("https://app.example.com/scim/v2/", "/scim/v2"), []string{"t.yaml:10:3: scim.baseURL: not an absolute http or https address"}},
		"another scheme":                     {replace("https://app.example.com/scim/v2/", "ftp://x/scim"), []string{"scim.baseURL: not an absolute"}},
		"a user in the address":              {replace("https://app.example.com/scim/v2/", "https://a:b@app.example.com/scim"), []string{"scim.baseURL: the address must hold no user name"}},
		"a query in the address":             {replace("/scim/v2/", "/scim/v2?x=1"), []string{"scim.baseURL: the address must have no query"}},
		"plain http":                         {replace("https://app.example.com/scim/v2/", "http://app.example.com/scim"), []string{"scim.baseURL: credentials would be sent over plain http"}},
		"an unset variable":                  {replace("${TOKEN}", "${TOKNE}"), []string{"t.yaml:12:14: scim.auth.bearer.token: the environment variable TOKNE is not set (export TOKNE=…)"}},
		"an empty variable":                  {replace("${TOKEN}", "${EMPTY}"), []string{"the environment variable EMPTY is not set"}},
		"a secret in the profile":            {replace("${TOKEN}", tokenValue), []string{"scim.auth.bearer.token: a secret must not stand in the profile"}},
		"a secret in part":                   {replace("${TOKEN}", "abc${TOKEN}"), []string{"scim.auth.bearer.token: a secret must not stand in the profile"}},
		"no secret":                          {replace(`{token: "${TOKEN}"}`, "{}"), []string{"scim.auth.bearer: the secret is missing"}},
		"two secrets":                        {replace(`"${TOKEN}"}`, `"${TOKEN}", tokenFile: x}`), []string{"token and tokenFile exclude each other"}},
		"a secret file missing":              {replace(`token: "${TOKEN}"`, "tokenFile: nowhere"), []string{"scim.auth.bearer.tokenFile: the file cannot be read"}},
		"two schemes":                        {replace("    bearer:", "    basic: {username: u, password: \"${TOKEN}\"}\n    bearer:"), []string{"scim.auth: exactly one of"}},
		"no scheme":                          {replace("    bearer: {token: \"${TOKEN}\"}", "    {}"), []string{"scim.auth: exactly one of"}},
		"Authorization as a header":          {replace("  auth:", "  headers: {authorization: x}\n  auth:"), []string{"scim.headers.authorization: the credential belongs to scim.auth"}},
		"a bad header":                       {replace("  auth:", "  headers: {\"a b\": \"x\\ny\"}\n  auth:"), []string{"not the name of an HTTP header", "not a valid header value"}},
		"half a client certificate":          {replace("  auth:", "  tls: {certFile: x}\n  auth:"), []string{"scim.tls: certFile and keyFile need each other"}},
		"no duration":                        {appended("revokeWithin: soon\n"), []string{"revokeWithin: not a duration (write one such as"}},
		"half a duration":                    {appended("revokeWithin: 5x\n"), []string{"revokeWithin: not a duration"}},
		"nobody leaves":                      {appended("subjects: 0\n"), []string{"subjects: "}},
		"too many leavers":                   {appended("subjects: 11\n"), []string{"subjects: "}},
		"a watch too short":                  {appended("giveUpAfter: 1m\n"), []string{"giveUpAfter: shorter than revokeWithin"}},
		"an unknown kind":                    {replace("kind: web-session", "kind: websession"), []string{"access[0].kind: not one of the known words (known here: web-session, remember-me"}},
		"a name used twice":                  {appended("  - name: session\n    kind: access-token\n    arm: [{get: https://app.example.com}]\n    try: {get: https://app.example.com, allowed: {marker: x}}\n"), []string{"access[1].name: another access path has this name"}},
		"no method":                          {replace("get: https://app.example.com/me", "expect: [200]"), []string{"access[0].try: exactly one of get, post"}},
		"two methods":                        {replace("get: https://app.example.com/me", "get: https://app.example.com/me\n      post: https://app.example.com/me"), []string{"access[0].try: exactly one of get, post"}},
		"two bodies":                         {replace("form: {user", "body: x\n        form: {user"), []string{"access[0].arm[1]: only one of form, json and body"}},
		"a capture from nowhere":             {replace("{form: csrf}", "{}"), []string{"access[0].arm[0].capture.csrf: exactly one of json"}},
		"a capture from two places":          {replace("{form: csrf}", "{form: csrf, json: a}"), []string{"access[0].arm[0].capture.csrf: exactly one of json"}},
		"an unknown placeholder":             {replace("{{user.userName}}", "{{user.username}}"), []string{"access[0].arm[1].form.user: unknown placeholder {{user.username}} (did you mean user.userName?)"}},
		"a capture used too early":           {replace("get: https://app.example.com/login", "get: https://app.example.com/login?c={{csrf}}"), []string{"access[0].arm[0].get: unknown placeholder {{csrf}}"}},
		"a placeholder for a host":           {replace("get: https://app.example.com/me", "get: https://{{user.id}}.example.com/me"), []string{"access[0].try.get: the origin of an address must hold no placeholder"}},
		"no marker":                          {replace("allowed: {marker: \"{{user.marker}}\"}", "allowed: {status: [200]}"), []string{"access[0].try.allowed: marker or cookie must be given"}},
		"a contradiction":                    {appended("notApplicable: [{kind: web-session, assertedBy: A, reason: r}]\n"), []string{"notApplicable[0]: the profile also declares an access path of the kind web-session"}},
		"a contradiction in a list":          {appended("notApplicable: [{kinds: [app-password, web-session], assertedBy: A, reason: r}]\n"), []string{"notApplicable[0]: the profile also declares an access path of the kind web-session"}},
		"nothing is not applicable":          {appended("notApplicable: [{assertedBy: A, reason: r}]\n"), []string{"notApplicable[0]: exactly one of kind, kinds, act, acts and issued must be given"}},
		"an act that is absent and declared": {appended("outOfBand: [{act: re-enable, steps: [{post: https://app.example.com/on}]}]\nnotApplicable: [{acts: [re-enable], assertedBy: A, reason: r}]\n"), []string{"notApplicable[0]: the profile also says how re-enable is done"}},
		"an act twice":                       {appended("outOfBand: [{act: re-enable, steps: [{post: https://app.example.com/on}]}, {act: re-enable, steps: [{post: https://app.example.com/on}]}]\n"), []string{"outOfBand[1].act: this act is declared already"}},
		"an act that only listens":           {appended("outOfBand: [{act: re-enable, steps: [{stream: {sse: https://app.example.com/s}}]}]\n"), []string{"outOfBand[0].steps: nobody listens to the stream"}},
		"an act without steps":               {appended("outOfBand: [{act: re-enable, steps: []}]\n"), []string{"outOfBand[0].steps: "}},
		"an unknown act":                     {appended("outOfBand: [{act: undelete, steps: [{post: https://app.example.com/on}]}]\n"), []string{"outOfBand[0].act: not one of the known words (known here: re-enable, direct-grant"}},
		"an act's unknown placeholder":       {appended("outOfBand: [{act: re-enable, steps: [{post: \"https://app.example.com/{{user.name}}\"}]}]\n"), []string{"outOfBand[0].steps[0].post: unknown placeholder {{user.name}}"}},
		"a list that is given and absent":    {appended("issued: [{get: https://app.example.com/held, capture: {issued: {json: a}}}]\nnotApplicable: [{issued: true, assertedBy: A, reason: r}]\n"), []string{"notApplicable[0]: the profile also says how what a person holds is listed"}},
		"an owner who is asked by mail":      {replace("kind: web-session", "kind: web-session\n    owner: [{mail: {maildir: \".\", to: \"{{user.email}}\"}}, {get: https://app.example.com/o, capture: {owner: {json: a}}}]"), []string{"access[0].owner[0]: nothing is done by this"}},
		"a list that streams":                {appended("issued: [{stream: {sse: https://app.example.com/s}}, {get: https://app.example.com/held, capture: {issued: {json: a}}}]\n"), []string{"issued[0]: nothing is done by this"}},
		"an act that hands out an address":   {appended("listener: {address: \"127.0.0.1:0\"}\noutOfBand: [{act: re-enable, steps: [{post: https://app.example.com/on, json: {to: \"{{listener.url}}\"}}]}]\n"), []string{"unknown placeholder {{listener.url}}"}},
		"a list that is not captured":        {appended("issued: [{get: https://app.example.com/held}]\n"), []string{"issued: the last step must be a request that captures issued"}},
		"values without a recipe":            {replace("kind: web-session", "kind: web-session\n    with: {loginURL: https://app.example.com}"), []string{"access[0].with: no recipe takes these values"}},
		"nobody changes a shared secret":     {appended("sharedSecrets: [{name: mailbox, knownTo: support}]\n"), []string{"sharedSecrets[0]: the key changedBy is missing"}},
		"handed over unseen":                 {replace("kind: web-session", "kind: web-session\n    mayBeHandedOver: true"), []string{"access[0].mayBeHandedOver: nobody would see to whom"}},
		"an owner who is not asked":          {replace("kind: web-session", "kind: web-session\n    owner: [{get: https://app.example.com/o}]"), []string{"access[0].owner: the last step must be a request that captures owner"}},
		"an owner and something else":        {replace("kind: web-session", "kind: web-session\n    owner: [{get: https://app.example.com/o, capture: {owner: {json: a}, b: {json: b}}}]"), []string{"access[0].owner: the last step must be"}},
		"a match without a group":            {replace("{form: csrf}", "{form: csrf, match: \"a+\"}"), []string{"access[0].arm[0].capture.csrf.match: this must be a regular expression (RE2) with one group"}},
		"a match that is none":               {replace("{form: csrf}", "{form: csrf, match: \"(a\"}"), []string{"access[0].arm[0].capture.csrf.match: this must be a regular expression"}},
		"an access secret in the profile":    {appended("secrets: {outbox: {value: plain}}\n"), []string{"secrets.outbox.value: a secret must not stand in the profile"}},
		"an unknown secret":                  {replace("{{user.userName}}", "{{secret.outbox}}"), []string{"access[0].arm[1].form.user: unknown placeholder {{secret.outbox}}"}},
		"nobody asserts":                     {appended("notApplicable: [{kind: refresh-token, reason: r}]\n"), []string{"notApplicable[0]: the key assertedBy is missing"}},
		"form, values and variables in one round": {func(s string) string {
			s = strings.Replace(s, "name: App", "naem: App", 1)
			s = strings.Replace(s, "https://app.example.com/scim/v2/", "app.example.com", 1)
			return strings.Replace(s, "${TOKEN}", "${TOKNE}", 1) + "giveUpAfter: 1s\n"
		}, []string{"the key name is missing", "naem: unknown key", "scim.baseURL: not an absolute", "TOKNE is not set", "giveUpAfter: shorter than"}},
		"several, in file order": {func(s string) string {
			s = strings.Replace(s, "name: App", "naem: App", 1)
			return strings.Replace(s, "${TOKEN}", "${TOKNE}", 1)
		}, []string{"the key name is missing", "naem: unknown key (did you mean name?)", "TOKNE is not set"}},
		"not YAML":      {appended("a: [\n"), []string{"not YAML"}},
		"a key twice":   {appended("name: Again\n"), []string{"not YAML"}},
		"two documents": {appended("---\na: 1\n"), []string{"exactly one YAML document"}},
		"not UTF-8":     {appended("# \xff\n"), []string{"not UTF-8"}},
		"too deep":      {func(string) string { return strings.Repeat("[", 200) }, []string{"more than 100 deep"}},
		"empty":         {func(string) string { return " \n" }, []string{"the file is empty"}},
		"a list":        {func(string) string { return "- a\n" }, []string{"this is array, but must be object"}},
		"too large":     {appended(strings.Repeat("#", strictyaml.MaxBytes)), []string{"at most 1048576 are read"}},
		"an alias bomb": {func(string) string {
			s := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
			for i := range 12 {
				now, before := string(rune('b'+i)), "a0"
				if i > 0 {
					before = string(rune('a' + i))
				}
				s += now + ": &" + now + " [" + strings.TrimSuffix(strings.Repeat("*"+before+", ", 10), ", ") + "]\n"
			}
			return s
		}, []string{"too large once its aliases are written out"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := parse(c.change(withPath))
			var faults Faults
			g.Expect(errors.As(err, &faults)).To(BeTrue())
			g.Expect(faults).To(HaveLen(len(c.want)), err.Error())
			for i, want := range c.want {
				g.Expect(faults[i].Error()).To(ContainSubstring(want))
			}
			g.Expect(err.Error()).NotTo(ContainSubstring(tokenValue), "a fault quotes a secret")
		})
	}
}

func TestLoadFaults(t *testing.T) {
	g := NewWithT(t)
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"))
	g.Expect(err).To(MatchError(ContainSubstring("no such file")))
	_, err = Load(t.TempDir())
	g.Expect(err).To(MatchError(ContainSubstring("this is a folder")))
}

func TestExpand(t *testing.T) {
	values := map[string]string{"a": "1", "user.id": "{{a}}"}
	for template, want := range map[string]string{
		"x{{a}}y":     "x1y",
		"{{ a }}":     "1",
		"{{user.id}}": "{{a}}", // what is filled in is not read again
		"{a} }} {{":   "{a} }} {{",
		"":            "",
	} {
		t.Run(template, func(t *testing.T) {
			got, err := Expand(template, values)
			g := NewWithT(t)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(got).To(Equal(want))
		})
	}
	_, err := Expand("{{b}}", values)
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("{{b}}")))
}

func FuzzParse(f *testing.F) {
	f.Add(withPath)
	f.Add(usesJSON)
	f.Add(withListening)
	f.Add("a: &a [*a]\n")
	f.Add("? [x]\n: y\n")
	f.Add("<<: {a: 1}\nversion: 1")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := parse(text)
		var faults Faults
		if errors.As(err, &faults) {
			for _, fault := range faults {
				if fault.Problem == "" || strings.Contains(fault.Error(), tokenValue) {
					t.Fatalf("a fault says nothing, or too much: %v", fault)
				}
			}
		}
	})
}
