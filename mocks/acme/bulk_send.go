package acme

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"
)

// send carries out an operation as a request of its own: from the hooks on requests to
// those on replies, everything holds for it that holds for others.
func (j *job) send(method, kind, id, version string, data any) *recorder {
	w := &recorder{header: http.Header{}, status: http.StatusOK}
	raw, err := json.Marshal(data)
	if err != nil {
		w.status = http.StatusInternalServerError // only for data that was not read as JSON
		return w
	}
	j.app.ServeHTTP(w, j.requestFor(method, kind, id, version, raw))
	return w
}

// requestFor makes a request of the same client to the same service.
func (j *job) requestFor(method, kind, id, version string, body []byte) *http.Request {
	// The router must not take it for a part of the bulk request.
	ctx := context.WithValue(context.WithValue(j.request.Context(), chi.RouteCtxKey, nil), bulkKey{}, true)
	r := j.request.Clone(ctx)
	path := j.app.prefix + "/scim" + newest + "/" + kind + "s"
	if id != "" {
		path += "/" + id
	}
	r.Method, r.URL, r.RequestURI = method, &url.URL{Path: path}, path
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	for _, name := range []string{"Accept", "If-Match", "If-None-Match", "Content-Length"} {
		r.Header.Del(name)
	}
	r.Header.Set("Content-Type", scimMediaType)
	if version != "" {
		r.Header.Set("If-Match", version)
	}
	return r
}

// bulkKey is where a request says that it is an operation of a Bulk.
type bulkKey struct{}

// inBulk reports whether a request is an operation of a Bulk.
func inBulk(r *http.Request) bool { return r.Context().Value(bulkKey{}) != nil }

// recorder keeps the answer to an operation.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (w *recorder) Header() http.Header { return w.header }

// Write implements http.ResponseWriter.
func (w *recorder) Write(p []byte) (int, error) { return w.body.Write(p) }

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) { w.status = status }

// doc returns the body as a JSON object, nil if it is none.
func (w *recorder) doc() (doc Resource) {
	if json.Unmarshal(w.body.Bytes(), &doc) != nil {
		return nil
	}
	return doc
}

// problem is the body of a failure: what was answered, or what its status says where
// that was nothing.
func (w *recorder) problem() map[string]any {
	if doc := w.doc(); doc != nil {
		return doc
	}
	return errorReply(&Error{Status: w.status, Detail: http.StatusText(w.status)}).Body
}
