package acme_test

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	. "github.com/onsi/gomega"
	"go.uber.org/goleak"

	"github.com/scimproof/scimproof/mocks/acme"
	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// startLive starts an application on a port, with ada who is signed in. Everything of
// it has ended when the test is over.
func startLive(t *testing.T) (c *Client, g *WithT, url, adaID string, held *Credentials) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	c, g = New(t, acme.Config{StreamCheck: 10 * time.Millisecond}), NewWithT(t)
	server := httptest.NewServer(c.App)
	t.Cleanup(func() {
		c.App.(*acme.App).Close()
		c.App.(*acme.App).Close()
		server.Close()
		goleak.VerifyNone(t, before)
	})
	adaID = c.NewUser(ada, password)
	return c, g, server.URL, adaID, c.Arm(ada, password)
}

// events opens a stream of events in a room, or everywhere, and returns its lines as they
// come; the channel is closed with the stream.
func events(t *testing.T, url, room, token string) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/api/events?room="+room, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	reply, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil || reply.StatusCode != http.StatusOK {
		t.Fatalf("no stream: %v", err)
	}
	lines := make(chan string, 100)
	go func() {
		defer close(lines)
		defer func() { _ = reply.Body.Close() }()
		for scan := bufio.NewScanner(reply.Body); scan.Scan(); {
			lines <- scan.Text()
		}
	}()
	return lines
}

func TestAStreamEndsWithItsPerson(t *testing.T) {
	c, g, url, adaID, held := startLive(t)
	c.NewUser("bob", password)
	bob := c.Arm("bob", password)
	adas, bobs := events(t, url, "", held.Access), events(t, url, "", bob.Access)
	g.Eventually(adas).Should(Receive(Equal(": welcome")))
	c.API("POST", "/api/messages", bob.Access, Object{"text": "hello"})
	g.Eventually(adas).Should(Receive(ContainSubstring(`"text":"hello"`)))
	c.SetActive(adaID, false)
	c.API("POST", "/api/messages", bob.Access, Object{"text": "a secret"})
	g.Eventually(bobs).Should(Receive(ContainSubstring(`"text":"a secret"`)))
	g.Eventually(func() bool {
		line, open := <-adas
		g.Expect(line).NotTo(ContainSubstring("secret"))
		return open
	}).Should(BeFalse(), "the connection is closed, also if nothing is said")
}

func TestARoomIsHeardByThoseInIt(t *testing.T) {
	c, g, url, _, held := startLive(t)
	everywhere, inside, outside := events(t, url, "", held.Access), events(t, url, "attic", held.Access), events(t, url, "cellar", held.Access)
	delivered := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		delivered <- string(body)
	}))
	defer receiver.Close()
	g.Expect(c.API("POST", "/api/webhooks", held.Access, Object{"url": receiver.URL, "room": "attic"}).Status).To(Equal(http.StatusCreated))
	for _, said := range []Object{
		{"text": "below", "room": "cellar"}, {"text": "all over"}, {"text": "above", "room": "attic"},
		{"text": "last", "room": "attic"}, {"text": "last", "room": "cellar"},
	} {
		g.Expect(c.API("POST", "/api/messages", held.Access, said).Status).To(Equal(http.StatusCreated))
	}
	for heard, texts := range map[<-chan string][]string{
		everywhere: {"below", "all over", "above", "last", "last"}, inside: {"above", "last"}, outside: {"below", "last"},
	} {
		for _, text := range texts {
			var line string
			g.Eventually(heard).Should(Receive(&line, HavePrefix("data:")))
			g.Expect(line).To(ContainSubstring(`"text":"` + text + `"`))
		}
	}
	for range 2 {
		var body string
		g.Eventually(delivered).Should(Receive(&body))
		g.Expect(body).To(ContainSubstring(`"room":"attic"`))
	}
	g.Expect(c.API("POST", "/api/messages", held.Access, Object{"text": "x", "room": strings.Repeat("r", 101)}).Status).To(Equal(http.StatusBadRequest))
	g.Expect(c.API("POST", "/api/webhooks", held.Access, Object{"url": receiver.URL, "room": strings.Repeat("r", 101)}).Status).To(Equal(http.StatusBadRequest))
}

func TestASocketEndsWithItsPerson(t *testing.T) {
	c, g, url, adaID, held := startLive(t)
	dial := func(headers http.Header) (*websocket.Conn, error) {
		conn, reply, err := websocket.Dial(t.Context(), strings.Replace(url, "http", "ws", 1)+"/api/socket", &websocket.DialOptions{HTTPHeader: headers})
		if reply != nil && reply.Body != nil && err != nil {
			_ = reply.Body.Close()
		}
		return conn, err
	}
	_, err := dial(http.Header{"Authorization": {"Bearer " + held.Access}, "Origin": {"https://evil.example"}})
	g.Expect(err).To(HaveOccurred(), "a page of another origin")
	socket, err := dial(http.Header{"Authorization": {"Bearer " + held.Access}})
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = socket.CloseNow() }()
	c.API("POST", "/api/messages", held.Personal, Object{"text": "hello"})
	_, data, err := socket.Read(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(data)).To(ContainSubstring(`"text":"hello"`))
	c.SetActive(adaID, false)
	_, _, err = socket.Read(t.Context())
	g.Expect(websocket.CloseStatus(err)).To(Equal(websocket.StatusPolicyViolation))
}

func TestAJobEndsWithItsPerson(t *testing.T) {
	c, g, _, adaID, held := startLive(t)
	c.NewUser("bob", password)
	bob := c.Arm("bob", password)
	g.Expect(c.API("POST", "/api/jobs", held.Access, Object{"every": "1ms", "text": "x"}).Status).To(Equal(http.StatusBadRequest))
	job := c.API("POST", "/api/jobs", held.Access, Object{"every": "1m", "text": "backup"})
	runs := func() []Object { return c.API("GET", "/api/jobs/"+job.ID()+"/runs", bob.Personal, nil).Items() }
	tick := func() {
		c.Clock.Advance(time.Minute)
		c.App.(*acme.App).RunJobs()
	}
	tick()
	g.Eventually(runs).Should(ConsistOf(And(HaveKeyWithValue("by", "Display of "+ada), HaveKeyWithValue("text", "backup"))))
	c.SetActive(adaID, false)
	tick()
	c.SetActive(adaID, true)
	tick()
	g.Expect(runs()).To(HaveLen(1))
}

func TestTheScheduleRunsByItself(t *testing.T) {
	c, g, _, _, held := startLive(t)
	job := c.API("POST", "/api/jobs", held.Access, Object{"every": "1s", "text": "backup"})
	c.Clock.Advance(time.Second)
	g.Eventually(func() int { return len(c.API("GET", "/api/jobs/"+job.ID()+"/runs", held.Access, nil).Items()) }).Should(Equal(1))
}

func TestAWebhookEndsWithItsPerson(t *testing.T) {
	c, g, _, adaID, held := startLive(t)
	type got struct{ Signature, Body string }
	received := make(chan got, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		received <- got{r.Header.Get("X-Acme-Signature"), string(body)}
	}))
	defer receiver.Close()
	for _, elsewhere := range []string{"http://192.0.2.1/", "ftp://127.0.0.1/", "http://evil.example/", "::"} {
		g.Expect(c.API("POST", "/api/webhooks", held.Access, Object{"url": elsewhere}).Status).To(Equal(http.StatusBadRequest), elsewhere)
	}
	hook := c.API("POST", "/api/webhooks", held.Access, Object{"url": receiver.URL})
	c.NewUser("bob", password)
	bob := c.Arm("bob", password)
	c.API("POST", "/api/messages", bob.Access, Object{"text": "hello"})
	var first got
	g.Eventually(received).Should(Receive(&first))
	mac := hmac.New(sha256.New, []byte(hook.Get("secret").(string)))
	mac.Write([]byte(first.Body))
	g.Expect(first.Signature).To(Equal("sha256=" + hex.EncodeToString(mac.Sum(nil))))
	g.Eventually(func() any {
		return c.API("GET", "/api/webhooks", held.Access, nil).Items()[0]["last"]
	}).Should(HaveKeyWithValue("status", 200.0))

	own := c.API("POST", "/api/webhooks", bob.Access, Object{"url": receiver.URL})
	g.Expect(own.Status).To(Equal(http.StatusCreated))
	c.SetActive(adaID, false)
	c.API("POST", "/api/messages", bob.Access, Object{"text": "a secret"})
	g.Eventually(received).Should(Receive(HaveField("Body", ContainSubstring("a secret"))), "bob's")
	c.App.(*acme.App).Close() // everything that was to be sent has been
	g.Expect(received).NotTo(Receive(), "hers is not sent")
}
