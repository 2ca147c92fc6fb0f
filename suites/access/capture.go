package access

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"

	"github.com/PuerkitoBio/goquery"
	"github.com/tidwall/gjson"

	"github.com/scimproof/scimproof/suites/access/chromium"
	"github.com/scimproof/scimproof/suites/target"
)

// capture takes one value out of a reply. The error says what was looked for; it
// never quotes the reply, which may hold secrets.
func capture(c target.Capture, r *reply, jar http.CookieJar) (string, error) {
	value, err := captureWhole(c, r, jar)
	if err != nil || c.Match == "" {
		return value, err
	}
	pattern, err := regexp.Compile(c.Match)
	if err != nil {
		return "", fmt.Errorf("match is no regular expression: %w", err)
	}
	found := pattern.FindStringSubmatch(value)
	if len(found) != 2 || found[1] == "" {
		return "", errors.New("the value does not match " + c.Match)
	}
	return found[1], nil
}

func captureWhole(c target.Capture, r *reply, jar http.CookieJar) (string, error) {
	switch {
	case c.JSON != "":
		return captureJSON(r.body, c.JSON)
	case c.Header != "":
		if v := r.header.Get(c.Header); v != "" {
			return v, nil
		}
		return "", fmt.Errorf("the reply has no header %s", c.Header)
	case c.Cookie != "":
		return captureCookie(r, jar, c.Cookie)
	case c.Form != "":
		return captureForm(r.body, c.Form)
	case c.Query != "":
		return captureQuery(r.header.Get("Location"), c.Query)
	case c.Storage != "":
		return captureStored(r.stored, c.Storage)
	case c.Selector != "":
		if v := r.elements[c.Selector]; v != "" {
			return v, nil
		}
		return "", fmt.Errorf("the page shows no element %s with a text or a value", c.Selector)
	case c.Body:
		return string(r.body), nil
	}
	return "", errors.New("the capture names no source")
}

func captureStored(stored chromium.Stored, key string) (string, error) {
	for _, values := range []map[string]string{stored.Local, stored.Session} {
		if v := values[key]; v != "" {
			return v, nil
		}
	}
	return "", fmt.Errorf("the page has stored nothing as %s", key)
}

func captureJSON(body []byte, path string) (string, error) {
	if !gjson.ValidBytes(body) {
		return "", errors.New("the body is not JSON")
	}
	found := gjson.GetBytes(body, path)
	switch {
	case !found.Exists():
		return "", fmt.Errorf("the JSON body has nothing at %s", path)
	case found.Type == gjson.Null || found.String() == "":
		return "", &emptyError{at: path}
	}
	return found.String(), nil
}

// emptyError says that a place is there and holds nothing.
type emptyError struct{ at string }

// Error names the place.
func (e *emptyError) Error() string { return "the JSON body holds an empty value at " + e.at }

func captureCookie(r *reply, jar http.CookieJar, name string) (string, error) {
	for _, cookie := range jar.Cookies(r.url) {
		if cookie.Name == name {
			return cookie.Value, nil
		}
	}
	return "", fmt.Errorf("no cookie %s was set", name)
}

func captureForm(body []byte, field string) (string, error) {
	page, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		return "", errors.New("the body is not HTML")
	}
	// Compared in code: a field name could be no valid selector.
	match := page.Find("input, meta").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return s.AttrOr("name", "") == field
	}).First()
	if value := match.AttrOr("value", match.AttrOr("content", "")); value != "" {
		return value, nil
	}
	return "", fmt.Errorf("the page has no form field %s with a value", field)
}

func captureQuery(location, parameter string) (string, error) {
	if location == "" {
		return "", errors.New("the reply has no Location")
	}
	u, err := url.Parse(location)
	if err != nil {
		return "", errors.New("the Location is no address")
	}
	if v := u.Query().Get(parameter); v != "" {
		return v, nil
	}
	return "", fmt.Errorf("the Location has no parameter %s", parameter)
}
