package target

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// given are the placeholders that say who the user and the run are.
var given = []string{
	"user.id", "user.userName", "user.password", "user.email", "user.displayName", "user.marker", "run.id",
}

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
		Name: p.Name, Kind: p.Kind, Recipe: p.Uses, Description: p.Description, OneShot: p.OneShot, MaxTries: p.MaxTries,
		DeclaredLifetime:       b.duration(at.child("declaredLifetime"), p.DeclaredLifetime, 0),
		RestoredOnReactivation: p.RestoredOnReactivation,
	}
	if out.MaxTries == 0 && out.Kind == LocalPassword {
		out.MaxTries = defaultPasswordTries
	}
	known := append(slices.Clone(given), perCredential...)
	for name := range b.doc.Secrets {
		known = append(known, SecretPrefix+name)
	}
	out.Arm, known = b.steps(at.child("arm"), p.Arm, known)
	out.Try.Step = b.step(at.child("try"), p.Try, known)
	out.Try.Allowed = p.Try.Allowed
	if len(out.Try.Allowed.Status) == 0 {
		out.Try.Allowed.Status = []int{200}
	}
	if p.Try.Allowed.Marker == "" && p.Try.Allowed.Cookie == "" {
		b.faults.add(at.child("try", "allowed"), "marker or cookie must be given", "a status alone proves no access: a log-in page is answered 200, too")
	}
	b.template(at.child("try", "allowed", "marker"), p.Try.Allowed.Marker, known)
	out.Disarm, _ = b.steps(at.child("disarm"), p.Disarm, known)
	return out
}

func (b *builder) steps(at path, list []documentStep, known []string) ([]Step, []string) {
	var out []Step
	for i, s := range list {
		here := at.child(strconv.Itoa(i))
		out = append(out, b.step(here, s, known))
		for _, name := range slices.Sorted(maps.Keys(s.Capture)) {
			if slices.Contains(perCredential, name) || slices.Contains(given, name) {
				b.faults.add(here.child("capture", name), "this name is taken", "choose another")
			}
			known = append(known, name)
		}
	}
	return out, known
}

func (b *builder) step(at path, s documentStep, known []string) Step {
	out := Step{
		Headers: s.Headers, Form: s.Form, JSON: s.JSON, Body: s.Body, BasicAuth: s.BasicAuth,
		Expect: s.Expect, Capture: s.Capture, FollowRedirects: s.FollowRedirects, Cookies: s.Cookies,
		WaitUpTo: b.duration(at.child("waitUpTo"), s.WaitUpTo, 0),
	}
	b.method(at, s, &out, known)
	bodies := 0
	for _, set := range []bool{s.Form != nil, s.JSON != nil, s.Body != ""} {
		if set {
			bodies++
		}
	}
	if bodies > 1 {
		b.faults.add(at, "only one of form, json and body can be given", "")
	}
	b.headers(at.child("headers"), s.Headers)
	b.templates(at, s, known)
	for name, c := range s.Capture {
		if c.sources() != 1 {
			b.faults.add(at.child("capture", name), "exactly one of json, header, cookie, form and query must be given", "")
		}
		if pattern, err := regexp.Compile(c.Match); c.Match != "" && (err != nil || pattern.NumSubexp() != 1) {
			b.faults.add(at.child("capture", name, "match"), "this must be a regular expression (RE2) with one group", `such as "token=([^&]+)"`)
		}
	}
	return out
}

// method finds the one method key of a step and checks its address.
func (b *builder) method(at path, s documentStep, out *Step, known []string) {
	found := 0
	for _, m := range s.methods() {
		if m.url == "" {
			continue
		}
		found++
		out.Method, out.URL = m.method, m.url
		here := at.child(m.key)
		origin, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(m.url, "https://"), "http://"), "/")
		if strings.Contains(origin, "{{") {
			b.faults.add(here, "the origin of an address must hold no placeholder", "credentials go to fixed hosts alone")
			continue
		}
		b.address(here, placeholder.ReplaceAllString(m.url, "x"))
		b.template(here, m.url, known)
	}
	if found != 1 {
		b.faults.add(at, "exactly one of get, post, put, patch and delete must be given", "its value is the address")
	}
}

func (b *builder) templates(at path, s documentStep, known []string) {
	for name, text := range s.Headers {
		b.template(at.child("headers", name), text, known)
	}
	for name, text := range s.Form {
		b.template(at.child("form", name), text, known)
	}
	b.template(at.child("body"), s.Body, known)
	b.jsonTemplates(at.child("json"), s.JSON, known)
	if s.BasicAuth != nil {
		b.template(at.child("basicAuth", "username"), s.BasicAuth.Username, known)
		b.template(at.child("basicAuth", "password"), s.BasicAuth.Password, known)
	}
}

func (b *builder) jsonTemplates(at path, value any, known []string) {
	switch value := value.(type) {
	case string:
		b.template(at, value, known)
	case map[string]any:
		for key, inner := range value {
			b.jsonTemplates(at.child(key), inner, known)
		}
	case []any:
		for i, inner := range value {
			b.jsonTemplates(at.child(strconv.Itoa(i)), inner, known)
		}
	}
}

func (b *builder) template(at path, text string, known []string) {
	for _, name := range placeholders(text) {
		// A malformed step may be the one that was meant to capture the name.
		if !slices.Contains(known, name) && !b.faults.isMalformed(at[:2]) {
			b.faults.add(at, "unknown placeholder {{"+name+"}}", didYouMean(name, slices.Clone(known)))
		}
	}
}

func (c Capture) sources() int {
	n := 0
	for _, s := range []string{c.JSON, c.Header, c.Cookie, c.Form, c.Query} {
		if s != "" {
			n++
		}
	}
	return n
}
