package dialects

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/suites/scim"
)

// Sample is one request as an identity provider sends it, with placeholders such as {{id}}.
type Sample struct {
	ID string `json:"id"` // such as "OK-05"
	// Provenance is D for the provider's documentation, T for what was seen in a public thread,
	// and M for what is from memory: its shape alone should be trusted.
	Provenance string          `json:"provenance"`
	Method     string          `json:"method"`
	Path       string          `json:"path"` // below the SCIM base; its query is not encoded
	Body       json.RawMessage `json:"body"` // null for none
}

// FromMemory reports that nobody has read the body in a provider's documentation.
func (s Sample) FromMemory() bool { return s.Provenance == "M" }

//go:embed requests.json
var requestsSource []byte

// Samples lists all that are known.
var Samples = sync.OnceValue(func() []Sample {
	var list []Sample
	// The file is part of the program; a test reads it on every build.
	if err := json.Unmarshal(requestsSource, &list); err != nil {
		panic(fmt.Sprintf("requests.json: %v", err))
	}
	return list
})

var samples = sync.OnceValue(func() map[string]Sample {
	index := map[string]Sample{}
	for _, s := range Samples() {
		index[s.ID] = s
	}
	return index
})

// SampleOf returns the request with the id; the zero Sample for an unknown one.
func SampleOf(id string) Sample { return samples()[id] }

// Request fills the placeholders in. contentType is sent instead of SCIM's own unless empty.
func (s Sample) Request(values map[string]string, contentType string) scim.Request {
	r := scim.Request{Method: s.Method, Path: filledPath(s.Path, values), Header: http.Header{}}
	if body := string(s.Body); body != "" && body != "null" {
		r.Raw = []byte(filled(body, values, inJSON))
	}
	if contentType != "" && r.Raw != nil {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}

func filled(text string, values map[string]string, escape func(string) string) string {
	for name, value := range values {
		text = strings.ReplaceAll(text, "{{"+name+"}}", escape(value))
	}
	return text
}

// inJSON is a text as it stands inside a JSON string.
func inJSON(s string) string {
	raw, err := json.Marshal(s)
	if err != nil || len(raw) < 2 {
		return ""
	}
	return string(raw[1 : len(raw)-1])
}

// filledPath fills a path in and encodes its query, a space as %20: a plus is taken for one by
// some servers and not by others.
func filledPath(path string, values map[string]string) string {
	path, query, has := strings.Cut(path, "?")
	path = filled(path, values, url.PathEscape)
	if !has {
		return path
	}
	var parameters []string
	for _, p := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(p, "=")
		value = filled(value, values, func(s string) string { return s })
		parameters = append(parameters, name+"="+strings.ReplaceAll(url.QueryEscape(value), "+", "%20"))
	}
	return path + "?" + strings.Join(parameters, "&")
}
