package access

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"

	"github.com/scimproof/scimproof/suites/access/chromium"
)

// keptJar is a jar that still knows the attributes of its cookies: those of a request go
// into a browser, and those of a browser go along with a request. It is safe for
// concurrent use.
type keptJar struct {
	http.CookieJar
	mu   sync.Mutex
	kept map[cookieID]chromium.Cookie
}

// cookieID is what two cookies differ in (RFC 6265 section 5.3, step 11).
type cookieID struct{ host, domain, path, name string }

// newJar returns a jar without cookies.
func newJar() *keptJar {
	// New only fails on a nil public-suffix list's behalf, which it never does.
	jar, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	return &keptJar{CookieJar: jar, kept: map[cookieID]chromium.Cookie{}}
}

// SetCookies implements http.CookieJar.
func (j *keptJar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	j.CookieJar.SetCookies(u, cookies)
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range cookies {
		at := url.URL{Scheme: u.Scheme, Host: u.Host, Path: cookiePath(u, c)}
		if c.Secure {
			at.Scheme = "https"
		}
		kept := chromium.Cookie{URL: at.String(), Cookie: *c}
		kept.Path, kept.Domain = at.Path, strings.TrimPrefix(c.Domain, ".") //nolint:gosec // all else is as the application has set it
		j.kept[idOf(kept)] = kept
	}
}

// cookiePath is the path of a cookie (RFC 6265 sections 5.1.4 and 5.2.4).
func cookiePath(u *url.URL, c *http.Cookie) string {
	switch {
	case strings.HasPrefix(c.Path, "/"):
		return c.Path
	case !strings.HasPrefix(u.Path, "/"):
		return "/"
	}
	return path.Dir(u.Path[:strings.LastIndex(u.Path, "/")+1])
}

func idOf(c chromium.Cookie) cookieID {
	id := cookieID{domain: c.Domain, path: c.Path, name: c.Name}
	if u, err := url.Parse(c.URL); err == nil && id.domain == "" {
		id.host = u.Hostname()
	}
	return id
}

// all lists the cookies that are still good, or those of some names.
func (j *keptJar) all(names []string) []chromium.Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []chromium.Cookie
	for _, c := range j.kept {
		u, err := url.Parse(c.URL)
		good := err == nil && slices.ContainsFunc(j.Cookies(u), func(h *http.Cookie) bool { return h.Name == c.Name && h.Value == c.Value })
		if good && (names == nil || slices.Contains(names, c.Name)) {
			out = append(out, c)
		}
	}
	return out
}

// take keeps what a browser holds that was given some cookies: what it no longer holds of
// them is gone.
func (j *keptJar) take(given, held []chromium.Cookie) {
	left := map[cookieID]bool{}
	for _, c := range held {
		left[idOf(c)] = true
		j.set(c)
	}
	for _, c := range given {
		if !left[idOf(c)] {
			c.MaxAge = -1 //nolint:gosec // it is taken away
			j.set(c)
		}
	}
}

func (j *keptJar) set(c chromium.Cookie) {
	if u, err := url.Parse(c.URL); err == nil {
		j.SetCookies(u, []*http.Cookie{&c.Cookie})
	}
}
