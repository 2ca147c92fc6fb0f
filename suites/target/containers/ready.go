package containers

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/testcontainers/testcontainers-go/wait"
)

const (
	defaultWithin = time.Minute
	pollEvery     = 25 * time.Millisecond
	oneTry        = 5 * time.Second
)

// question is what shows that a service is ready.
type question struct {
	asked string // in words
	// once asks; what came, in words, and whether that is it. ctx ends with the deadline.
	once func(ctx context.Context) (came string, ready bool)
}

// awaitReady returns once the service is ready, or why it will not be.
func (r *Running) awaitReady(ctx context.Context, s *service) error {
	within := s.spec.Ready.Within
	if within <= 0 {
		within = defaultWithin
	}
	limited, stop := context.WithTimeout(ctx, within)
	defer stop()
	for _, q := range r.questions(s) {
		came := "nothing"
		for {
			now, ready := q.once(limited)
			if ready {
				break
			}
			if limited.Err() == nil {
				came = now // what the deadline cut short says nothing
			}
			if pause(limited, pollEvery) != nil {
				return r.notReady(ctx, s, fmt.Sprintf("%s within %s; last came %s", q.asked, within, scrub(came, s.spec)))
			}
		}
	}
	return nil
}

// notReady tells a death from a deadline from a start that was given up.
func (r *Running) notReady(ctx context.Context, s *service, unanswered string) error {
	var death Death
	if errors.As(context.Cause(ctx), &death) {
		return r.diedStarting(ctx, death)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if e := r.exited(ctx, s); e != nil {
		return e
	}
	e := &Error{Kind: KindNotReady, Service: s.name, Message: titled(s.name) + " was not ready: " + unanswered,
		Hint: "see its last log lines; correct its port or ready, or give it more time with ready.within"}
	r.describe(ctx, e)
	return e
}

// questions are what is asked of a service, in order; none of a companion for
// which nothing is waited.
func (r *Running) questions(s *service) []question {
	if s.name == "" {
		return []question{r.overHTTP(s)}
	}
	var all []question
	if s.spec.Ready.Log != "" {
		all = append(all, inLog(s))
	}
	if s.spec.Port != 0 {
		all = append(all, onPort(s))
	}
	return all
}

// overHTTP asks the application's path on the published port. Redirects are not
// followed: their status may be what is waited for. The certificate is whatever
// the image has; nothing secret is sent.
func (r *Running) overHTTP(s *service) question {
	status := s.spec.Ready.Status
	if status == 0 {
		status = http.StatusOK
	}
	url := r.url + "/" + strings.TrimPrefix(s.spec.Ready.Path, "/")
	client := &http.Client{
		Timeout: oneTry,
		Transport: &http.Transport{
			DisableKeepAlives: true,
			TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // see above
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return question{
		asked: fmt.Sprintf("GET %s did not answer %d", url, status),
		once: func(ctx context.Context) (string, bool) {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			if err != nil {
				return err.Error(), false
			}
			answer, err := client.Do(request)
			if err != nil {
				return oneLine(err.Error()), false
			}
			_ = answer.Body.Close()
			return strconv.Itoa(answer.StatusCode), answer.StatusCode == status
		},
	}
}

// inLog looks for a text in a companion's log.
func inLog(s *service) question {
	return question{
		asked: fmt.Sprintf("its log did not hold %q", s.spec.Ready.Log),
		once: func(ctx context.Context) (string, bool) {
			try, stop := context.WithTimeout(ctx, oneTry)
			defer stop()
			err := wait.ForLog(s.spec.Ready.Log).WithStartupTimeout(oneTry).WithPollInterval(pollEvery).WaitUntilReady(try, s.container)
			return "what its log shows", err == nil
		},
	}
}

// onPort connects to a companion's port, from outside, at its address on the
// private network: an image without a shell has nothing to look from inside.
func onPort(s *service) question {
	return question{
		asked: fmt.Sprintf("its port %d took no connection", s.spec.Port),
		once: func(ctx context.Context) (string, bool) {
			address, err := s.container.ContainerIP(ctx)
			if err != nil {
				return oneLine(err.Error()), false
			}
			if address == "" {
				return "no address on the private network", false
			}
			dialer := net.Dialer{Timeout: oneTry}
			connection, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(address, strconv.Itoa(s.spec.Port)))
			if err != nil {
				return oneLine(err.Error()), false
			}
			_ = connection.Close()
			return "a connection", true
		},
	}
}
