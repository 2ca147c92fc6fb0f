package access

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// stream is an open connection. Its goroutine reads until the connection, the context
// that it was opened under, or close ends it.
type stream struct {
	end  context.CancelCauseFunc
	done chan struct{}
}

// close ends the connection and returns when nothing reads it any more.
func (s *stream) close() {
	s.end(errClosedByUs)
	<-s.done
}

// messages reads from an open connection: the next message, and whether it was cut.
// The error is why there is none any more.
type messages interface {
	next(ctx context.Context) (message []byte, cut bool, err error)
	close()
}

// armStream opens the connection of an arm step. It lives as long as the context.
func (d *Driver) armStream(ctx context.Context, c *Credential, step target.Step) *ArmError {
	life, end := context.WithCancelCause(ctx)
	in, problem := d.open(life, end, c, step)
	if problem != nil {
		end(errClosedByUs)
		return problem
	}
	c.inbox = newInbox(step.Stream.URL)
	c.stream = &stream{end: end, done: make(chan struct{})}
	go c.stream.read(life, in, c.inbox)
	return nil
}

// read hands all that comes to the inbox until the end.
func (s *stream) read(life context.Context, in messages, to *inbox) {
	defer close(s.done)
	defer in.close()
	for {
		message, cut, err := in.next(life)
		switch {
		case life.Err() != nil:
			to.end(errClosedByUs)
			return
		case err != nil:
			to.end(err)
			return
		}
		to.put(message, cut)
	}
}

// open sends the opening request within the time of any other.
func (d *Driver) open(life context.Context, end context.CancelCauseFunc, c *Credential, step target.Step) (messages, *ArmError) {
	if limit := d.Transport.Timeout; limit > 0 {
		timer := time.AfterFunc(limit, func() { end(context.DeadlineExceeded) })
		defer timer.Stop()
	}
	s := step.Stream
	plain := target.Step{Method: http.MethodGet, URL: s.URL, Headers: s.Headers, Assertions: step.Assertions}
	if s.WebSocket {
		plain.URL = "http" + strings.TrimPrefix(s.URL, "ws")
	}
	values, err := d.withAssertions(c, plain)
	if err != nil {
		return nil, &ArmError{Problem: step.String() + ": " + err.Error()}
	}
	req, err := request(life, plain, values)
	if err != nil {
		return nil, &ArmError{Problem: err.Error()}
	}
	var jar http.CookieJar = c.jar
	if step.Cookies != nil {
		jar = only{jar, step.Cookies}
	}
	client := &http.Client{
		Transport: d.Transport.Opening(), Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if s.WebSocket {
		return d.openSocket(life, client, req, step, values)
	}
	return openEvents(life, client, req, step)
}

// notOpened says why a stream could not be opened. status is 0 where no answer came.
func notOpened(life context.Context, step target.Step, status int, wanted string, err error) *ArmError {
	if status == 0 {
		if life.Err() != nil {
			err = context.Cause(life)
		}
		return &ArmError{Passing: true, Problem: step.String() + ": " + exchange.Explain(err)}
	}
	return &ArmError{Passing: passing(status), Problem: fmt.Sprintf("%s answered %d; expected %s", step, status, wanted)}
}

// events is an open stream of server-sent events.
type events struct {
	body io.Closer
	in   *eventReader
}

func openEvents(life context.Context, client *http.Client, req *http.Request, step target.Step) (messages, *ArmError) {
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Accept-Encoding", "identity") // a compressor may hold events back
	resp, err := client.Do(req)
	if err != nil {
		return nil, notOpened(life, step, 0, "", err)
	}
	// Another type is the log-in page, as likely as not.
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		_ = resp.Body.Close()
		return nil, notOpened(life, step, resp.StatusCode, "200 and Content-Type text/event-stream", nil)
	}
	return &events{body: resp.Body, in: newEventReader(resp.Body)}, nil
}

func (e *events) next(context.Context) ([]byte, bool, error) {
	data, cut, err := e.in.next(maxMessage)
	if errors.Is(err, io.EOF) {
		err = errors.New("the application ended the stream")
	} else if err != nil {
		err = errors.New(exchange.Explain(err))
	}
	return data, cut, err
}

func (e *events) close() { _ = e.body.Close() }

// socket is an open WebSocket.
type socket struct{ conn *websocket.Conn }

func (d *Driver) openSocket(life context.Context, client *http.Client, req *http.Request, step target.Step, values map[string]string) (messages, *ArmError) {
	conn, resp, err := websocket.Dial(life, req.URL.String(), &websocket.DialOptions{ //nolint:bodyclose // the connection's
		HTTPClient: client, HTTPHeader: req.Header, Subprotocols: step.Stream.Subprotocols,
	})
	switch {
	case err != nil && resp != nil && resp.StatusCode == http.StatusSwitchingProtocols:
		return nil, &ArmError{Problem: step.String() + " answered 101, but not as a WebSocket has to (RFC 6455 section 4.1): " + exchange.Printable(err.Error(), maxReason)}
	case err != nil && resp != nil:
		return nil, notOpened(life, step, resp.StatusCode, "101, which opens a WebSocket", nil)
	case err != nil:
		return nil, notOpened(life, step, 0, "", err)
	}
	conn.SetReadLimit(-1) // next has a limit of its own, and does not end the connection at it
	opened := &socket{conn}
	for _, template := range step.Stream.Send {
		if err := d.say(life, opened, step, template, values); err != nil {
			opened.close()
			return nil, err
		}
	}
	return opened, nil
}

// say sends a text message and records it.
func (d *Driver) say(life context.Context, s *socket, step target.Step, template string, values map[string]string) *ArmError {
	text, err := target.Expand(template, values)
	if err != nil {
		return &ArmError{Problem: step.String() + ": " + err.Error()}
	}
	began := time.Now()
	err = s.conn.Write(life, websocket.MessageText, []byte(text))
	seen := reports.Exchange{Method: exchange.MethodSend, URL: step.Stream.URL, RequestBody: text}
	if err != nil {
		seen.Error = "it could not be sent: " + exchange.Explain(err)
	}
	d.Transport.Recorder.Note(life, seen, began)
	if err != nil {
		return &ArmError{Passing: true, Problem: step.String() + ": the message " + seen.Error}
	}
	return nil
}

func (s *socket) next(ctx context.Context) (message []byte, cut bool, err error) {
	_, r, err := s.conn.Reader(ctx)
	if err != nil {
		return nil, false, s.why(err)
	}
	message, err = io.ReadAll(io.LimitReader(r, maxMessage))
	if err != nil {
		return nil, false, s.why(err)
	}
	rest, err := io.Copy(io.Discard, r)
	if err != nil {
		return nil, false, s.why(err)
	}
	return message, rest > 0, nil
}

// why puts the end of a WebSocket into words. The reason of a close frame is the
// application's text.
func (s *socket) why(err error) error {
	var frame websocket.CloseError
	if errors.As(err, &frame) {
		text := fmt.Sprintf("the application closed the WebSocket with %d", frame.Code)
		if frame.Reason != "" {
			text += " (" + exchange.Printable(frame.Reason, maxReason) + ")"
		}
		return errors.New(text)
	}
	return errors.New(exchange.Explain(err))
}

func (s *socket) close() { _ = s.conn.CloseNow() }
