package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// healthPath answers 200 as soon as requests are served.
const healthPath = "/health"

// withHealth puts the health path before the application: what goes wrong in there on
// purpose must not have the container taken for broken.
func withHealth(app http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Not a ServeMux, which would answer unusual paths itself with a redirect.
		if r.URL.Path != healthPath {
			app.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	})
}

// askHealth asks the application that listens at the address. There is no shell and no
// curl in its image.
func askHealth(ctx context.Context, listen string) error {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("asking for health: %w; the address to listen on has the form host:port", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // where who listens everywhere is found as well
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	address := "http://" + net.JoinHostPort(host, port) + healthPath
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("asking for health: %w", err)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("asking for health: %w", err)
	}
	if err := reply.Body.Close(); err != nil {
		return fmt.Errorf("asking for health: GET %s: %w", address, err)
	}
	if reply.StatusCode != http.StatusOK {
		return fmt.Errorf("asking for health: GET %s was answered %s", address, reply.Status)
	}
	return nil
}
