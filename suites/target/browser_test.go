package target

import (
	"errors"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

const withBrowser = minimal + `browser: {executable: chromium-7, noSandbox: true}
secrets:
  channel: {value: "${TOKEN}"}
access:
  - name: app
    kind: web-session
    arm:
      - browser:
          open: "https://app.example.com/login?as={{user.userName}}"
          do:
            - fill: {selector: "#password", value: "{{user.password}}"}
            - click: {selector: button}
            - waitFor: {selector: "#home", text: "{{user.marker}}", url: "/home$"}
          within: 3s
        cookies: [a]
        capture: {session: {cookie: sid}, token: {storage: token, match: "(.+)"}, name: {selector: h1}}
    try:
      browser: {open: "https://app.example.com/home#{{token}}"}
      allowed: {marker: "{{user.marker}}", selector: "#home", url: "home"}
      denied: {url: "/login$", text: "sign in"}
`

func TestABrowserStepIsRead(t *testing.T) {
	g := NewWithT(t)
	p, err := parse(withBrowser)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Browser).To(Equal(BrowserOptions{Executable: "chromium-7", NoSandbox: true}))
	arm, try := p.Access[0].Arm[0], p.Access[0].Try
	g.Expect(arm.Browser).To(Equal(&Browser{
		Open: "https://app.example.com/login?as={{user.userName}}", Within: 3 * time.Second,
		Do: []Action{
			{Fill: &Fill{Selector: "#password", Value: "{{user.password}}"}},
			{Click: &Click{Selector: "button"}},
			{WaitFor: &Sight{Selector: "#home", Text: "{{user.marker}}", URL: "/home$"}},
		},
	}))
	g.Expect(arm.String()).To(Equal("browser https://app.example.com/login?as={{user.userName}}"))
	g.Expect(arm.Cookies).To(Equal([]string{"a"}))
	g.Expect(try.Step.Browser.Within).To(Equal(10 * time.Second))
	g.Expect(try.Allowed).To(Equal(Allowed{Marker: "{{user.marker}}", Selector: "#home", URL: "home"}), "no status")
	g.Expect(try.Denied.Sight()).To(Equal(Sight{Text: "sign in", URL: "/login$"}))
}

func TestFaultsOfBrowserSteps(t *testing.T) {
	const (
		fill    = `fill: {selector: "#password", value: "{{user.password}}"}`
		waitFor = `waitFor: {selector: "#home", text: "{{user.marker}}", url: "/home$"}`
		denied  = `denied: {url: "/login$", text: "sign in"}`
		allowed = `allowed: {marker: "{{user.marker}}", selector: "#home", url: "home"}`
		try     = `browser: {open: "https://app.example.com/home#{{token}}"}`
	)
	for name, c := range map[string]struct{ old, with, want string }{
		"an unknown key":              {"within: 3s", "wihin: 3s", "access[0].arm[0].browser.wihin: unknown key (did you mean within?)"},
		"an unknown action":           {"click: {", "clik: {", "access[0].arm[0].browser.do[1].clik: unknown key (did you mean click?)"},
		"no address":                  {`open: "https://app.example.com/login?as={{user.userName}}"`, "open: /login", "access[0].arm[0].browser.open: not an absolute http or https address"},
		"a file":                      {`open: "https://app.example.com/login?as={{user.userName}}"`, "open: file:///etc/passwd", "access[0].arm[0].browser.open: not an absolute http or https address"},
		"a host by a placeholder":     {"https://app.example.com/login?as={{user.userName}}", "https://{{user.userName}}/", "the origin of an address must hold no placeholder"},
		"an unknown placeholder":      {"{{user.password}}", "{{user.pasword}}", "access[0].arm[0].browser.do[0].fill.value: unknown placeholder {{user.pasword}}"},
		"two actions in one":          {"click: {selector: button}", "{click: {selector: a}, fill: {selector: a, value: b}}", "access[0].arm[0].browser.do[1]: exactly one of fill, click and waitFor"},
		"no action":                   {"click: {selector: button}", "{}", "access[0].arm[0].browser.do[1]: exactly one of fill, click and waitFor"},
		"a fill without a field":      {`selector: "#password", `, "", "access[0].arm[0].browser.do[0].fill: the key selector is missing"},
		"nothing to wait for":         {waitFor, "waitFor: {}", "access[0].arm[0].browser.do[2].waitFor: one of selector, text and url must be given"},
		"no wait at the end":          {"            - " + waitFor + "\n", "", "access[0].arm[0].browser.do: the last thing must be waitFor"},
		"an address that is none":     {"/home$", "(", "access[0].arm[0].browser.do[2].waitFor.url: this must be a regular expression"},
		"no time":                     {"within: 3s", "within: 0s", "access[0].arm[0].browser.within: must be longer than 0"},
		"the channel's token":         {fill, `fill: {selector: a, value: "${TOKEN}"}`, "access[0].arm[0].browser.do[0].fill.value: the credential of scim.auth must not enter a browser"},
		"the token as a secret":       {fill, `fill: {selector: a, value: "{{secret.channel}}"}`, "access[0].arm[0].browser.do[0].fill.value: the credential of scim.auth must not enter a browser"},
		"the token in an address":     {"as={{user.userName}}", "as={{secret.channel}}", "access[0].arm[0].browser.open: the credential of scim.auth must not enter a browser"},
		"a header":                    {"cookies: [a]", "headers: {A: b}", "access[0].arm[0].headers: this belongs to a request"},
		"asking again":                {"cookies: [a]", "waitUpTo: 3s", "access[0].arm[0].waitUpTo: this belongs to a request"},
		"a header of a page":          {"{selector: h1}", "{header: X}", "access[0].arm[0].capture.name: a page has no such thing"},
		"two sources":                 {"{selector: h1}", "{selector: h1, storage: x}", "exactly one of json, header, cookie, form, query, body, storage and selector"},
		"fresh":                       {"kind: web-session", "kind: web-session\n    fresh: true", "access[0].arm[0].browser: fresh does not go with a browser in arm"},
		"a browser that gives back":   {"    try:", "    disarm:\n      - browser: {open: 'https://app.example.com/'}\n    try:", "access[0].disarm[0].browser: a credential is given back by a request"},
		"an address as the proof":     {allowed, "allowed: {url: home}", "access[0].try.allowed: marker or selector must be given"},
		"a status as the proof":       {allowed, "allowed: {marker: x, status: [200]}", "access[0].try.allowed.status: this belongs to a request"},
		"a cookie as the proof":       {allowed, "allowed: {marker: x, cookie: sid}", "access[0].try.allowed.cookie: this belongs to a request"},
		"a proof that is no pattern":  {`url: "home"`, `url: "("`, "access[0].try.allowed.url: this must be a regular expression"},
		"no denial":                   {"      " + denied + "\n", "", "access[0].try: denied must be given for a browser"},
		"an empty denial":             {denied, "denied: {}", "access[0].try: denied must be given for a browser"},
		"a command's denial":          {denied, "denied: {exit: [1], stderr: x, url: y}", "access[0].try.denied: exit and stderr belong to a plain command"},
		"a denial that is no pattern": {`url: "/login$"`, `url: "("`, "access[0].try.denied.url: this must be a regular expression"},
		"by the control user":         {try, try + "\n      as: control", "access[0].try.as: this belongs to a request"},
		"a request's selector":        {try + "\n      " + allowed + "\n      " + denied, "get: https://app.example.com/\n      allowed: {marker: x, selector: y}", "access[0].try.allowed.selector: this belongs to a browser"},
		"a request's storage":         {"    try:", "      - get: https://app.example.com/\n        capture: {x: {storage: y}}\n    try:", "access[0].arm[1].capture.x: storage and selector belong to a browser"},
		"a browser that speaks":       {try + "\n      " + allowed + "\n      " + denied, "provoke: [{browser: {open: 'https://app.example.com/'}}]\n      within: 1s\n      allowed: {marker: '{{spoken}}'}", "access[0].try.provoke[0]: this says nothing"},
		"a browser and a request":     {try, try + "\n      get: https://app.example.com/", "access[0].try: exactly one of get, post, put, patch, delete, exec, mail, oauth, stream and browser"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			text := strings.Replace(withBrowser, c.old, c.with, 1)
			g.Expect(text).NotTo(Equal(withBrowser), "the row changes nothing")
			_, err := parse(text)
			var faults Faults
			g.Expect(errors.As(err, &faults)).To(BeTrue())
			g.Expect(err.Error()).To(ContainSubstring(c.want))
			g.Expect(err.Error()).NotTo(ContainSubstring(tokenValue), "a fault quotes a secret")
		})
	}
}
