package acme

import (
	"crypto/rand"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
)

// Devices without a browser (RFC 8628):
//
//	POST /oauth/device_authorization   client_id: 200 with device_code and user_code
//	GET  /device?user_code=            asks whoever is signed in whether to let it in
//	POST /device                       csrf, user_code, approve=1 or deny=1
//
// The device then polls /oauth/token. What it gets is of the person who let it in, and
// ends with them; so does the permission itself while it is not fetched yet.
func (a *App) deviceRoutes(r chi.Router) {
	r.Post(devicePath, a.authorizeDevice)
	r.Get("/device", a.showDevice)
	r.Post("/device", a.decideDevice)
}

const devicePath = "/oauth/device_authorization"

// Errors of the token endpoint for a device (RFC 8628 §3.5).
const (
	authorizationPending = "authorization_pending"
	slowDown             = "slow_down"
	accessDenied         = "access_denied"
	expiredToken         = "expired_token"
)

const (
	// deviceTTL is how long a person has, and for as long again it is told that the time
	// is over.
	deviceTTL = 10 * time.Minute
	// pollInterval is the least time between two polls. Who comes earlier has to wait
	// so much longer from then on (RFC 8628 §3.5).
	pollInterval = 5 * time.Second
	// maxDevices is how many may wait at once: anybody can make one.
	maxDevices = 10_000
)

// device is one that waits. Its fields are guarded by devices.
type device struct {
	code, userCode, client string
	expires                time.Time
	interval               time.Duration
	polled                 time.Time
	approved, denied       bool
}

// devices are those that wait, by device code. It is safe for concurrent use.
type devices struct {
	mu     sync.Mutex
	byCode map[string]*device
}

// add keeps a new device, unless there are too many.
func (s *devices) add(d *device, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byCode == nil {
		s.byCode = map[string]*device{}
	}
	for code, old := range s.byCode {
		if !now.Before(old.expires.Add(deviceTTL)) {
			delete(s.byCode, code)
		}
	}
	if len(s.byCode) >= maxDevices {
		return false
	}
	s.byCode[d.code] = d
	return true
}

// waiting lets decide see the device of a user code that nothing was decided about. It
// reports whether there is one.
func (s *devices) waiting(userCode string, now time.Time, decide func(*device)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.byCode {
		if d.userCode == userCode && !d.approved && !d.denied && now.Before(d.expires) {
			decide(d)
			return true
		}
	}
	return false
}

// poll returns the error for a device that asks for its tokens, "" if they are ready.
func (s *devices) poll(code, client string, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.byCode[code]
	if d == nil || d.client != client {
		return invalidGrant
	}
	early := now.Before(d.polled.Add(d.interval))
	d.polled = now
	switch {
	case !now.Before(d.expires):
		return expiredToken
	case early:
		d.interval += pollInterval
		return slowDown
	case d.denied:
		return accessDenied
	case !d.approved:
		return authorizationPending
	}
	return ""
}

// authorizeDevice is RFC 8628 §3.1.
func (a *App) authorizeDevice(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		oauthError(w, invalidRequest)
		return
	}
	by, proven := a.caller(r)
	if !proven || !by.known {
		refuseClient(w)
		return
	}
	now := a.config.Now()
	d := &device{code: random(), userCode: newUserCode(), client: by.id, expires: now.Add(deviceTTL), interval: pollInterval}
	if !a.devices.add(d, now) {
		w.Header().Set("Retry-After", "60")
		writeJSON(w, http.StatusServiceUnavailable, map[string]any{"error": "temporarily_unavailable"})
		return
	}
	page := a.issuer(r) + "/device"
	writeJSON(w, http.StatusOK, map[string]any{
		"device_code": d.code, "user_code": d.userCode, "verification_uri": page,
		"verification_uri_complete": page + "?" + url.Values{"user_code": {d.userCode}}.Encode(),
		"expires_in":                int(deviceTTL.Seconds()), "interval": int(pollInterval.Seconds()),
	})
}

// userCodeLetters make no words, and none is taken for another (RFC 8628 §6.1).
const userCodeLetters = "BCDFGHJKLMNPQRSTVWXZ"

// newUserCode makes a code that people can type, such as WDJB-MJHT.
func newUserCode() string {
	var code strings.Builder
	one := make([]byte, 1)
	for code.Len() < 9 {
		if code.Len() == 4 {
			code.WriteByte('-')
		}
		_, _ = rand.Read(one) // which never fails: it ends the program instead
		if int(one[0]) < 256/len(userCodeLetters)*len(userCodeLetters) {
			code.WriteByte(userCodeLetters[int(one[0])%len(userCodeLetters)])
		}
	}
	return code.String()
}

// typed is a user code as it was meant (RFC 8628 §6.1).
func typed(code string) string {
	letters := strings.Map(func(r rune) rune {
		if strings.ContainsRune(userCodeLetters, r) {
			return r
		}
		return -1
	}, strings.ToUpper(code))
	if len(letters) != 8 {
		return ""
	}
	return letters[:4] + "-" + letters[4:]
}

var devicePage = template.Must(template.New("device").Parse(`<!doctype html>
<title>Acme: a device</title>
{{if .Client}}<h1>Let the device {{.UserCode}} ({{.Client}}) act for {{.Name}}?</h1>
<form method="post" action="{{.Action}}">
<input type="hidden" name="csrf" value="{{.CSRF}}">
<input type="hidden" name="user_code" value="{{.UserCode}}">
<button name="approve" value="1">Allow</button>
<button name="deny" value="1">Refuse</button>
</form>{{else}}<h1>Which device?</h1>
{{with .UserCode}}<p role="alert">No device waits with the code {{.}}.</p>{{end}}
<form method="get" action="{{.Action}}">
<label>Code <input name="user_code" autocomplete="off"></label>
<button>Go on</button>
</form>{{end}}
`))

// showDevice asks whoever is signed in.
func (a *App) showDevice(w http.ResponseWriter, r *http.Request) {
	user := a.visitor(w, r)
	if user == nil {
		http.Redirect(w, r, a.prefix+"/login", http.StatusSeeOther)
		return
	}
	code := typed(r.URL.Query().Get("user_code"))
	shown := map[string]any{"UserCode": code, "Name": user.User.Text("displayName"), "Action": a.prefix + "/device"}
	if a.devices.waiting(code, a.config.Now(), func(d *device) { shown["Client"] = d.client }) {
		token := random()
		a.setCookie(w, csrfCookie, token)
		shown["CSRF"] = token
	}
	showPage(w, http.StatusOK, devicePage, shown)
}

// decideDevice lets a device in, or not.
func (a *App) decideDevice(w http.ResponseWriter, r *http.Request) {
	if !fromOurForm(r) {
		showPage(w, http.StatusForbidden, notePage, "The form has expired. Please try again.")
		return
	}
	user := a.visitor(w, r)
	approve, deny := r.PostForm.Get("approve") == "1", r.PostForm.Get("deny") == "1"
	if user == nil || approve == deny {
		showPage(w, http.StatusBadRequest, notePage, "Nothing was allowed.")
		return
	}
	now := a.config.Now()
	found := a.devices.waiting(typed(r.PostForm.Get("user_code")), now, func(d *device) {
		d.approved, d.denied = approve, deny
		if approve {
			a.mint(user, credential{kind: DeviceCode, secret: d.code, client: d.client, grant: random()}, d.expires.Sub(now))
		}
	})
	switch {
	case !found:
		showPage(w, http.StatusNotFound, notePage, "No device waits with this code.")
	case approve:
		showPage(w, http.StatusOK, notePage, "The device may act for you now.")
	default:
		showPage(w, http.StatusOK, notePage, "The device was refused.")
	}
}

// deviceGrant is RFC 8628 §3.4. A code that was fetched already has been seen by somebody
// else: what came of it ends, as with an authorization code.
func (a *App) deviceGrant(w http.ResponseWriter, r *http.Request, by caller) {
	code := r.PostForm.Get("device_code")
	if code == "" {
		oauthError(w, invalidRequest)
		return
	}
	if problem := a.devices.poll(code, by.id, a.config.Now()); problem != "" {
		oauthError(w, problem)
		return
	}
	held := a.credential(code)
	user := a.use(code, DeviceCode)
	if user == nil || !a.spend(code) {
		if now := a.credential(code); now != nil && now.spent {
			a.endGrant(now)
		}
		oauthError(w, invalidGrant)
		return
	}
	a.issueTokens(w, user, by.id, held.grant)
}
