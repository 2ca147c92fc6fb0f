package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/access/chromium"
	"github.com/scimproof/scimproof/suites/target"
)

// recipesOfAcme uses every recipe against the built-in application.
const recipesOfAcme = `access:
  - uses: session-form
    with: {loginURL: HOST/login, profileURL: HOST/home}
  - uses: session-json
    with: {loginURL: HOST/api/login, profileURL: HOST/api/me}
  - uses: local-password-json
    with: {loginURL: HOST/api/login}
  - uses: oauth-password
    with: {tokenURL: HOST/oauth/token, profileURL: HOST/api/me, clientID: cli}
  - uses: oauth-refresh
    with: {tokenURL: HOST/oauth/token, clientID: cli}
  - uses: github-like-pat
    with: {loginURL: HOST/api/login, createURL: HOST/api/tokens, useURL: HOST/api/me, scheme: Bearer}
  - uses: api-key-header
    with: {loginURL: HOST/api/login, createURL: HOST/api/tokens, useURL: HOST/api/me, secretPath: token, header: Authorization, prefix: "Bearer "}
  - uses: basic-app-password
    with: {loginURL: HOST/api/login, createURL: HOST/api/app-passwords, useURL: HOST/dav/}
  - uses: oauth-code-pkce
    with: {loginURL: HOST/api/login, authorizeURL: HOST/oauth/authorize, tokenURL: HOST/oauth/token, clientID: cli, redirectURI: "http://127.0.0.1/callback"}
`

// byBrowserOfAcme uses the recipe that needs a browser.
const byBrowserOfAcme = `  - uses: browser-form
    with: {loginURL: HOST/app/login, profileURL: HOST/home, signedInSelector: "#dashboard"}
`

const restOfAcme = `notApplicable:
  - kinds: [remember-me, service-account, share-link, reset-link, magic-link, invitation, impersonation, sso-login, ssh-key, event-stream, webhook, scheduled-job]
    assertedBy: Ada Okafor
    reason: no recipe obtains one
`

// withRecipes is a profile of the application whose access paths are recipes.
func withRecipes(t *testing.T, url, list string) string {
	t.Helper()
	g := NewWithT(t)
	profile := profileFor(t, url)
	text, err := os.ReadFile(profile)
	g.Expect(err).NotTo(HaveOccurred())
	head, _, found := strings.Cut(string(text), "\naccess:\n")
	g.Expect(found).To(BeTrue())
	text = []byte(head + "\n" + strings.ReplaceAll(list+restOfAcme, "HOST", url))
	g.Expect(os.WriteFile(profile, text, 0o600)).To(Succeed())
	return profile
}

// needBrowser skips a test on a machine without a browser.
func needBrowser(t *testing.T) {
	t.Helper()
	if _, err := chromium.Find(""); err != nil {
		t.Skip(err)
	}
}

func TestEachRecipeLetsALiveUserIn(t *testing.T) {
	g := NewWithT(t)
	url, secrets := application(t)
	code, stdout, stderr := scimproof(t, "try-access", "--target", withRecipes(t, url, recipesOfAcme))
	g.Expect(code).To(Equal(exitPass), stdout+stderr)
	for name := range target.Recipes() {
		if name == "browser-form" {
			continue // has a test of its own
		}
		g.Expect(stdout).To(MatchRegexp(`(?m)^` + name + ` \([a-z-]+, by the recipe ` + name + `\): works$`))
	}
	g.Expect(secrets.Leaks([]byte(stdout))).To(BeEmpty())
	g.Expect(users(t, url)).To(BeZero(), "users that are left behind")
}

// After the account is deactivated no credential of a recipe may work any more.
func TestEachRecipeIsDeniedAfterDeactivation(t *testing.T) {
	g := NewWithT(t)
	url, _ := application(t)
	code, stdout, stderr := scimproof(t, "run", "--target", withRecipes(t, url, recipesOfAcme), "--out", t.TempDir(), "--only", "event:deactivate && survival")
	g.Expect(code).To(Equal(exitPass), stdout+stderr)
	g.Expect(stdout + stderr).To(ContainSubstring("none of the 9 ways in that were tried"))
}

// The recipe for a browser is run for one form of a deactivation alone, as it takes its time.
func TestTheRecipeForABrowser(t *testing.T) {
	needBrowser(t)
	g := NewWithT(t)
	url, secrets := application(t)
	profile := withRecipes(t, url, "access:\n"+byBrowserOfAcme)
	code, stdout, stderr := scimproof(t, "try-access", "--target", profile)
	g.Expect(code).To(Equal(exitPass), stdout+stderr)
	g.Expect(stdout).To(ContainSubstring("browser-form (web-session, by the recipe browser-form): works"))
	out := t.TempDir()
	code, stdout, stderr = scimproof(t, "run", "--target", profile, "--out", out, "--subjects", "1", "--only", "check: containsAny {survival.deactivate.patch-path.web-session}")
	g.Expect(code).To(Equal(exitPass), stdout+stderr)
	g.Expect(stdout + stderr).To(ContainSubstring("none of the 1 way in that were tried lets them into Acme"))
	raw, err := os.ReadFile(filepath.Join(out, "report.json"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(raw)).To(ContainSubstring(`"BROWSE"`))
	g.Expect(secrets.Leaks(raw)).To(BeEmpty())
}

func TestRecipesCommand(t *testing.T) {
	g := NewWithT(t)
	code, stdout, _ := scimproof(t, "recipes")
	g.Expect(code).To(Equal(exitPass))
	for name, recipe := range target.Recipes() {
		g.Expect(stdout).To(ContainSubstring(name))
		code, shown, _ := scimproof(t, "recipes", name)
		g.Expect(code).To(Equal(exitPass))
		g.Expect(shown).To(ContainSubstring("uses: " + name))
		for key := range recipe.Parameters {
			g.Expect(shown).To(ContainSubstring("      " + key + ": "))
		}
	}
	code, _, stderr := scimproof(t, "recipes", "nothing")
	g.Expect(code).To(Equal(exitUsage))
	g.Expect(stderr).To(ContainSubstring(`no recipe is named "nothing"`))
}
