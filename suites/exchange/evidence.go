package exchange

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/scimproof/scimproof/reports/redact"
)

// shownHeaders are the headers whose values are kept as evidence. Of all others
// only the name is: a header that nobody thought of may hold a credential.
var shownHeaders = map[string]bool{
	"Accept": true, "Allow": true, "Cache-Control": true, "Content-Length": true, "Content-Location": true,
	"Content-Type": true, "Date": true, "Etag": true, "If-Match": true, "If-None-Match": true, "Location": true,
	"Ratelimit-Limit": true, "Ratelimit-Remaining": true, "Ratelimit-Reset": true, "Retry-After": true,
	"Server": true, "User-Agent": true, "Vary": true, "Www-Authenticate": true, "X-Request-Id": true,
}

const withheld = "‹withheld›"

// visibleHeaders reduces headers to what may be shown and learns the rest.
func visibleHeaders(vault *redact.Vault, h http.Header) map[string]string {
	out := make(map[string]string, len(h))
	for name, values := range h {
		switch {
		case name == "Set-Cookie":
			out[name] = cookieNames(vault, values)
		case name == "Authorization":
			out[name] = authorization(vault, h.Get(name))
		case shownHeaders[name]:
			out[name] = strings.Join(values, ", ")
		default:
			for _, v := range values {
				vault.LearnNamed(name, v)
			}
			out[name] = withheld
		}
	}
	return out
}

// cookieNames keeps the names of cookies, which tell a reader what was set, and
// learns their values.
func cookieNames(vault *redact.Vault, lines []string) string {
	var out []string
	for _, line := range lines {
		cookie, err := http.ParseSetCookie(line)
		if err != nil {
			out = append(out, withheld)
			continue
		}
		vault.Learn("cookie "+cookie.Name, cookie.Value)
		if plain, err := url.QueryUnescape(cookie.Value); err == nil {
			vault.Learn("cookie "+cookie.Name, plain)
		}
		out = append(out, cookie.Name+"="+withheld)
	}
	return strings.Join(out, ", ")
}

// authorization keeps the scheme and learns the credential.
func authorization(vault *redact.Vault, value string) string {
	scheme, credential, found := strings.Cut(value, " ")
	if !found {
		return withheld
	}
	vault.Learn("authorization", credential)
	return scheme + " " + withheld
}

func learnRequestBody(vault *redact.Vault, contentType string, body []byte) {
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(body)); err == nil {
			learnValues(vault, form)
		}
		return
	}
	vault.LearnBody(body)
}

func learnQuery(vault *redact.Vault, u *url.URL) { learnValues(vault, u.Query()) }

func learnLocation(vault *redact.Vault, location string) {
	if u, err := url.Parse(location); err == nil {
		learnQuery(vault, u)
	}
}

func learnValues(vault *redact.Vault, values url.Values) {
	for name, list := range values {
		for _, v := range list {
			vault.LearnNamed(name, v)
		}
	}
}

// withoutSecretQuery blanks query parameters whose names tell of a secret, also
// where the value was too short to be learnt.
func withoutSecretQuery(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.RawQuery == "" {
		return raw
	}
	q := u.Query()
	changed := false
	for name := range q {
		if redact.SecretKey(name) {
			q.Set(name, withheld)
			changed = true
		}
	}
	if !changed {
		return raw
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// hideStrangers takes real people out of a list reply: resources without the
// run's prefix are replaced by their number.
func hideStrangers(body, prefix string) string {
	if prefix == "" || !strings.Contains(body, `"Resources"`) {
		return body
	}
	var doc map[string]any
	if json.Unmarshal([]byte(body), &doc) != nil {
		return body
	}
	resources, ok := doc["Resources"].([]any)
	if !ok {
		return body
	}
	kept, hidden := []any{}, 0
	for _, res := range resources {
		text, err := json.Marshal(res)
		if err == nil && strings.Contains(string(text), prefix) {
			kept = append(kept, res)
		} else {
			hidden++
		}
	}
	if hidden == 0 {
		return body
	}
	doc["Resources"] = append(kept, fmt.Sprintf("‹%d resources of others, not kept›", hidden))
	out, err := json.Marshal(doc)
	if err != nil {
		return withheld
	}
	return string(out)
}
