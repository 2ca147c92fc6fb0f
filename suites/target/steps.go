package target

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

// given are the placeholders that say who the user and the run are.
var given = []string{
	"user.id", "user.userName", "user.password", "user.email", "user.displayName", "user.marker", "run.id",
}

// ofGroup are the placeholders of the group that the user is a member of.
var ofGroup = []string{"group.id", "group.displayName"}

// Unique is the placeholder that holds another text for each credential.
const Unique = "unique"

// PKCEVerifier and PKCEChallenge are the placeholders of a secret of 43 characters and
// of its S256 challenge (RFC 7636 section 4.2), another pair for each credential.
const (
	PKCEVerifier  = "pkce.verifier"
	PKCEChallenge = "pkce.challenge"
)

// perCredential are the placeholders with another value for each credential.
var perCredential = []string{Unique, PKCEVerifier, PKCEChallenge}

// SecretPrefix begins the placeholders of the profile's secrets.
const SecretPrefix = "secret."

// Given lists the placeholders that every step may use beside Unique and the secrets,
// for whoever has to fill them in.
func Given() []string { return slices.Clone(given) }

// accessPath checks one way in. Captures become known from the step after.
func (b *builder) accessPath(at path, p documentPath) AccessPath {
	out := AccessPath{
		Name: p.Name, Kind: p.Kind, Recipe: p.Uses, Description: p.Description, Fresh: p.Fresh, OneShot: p.OneShot, MaxTries: p.MaxTries,
		DeclaredLifetime:       b.duration(at.Child("declaredLifetime"), p.DeclaredLifetime, 0),
		RestoredOnReactivation: p.RestoredOnReactivation, KeptOnPasswordChange: p.KeptOnPasswordChange,
	}
	if out.MaxTries == 0 && out.Kind == LocalPassword {
		out.MaxTries = defaultPasswordTries
	}
	b.listens = false
	known := b.unarmed()
	if out.Kind == GroupAccess {
		known = append(known, ofGroup...)
	}
	if out.Kind == RoleAccess && b.doc.SCIM.Role == "" {
		b.faults.add(at.Child("kind"), "the profile names no role", "set scim.role to a value of the attribute roles that the run may give its users")
	}
	out.Arm, known = b.steps(at.Child("arm"), p.Arm, known)
	for i, s := range p.Arm {
		if s.Browser != nil {
			b.armBrowser(at.Child("arm", strconv.Itoa(i), "browser"), p, s)
		}
	}
	if streams(p.Arm) > 1 {
		b.faults.add(at.Child("arm"), "more than one stream is opened", "make an access path of each")
	}
	out.Listens = b.listens
	out.Try = b.try(at.Child("try"), p, known)
	out.Owner, out.MayBeHandedOver = b.owner(at, p, known), p.MayBeHandedOver
	out.Disarm, _ = b.steps(at.Child("disarm"), p.Disarm, known)
	for i, s := range p.Disarm {
		if s.Mail != nil {
			b.faults.add(at.Child("disarm", strconv.Itoa(i), "mail"), "a mail is looked for while a credential is armed", "move the step to arm")
		}
		if s.Stream != nil {
			b.faults.add(at.Child("disarm", strconv.Itoa(i), "stream"), "a stream is opened while a credential is armed, and closed by itself", "move the step to arm")
		}
		if s.Browser != nil {
			b.faults.add(at.Child("disarm", strconv.Itoa(i), "browser"), "a credential is given back by a request", "it has the cookies of the browser")
		}
	}
	return out
}

// unarmed lists the placeholders that are known before the first step.
func (b *builder) unarmed() []string {
	known := append(slices.Clone(given), perCredential...)
	if b.doc.Listener != nil {
		known = append(known, ListenerURL)
	}
	for name := range b.doc.Secrets {
		known = append(known, SecretPrefix+name)
	}
	for name := range b.doc.Assertions {
		known = append(known, AssertionPrefix+name)
	}
	return known
}

// unlistened is unarmed where nothing listens: there is no address to be handed out.
func (b *builder) unlistened() []string {
	return slices.DeleteFunc(b.unarmed(), func(name string) bool { return name == ListenerURL })
}

func (b *builder) steps(at path, list []documentStep, known []string) ([]Step, []string) {
	var out []Step
	for i, s := range list {
		here := at.Child(strconv.Itoa(i))
		out = append(out, b.step(here, s, known))
		for _, name := range slices.Sorted(maps.Keys(s.Capture)) {
			if taken(name) {
				b.faults.add(here.Child("capture", name), "this name is taken", "choose another")
			}
			known = append(known, name)
		}
	}
	return out, known
}

// taken reports a name that is filled in by the run.
func taken(name string) bool {
	return slices.Contains(perCredential, name) || slices.Contains(given, name) || slices.Contains(ofGroup, name) ||
		name == Spoken || name == ListenerURL || strings.HasPrefix(name, LeaverPrefix)
}

func (b *builder) step(at path, s documentStep, known []string) Step {
	b.used = nil
	out := Step{
		Headers: s.Headers, Form: s.Form, JSON: s.JSON, Body: s.Body, BasicAuth: s.BasicAuth,
		Expect: s.Expect, Capture: s.Capture, FollowRedirects: s.FollowRedirects, Cookies: s.Cookies,
		WaitUpTo: b.duration(at.Child("waitUpTo"), s.WaitUpTo, 0),
	}
	b.action(at, s, &out, known)
	if out.OAuth != nil && out.OAuth.Polls() && s.WaitUpTo == "" {
		out.WaitUpTo = defaultPolling
	}
	bodies := 0
	for _, set := range []bool{s.Form != nil, s.JSON != nil, s.Body != ""} {
		if set {
			bodies++
		}
	}
	if bodies > 1 {
		b.faults.add(at, "only one of form, json and body can be given", "")
	}
	b.headers(at.Child("headers"), s.Headers)
	b.templates(at, s, known)
	out.Assertions = asserted(b.used)
	for name, c := range s.Capture {
		b.captureSource(at.Child("capture", name), s, c)
		if pattern, err := regexp.Compile(c.Match); c.Match != "" && (err != nil || pattern.NumSubexp() != 1) {
			b.faults.add(at.Child("capture", name, "match"), "this must be a regular expression (RE2) with one group", `such as "token=([^&]+)"`)
		}
	}
	return out
}

// captureSource checks where a value is taken from.
func (b *builder) captureSource(at path, s documentStep, c Capture) {
	if c.sources() != 1 {
		b.faults.add(at, "exactly one of json, header, cookie, form, query, body, storage and selector must be given", "")
		return
	}
	if c.Body && c.Match == "" {
		b.faults.add(at, "body needs match", "it says which part of the text is kept")
	}
	switch {
	case s.Exec != nil && c.JSON == "" && !c.Body:
		b.faults.add(at, "a command has no such thing", "capture json or body of what it prints")
	case s.Log != nil && !c.Body:
		b.faults.add(at, "a log has no such thing", "capture body with match, which is looked for in each line")
	case s.Mail != nil && !c.Body:
		b.faults.add(at, "a mail has no such thing", "capture body with match")
	case s.Browser != nil && c.Cookie == "" && c.Storage == "" && c.Selector == "" && !c.Body:
		b.faults.add(at, "a page has no such thing", "capture cookie, storage, selector or body")
	case s.Browser == nil && c.Storage+c.Selector != "":
		b.faults.add(at, "storage and selector belong to a browser", "capture cookie, header, form, query, json or body")
	}
}

// action finds the one thing that a step does: a request, a command, a mail, a stream or
// request of an OAuth client, what is done in a browser, or a look at a container's log.
func (b *builder) action(at path, s documentStep, out *Step, known []string) {
	found := b.method(at, s, out, known)
	if s.Exec != nil {
		found++
		out.Exec = b.exec(at.Child("exec"), s.Exec, known)
	}
	if s.Mail != nil {
		found++
		out.Mail = b.mail(at.Child("mail"), s.Mail, known)
	}
	if s.Stream != nil {
		found++
		out.Stream = b.stream(at.Child("stream"), s.Stream, known)
	}
	if s.OAuth != nil {
		found++
		out.OAuth = b.oauth(at.Child("oauth"), s.OAuth, known)
	}
	if s.Browser != nil {
		found++
		out.Browser = b.browser(at.Child("browser"), s.Browser, known)
	}
	if s.Log != nil {
		found++
		out.Log = b.log(at.Child("log"), s.Log)
	}
	if found != 1 {
		b.faults.add(at, "exactly one of get, post, put, patch, delete, exec, mail, oauth, stream and browser must be given", "the value of a method is the address")
		return
	}
	if s.Log != nil || s.Exec != nil || s.Mail != nil || s.Stream != nil || s.OAuth != nil || s.Browser != nil {
		b.notOfExec(at, s)
	}
	if s.Stream != nil {
		b.notOfStream(at, s)
	}
}

// method finds the method keys of a step, checks the address of each and returns how
// many there are.
func (b *builder) method(at path, s documentStep, out *Step, known []string) int {
	found := 0
	for _, m := range s.methods() {
		if m.url == "" {
			continue
		}
		found++
		out.Method, out.URL = m.method, m.url
		here := at.Child(m.key)
		if b.fixedAddress(here, m.url) {
			b.template(here, m.url, known)
		}
	}
	return found
}

// fixedAddress checks the address of a step, which may hold placeholders after the
// origin. It reports whether the origin holds none.
func (b *builder) fixedAddress(at path, text string) bool {
	origin, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(text, "https://"), "http://"), "/")
	if strings.Contains(origin, "{{") {
		b.faults.add(at, "the origin of an address must hold no placeholder", "credentials go to fixed hosts alone")
		return false
	}
	b.address(at, placeholder.ReplaceAllString(text, "x"))
	return true
}

func (b *builder) templates(at path, s documentStep, known []string) {
	for name, text := range s.Headers {
		b.template(at.Child("headers", name), text, known)
	}
	for name, text := range s.Form {
		b.template(at.Child("form", name), text, known)
	}
	b.template(at.Child("body"), s.Body, known)
	b.jsonTemplates(at.Child("json"), s.JSON, known)
	if s.BasicAuth != nil {
		b.template(at.Child("basicAuth", "username"), s.BasicAuth.Username, known)
		b.template(at.Child("basicAuth", "password"), s.BasicAuth.Password, known)
	}
}

func (b *builder) jsonTemplates(at path, value any, known []string) {
	switch value := value.(type) {
	case string:
		b.template(at, value, known)
	case map[string]any:
		for key, inner := range value {
			b.jsonTemplates(at.Child(key), inner, known)
		}
	case []any:
		for i, inner := range value {
			b.jsonTemplates(at.Child(strconv.Itoa(i)), inner, known)
		}
	}
}

func (b *builder) template(at path, text string, known []string) {
	for _, name := range placeholders(text) {
		b.used = append(b.used, name)
		if name == ListenerURL {
			b.listens = true
			if b.doc.Listener == nil {
				b.faults.add(at, "the profile names no listener", "give listener: {address: \"127.0.0.1:0\"}")
				continue
			}
		}
		// A malformed step may be the one that was meant to capture the name.
		if !slices.Contains(known, name) && !b.faults.isMalformed(at[:2]) {
			b.faults.add(at, "unknown placeholder {{"+name+"}}", strictyaml.DidYouMean(name, slices.Clone(known)))
		}
	}
}

func (c Capture) sources() int {
	n := 0
	for _, s := range []string{c.JSON, c.Header, c.Cookie, c.Form, c.Query, c.Storage, c.Selector} {
		if s != "" {
			n++
		}
	}
	if c.Body {
		n++
	}
	return n
}
