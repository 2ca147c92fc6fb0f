package access

import (
	"cmp"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/scimproof/scimproof/suites/access/chromium"
)

// keptJar is a jar that still knows the attributes of its cookies, which that of
// net/http/cookiejar does not: those of a request go into a browser, those of a browser go
// along with a request, and all of them can be kept beyond the process. It is safe for
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
	j.mu.Lock()
	defer j.mu.Unlock()
	j.CookieJar.SetCookies(u, cookies)
	now := time.Now()
	for _, c := range cookies {
		at := url.URL{Scheme: u.Scheme, Host: u.Host, Path: cookiePath(u, c)}
		if c.Secure {
			at.Scheme = "https"
		}
		kept := chromium.Cookie{URL: at.String(), Cookie: *c}
		kept.Path, kept.Domain = at.Path, strings.TrimPrefix(c.Domain, ".") //nolint:gosec // all else is as the application has set it
		if c.MaxAge > 0 {
			// An age has the last word over Expires (RFC 6265 section 5.3).
			kept.Expires, kept.MaxAge = now.Add(time.Duration(c.MaxAge)*time.Second), 0 //nolint:gosec // as above
		}
		if c.MaxAge < 0 || !kept.Expires.IsZero() && !kept.Expires.After(now) {
			delete(j.kept, idOf(kept))
			continue
		}
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

// Cookie is a cookie as it was set, to be kept beyond the process: with the moment of its
// end in the place of an age, and the path that it was meant for.
type Cookie struct {
	Origin  string    `json:"origin"` // who set it, such as https://app.example.com
	Name    string    `json:"name"`
	Value   string    `json:"value"`
	Quoted  bool      `json:"quoted,omitempty"`
	Path    string    `json:"path"`
	Domain  string    `json:"domain,omitempty"`
	Expires time.Time `json:"expires,omitzero"` // zero for a session's cookie
	Secure  bool      `json:"secure,omitempty"`
}

// list returns what the jar was given and was not taken away since, in a fixed order;
// nothing of no jar.
func (j *keptJar) list() []Cookie {
	if j == nil {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]Cookie, 0, len(j.kept))
	for _, c := range j.kept {
		u, err := url.Parse(c.URL)
		if err != nil {
			continue // which SetCookies did not write
		}
		out = append(out, Cookie{
			Origin: u.Scheme + "://" + u.Host, Name: c.Name, Value: c.Value, Quoted: c.Quoted, Path: c.Path, Domain: c.Domain,
			Expires: c.Expires, Secure: c.Secure,
		})
	}
	slices.SortFunc(out, func(a, b Cookie) int {
		return cmp.Or(cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// restoredJar returns a jar with cookies that were listed. What does not name its origin
// is left out.
func restoredJar(cookies []Cookie) *keptJar {
	j := newJar()
	for _, c := range cookies {
		u, err := url.Parse(c.Origin)
		if err != nil || u.Host == "" {
			continue
		}
		j.SetCookies(u, []*http.Cookie{{ //nolint:gosec // it is sent back to who set it, with what was set
			Name: c.Name, Value: c.Value, Quoted: c.Quoted, Path: c.Path, Domain: c.Domain, Expires: c.Expires, Secure: c.Secure,
		}})
	}
	return j
}
