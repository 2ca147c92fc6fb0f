package defects

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// The functions below look at a request before the application does, alter it, or refuse it.

func onRequest(hook func(http.ResponseWriter, *http.Request) bool) func(*acme.Config) {
	return func(c *acme.Config) { c.Hooks.OnRequest = append(c.Hooks.OnRequest, hook) }
}

func isSCIM(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/scim/") }

// textOf reads the body of a request, which can be read again after it; nil if it cannot be read.
func textOf(r *http.Request) []byte {
	raw, err := io.ReadAll(r.Body)
	setText(r, raw)
	if err != nil {
		return nil
	}
	return raw
}

// setText gives a request another body.
func setText(r *http.Request, raw []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
}

// peek reads the body of a request as textOf does; nil if it is no object.
func peek(r *http.Request) (body map[string]any) {
	if json.Unmarshal(textOf(r), &body) != nil {
		return nil
	}
	return body
}

// longest is the most that the application reads of a body, in bytes.
const longest = 1 << 20

// onBody alters the object in the body of some requests. What is none stays as it is, and so
// does what is too long, which would be shorter if it was written anew.
func onBody(such func(*http.Request) bool, hook func(map[string]any)) func(*acme.Config) {
	return onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
		if !such(r) {
			return false
		}
		if body := peek(r); body != nil && r.ContentLength <= longest {
			hook(body)
			raw, _ := json.Marshal(body) // which was read as JSON
			setText(r, raw)
		}
		return false
	})
}

// replaceInBody puts a text in the place of another in a request's body, and reports whether
// it was there.
func replaceInBody(r *http.Request, old, with string) bool {
	raw := textOf(r)
	if !bytes.Contains(raw, []byte(old)) {
		return false
	}
	setText(r, bytes.ReplaceAll(raw, []byte(old), []byte(with)))
	return true
}

// refuseHeader refuses SCIM requests with a header of the value, whatever parameters follow.
func refuseHeader(name, value string, status int) func(*acme.Config) {
	return refuseThat(status, func(r *http.Request) bool {
		kind, _, _ := strings.Cut(r.Header.Get(name), ";")
		return kind == value
	})
}

// refusePath refuses requests of one SCIM endpoint.
func refusePath(path string, status int) func(*acme.Config) {
	return refuseThat(status, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, path) })
}

// refuseThat answers some SCIM requests with an error.
func refuseThat(status int, is func(*http.Request) bool) func(*acme.Config) {
	return onRequest(func(w http.ResponseWriter, r *http.Request) bool {
		if !isSCIM(r) || !is(r) {
			return false
		}
		w.Header().Set("Content-Type", "application/scim+json")
		if status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodGet)
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"%d","detail":"not supported"}`, status)
		return true
	})
}
