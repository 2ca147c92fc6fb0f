package exchange

import (
	"net/http"
	"strings"
	"time"
)

// Opening is the road for a request whose reply does not end: a stream of server-sent
// events or a WebSocket. Its body, and the other direction of a WebSocket, are the
// caller's to bound and to close, and so is the time until the header is there. An
// ordinary reply, such as a refusal, is read whole as always. The connection counts
// among those in flight until the header is there, and is recorded without its body.
func (t *Transport) Opening() http.RoundTripper { return opening{t} }

type opening struct{ *Transport }

// RoundTrip implements http.RoundTripper.
func (o opening) RoundTrip(req *http.Request) (*http.Response, error) {
	release, err := o.admit(req.Context())
	if err != nil {
		closeBody(req)
		return nil, err
	}
	defer release()
	req, sentBody, err := o.prepare(req)
	if err != nil {
		return nil, err
	}
	trail, _ := req.Context().Value(trailKey{}).(*Trail)
	sent := time.Now()
	resp, err := o.Base.RoundTrip(req)
	answered := time.Now()
	var body []byte
	if err == nil && !goesOn(resp) {
		body, err = o.readAll(resp)
		resp.Body = whole(body)
	}
	id := o.Recorder.add(o.describe(req, sentBody, resp, body, err, sent, trail))
	if trail != nil {
		trail.IDs, trail.Sent, trail.Answered = append(trail.IDs, id), sent, answered
	}
	if err != nil {
		return nil, err
	}
	return resp, nil
}

// goesOn tells the replies that open a stream.
func goesOn(resp *http.Response) bool {
	return resp.StatusCode == http.StatusSwitchingProtocols ||
		resp.StatusCode == http.StatusOK && strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream")
}
