package target

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// withListening is minimal with access paths of everything that acts by itself.
const withListening = minimal + `secrets: {chat: {value: "${TOKEN}"}}
listener: {address: "127.0.0.1:0", publicURL: "https://hooks.example.com/in"}
access:
  - name: events
    kind: event-stream
    arm:
      - post: https://app.example.com/login
        capture: {token: {json: token}}
      - stream: {sse: "https://app.example.com/events?t={{token}}", headers: {Authorization: "Bearer {{token}}"}}
        cookies: []
    try:
      provoke:
        - post: https://app.example.com/messages
          json: {to: "{{leaver.user.id}}", room: "{{leaver.unique}}", text: "{{spoken}}", as: "{{token}}"}
          capture: {id: {json: id}}
      within: 3s
      allowed: {marker: "{{id}}: {{spoken}}"}
  - name: socket
    kind: event-stream
    arm:
      - stream: {websocket: wss://app.example.com/socket, subprotocols: [chat], send: ['{"join": "{{user.id}}"}']}
    try:
      provoke: [{post: "https://app.example.com/say?text={{spoken}}"}]
      within: 1s
      allowed: {marker: "{{spoken}}"}
  - name: hook
    kind: webhook
    arm:
      - post: https://app.example.com/hooks
        json: {url: "{{listener.url}}"}
    try:
      provoke: [{exec: {argv: [sh, -c, "./say \"$TEXT\""], env: {TEXT: "{{spoken}}"}, plain: true}}]
      within: 5s
      allowed: {marker: "{{spoken}}"}
  - name: job
    kind: scheduled-job
    arm:
      - post: https://app.example.com/jobs
        capture: {job: {json: id}}
    try:
      as: control
      get: https://app.example.com/jobs/{{leaver.job}}/runs
      within: 2m
      allowed: {changes: "#"}
`

func TestWhatListensAndWhatRuns(t *testing.T) {
	g := NewWithT(t)
	p, err := parse(withListening)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Listener).To(Equal(&Listener{Address: "127.0.0.1:0", PublicURL: &url.URL{Scheme: "https", Host: "hooks.example.com", Path: "/in"}}))
	events, socket, hook, job := p.Access[0], p.Access[1], p.Access[2], p.Access[3]
	g.Expect(events.Arm[1]).To(Equal(Step{
		Stream:  &Stream{URL: "https://app.example.com/events?t={{token}}", Headers: map[string]string{"Authorization": "Bearer {{token}}"}},
		Cookies: []string{},
	}))
	g.Expect(events.Arm[1].String()).To(Equal("stream https://app.example.com/events?t={{token}}"))
	g.Expect(events.Try.Step).To(Equal(Step{}))
	g.Expect(events.Try.Provoke).To(HaveLen(1))
	g.Expect(events.Try.Within).To(Equal(3 * time.Second))
	g.Expect(events.Try.Allowed).To(Equal(Allowed{Marker: "{{id}}: {{spoken}}"}))
	g.Expect(events.Try.String()).To(Equal("POST https://app.example.com/messages by the control user"))
	g.Expect(events.Listens).To(BeFalse())
	g.Expect(socket.Arm[0].Stream).To(Equal(&Stream{
		URL: "wss://app.example.com/socket", WebSocket: true, Subprotocols: []string{"chat"}, Send: []string{`{"join": "{{user.id}}"}`},
	}))
	g.Expect(hook.Listens).To(BeTrue())
	g.Expect(hook.Try.Provoke[0].Exec).NotTo(BeNil())
	g.Expect(job.Listens).To(BeFalse())
	g.Expect(job.Try.AsControl).To(BeTrue())
	g.Expect(job.Try.Within).To(Equal(2 * time.Minute))
	g.Expect(job.Try.Allowed).To(Equal(Allowed{Status: []int{200}, Changes: "#"}))
	g.Expect(job.Try.String()).To(Equal("GET https://app.example.com/jobs/{{leaver.job}}/runs"))
}

// Each row is a change to a good profile and the one fault that it must give.
func TestFaultsOfWhatListensAndRuns(t *testing.T) {
	const (
		sse     = `{sse: "https://app.example.com/events?t={{token}}", headers: {Authorization: "Bearer {{token}}"}}`
		socket  = "websocket: wss://app.example.com/socket"
		hooks   = `      provoke: [{exec: {argv: [sh, -c, "./say \"$TEXT\""], env: {TEXT: "{{spoken}}"}, plain: true}}]` + "\n"
		three   = "      within: 3s\n"
		listens = `listener: {address: "127.0.0.1:0", publicURL: "https://hooks.example.com/in"}` + "\n"
		runs    = "get: https://app.example.com/jobs/{{leaver.job}}/runs"
		changes = `allowed: {changes: "#"}`
		marked  = `allowed: {marker: "{{id}}: {{spoken}}"}`
	)
	for name, c := range map[string]struct{ old, with, want string }{
		"two addresses":                  {socket, socket + ", sse: https://app.example.com", "access[1].arm[0].stream: exactly one of sse and websocket must be given"},
		"no address":                     {socket + ", ", "", "access[1].arm[0].stream: exactly one of sse and websocket"},
		"a WebSocket over https":         {"wss://app", "https://app", "access[1].arm[0].stream.websocket: not an absolute ws or wss address"},
		"a WebSocket without a scheme":   {"wss://app.example.com", "wsx", "access[1].arm[0].stream.websocket: not an absolute ws or wss address"},
		"a WebSocket in plain text":      {"wss://app", "ws://app", "access[1].arm[0].stream.websocket: credentials would be sent over plain http"},
		"a placeholder for a host":       {"https://app.example.com/events", "https://{{token}}/events", "access[0].arm[1].stream.sse: the origin of an address must hold no placeholder"},
		"a relative stream":              {"https://app.example.com/events", "/events", "access[0].arm[1].stream.sse: not an absolute http"},
		"an unknown placeholder":         {"events?t={{token}}", "events?t={{tokn}}", "access[0].arm[1].stream.sse: unknown placeholder {{tokn}} (did you mean token?)"},
		"one in a header":                {"Bearer {{token}}\"}}", "Bearer {{tokn}}\"}}", "access[0].arm[1].stream.headers.Authorization: unknown placeholder {{tokn}}"},
		"one in a message":               {"{{user.id}}\"}']", "{{user.idd}}\"}']", "access[1].arm[0].stream.send[0]: unknown placeholder {{user.idd}}"},
		"a message over events":          {`Bearer {{token}}"}}`, `Bearer {{token}}"}, send: [x]}`, "access[0].arm[1].stream: send and subprotocols belong to a websocket"},
		"a bad subprotocol":              {"[chat]", `["a b"]`, "access[1].arm[0].stream.subprotocols[0]: not the name of a subprotocol"},
		"a bad header":                   {"headers: {Authorization:", `headers: {"a b": x, Authorization:`, "access[0].arm[1].stream.headers.a b: not the name of an HTTP header"},
		"headers of a request":           {"cookies: []", "headers: {A: b}", "access[0].arm[1].headers: this belongs to a request"},
		"a capture from a stream":        {"cookies: []", "capture: {x: {json: y}}", "access[0].arm[1].capture: a stream has nothing to capture"},
		"a stream and a request":         {"cookies: []", "get: https://app.example.com", "access[0].arm[1]: exactly one of get"},
		"two streams":                    {"      - stream: " + sse, "      - stream: " + sse + "\n      - stream: " + sse, "access[0].arm: more than one stream is opened"},
		"a stream in disarm":             {"kind: event-stream\n    arm:\n      - post", "kind: event-stream\n    disarm: [{stream: {sse: \"https://app.example.com\"}}]\n    arm:\n      - post", "access[0].disarm[0].stream: a stream is opened while"},
		"a stream in provoke":            {hooks, "      provoke: [{stream: {sse: \"https://app.example.com/\"}}]\n", "access[2].try.provoke[0]: this says nothing"},
		"nobody listens to the stream":   {`provoke: [{post: "https://app.example.com/say?text={{spoken}}"}]` + "\n      within: 1s\n      allowed: {marker: \"{{spoken}}\"}", "get: https://app.example.com/\n      allowed: {marker: x}", "access[1].try: nobody listens to the stream"},
		"nowhere to arrive":              {`json: {url: "{{listener.url}}"}`, "json: {url: x}", "access[2].try.provoke: nothing can arrive"},
		"two places to arrive":           {"?t={{token}}", "?t={{listener.url}}", "access[0].try.provoke: it is not clear where something is to arrive"},
		"what listens is spent":          {"kind: webhook", "kind: webhook\n    oneShot: true", "access[2].oneShot: what listens is not spent by a try"},
		"a request beside provoke":       {three, three + "      get: https://app.example.com\n", "access[0].try: a try that provokes sends nothing of its own"},
		"control beside provoke":         {three, three + "      as: control\n", "access[0].try: a try that provokes sends nothing of its own"},
		"provoke without a time":         {three, "", "access[0].try: within must be given"},
		"no time at all":                 {three, "      within: 0s\n", "access[0].try.within: must be longer than 0"},
		"a status of what arrives":       {marked, `allowed: {marker: "{{spoken}}", status: [200]}`, "access[0].try.allowed: what arrives is known by marker alone"},
		"a change of what arrives":       {marked, `allowed: {marker: "{{spoken}}", changes: "#"}`, "access[0].try.allowed: what arrives is known by marker alone"},
		"a marker that is not fresh":     {marked, `allowed: {marker: "{{token}}"}`, "access[0].try.allowed: marker must hold {{spoken}}, or what provoke captures"},
		"no marker":                      {marked, `allowed: {}`, "access[0].try.allowed: marker must hold {{spoken}}"},
		"what is spoken while arming":    {"{url: \"{{listener.url}}\"}", "{url: \"{{listener.url}}\", a: \"{{spoken}}\"}", "access[2].arm[0].json.a: unknown placeholder {{spoken}}"},
		"the leaver while arming":        {"{url: \"{{listener.url}}\"}", "{url: \"{{listener.url}}\", a: \"{{leaver.user.id}}\"}", "access[2].arm[0].json.a: unknown placeholder {{leaver.user.id}}"},
		"the leaver in one's own try":    {"      as: control\n", "", "access[3].try.get: unknown placeholder {{leaver.job}}"},
		"a secret of the leaver":         {"leaver.unique", "leaver.secret.chat", "access[0].try.provoke[0].json.room: unknown placeholder {{leaver.secret.chat}}"},
		"another's name":                 {"as: control", "as: somebody", "access[3].try.as: "},
		"a change without a time":        {"      within: 2m\n", "", "access[3].try: within must be given"},
		"a change and a marker":          {changes, `allowed: {changes: "#", marker: x}`, "access[3].try.allowed.changes: what changes is the proof by itself"},
		"a time without anything":        {changes, `allowed: {marker: x}`, "access[3].try.within: there is nothing to wait for"},
		"a change of a command":          {runs + "\n      within: 2m\n      " + changes, "exec: {argv: [sh]}\n      within: 2m\n      allowed: {changes: \"#\", marker: x}", "access[3].try.allowed.changes: this belongs to a request"},
		"a name that is taken":           {"capture: {job:", "capture: {spoken: {json: x}, job:", "access[3].arm[0].capture.spoken: this name is taken"},
		"a name of the leaver's":         {"capture: {job:", "capture: {leaver.x: {json: x}, job:", "access[3].arm[0].capture.leaver.x: this name is taken"},
		"an address without a listener":  {listens, "", "access[2].arm[0].json.url: the profile names no listener (give listener: {address:"},
		"no address to listen on":        {"127.0.0.1:0", "127.0.0.1", "listener.address: not an address to listen on"},
		"no port to listen on":           {"127.0.0.1:0", "127.0.0.1:http", "listener.address: not an address to listen on"},
		"a port that there is none":      {"127.0.0.1:0", "127.0.0.1:65536", "listener.address: not an address to listen on"},
		"any address without a name":     {listens, "listener: {address: \"0.0.0.0:80\"}\n", "listener: publicURL must be given"},
		"no address without a name":      {listens, "listener: {address: \":80\"}\n", "listener: publicURL must be given"},
		"a relative public address":      {"https://hooks.example.com/in", "hooks.example.com", "listener.publicURL: not an absolute http or https address"},
		"a query in the public address":  {"https://hooks.example.com/in", "https://hooks.example.com/?a=b", "listener.publicURL: the address must hold no user name, query or fragment"},
		"a user in the public address":   {"https://hooks.example.com/in", "https://a:b@hooks.example.com/", "listener.publicURL: the address must hold no user name"},
		"a misspelt key of the listener": {"publicURL:", "publicUrl:", "listener.publicUrl: unknown key (did you mean publicURL?)"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(strings.Count(withListening, c.old)).To(BeNumerically(">=", 1), "the row changes nothing")
			_, err := parse(strings.Replace(withListening, c.old, c.with, 1))
			var faults Faults
			g.Expect(errors.As(err, &faults)).To(BeTrue())
			g.Expect(faults).To(HaveLen(1), err.Error())
			g.Expect(faults[0].Error()).To(ContainSubstring(c.want))
			g.Expect(faults[0].Line).To(BeNumerically(">", 0))
		})
	}
}

// A public address of plain http is for a test network: no credential travels to it.
func TestAPublicAddressMayBePlain(t *testing.T) {
	g := NewWithT(t)
	p, err := parse(minimal + "listener: {address: \"0.0.0.0:8099\", publicURL: \"http://tester.internal:8099\"}\n")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Listener.PublicURL.String()).To(Equal("http://tester.internal:8099"))
	p, err = parse(minimal + "listener: {address: \"192.0.2.7:0\"}\n")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Listener).To(Equal(&Listener{Address: "192.0.2.7:0"}))
}
