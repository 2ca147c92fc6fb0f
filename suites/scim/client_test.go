package scim

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

const token = "scim-token-0123456789"

// clientFor returns a client for a handler, with its recorder.
func clientFor(t *testing.T, handler http.Handler, change func(*target.Target)) (*Client, *exchange.Recorder) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	base, err := url.Parse(server.URL + "/scim/v2")
	if err != nil {
		t.Fatal(err)
	}
	to := &target.Target{
		SCIM:   target.SCIM{BaseURL: base, Auth: target.Auth{Scheme: target.AuthBearer, Token: token}},
		Limits: target.Limits{RequestsPerSecond: 1000, Concurrency: 4, RequestTimeout: 5 * time.Second, MaxBodyBytes: 1 << 16},
	}
	if change != nil {
		change(to)
	}
	vault := redact.New()
	vault.Learn("token", token)
	recorder := exchange.NewRecorder(vault, "scimproof-")
	client, err := New(to, Options{Agent: exchange.Agent("1.0", "run1"), Recorder: recorder})
	if err != nil {
		t.Fatal(err)
	}
	return client, recorder
}

func TestRequestsNameTheirSenderAndCarryTheCredential(t *testing.T) {
	g := NewWithT(t)
	var got *http.Request
	client, recorder := clientFor(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		_, _ = io.WriteString(w, `{"id":"1"}`)
	}), nil)
	ctx := exchange.WithLabel(t.Context(), exchange.Label{Check: "lifecycle.create", Purpose: "read"})
	reply, err := client.GetUser(ctx, "a/b")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(reply.Doc.Text("ID")).To(Equal("1"), "attribute names are case-insensitive")
	g.Expect(got.URL.EscapedPath()).To(Equal("/scim/v2/Users/a%2Fb"), "an id cannot add a path segment")
	g.Expect(got.Header.Get("Authorization")).To(Equal("Bearer " + token))
	g.Expect(got.Header.Get("User-Agent")).To(Equal("scimproof/1.0 (run=run1; check=lifecycle.create)"))
	g.Expect(got.Header.Get("Accept")).To(Equal(MediaType))

	recorded := recorder.Exchanges()
	g.Expect(recorded).To(HaveLen(1))
	g.Expect(fmt.Sprint(recorded)).NotTo(ContainSubstring(token))
	g.Expect(recorded[0].RequestHeaders["Authorization"]).To(Equal("Bearer ‹withheld›"))
}

func TestTransientTroubleIsRetriedAndRecorded(t *testing.T) {
	for _, status := range []int{408, 425, 429, 502, 503, 504} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			g := NewWithT(t)
			var calls atomic.Int32
			client, recorder := clientFor(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if calls.Add(1) < 3 {
					w.Header().Set("Retry-After", "0")
					w.WriteHeader(status)
					return
				}
				_, _ = io.WriteString(w, `{}`)
			}), nil)
			reply, err := client.GetUser(t.Context(), "1")
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(reply.Status).To(Equal(200))
			g.Expect(reply.Exchanges).To(HaveLen(3))
			g.Expect(recorder.Health().Retries).To(Equal(2))
		})
	}
}

func TestWhatDecidesSomethingIsNotRetried(t *testing.T) {
	for _, status := range []int{200, 204, 301, 400, 401, 403, 404, 409, 412, 501} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			g := NewWithT(t)
			var calls atomic.Int32
			client, _ := clientFor(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				w.Header().Set("Location", "https://elsewhere.example.com/")
				w.WriteHeader(status)
			}), nil)
			reply, err := client.DeleteUser(t.Context(), "1")
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(reply.Status).To(Equal(status))
			g.Expect(calls.Load()).To(BeEquivalentTo(1))
		})
	}
}

func TestTroubleThatStaysIsNoReply(t *testing.T) {
	g := NewWithT(t)
	client, _ := clientFor(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
	}), nil)
	_, err := client.GetUser(t.Context(), "1")
	trouble := AsTrouble(err)
	g.Expect(trouble).To(HaveOccurred())
	g.Expect(trouble.Error()).To(SatisfyAll(ContainSubstring("GET http://"), ContainSubstring("/scim/v2/Users/1"), ContainSubstring("500 Internal Server Error")))
	g.Expect(trouble.Tries).To(Equal(1), "500 may be the answer to this very request: asking again proves nothing")
}

func TestEndlessAndSlowReplies(t *testing.T) {
	endless := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 1<<12)); err != nil {
				return
			}
		}
	})
	mute := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	t.Run("endless", func(t *testing.T) {
		client, _ := clientFor(t, endless, nil)
		_, err := client.GetUser(t.Context(), "1")
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring("limits.maxBodyBytes")))
	})
	t.Run("mute", func(t *testing.T) {
		client, _ := clientFor(t, mute, func(to *target.Target) { to.Limits.RequestTimeout = 20 * time.Millisecond })
		_, err := client.GetUser(t.Context(), "1")
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring("limits.requestTimeout")))
	})
}

func TestALostAnswerToACreateIsLookedUpBeforeItIsRepeated(t *testing.T) {
	for name, exists := range map[string]bool{"it had taken effect": true, "it had not": false} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var posts atomic.Int32
			client, _ := clientFor(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == http.MethodPost && posts.Add(1) == 1:
					w.WriteHeader(http.StatusServiceUnavailable)
				case r.Method == http.MethodPost:
					w.WriteHeader(http.StatusCreated)
					_, _ = io.WriteString(w, `{"id":"second"}`)
				case exists:
					_, _ = io.WriteString(w, `{"Resources":[{"id":"other","userName":"other"},{"id":"first","userName":"ADA"}]}`)
				default:
					_, _ = io.WriteString(w, `{"totalResults":0}`)
				}
			}), nil)
			reply, err := client.CreateUser(t.Context(), Document{"userName": "ada"})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(reply.Recovered).To(Equal(exists))
			if exists {
				g.Expect(reply.Doc.Text("id")).To(Equal("first"))
				g.Expect(posts.Load()).To(BeEquivalentTo(1))
			} else {
				g.Expect(reply.Doc.Text("id")).To(Equal("second"))
			}
		})
	}
}

// A DELETE that is sent again finds nobody, and a write with If-Match another version, where the
// first was carried out and its answer lost. What is refused at once is a verdict.
func TestALostAnswerToAWriteProvesNothing(t *testing.T) {
	deletion := Request{Method: http.MethodDelete, Path: UserPath("1")}
	change := Request{Method: http.MethodPatch, Path: UserPath("1"), Header: http.Header{"If-Match": {`W/"1"`}}}
	for name, c := range map[string]struct {
		request        Request
		first, refusal int
		lost           bool
	}{
		"a deletion, sent again":             {deletion, http.StatusServiceUnavailable, http.StatusNotFound, true},
		"a deletion of nobody":               {deletion, http.StatusNotFound, http.StatusNotFound, false},
		"a change of a version, sent again":  {change, http.StatusServiceUnavailable, http.StatusPreconditionFailed, true},
		"a change of an old version":         {change, http.StatusPreconditionFailed, http.StatusPreconditionFailed, false},
		"a change of nobody, sent again":     {change, http.StatusServiceUnavailable, http.StatusNotFound, false},
		"a deletion that is wrong, repeated": {deletion, http.StatusServiceUnavailable, http.StatusBadRequest, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var sent atomic.Int32
			client, _ := clientFor(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if sent.Add(1) == 1 {
					w.WriteHeader(c.first)
					return
				}
				w.WriteHeader(c.refusal)
			}), nil)
			reply, err := client.Send(t.Context(), c.request)
			if !c.lost {
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(reply.Status).To(Equal(c.refusal))
				return
			}
			g.Expect(err).To(MatchError(ErrAnswerLost))
			g.Expect(AsTrouble(err).Tries).To(Equal(2))
			g.Expect(err).To(MatchError(ContainSubstring(c.request.Method + " http://")))
		})
	}
}

func TestTheCredentialGoesToTheConfiguredOriginAlone(t *testing.T) {
	g := NewWithT(t)
	var leaked string
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { leaked = r.Header.Get("Authorization") }))
	defer other.Close()
	client, _ := clientFor(t, http.NotFoundHandler(), nil)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, other.URL, nil)
	g.Expect(err).NotTo(HaveOccurred())
	resp, err := client.rest.GetClient().Transport.RoundTrip(request)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(resp.Body.Close()).To(Succeed())
	g.Expect(leaked).To(BeEmpty())
}

func TestTheOtherSchemes(t *testing.T) {
	t.Run("basic", func(t *testing.T) {
		g := NewWithT(t)
		var got string
		client, recorder := clientFor(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got = r.Header.Get("Authorization")
			_, _ = io.WriteString(w, `{}`)
		}), func(to *target.Target) {
			to.SCIM.Auth = target.Auth{Scheme: target.AuthBasic, Username: "prov", Password: "pass-word-1"}
		})
		_, err := client.GetUser(t.Context(), "1")
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got).To(Equal("Basic " + base64.StdEncoding.EncodeToString([]byte("prov:pass-word-1"))))
		g.Expect(fmt.Sprint(recorder.Exchanges())).NotTo(ContainSubstring(got[6:]))
	})
	t.Run("client credentials", func(t *testing.T) {
		g := NewWithT(t)
		var tokens atomic.Int32
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/token" {
				tokens.Add(1)
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, `{"access_token":"at-7765432","token_type":"Bearer","expires_in":3600}`)
				return
			}
			if r.Header.Get("Authorization") != "Bearer at-7765432" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			_, _ = io.WriteString(w, `{}`)
		})
		client, recorder := clientFor(t, handler, func(to *target.Target) {
			token := *to.SCIM.BaseURL
			token.Path = "/token"
			to.SCIM.Auth = target.Auth{Scheme: target.AuthClientCredentials, TokenURL: &token, ClientID: "id", ClientSecret: "client-secret-1"}
		})
		for range 2 {
			reply, err := client.GetUser(t.Context(), "1")
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(reply.Status).To(Equal(200))
		}
		g.Expect(tokens.Load()).To(BeEquivalentTo(1), "the token is kept until it expires")
		g.Expect(fmt.Sprint(recorder.Exchanges())).NotTo(ContainSubstring("at-7765432"))
	})
}

func TestRetryAfter(t *testing.T) {
	g := NewWithT(t)
	var calls atomic.Int32
	client, _ := clientFor(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		_, _ = io.WriteString(w, `{}`)
	}), nil)
	start := time.Now()
	_, err := client.GetUser(t.Context(), "1")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(time.Since(start)).To(BeNumerically(">=", time.Second))
}

func TestACancelledRequestIsNotRepeated(t *testing.T) {
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(t.Context())
	var calls atomic.Int32
	client, _ := clientFor(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		cancel()
		<-r.Context().Done()
	}), nil)
	_, err := client.GetUser(ctx, "1")
	g.Expect(err).To(MatchError(ContainSubstring("interrupted")))
	g.Expect(calls.Load()).To(BeEquivalentTo(1))
}

func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"Resources":[{"userName":"ada","active":null}],"totalResults":1}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		d := decode(raw)
		_, _ = d.Active()
		_ = d.FindUser("ada").Text("name", "familyName")
		_ = d.Clone()
	})
}
