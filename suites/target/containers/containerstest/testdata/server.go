// Command server is an application for tests; its behaviour is set by environment.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	fmt.Println(os.Getenv("SAY"))
	if after := os.Getenv("EXIT_AFTER"); after != "" {
		d, err := time.ParseDuration(after)
		if err != nil {
			log.Fatal(err)
		}
		time.AfterFunc(d, end)
	}
	http.HandleFunc("/end", func(http.ResponseWriter, *http.Request) { go end() })
	http.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		if os.Getenv("NEVER_READY") != "" || os.Getenv("NEEDS") != "" && !reached(os.Getenv("NEEDS")) {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	http.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) {
		info, err := os.Stat(os.Getenv("READ"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		content, err := os.ReadFile(os.Getenv("READ"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		w.Header().Set("Mode", info.Mode().Perm().String())
		_, _ = w.Write(content)
	})
	http.HandleFunc("/dial", func(w http.ResponseWriter, r *http.Request) {
		if !reached(r.FormValue("to")) {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	fmt.Println("listening on :8080")
	log.Fatal(http.ListenAndServe(":8080", nil))
}

func end() {
	fmt.Println("ending now")
	os.Exit(7)
}

func reached(address string) bool {
	c, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}
