package access

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/scimproof/scimproof/suites/target"
)

// request fills a step's placeholders in and makes the HTTP request.
func request(ctx context.Context, step target.Step, values map[string]string) (*http.Request, error) {
	address, err := expandURL(step.URL, values)
	if err != nil {
		return nil, err
	}
	body, contentType, err := requestBody(step, values)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, step.Method, address, body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", step.Method, step.URL, err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for name, value := range step.Headers {
		text, err := target.Expand(value, values)
		if err != nil {
			return nil, err
		}
		req.Header.Set(name, text)
	}
	if step.BasicAuth != nil {
		user, err := target.Expand(step.BasicAuth.Username, values)
		if err != nil {
			return nil, err
		}
		password, err := target.Expand(step.BasicAuth.Password, values)
		if err != nil {
			return nil, err
		}
		req.SetBasicAuth(user, password)
	}
	return req, nil
}

// expandURL escapes each value for the part of the address that it lands in, so
// that no value can add a path segment or a parameter.
func expandURL(template string, values map[string]string) (string, error) {
	path, query, hasQuery := strings.Cut(template, "?")
	out, err := target.Expand(path, escaped(values, url.PathEscape))
	if err != nil || !hasQuery {
		return out, err
	}
	parameters, err := target.Expand(query, escaped(values, url.QueryEscape))
	return out + "?" + parameters, err
}

func escaped(values map[string]string, escape func(string) string) map[string]string {
	out := make(map[string]string, len(values))
	for name, v := range values {
		out[name] = escape(v)
	}
	return out
}

func requestBody(step target.Step, values map[string]string) (io.Reader, string, error) {
	switch {
	case step.Form != nil:
		form := url.Values{}
		for name, template := range step.Form {
			value, err := target.Expand(template, values)
			if err != nil {
				return nil, "", err
			}
			form.Set(name, value)
		}
		return strings.NewReader(form.Encode()), "application/x-www-form-urlencoded", nil
	case step.JSON != nil:
		doc, err := expandJSON(step.JSON, values)
		if err != nil {
			return nil, "", err
		}
		raw, err := json.Marshal(doc)
		return bytes.NewReader(raw), "application/json", err
	case step.Body != "":
		text, err := target.Expand(step.Body, values)
		return strings.NewReader(text), "", err
	}
	return nil, "", nil
}

// expandJSON fills placeholders into each string of a JSON value.
func expandJSON(doc any, values map[string]string) (any, error) {
	switch doc := doc.(type) {
	case string:
		return target.Expand(doc, values)
	case map[string]any:
		out := make(map[string]any, len(doc))
		for key, inner := range doc {
			value, err := expandJSON(inner, values)
			if err != nil {
				return nil, err
			}
			out[key] = value
		}
		return out, nil
	case []any:
		out := make([]any, len(doc))
		for i, inner := range doc {
			value, err := expandJSON(inner, values)
			if err != nil {
				return nil, err
			}
			out[i] = value
		}
		return out, nil
	}
	return doc, nil
}
