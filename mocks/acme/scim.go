package acme

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// scimMediaType is the media type of SCIM bodies (RFC 7644 §3.1).
const scimMediaType = "application/scim+json"

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
	r.Use(a.authenticate)
	unknown := a.scim(func(r *http.Request) (*Reply, error) {
		return nil, &Error{Status: http.StatusNotFound, Detail: "no such endpoint: " + r.URL.Path}
	})
	r.NotFound(unknown)
	r.MethodNotAllowed(a.scim(func(r *http.Request) (*Reply, error) {
		return nil, &Error{Status: http.StatusMethodNotAllowed, Detail: r.Method + " is not supported here"}
	}))
	a.resourceRoutes(r, TypeUser)
	a.resourceRoutes(r, TypeGroup)
	a.discoveryRoutes(r)
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
		reply, err := h(r)
		if err != nil {
			reply = errorReply(err)
		}
		a.send(w, r, reply)
	}
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
	if reply.Body == nil {
		w.WriteHeader(reply.Status)
		return
	}
	w.Header().Set("Content-Type", scimMediaType)
	w.WriteHeader(reply.Status)
	// A client that went away gets no answer.
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

// readObject reads a JSON object from the body.
func readObject(r *http.Request) (map[string]any, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil || doc == nil {
		return nil, model.BadRequest("invalidSyntax", "the body is not a JSON object")
	}
	return doc, nil
}
