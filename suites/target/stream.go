package target

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Stream is a connection that stays open, and over which an application says what it
// was not asked for: server-sent events (HTML Living Standard, section 9.2) or a
// WebSocket (RFC 6455).
type Stream struct {
	// URL has the scheme http or https for server-sent events, ws or wss for a WebSocket;
	// placeholders allowed after the origin.
	URL       string
	WebSocket bool
	Headers   map[string]string // of the opening request; placeholders allowed
	// Subprotocols and Send are for a WebSocket: what is offered (RFC 6455 section 1.9),
	// and the text messages that are sent once it is open; placeholders allowed in Send.
	Subprotocols []string
	Send         []string
}

// stream checks a connection that is to stay open. Its address may name no host by a
// placeholder, as that of a request may not.
func (b *builder) stream(at path, s *documentStream, known []string) *Stream {
	out := &Stream{URL: s.SSE, Headers: s.Headers, Subprotocols: s.Subprotocols, Send: s.Send}
	here := at.Child("sse")
	if s.WebSocket != "" {
		out.URL, out.WebSocket, here = s.WebSocket, true, at.Child("websocket")
	}
	if (s.SSE == "") == (s.WebSocket == "") {
		b.faults.add(at, "exactly one of sse and websocket must be given", "the value is the address")
		return out
	}
	b.streamAddress(here, out, known)
	b.headers(at.Child("headers"), s.Headers)
	for name, text := range s.Headers {
		b.template(at.Child("headers", name), text, known)
	}
	for i, text := range s.Send {
		b.template(at.Child("send", strconv.Itoa(i)), text, known)
	}
	for i, name := range s.Subprotocols {
		if !httpguts.ValidHeaderFieldName(name) { // both are tokens (RFC 6455 section 4.1)
			b.faults.add(at.Child("subprotocols", strconv.Itoa(i)), "not the name of a subprotocol", "")
		}
	}
	if !out.WebSocket && (s.Send != nil || s.Subprotocols != nil) {
		b.faults.add(at, "send and subprotocols belong to a websocket", "server-sent events go one way; leave them out")
	}
	return out
}

// streamAddress checks the address as that of a request that stands for it.
func (b *builder) streamAddress(at path, s *Stream, known []string) {
	address := s.URL
	if s.WebSocket {
		rest, found := strings.CutPrefix(s.URL, "ws")
		if !found || !strings.HasPrefix(rest, "://") && !strings.HasPrefix(rest, "s://") {
			b.faults.add(at, "not an absolute ws or wss address", "write one such as wss://app.example.com/socket")
			return
		}
		address = "http" + rest
	}
	b.fixedAddress(at, address)
	b.template(at, s.URL, known)
}

// notOfStream notes what a step that opens a stream cannot have.
func (b *builder) notOfStream(at path, s documentStep) {
	if s.Capture != nil {
		b.faults.add(at.Child("capture"), "a stream has nothing to capture", "what comes over it is looked at by try")
	}
}

// streams counts the arm steps that open a stream.
func streams(steps []documentStep) int {
	return len(steps) - len(slices.DeleteFunc(slices.Clone(steps), func(s documentStep) bool { return s.Stream != nil }))
}
