package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/reports/redact"
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
  - uses: oauth-code
    with: {loginURL: HOST/api/login, authorizeURL: HOST/oauth/authorize, tokenURL: HOST/oauth/token, clientID: gateway, redirectURI: "http://127.0.0.1/callback?of=gateway"}
  - uses: oauth-client-credentials
    with: {loginURL: HOST/api/login, createURL: HOST/api/oauth-clients, tokenURL: HOST/oauth/token}
  - uses: oauth-device
    with: {loginURL: HOST/api/login, issuer: HOST, clientID: cli, verificationURL: HOST/device, profileURL: HOST/api/me}
  - uses: oauth-introspection
    with: {issuer: HOST, clientID: cli, inspectorID: gateway}
  - uses: local-password-form
    with: {loginURL: HOST/login}
  - uses: remember-me-form
    with: {loginURL: HOST/login, profileURL: HOST/home, cookie: acme_remember}
  - uses: magic-link
    with: {askURL: HOST/login/magic, linkURL: "HOST/login/magic?token=", subject: "^Sign in", match: "login/magic[?]token=([0-9a-f]+)", mailServer: MAIL, mailUser: box}
  - uses: reset-link
    with: {askURL: HOST/password/forgot, linkURL: "HOST/password/reset?token=", subject: "new password", match: "password/reset[?]token=([0-9a-f]+)", mailServer: MAIL, mailUser: box}
`

// byBrowserOfAcme uses the recipe that needs a browser.
const byBrowserOfAcme = `access:
  - uses: browser-form
    with: {loginURL: HOST/app/login, profileURL: HOST/home, signedInSelector: "#dashboard"}
`

const restOfAcme = `secrets:
  client: {valueFile: client.secret}
  inspector: {valueFile: client.secret}
  mailbox: {valueFile: mailbox.secret}
notApplicable:
  - kinds: [share-link, invitation, impersonation, acting-as, sso-login, ssh-key, event-stream, webhook, scheduled-job]
    assertedBy: Ada Okafor
    reason: no recipe obtains one
  - acts: [re-enable, direct-grant, self-registration, invitation, sso-login, sign-out]
    assertedBy: Ada Okafor
    reason: no recipe does any
`

const gatewaySecret = "gateway-secret-for-tests-1"

// withRecipes serves an application with every way in that a recipe obtains, and returns
// a profile of it whose access paths are recipes.
func withRecipes(t *testing.T, list string, judge ...func(*acme.Credential)) (profile, url string, secrets *redact.Vault) {
	t.Helper()
	g := NewWithT(t)
	app := acme.New(acme.Config{
		SCIMToken: "scim-token-for-tests-1", OutboxToken: outboxToken, Hooks: acme.Hooks{JudgeCredential: judge},
		OAuthClients: []acme.OAuthClient{{ID: "gateway", Secret: gatewaySecret, RedirectURIs: []string{"http://127.0.0.1/callback?of=gateway"}}},
	})
	t.Cleanup(app.Close)
	secrets = redact.New()
	mail, deliver := mailServer(t)
	url = watched(t, mailing(app, secrets, deliver), secrets)
	profile = profileFor(t, url)
	for name, secret := range map[string]string{"client.secret": gatewaySecret, "mailbox.secret": mailboxPassword} {
		secrets.Learn(name, secret)
		g.Expect(os.WriteFile(filepath.Join(filepath.Dir(profile), name), []byte(secret), 0o600)).To(Succeed())
	}
	text, err := os.ReadFile(profile)
	g.Expect(err).NotTo(HaveOccurred())
	head, _, found := strings.Cut(string(text), "\naccess:\n")
	g.Expect(found).To(BeTrue())
	text = []byte(head + "\n" + strings.NewReplacer("HOST", url, "MAIL", mail).Replace(list+restOfAcme))
	g.Expect(os.WriteFile(profile, text, 0o600)).To(Succeed())
	return profile, url, secrets
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
	profile, url, secrets := withRecipes(t, recipesOfAcme)
	code, stdout, stderr := scimproof(t, "try-access", "--target", profile)
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
	profile, _, secrets := withRecipes(t, recipesOfAcme)
	out := t.TempDir()
	code, stdout, stderr := scimproof(t, "run", "--target", profile, "--out", out, "--only", "shape: containsAny {patch-path} && /^credential:/")
	g.Expect(code).To(Equal(exitPass), stdout+stderr)
	g.Expect(stdout + stderr).To(ContainSubstring(fmt.Sprintf("none of the %d ways in that were tried", len(target.Recipes())-1))) // that of the browser has a test of its own
	written, err := os.ReadFile(filepath.Join(out, "report.json"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(secrets.Leaks(written)).To(BeEmpty())
}

// Where everything outlives its owner's stay, each recipe shows it.
func TestEachRecipeNoticesWhatSurvives(t *testing.T) {
	g := NewWithT(t)
	profile, _, _ := withRecipes(t, recipesOfAcme, func(c *acme.Credential) { c.Allowed, c.As = true, c.Owner })
	out := t.TempDir()
	code, stdout, stderr := scimproof(t, "run", "--target", profile, "--out", out, "--only", "shape: containsAny {patch-path} && /^credential:/")
	g.Expect(code).To(Equal(exitFail), stdout+stderr)
	var surviving []string
	for _, gap := range report(t, out).Gaps {
		surviving = append(surviving, gap.Title)
	}
	for name := range target.Recipes() {
		if name == "browser-form" {
			continue
		}
		g.Expect(strings.ToLower(strings.Join(surviving, "\n"))).To(ContainSubstring(name+" still works after deactivation"), name)
	}
}

// The recipe for a browser is run for one form of a deactivation alone, as it takes its time.
func TestTheRecipeForABrowser(t *testing.T) {
	needBrowser(t)
	g := NewWithT(t)
	profile, _, secrets := withRecipes(t, byBrowserOfAcme)
	code, stdout, stderr := scimproof(t, "try-access", "--target", profile)
	g.Expect(code).To(Equal(exitPass), stdout+stderr)
	g.Expect(stdout).To(ContainSubstring("browser-form (web-session, by the recipe browser-form): works"))
	out := t.TempDir()
	code, stdout, stderr = scimproof(t, "run", "--target", profile, "--out", out, "--subjects", "1", "--only", "check: containsAny {survival.deactivate.patch-path.web-session}")
	g.Expect(code).To(Equal(exitPass), stdout+stderr)
	g.Expect(stdout + stderr).To(ContainSubstring("none of the 1 way in that were tried goes on letting them into Acme"))
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
		use, _, _ := strings.Cut(shown, "It stands for:")
		_, use, _ = strings.Cut(use, "\n")
		var copied struct {
			Access []struct{ With map[string]any }
		}
		g.Expect(yaml.Unmarshal([]byte(use), &copied)).To(Succeed(), use)
		for key, p := range recipe.Parameters {
			g.Expect(copied.Access[0].With).To(HaveKey(key))
			if p.Default != nil {
				g.Expect(copied.Access[0].With[key]).To(Equal(*p.Default), "what is copied is text")
			}
		}
	}
	code, _, stderr := scimproof(t, "recipes", "nothing")
	g.Expect(code).To(Equal(exitUsage))
	g.Expect(stderr).To(ContainSubstring(`no recipe is named "nothing"`))
}
