package access

import (
	"cmp"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"
)

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

// jar is a cookie jar whose content can be listed, which that of net/http/cookiejar
// cannot. It is safe for concurrent use.
type jar struct {
	cookies *cookiejar.Jar
	mu      sync.Mutex
	set     map[string]Cookie // by who set it, domain, path and name
}

// newJar returns a jar without cookies.
func newJar() *jar {
	// New only fails on a nil public-suffix list's behalf, which it never does.
	cookies, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	return &jar{cookies: cookies, set: map[string]Cookie{}}
}

// Cookies implements http.CookieJar.
func (j *jar) Cookies(u *url.URL) []*http.Cookie { return j.cookies.Cookies(u) }

// SetCookies implements http.CookieJar.
func (j *jar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.cookies.SetCookies(u, cookies)
	now := time.Now()
	for _, c := range cookies {
		kept := Cookie{
			Origin: u.Scheme + "://" + u.Host, Name: c.Name, Value: c.Value, Quoted: c.Quoted, Path: c.Path, Domain: c.Domain,
			Expires: c.Expires, Secure: c.Secure,
		}
		if !strings.HasPrefix(kept.Path, "/") {
			kept.Path = defaultPath(u.Path)
		}
		if c.MaxAge > 0 { // which has the last word over Expires (RFC 6265 §5.3)
			kept.Expires = now.Add(time.Duration(c.MaxAge) * time.Second)
		}
		key := strings.Join([]string{u.Hostname(), kept.Domain, kept.Path, kept.Name}, "\x00")
		if c.MaxAge < 0 || !kept.Expires.IsZero() && !kept.Expires.After(now) {
			delete(j.set, key)
			continue
		}
		j.set[key] = kept
	}
}

// defaultPath is the path of a cookie that names none (RFC 6265 §5.1.4).
func defaultPath(of string) string {
	if last := strings.LastIndex(of, "/"); strings.HasPrefix(of, "/") && last > 0 {
		return of[:last]
	}
	return "/"
}

// list returns what the jar was given and was not taken away since, in a fixed order.
func (j *jar) list() []Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]Cookie, 0, len(j.set))
	for _, c := range j.set {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Cookie) int {
		return cmp.Or(cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// restoredJar returns a jar with cookies that were listed. What does not name its origin
// is left out.
func restoredJar(cookies []Cookie) *jar {
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
