package target

import (
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Defaults of a profile.
const (
	defaultRevokeWithin   = 5 * time.Minute // IPSIE AL SCIM profile
	defaultRate           = 5
	defaultAccessRate     = 20
	defaultConcurrency    = 4
	defaultConnections    = 4
	defaultRequestTimeout = 15 * time.Second
	defaultMaxBodyBytes   = 4 << 20
	defaultMailDomain     = "example.com"
	defaultPasswordTries  = 3
	defaultSubjects       = 3
)

// MaxSubjects bounds the leavers of one event: each needs credentials of its own.
const MaxSubjects = 10

// builder makes the Target and notes what only a look at the values shows.
type builder struct {
	faults   *faultList
	used     []string // the placeholders that were met since a step began
	listens  bool     // ListenerURL was met since an access path began
	target   *Target  // as far as it is made
	resolver *resolver
	literal  document // before variables were filled in
	doc      document
	seeding  bool // the steps are those of container.seed
}

func (b *builder) build() *Target {
	d := b.doc
	t := &Target{
		Name: d.Name, ID: d.ID, Environment: d.Environment, Version: d.ApplicationVersion,
		Owners: d.Owners, SharedSecrets: d.SharedSecrets, Clients: d.Clients,
	}
	if t.ID == "" && d.Container != nil {
		t.ID = "container:" + d.Name
	}
	b.target = t
	t.Container = b.container()
	b.channel(t)
	b.times(t)
	b.limits(t)
	b.secrets(t)
	b.assertions(t)
	t.Listener = b.listener()
	t.Browser = b.browserOptions()
	names := map[string]bool{}
	for i, p := range d.Access {
		at := path{"access", strconv.Itoa(i)}
		if names[p.Name] {
			b.faults.add(at.Child("name"), "another access path has this name", "give each its own")
		}
		names[p.Name] = true
		t.Access = append(t.Access, b.accessPath(at, p))
	}
	b.outOfBand(t)
	t.Issued = b.asked(path{"issued"}, IssuedName, b.doc.Issued, b.unlistened())
	b.notApplicable(t)
	return t
}

// secrets reads what access paths may name beside the user's own values.
func (b *builder) secrets(t *Target) {
	t.SecretValues = map[string]string{}
	for name, s := range b.doc.Secrets {
		t.SecretValues[SecretPrefix+name] = b.resolver.secret(path{"secrets", name}, "value", s.Value, b.literal.Secrets[name].Value, s.ValueFile)
	}
}

// channel reads the part scim.
func (b *builder) channel(t *Target) {
	s, at := b.doc.SCIM, path{"scim"}
	t.SCIM = SCIM{
		BaseURL: b.address(at.Child("baseURL"), s.BaseURL), Headers: s.Headers,
		MailDomain: orDefault(s.MailDomain, defaultMailDomain), UserExtra: s.UserExtra, Role: s.Role,
	}
	if u := t.SCIM.BaseURL; u != nil {
		u.Path = strings.TrimRight(u.Path, "/")
		if u.RawQuery != "" {
			b.faults.add(at.Child("baseURL"), "the address must have no query", "")
		}
		if t.ID == "" {
			t.ID = u.String()
		}
	}
	b.insideContainer(at.Child("baseURL"))
	b.headers(at.Child("headers"), s.Headers)
	for name := range s.Headers {
		if strings.EqualFold(name, "Authorization") {
			b.faults.add(at.Child("headers", name), "the credential belongs to scim.auth", "move it there")
		}
	}
	tls := s.TLS
	if (tls.CertFile == "") != (tls.KeyFile == "") {
		b.faults.add(at.Child("tls"), "certFile and keyFile need each other", "")
	}
	tls.CAFile, tls.CertFile, tls.KeyFile = b.resolver.resolve(tls.CAFile), b.resolver.resolve(tls.CertFile), b.resolver.resolve(tls.KeyFile)
	t.SCIM.TLS = tls
	t.SCIM.Auth = b.auth(at.Child("auth"), s.Auth, b.literal.SCIM.Auth)
	t.SCIM.Others = b.others(at.Child("others"))
}

// others reads the credentials that must not do what the channel's own may.
func (b *builder) others(at path) Others {
	now, before := b.doc.SCIM.Others, b.literal.SCIM.Others
	var o Others
	for _, c := range []struct {
		key         string
		now, before *documentAuth
		to          **Auth
	}{{"readOnly", now.ReadOnly, before.ReadOnly, &o.ReadOnly}, {"ended", now.Ended, before.Ended, &o.Ended}, {"person", now.Person, before.Person, &o.Person}} {
		if c.now != nil && c.before != nil {
			auth := b.auth(at.Child(c.key), *c.now, *c.before)
			*c.to = &auth
		}
	}
	if now.OtherTenant != nil && before.OtherTenant != nil {
		at := at.Child("otherTenant")
		o.OtherTenant = &Tenant{BaseURL: b.address(at.Child("baseURL"), now.OtherTenant.BaseURL), Auth: b.auth(at.Child("auth"), now.OtherTenant.Auth, before.OtherTenant.Auth)}
	}
	return o
}

func (b *builder) auth(at path, now, before documentAuth) Auth {
	given := 0
	for _, set := range []bool{now.Bearer != nil, now.Basic != nil, now.ClientCredentials != nil} {
		if set {
			given++
		}
	}
	if given != 1 {
		b.faults.add(at, "exactly one of bearer, basic and clientCredentials must be given", "")
		return Auth{}
	}
	switch {
	case now.Bearer != nil:
		return Auth{Scheme: AuthBearer, Token: b.resolver.secret(at.Child("bearer"), "token", now.Bearer.Token, before.Bearer.Token, now.Bearer.TokenFile)}
	case now.Basic != nil:
		return Auth{
			Scheme: AuthBasic, Username: now.Basic.Username,
			Password: b.resolver.secret(at.Child("basic"), "password", now.Basic.Password, before.Basic.Password, now.Basic.PasswordFile),
		}
	}
	cc := now.ClientCredentials
	at = at.Child("clientCredentials")
	return Auth{
		Scheme: AuthClientCredentials, ClientID: cc.ClientID, Scopes: cc.Scopes, TokenURL: b.address(at.Child("tokenURL"), cc.TokenURL),
		ClientSecret: b.resolver.secret(at, "clientSecret", cc.ClientSecret, before.ClientCredentials.ClientSecret, cc.ClientSecretFile),
	}
}

// address checks an absolute URL. Secrets travel to it, so only https will do,
// but for a target on this machine.
func (b *builder) address(at path, text string) *url.URL {
	u, err := url.Parse(text)
	if text == "" {
		return nil // an unset variable is a fault already
	}
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		b.faults.add(at, "not an absolute http or https address", "write one such as https://app.example.com/scim/v2")
		return nil
	case u.User != nil:
		b.faults.add(at, "the address must hold no user name or password", "")
		return nil
	case u.Fragment != "":
		b.faults.add(at, "the address must have no fragment", "")
		return nil
	case u.Scheme == "http" && !loopback(u.Hostname()):
		b.faults.add(at, "credentials would be sent over plain http", "use https; http is for this machine alone")
		return nil
	}
	return u
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (b *builder) headers(at path, headers map[string]string) {
	for name, value := range headers {
		if !httpguts.ValidHeaderFieldName(name) {
			b.faults.add(at.Child(name), "not the name of an HTTP header", "")
		}
		if !httpguts.ValidHeaderFieldValue(value) {
			b.faults.add(at.Child(name), "not a valid header value", "it must hold no line break")
		}
	}
}

func (b *builder) times(t *Target) {
	t.RevokeWithin = b.duration(path{"revokeWithin"}, b.doc.RevokeWithin, defaultRevokeWithin)
	t.Subjects = orDefault(b.doc.Subjects, defaultSubjects)
	t.GiveUpAfter = b.duration(path{"giveUpAfter"}, b.doc.GiveUpAfter, 2*t.RevokeWithin)
	if t.RevokeWithin <= 0 {
		b.faults.add(path{"revokeWithin"}, "must be longer than 0", "")
	}
	if t.GiveUpAfter < t.RevokeWithin {
		b.faults.add(path{"giveUpAfter"}, "shorter than revokeWithin, so that nothing could be said to have survived", "make it at least as long")
	}
}

func (b *builder) limits(t *Target) {
	l, at := b.doc.Limits, path{"limits"}
	t.Limits = Limits{
		RequestsPerSecond:       orDefault(l.RequestsPerSecond, defaultRate),
		AccessRequestsPerSecond: orDefault(l.AccessRequestsPerSecond, defaultAccessRate),
		Concurrency:             orDefault(l.Concurrency, defaultConcurrency),
		Connections:             orDefault(l.Connections, defaultConnections),
		RequestTimeout:          b.duration(at.Child("requestTimeout"), l.RequestTimeout, defaultRequestTimeout),
		MaxBodyBytes:            orDefault(l.MaxBodyBytes, defaultMaxBodyBytes),
		ReadLag:                 b.duration(at.Child("readLag"), l.ReadLag, 0),
	}
	if t.Limits.RequestTimeout <= 0 {
		b.faults.add(at.Child("requestTimeout"), "must be longer than 0", "")
	}
}

func (b *builder) duration(at path, text string, otherwise time.Duration) time.Duration {
	if text == "" {
		return otherwise
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		b.faults.add(at, "not a duration", "write one such as 30s or 5m")
		return otherwise
	}
	return d
}

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
