package acme_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func newRequest(t *testing.T, method, path string) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), method, "http://acme.test"+path, http.NoBody)
}
