package chromium

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// maxStored bounds what is kept of one origin's storage, in bytes.
const maxStored = 1 << 20

// State is what a page leaves in a browser, and the next one finds.
type State struct {
	Cookies []Cookie
	// Storage holds what scripts stored, by origin.
	Storage map[string]Stored
}

// Cookie is a cookie with the address to which it belongs. Its Domain is empty for one
// host alone.
type Cookie struct {
	URL string
	http.Cookie
}

// Stored is the local storage and the session storage of an origin.
type Stored struct {
	Local   map[string]string `json:"local"`
	Session map[string]string `json:"session"`
}

// forBrowser puts cookies into the protocol's form.
func forBrowser(list []Cookie) []*network.CookieParam {
	same := map[http.SameSite]network.CookieSameSite{
		http.SameSiteLaxMode: network.CookieSameSiteLax, http.SameSiteStrictMode: network.CookieSameSiteStrict, http.SameSiteNoneMode: network.CookieSameSiteNone,
	}
	var out []*network.CookieParam
	for _, c := range list {
		p := &network.CookieParam{
			Name: c.Name, Value: c.Value, URL: c.URL, Domain: c.Domain, Path: c.Path,
			Secure: c.Secure, HTTPOnly: c.HttpOnly, SameSite: same[c.SameSite],
		}
		if !c.Expires.IsZero() {
			p.Expires = cdp.TimeSinceEpoch(c.Expires.Unix())
		}
		out = append(out, p)
	}
	return out
}

// Cookies lists the cookies that the page and all before it have set. The error is the
// browser's.
func (t *Tab) Cookies() (list []Cookie, err error) {
	err = t.within(openTime, func(ctx context.Context) error {
		found, err := chromedp.CallBrowser(ctx, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: t.context})
		for _, c := range found.Cookies {
			list = append(list, fromBrowser(c))
		}
		return err
	})
	return list, err
}

func fromBrowser(c *network.Cookie) Cookie {
	same := map[network.CookieSameSite]http.SameSite{
		network.CookieSameSiteLax: http.SameSiteLaxMode, network.CookieSameSiteStrict: http.SameSiteStrictMode, network.CookieSameSiteNone: http.SameSiteNoneMode,
	}
	scheme := "http"
	if c.Secure || c.SourceScheme == network.CookieSourceSchemeSecure {
		scheme = "https"
	}
	host, shared := strings.CutPrefix(c.Domain, ".")
	bracketed := host
	if strings.Contains(host, ":") && !strings.HasPrefix(host, "[") {
		bracketed = "[" + host + "]"
	}
	domain, expires := "", time.Time{}
	if shared {
		domain = host
	}
	if !c.Session && c.Expires > 0 {
		expires = time.Unix(int64(c.Expires), 0)
	}
	//nolint:gosec // its attributes are as the application has set them
	return Cookie{URL: scheme + "://" + bracketed + c.Path, Cookie: http.Cookie{
		Name: c.Name, Value: c.Value, Path: c.Path, Domain: domain, Expires: expires,
		Secure: c.Secure, HttpOnly: c.HTTPOnly, SameSite: same[c.SameSite],
	}}
}

// Stored returns what is stored for the page's origin; nothing where that is too much. The
// error is the browser's.
func (t *Tab) Stored() (origin string, stored Stored, err error) {
	var found struct {
		Origin string
		Stored
	}
	err = t.evaluate(openTime, `(() => { try {
		return {origin: location.origin, local: {...localStorage}, session: {...sessionStorage}}
	} catch { return {origin: ''} } })()`, &found)
	size := 0
	for _, values := range []map[string]string{found.Local, found.Session} {
		for key, value := range values {
			size += len(key) + len(value)
		}
	}
	if size > maxStored {
		found.Stored = Stored{}
	}
	return found.Origin, found.Stored, err
}

// restore lets documents of the origins find what was stored before. It returns what ends
// that: a page that clears its storage must find it empty.
func (t *Tab) restore(ctx context.Context, on *chromedp.Target, stored map[string]Stored) (done func(context.Context) error, err error) {
	if len(stored) == 0 {
		return func(context.Context) error { return nil }, nil
	}
	raw, err := json.Marshal(stored)
	if err != nil {
		return nil, err
	}
	added, err := cdp.Call(ctx, on, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `(() => { try {
		const mine = ` + string(raw) + `[location.origin]
		for (const [key, value] of Object.entries(mine?.local ?? {})) localStorage.setItem(key, value)
		for (const [key, value] of Object.entries(mine?.session ?? {})) sessionStorage.setItem(key, value)
	} catch {} })()`})
	return func(ctx context.Context) error {
		_, err := cdp.Call(ctx, on, page.RemoveScriptToEvaluateOnNewDocument, page.RemoveScriptToEvaluateOnNewDocumentParams(added))
		return err
	}, err
}
