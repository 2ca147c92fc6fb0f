package acme

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// URNs of RFC 7644.
const (
	urnError        = "urn:ietf:params:scim:api:messages:2.0:Error"
	urnListResponse = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
)

func notFound(kind, id string) *Error {
	return &Error{Status: http.StatusNotFound, Detail: fmt.Sprintf("%s %s not found", kind, id)}
}

// handler is an endpoint: it returns a reply or an error.
type handler func(*http.Request) (*Reply, error)

func (a *App) scimRoutes(r chi.Router) {
	r.Use(enterVersion, a.authenticate, a.negotiate)
	r.NotFound(a.scim(func(r *http.Request) (*Reply, error) {
		return nil, &Error{Status: http.StatusNotFound, Detail: "no such endpoint: " + r.URL.Path}
	}))
	r.MethodNotAllowed(a.methodNotAllowed(r))
	r.Get("/", a.scim(a.query("")))
	r.Post("/.search", a.scim(a.searchByPost("")))
	a.resourceRoutes(r, TypeUser)
	a.resourceRoutes(r, TypeGroup)
	a.discoveryRoutes(r)
	r.Post("/Bulk", a.scim(a.bulk))
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		r.Method(method, "/Me", a.scim(a.me))
	}
}

// newest is the version of the protocol that is served, as it stands in addresses.
const newest = "/v2"

// inVersion takes the version off a path. A path without one means the newest version
// (RFC 7644 §3.13); others are left on, where no endpoint is.
func inVersion(path string) string {
	if rest, ok := strings.CutPrefix(path, newest); ok && (rest == "" || rest[0] == '/') {
		return rest
	}
	return path
}

// enterVersion finds the path that is routed: without the version, and decoded, as
// "/Schemas/urn%3Aietf…" is "/Schemas/urn:ietf…" (RFC 3986 §6.2.2.2).
func enterVersion(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := chi.RouteContext(r.Context())
		path := c.RoutePath
		if decoded, err := url.PathUnescape(path); err == nil && r.URL.RawPath != "" {
			path = decoded
		}
		if c.RoutePath = inVersion(path); c.RoutePath == "" {
			c.RoutePath = "/"
		}
		if r.Method == http.MethodHead {
			c.RouteMethod = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// methodNotAllowed answers 405 with the methods that the path has (RFC 9110 §15.5.6).
func (a *App) methodNotAllowed(routes chi.Routes) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		reply := errorReply(&Error{Status: http.StatusMethodNotAllowed, Detail: r.Method + " is not supported here"})
		var allowed []string
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			if routes.Match(chi.NewRouteContext(), method, chi.RouteContext(r.Context()).RoutePath) {
				allowed = append(allowed, method)
			}
		}
		if slices.Contains(allowed, http.MethodGet) {
			allowed = append(allowed, http.MethodHead)
		}
		reply.Header = http.Header{"Allow": {strings.Join(allowed, ", ")}}
		a.send(w, r, reply)
	}
}

// bearer returns the token of a request, or "" (RFC 6750 §2.1).
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return token
}

// scim turns an endpoint into an http.HandlerFunc.
func (a *App) scim(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var reply *Reply
		err := oneShape(r)
		if err == nil {
			reply, err = h(r)
		}
		if err != nil {
			reply = errorReply(err)
		}
		a.send(w, r, reply)
	}
}

// oneShape refuses to guess which of two parameters counts that exclude each other
// (RFC 7644 §3.9).
func oneShape(r *http.Request) error {
	if s := shapeOf(r); s.attributes != "" && s.excluded != "" {
		return model.BadRequest("invalidValue", "attributes and excludedAttributes exclude each other")
	}
	return nil
}

// send writes a reply, after the hooks had their say.
func (a *App) send(w http.ResponseWriter, r *http.Request, reply *Reply) {
	reply.Request = r
	if reply.Header == nil {
		reply.Header = http.Header{}
	}
	for _, hook := range a.config.Hooks.WriteReply {
		hook(reply)
	}
	for name, values := range reply.Header {
		w.Header()[name] = values
	}
	if reply.Body == nil && reply.Raw == nil {
		w.WriteHeader(reply.Status)
		return
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", replyType(r))
	}
	w.WriteHeader(reply.Status)
	// A client that went away gets no answer.
	if reply.Raw != nil {
		_, _ = w.Write(reply.Raw)
		return
	}
	_ = json.NewEncoder(w).Encode(reply.Body)
}

func errorReply(err error) *Reply {
	e := asError(err)
	body := map[string]any{"schemas": []any{urnError}, "status": fmt.Sprint(e.Status), "detail": e.Detail}
	if e.ScimType != "" {
		body["scimType"] = e.ScimType
	}
	return &Reply{Status: e.Status, Body: body}
}

// asError makes a SCIM error of any.
func asError(err error) *Error {
	var e *Error
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &e):
		return e
	case errors.As(err, &tooLarge):
		return &Error{Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("bodies may have %d bytes", maxBody)}
	}
	return &Error{Status: http.StatusInternalServerError, Detail: "internal error"}
}
