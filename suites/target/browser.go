package target

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// defaultPatience is how long each part of a browser step may take.
const defaultPatience = 10 * time.Second

// BrowserOptions say which browser the browser steps use.
type BrowserOptions struct {
	Executable string // a path or a command; empty for the first one found in PATH
	NoSandbox  bool
}

// Browser is what a step does in a browser, on a page of its own.
type Browser struct {
	Open string // absolute; placeholders allowed after the origin
	Do   []Action
	// Within is how long the opening, each action and each wait may take.
	Within time.Duration
}

// Action is one thing that is done on a page; one field is set.
type Action struct {
	Fill    *Fill
	Click   *Click
	WaitFor *Sight
}

// Fill types a value into a field; placeholders allowed in the value.
type Fill struct{ Selector, Value string }

// Click clicks an element.
type Click struct{ Selector string }

// Sight is what is seen on a page. All that is given must be.
type Sight struct {
	Selector string // CSS selector of an element that is visible
	Text     string // in the text that the page shows; placeholders allowed
	URL      string // regular expression (RE2) that the page's address matches
}

// browserOptions reads which browser is used. Whether it is there is seen when it is
// needed: a profile goes from machine to machine.
func (b *builder) browserOptions() BrowserOptions {
	o := b.doc.Browser
	if strings.ContainsRune(o.Executable, '/') {
		o.Executable = b.resolver.resolve(o.Executable)
	}
	return o
}

// browser checks what is done in a browser.
func (b *builder) browser(at path, s *documentBrowser, known []string) *Browser {
	out := &Browser{Open: s.Open, Do: s.Do, Within: b.duration(at.Child("within"), s.Within, defaultPatience)}
	if out.Within <= 0 {
		b.faults.add(at.Child("within"), "must be longer than 0", "")
	}
	address, _, _ := strings.Cut(s.Open, "#") // which scripts look at
	if b.fixedAddress(at.Child("open"), address) {
		b.typed(at.Child("open"), s.Open, known)
	}
	for i, a := range s.Do {
		here := at.Child("do", strconv.Itoa(i))
		given := 0
		if a.Fill != nil {
			given++
			b.typed(here.Child("fill", "value"), a.Fill.Value, known)
		}
		if a.Click != nil {
			given++
		}
		if a.WaitFor != nil {
			given++
			b.sight(here.Child("waitFor"), *a.WaitFor, known)
		}
		if given != 1 {
			b.faults.add(here, "exactly one of fill, click and waitFor must be given", "")
		}
	}
	return out
}

// sight checks what is to be seen.
func (b *builder) sight(at path, s Sight, known []string) {
	if s == (Sight{}) {
		b.faults.add(at, "one of selector, text and url must be given at least", "")
	}
	b.template(at.Child("text"), s.Text, known)
	b.pattern(at.Child("url"), s.URL)
}

func (b *builder) pattern(at path, text string) {
	if _, err := regexp.Compile(text); err != nil {
		b.faults.add(at, "this must be a regular expression (RE2)", "")
	}
}

// typed checks a text that is handed to a page. The credential of the provisioning channel
// is for the channel alone.
func (b *builder) typed(at path, text string, known []string) {
	b.template(at, text, known)
	auth := b.target.SCIM.Auth
	for _, secret := range []string{auth.Token, auth.Password, auth.ClientSecret} {
		holds := func(value string) bool { return secret != "" && strings.Contains(value, secret) }
		if holds(text) || slices.ContainsFunc(placeholders(text), func(name string) bool { return holds(b.target.SecretValues[name]) }) {
			b.faults.add(at, "the credential of scim.auth must not enter a browser", "give the page one of its own")
			return
		}
	}
}

// armBrowser checks a browser step of arm beyond its form.
func (b *builder) armBrowser(at path, p documentPath, s documentStep) {
	if p.Fresh {
		b.faults.add(at, "fresh does not go with a browser in arm", "a page that does not come would look like a refusal; sign in by the browser of try, which knows what a denial looks like")
	}
	if n := len(s.Browser.Do); n == 0 || s.Browser.Do[n-1].WaitFor == nil {
		b.faults.add(at.Child("do"), "the last thing must be waitFor", "else nothing says whether the page has got there")
	}
}

// tryBrowser checks what shows that a try by browser was allowed or denied.
func (b *builder) tryBrowser(at path, t documentStep, known []string) {
	allowed := at.Child("allowed")
	if t.Allowed.Marker == "" && t.Allowed.Selector == "" {
		b.faults.add(allowed, "marker or selector must be given", "an address alone proves no access: a page may be empty")
	}
	b.pattern(allowed.Child("url"), t.Allowed.URL)
	for _, k := range []struct {
		key   string
		given bool
	}{{"status", len(t.Allowed.Status) > 0}, {"cookie", t.Allowed.Cookie != ""}, {"changes", t.Allowed.Changes != ""}} {
		if k.given {
			b.faults.add(allowed.Child(k.key), "this belongs to a request", "leave it out")
		}
	}
	if t.As != "" {
		b.faults.add(at.Child("as"), "this belongs to a request", "leave it out")
	}
	if t.Denied == nil || t.Denied.Sight() == (Sight{}) {
		b.faults.add(at, "denied must be given for a browser", "such as denied: {url: \"/login$\"}; a page on which nothing is seen decides nothing")
		return
	}
	if len(t.Denied.Exit) > 0 || t.Denied.Stderr != "" {
		b.faults.add(at.Child("denied"), "exit and stderr belong to a plain command", "give selector, text or url")
	}
	b.sight(at.Child("denied"), t.Denied.Sight(), known)
}

// notOfBrowser notes what belongs to a browser, beside something else.
func (b *builder) notOfBrowser(at path, t documentStep) {
	if t.Allowed.Selector != "" {
		b.faults.add(at.Child("allowed", "selector"), "this belongs to a browser", "leave it out")
	}
	if t.Allowed.URL != "" {
		b.faults.add(at.Child("allowed", "url"), "this belongs to a browser", "leave it out")
	}
	if t.Exec != nil && t.Denied != nil && t.Denied.Sight() != (Sight{}) {
		b.faults.add(at.Child("denied"), "selector, text and url belong to a browser", "give exit and stderr")
	}
}

// Sight is what a page shows that denies.
func (d Denied) Sight() Sight { return Sight{Selector: d.Selector, Text: d.Text, URL: d.URL} }
