// Package target is the target profile: the YAML file in which an application
// owner says where the SCIM endpoint is, how to sign in to the application
// itself, and who answers for what is found. It reads, checks and resolves the
// file; it sends nothing.
package target

import (
	"net/url"
	"slices"
	"time"
)

// Target is a profile that has been read, checked and resolved: every secret is
// in place, every URL is absolute, every default is set. It is read-only once
// loaded.
type Target struct {
	// Name is what reports call the application.
	Name string
	// ID identifies the target across runs; gap ids are derived from it. It
	// defaults to the SCIM base URL, or to "container:" and the name: the port of a
	// container is another one each time, and its image is what an upgrade changes.
	ID string
	// Environment is free text such as "staging", printed in the report.
	Environment string
	// Version is the application's version as its owner states it.
	Version string

	Owners Owners
	SCIM   SCIM

	// RevokeWithin is how long after the acknowledged event access may still
	// work. The default is 5 minutes (IPSIE AL SCIM profile).
	RevokeWithin time.Duration
	// GiveUpAfter is the watch budget: access that still works then has
	// survived. The default is twice RevokeWithin.
	GiveUpAfter time.Duration
	// Subjects is how many leavers each event is played for, from 1 to MaxSubjects.
	Subjects int

	// Clients are the identity providers that the application is used with, by their ids;
	// empty for all that are known.
	Clients []string

	Limits Limits
	// Access lists the ways in that the run arms and tries.
	Access []AccessPath
	// SecretValues are the secrets that access paths may name, by placeholder, such
	// as "secret.outbox".
	SecretValues map[string]string
	// Assertions are what a test identity provider says of users, by name.
	Assertions map[string]SignedClaims
	// Listener is where the run takes deliveries; nil if the profile names none.
	Listener *Listener
	// Browser is what browser steps run in.
	Browser BrowserOptions
	// OutOfBand lists what can be done past SCIM that could bring a leaver back.
	OutOfBand []OutOfBand
	// Issued asks what a person holds; the last step is a request that captures
	// IssuedName. Nil for a profile that does not say how.
	Issued []Step
	// SharedSecrets lists what several people know. None is tried.
	SharedSecrets []SharedSecret
	// NotApplicable lists the kinds of credential, and the acts past SCIM, that the
	// application does not have, each asserted by a named person.
	NotApplicable []NotApplicable

	// Container is what was started; nil for a target that runs by itself.
	Container *Container
	// Image is what the application was started from; its zero value without a container.
	Image Image

	// File is the path that the profile was read from; Digest is the SHA-256 of
	// its bytes in hex.
	File   string
	Digest string
	// Secrets are the resolved secret values, with a label each, so that a
	// recorder can take them out of everything that is written.
	Secrets []Secret
}

// Secret is a resolved secret value and the key under which the profile has it.
type Secret struct {
	Label string // such as "scim.auth.bearer.token"
	Value string
}

// SharedSecret is something that several people know, and a leaver goes on knowing; it is
// never the secret itself.
type SharedSecret struct {
	Name      string // what it opens
	KnownTo   string
	ChangedBy string // who changes it when somebody leaves
}

// Owners names the people who answer for the target. A role that the profile leaves out is a
// control gap of the report, and no fault of the profile.
type Owners struct {
	IdentitySource       Party // authoritative source: decides who has left
	ApplicationOwner     Party // accountable for the application
	ExceptionApprover    Party // may accept a gap for a time
	FailureInvestigator  Party // looks into failed updates
	RemediationCertifier Party // certifies that a gap is closed
	// Vendor mends the application where it is bought; empty for an in-house one.
	Vendor Party
}

// Party is a named person or team and how to reach them.
type Party struct {
	Name    string
	Contact string
}

// SCIM is the provisioning channel.
type SCIM struct {
	BaseURL *url.URL // absolute, without a trailing slash
	Auth    Auth
	Headers map[string]string // sent with every SCIM request
	TLS     TLS
	// MailDomain is the domain of test users' userName and e-mail; the default
	// is "example.com".
	MailDomain string
	// Extra attributes are merged into each user that the run creates, for
	// targets that require more than the core attributes.
	UserExtra map[string]any
	// Role is a value of the attribute roles that the run gives to users of its own, to
	// take it away again; empty for a target without roles.
	Role string
	// Others are credentials of the channel that may do less, or nothing.
	Others Others
}

// Others are credentials that must not do what the channel's own may. Each is nil unless the
// profile has it.
type Others struct {
	ReadOnly    *Auth   // may read, and must not write
	Ended       *Auth   // was good once: expired, or revoked
	Person      *Auth   // an ordinary person's own, who may provision nobody
	OtherTenant *Tenant // another tenant of the same service
}

// Tenant is the channel of another tenant.
type Tenant struct {
	BaseURL *url.URL
	Auth    Auth
}

// AuthScheme tells which credential the provisioning channel uses.
type AuthScheme string

// The schemes that a profile can name.
const (
	AuthBearer            AuthScheme = "bearer"
	AuthBasic             AuthScheme = "basic"
	AuthClientCredentials AuthScheme = "clientCredentials"
)

// Auth is the channel's credential; the fields of the scheme in use are set.
type Auth struct {
	Scheme AuthScheme

	Token string // bearer

	Username string // basic
	Password string // basic

	TokenURL     *url.URL // clientCredentials
	ClientID     string
	ClientSecret string
	Scopes       []string
}

// TLS holds the options for connections to the target.
type TLS struct {
	CAFile             string // PEM; added to the system's roots
	CertFile, KeyFile  string // PEM; a client certificate
	ServerName         string
	InsecureSkipVerify bool // stated in the report
	// MaxVersion is the newest version that is spoken, such as tls.VersionTLS12; 0 for any. No
	// profile sets it.
	MaxVersion uint16 `json:"-"`
}

// Limits bound what the run may ask of the target.
type Limits struct {
	RequestsPerSecond float64 // SCIM requests; default 5
	// AccessRequestsPerSecond bounds the requests of access paths; default 20.
	AccessRequestsPerSecond float64
	Concurrency             int           // SCIM requests in flight; default 4
	Connections             int           // new connections of a try at each mark; default 4
	RequestTimeout          time.Duration // one request, redirects included; default 15s
	MaxBodyBytes            int64         // of a reply; default 4 MiB
	// ReadLag is how long after a write a read may still show the old state;
	// default 0.
	ReadLag time.Duration
}

// Kind is a class of credential. The report's matrix has a row for each.
type Kind string

// The kinds that the survival specs look for.
const (
	WebSession        Kind = "web-session"
	RememberMe        Kind = "remember-me" // a cookie that begins new sessions
	AccessToken       Kind = "access-token"
	RefreshToken      Kind = "refresh-token"
	AuthorizationCode Kind = "authorization-code" // obtained and not redeemed (RFC 6749 §4.1)
	PersonalToken     Kind = "personal-token"
	AppPassword       Kind = "app-password"
	LocalPassword     Kind = "local-password"
	ResetLink         Kind = "reset-link"      // by mail, to choose a new password
	MagicLink         Kind = "magic-link"      // by mail, to sign in
	Invitation        Kind = "invitation"      // from the leaver to somebody else
	ServiceAccount    Kind = "service-account" // or a bot that the leaver owns
	ShareLink         Kind = "share-link"      // an address that opens something of the leaver's to whoever knows it
	Impersonation     Kind = "impersonation"   // somebody else acts as the leaver
	ActingAs          Kind = "acting-as"       // the leaver acts as somebody else
	SSOLogin          Kind = "sso-login"       // the identity provider's word alone, given anew
	SSHKey            Kind = "ssh-key"         // public keys that open shells and repositories
	EventStream       Kind = "event-stream"    // an open WebSocket or stream of server-sent events
	Webhook           Kind = "webhook"         // deliveries to an address that the leaver chose
	ScheduledJob      Kind = "scheduled-job"   // what runs by itself in the leaver's name
	DirectGrant       Kind = "direct-grant"    // what an administrator gave past SCIM
	GroupAccess       Kind = "group-access"    // what a group opens to its members
	RoleAccess        Kind = "role-access"     // what the attribute roles opens
)

// Kinds lists every kind in the order of the report.
func Kinds() []Kind {
	return []Kind{
		WebSession, RememberMe, AccessToken, RefreshToken, AuthorizationCode, PersonalToken, AppPassword, LocalPassword,
		ResetLink, MagicLink, Invitation, ServiceAccount, ShareLink, Impersonation, ActingAs,
		SSOLogin, SSHKey, EventStream, Webhook, ScheduledJob, DirectGrant, GroupAccess, RoleAccess,
	}
}

// AccessPath is one way in: how to obtain a credential as a given user, how to
// try it, and how to give it back.
type AccessPath struct {
	Name        string // unique in the profile
	Kind        Kind
	Recipe      string // the ready-made recipe that the steps came from, or empty
	Description string
	// Arm obtains the credential. Cookies are kept from step to step.
	Arm []Step
	// Try uses the credential once, on a fresh connection. Cookies are kept from
	// try to try as a browser keeps them, but for a local password, which is tried
	// each time with those that Arm left, unless it is Fresh.
	Try Try
	// Disarm gives the credential back; it runs after the watch.
	Disarm []Step
	// Owner asks who answers for the credential now; the last step is a request that
	// captures OwnerName. Nil for a profile that does not say how.
	Owner []Step
	// MayBeHandedOver says that the application, by design, gives it to somebody else when
	// its person leaves.
	MayBeHandedOver bool
	// Fresh says that each try begins with the steps of Arm: what is tried is whether
	// the credential can still be obtained.
	Fresh bool
	// OneShot says that a try spends the credential (a rotating refresh token);
	// one is then armed for every mark.
	OneShot bool
	// MaxTries bounds the tries after the event for each credential's user, 0
	// for no bound. A local password defaults to 3, against lock-outs.
	MaxTries int
	// DeclaredLifetime is how long a self-contained credential lives by the
	// application's own word, 0 if not stated.
	DeclaredLifetime time.Duration
	// RestoredOnReactivation says that the application, by design, brings the
	// credential back with its user.
	RestoredOnReactivation bool
	// KeptOnPasswordChange says that the credential outlives a new password by design.
	KeptOnPasswordChange bool
	// Listens says that a step names the credential's own address at the listener.
	Listens bool
}

// TakesTime reports a path whose try lasts: something has to arrive, to change, to be
// mailed anew, or a page has to be built.
func (p AccessPath) TakesTime() bool {
	mailed := p.Fresh && slices.ContainsFunc(p.Arm, func(s Step) bool { return s.WaitUpTo > 0 })
	return p.Try.Within > 0 || p.Try.Step.Browser != nil || mailed
}

// Step is one HTTP request of an access path, or the command, the mail, the stream or the
// request of an OAuth client or the browser that stands in its place. URL, header values, form values, JSON strings, the body, a command's
// arguments and the address of a mail may hold placeholders, {{name}}: the captures of
// earlier steps, and user.id, user.userName, user.password, user.email,
// user.displayName, user.marker, run.id, of group-access also group.id and
// group.displayName, unique, pkce.verifier and pkce.challenge (others for each
// credential),
// secret.NAME (of the profile's secrets), assertion.NAME (signed anew each time) and
// listener.url (another for each credential). A Try has more of them.
type Step struct {
	Exec    *Exec    // a command; the fields of a request are empty then
	Mail    *Mail    // a mail; the fields of a request are empty then
	Stream  *Stream  // a connection that stays open; the fields of a request are empty then
	OAuth   *OAuth   // a request of an OAuth client; the fields of a request are empty then
	Browser *Browser // a page in a browser; the fields of a request are empty then, but for Cookies
	Log     *Log     // of Container.Seed alone: the log of a container; the fields of a request are empty then
	Method  string
	URL     string // absolute; placeholders allowed after the origin
	Headers map[string]string
	Form    map[string]string // application/x-www-form-urlencoded
	JSON    any               // application/json
	Body    string            // as it stands
	// BasicAuth is sent as an Authorization header; placeholders allowed.
	BasicAuth *BasicAuth
	// Expect lists the statuses that let the steps go on; default any 2xx or 3xx.
	Expect []int
	// Capture names values of the reply for later steps.
	Capture map[string]Capture
	// FollowRedirects lets up to 10 redirects within the same origin be followed.
	FollowRedirects bool
	// Cookies lists the cookies that go along, by name; nil lets all. A browser then begins
	// with nothing stored.
	Cookies []string
	// Assertions names the signed assertions that the step's placeholders ask for.
	Assertions []string
	// WaitUpTo is how long the step is asked again until it is answered as expected
	// and all captures are there, 0 for once: a mail takes its time.
	WaitUpTo time.Duration
}

// String names what a step does, for people: "GET https://…", "exec ./try", "mail",
// "stream https://…", "oauth grant password at https://…" or "browser https://…".
func (s Step) String() string {
	switch {
	case s.Exec != nil:
		return "exec " + s.Exec.Name
	case s.Mail != nil:
		return "mail"
	case s.Stream != nil:
		return "stream " + s.Stream.URL
	case s.OAuth != nil:
		return "oauth " + s.OAuth.Name + " at " + s.OAuth.At()
	case s.Browser != nil:
		return "browser " + s.Browser.Open
	case s.Log != nil:
		return s.Log.String()
	}
	return s.Method + " " + s.URL
}

// BasicAuth is a user name and a password for HTTP Basic.
type BasicAuth struct{ Username, Password string }

// Capture says where in a reply a value is; one field beside Match is set.
type Capture struct {
	JSON   string // dot path such as "data.items.0.token"
	Header string // name
	Cookie string // name
	Form   string // value of the HTML form field of that name
	Query  string // query parameter of the Location header
	// Storage is a key of what a page has stored locally, or else for its session; Selector
	// finds an element of it, whose text or value is taken. Both are of a browser.
	Storage, Selector string
	// Body is the whole body, the text of a mail or of a page, or what a command prints;
	// Match says which part is kept.
	Body bool
	// Match is a regular expression (RE2) with one group: the part of the value that
	// is kept. Empty keeps all of it.
	Match string
}

// Try is a request or a command and how to tell that it was allowed; or what makes an
// untouched person say something, which then arrives on the credential's own stream or
// at its own address.
type Try struct {
	Step Step // empty if Provoke is given
	// Provoke are sent with the control user's cookies and captures. Beside these they
	// have the placeholders spoken, a text that is new at each try, and leaver.NAME, which
	// is NAME as the credential that is tried has it.
	Provoke []Step
	// Within is how long the try waits for what Provoke makes arrive, or for
	// Allowed.Changes; 0 for neither.
	Within time.Duration
	// AsControl sends Step with the control user's cookies and captures; it has leaver.NAME.
	AsControl bool
	Allowed   Allowed
	// Denied is how a plain command or a browser is denied; nil for all else.
	Denied *Denied
}

// String names what a try does, for people.
func (t Try) String() string {
	if len(t.Provoke) > 0 {
		return t.Provoke[len(t.Provoke)-1].String() + " by the control user"
	}
	return t.Step.String()
}

// Allowed describes the reply that only a live credential gets. All that is given
// must hold, and one of marker and cookie is, of a browser marker or selector: a 200 log-in
// page is not access.
type Allowed struct {
	Status []int  // default 200
	Marker string // must occur in the body, or in the text of a page; placeholders allowed
	// Selector and URL are those of a page, as Sight has them.
	Selector, URL string
	// Cookie is the name of one that the reply must set: a new session is access,
	// whatever page comes with it.
	Cookie string
	// Changes is a path into the JSON of the reply, in the syntax of package gjson, such as
	// "#" for the length of a list. Access is that the value there grows, if it is a
	// number, or else is another one, between the first look of a try and a later one.
	Changes string
}
