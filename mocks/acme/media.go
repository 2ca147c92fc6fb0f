package acme

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// The media types of SCIM bodies. The second is taken and given for the sake of
// clients that know no other (RFC 7644 §3.1, §3.8).
const (
	scimMediaType = "application/scim+json"
	jsonMediaType = "application/json"
)

// negotiate refuses a request whose answer the client could not take.
func (a *App) negotiate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if acceptable(r, scimMediaType) == 0 && acceptable(r, jsonMediaType) == 0 {
			a.send(w, r, errorReply(&Error{Status: http.StatusNotAcceptable, Detail: "answers are " + scimMediaType + " or " + jsonMediaType}))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// replyType chooses the media type of an answer: SCIM's own, unless the client would
// rather have JSON. One that names only JSON might refuse to read anything else.
func replyType(r *http.Request) string {
	if acceptable(r, jsonMediaType) > acceptable(r, scimMediaType) {
		return jsonMediaType
	}
	return scimMediaType
}

// acceptable returns how much the client wants a media type, from 0 to 1. Of several
// ranges the most specific counts (RFC 9110 §12.5.1).
func acceptable(r *http.Request, wanted string) float64 {
	list := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(list) == "" {
		return 1
	}
	best, weight := -1, 0.0
	for one := range strings.SplitSeq(list, ",") {
		name, parameters, err := mime.ParseMediaType(one)
		if err != nil {
			continue
		}
		if fit := specificity(name, wanted); fit > best {
			best, weight = fit, quality(parameters["q"])
		}
	}
	return weight
}

// specificity tells how closely a media range names a type: -1 for not at all.
func specificity(mediaRange, wanted string) int {
	family, _, _ := strings.Cut(wanted, "/")
	switch mediaRange {
	case wanted:
		return 2
	case family + "/*":
		return 1
	case "*/*":
		return 0
	}
	return -1
}

// quality reads a weight; without one, or with one that is none, it is 1.
func quality(text string) float64 {
	if q, err := strconv.ParseFloat(text, 64); err == nil && q >= 0 && q <= 1 {
		return q
	}
	return 1
}

// checkContentType refuses a body that is not said to be JSON. One that says nothing
// is read: what it is will be seen. SCIM is UTF-8 throughout (RFC 7644 §3.8).
func checkContentType(r *http.Request) error {
	sent := r.Header.Get("Content-Type")
	if sent == "" {
		return nil
	}
	name, parameters, err := mime.ParseMediaType(sent)
	charset := parameters["charset"]
	if err != nil || name != scimMediaType && name != jsonMediaType || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return &Error{Status: http.StatusUnsupportedMediaType, Detail: "bodies must be " + scimMediaType + " or " + jsonMediaType + ", in UTF-8"}
	}
	return nil
}
