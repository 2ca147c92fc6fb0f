package main

import (
	"net"
	"strings"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

// outline is what can be seen of a profile before anything of it is resolved or started. What
// is wrong with the rest of it is told by the run.
type outline struct {
	container bool
	id        string // empty where only a run knows it
	port      string // fixed port of the listener; empty for none, "?" for one that a variable gives
}

// outlineOf looks at a profile. instead says what else could be named. The error is
// strictyaml.Faults.
func outlineOf(file, instead string) (outline, error) {
	text, err := strictyaml.Load(file, instead)
	if err != nil {
		return outline{}, err
	}
	_, doc, err := strictyaml.Read(file, text)
	if err != nil {
		return outline{}, err
	}
	o := outline{id: at(doc, "id")}
	top, _ := doc.(map[string]any)
	_, o.container = top["container"]
	if o.id == "" {
		o.id = at(doc, "scim", "baseURL")
	}
	if o.container && at(doc, "id") == "" || strings.Contains(o.id, "${") {
		o.id = ""
	}
	switch _, port, err := net.SplitHostPort(at(doc, "listener", "address")); {
	case strings.Contains(at(doc, "listener", "address"), "${"):
		o.port = "?"
	case err == nil && port != "0":
		o.port = port
	}
	return o, nil
}

// meets reports whether the listeners of two runs could want the same port.
func (o outline) meets(other outline) bool {
	return o.port != "" && other.port != "" && (o.port == other.port || o.port == "?" || other.port == "?")
}

// at is the text below some keys; empty where there is none.
func at(doc any, keys ...string) string {
	for _, key := range keys {
		object, _ := doc.(map[string]any)
		doc = object[key]
	}
	text, _ := doc.(string)
	return text
}
