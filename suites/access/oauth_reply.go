package access

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/target"
)

// oauthSaid is what the answer of an authorization server says of a credential.
type oauthSaid struct {
	result reports.Result
	reason string
	// at is what was answered, for people; empty where nothing was.
	at string
	// code is the error of RFC 6749 section 5.2, empty for none.
	code string
	// passing marks trouble that may go by itself.
	passing bool
	// err is why there is no answer; nil where there is one.
	err error
}

// Errors that ask for patience (RFC 8628 section 3.5).
const (
	authorizationPending = "authorization_pending"
	slowDown             = "slow_down"
)

// The pace of a device that polls (RFC 8628 section 3.2 and 3.5).
const (
	defaultPollEvery = 5 * time.Second
	slowerBy         = 5 * time.Second
	longestPollEvery = time.Hour
)

// refusals are the errors that refuse a credential, or whoever comes with it (RFC 6749
// section 4.1.2.1 and 5.2, RFC 6750 section 3.1, RFC 8628 section 3.5). GitHub has words
// of its own, and answers 200 with them.
var refusals = []string{
	"invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "expired_token", "invalid_token",
	"bad_refresh_token", "bad_verification_code", "incorrect_client_credentials",
}

// mistakes are the errors that speak of the request alone (RFC 6749 section 5.2, RFC 7009
// section 2.2.1, RFC 8707 section 2).
var mistakes = []string{"invalid_request", "invalid_scope", "unsupported_grant_type", "unsupported_token_type", "invalid_target"}

// patience are the errors that may go by themselves.
var patience = []string{authorizationPending, slowDown, "temporarily_unavailable", "server_error"}

// oauthDoc is what is read of an answer. What has another type than it should have is
// not there.
type oauthDoc struct {
	token, deviceCode, code, description string
	active, inactive                     bool
}

func readDoc(body []byte) oauthDoc {
	var all map[string]any
	_ = json.Unmarshal(body, &all) // what is no JSON object says nothing
	text := func(name string) string {
		value, _ := all[name].(string)
		return value
	}
	active, said := all["active"].(bool)
	return oauthDoc{
		token: text("access_token"), deviceCode: text("device_code"), code: text("error"), description: text("error_description"),
		active: said && active, inactive: said && !active,
	}
}

// explain adds to a status what is said beside it. Only text of the application's own goes
// through quote: that takes its time, and the errors of the standards hold no secret.
func (d oauthDoc) explain(text string, quote func(string) string) string {
	switch {
	case d.code == "":
		return text
	case slices.Contains(slices.Concat(refusals, mistakes, patience), d.code):
		text += " " + d.code
	default:
		text += " " + quote(d.code)
	}
	if d.description != "" {
		text += " (" + quote(d.description) + ")"
	}
	return text
}

// quote makes text of the application fit for a reason. Secrets go before it is cut, as a
// part of one would not be known for one later.
func (d *Driver) quote(text string) string { return exchange.Printable(d.Vault.Text(text), maxReason) }

// readOAuth reads the answer of an endpoint. That it was given what was asked for is
// access, and a refusal is none; what is not understood decides nothing. quote makes text
// of the application harmless, which the reason may hold.
func readOAuth(endpoint target.OAuthEndpoint, status int, body []byte, quote func(string) string) oauthSaid {
	text := fmt.Sprintf("%d %s", status, http.StatusText(status))
	if passing(status) {
		return oauthSaid{result: reports.TryInconclusive, passing: true, reason: text}
	}
	doc := readDoc(body)
	if status == http.StatusOK {
		if said, ok := granted(endpoint, doc, text); ok {
			return said
		}
	}
	said := refused(status, doc, doc.explain(text, quote))
	if said.result == "" {
		said.result = reports.TryInconclusive
		said.reason = doc.explain(text, quote) + ", which is no answer of " + endpointName(endpoint) + "; compare the address"
	}
	// There it is the client that was refused, who asks about somebody else's token.
	if endpoint == target.IntrospectionEndpoint && said.result == reports.TryDenied {
		said.result, said.reason = reports.TryInconclusive, said.reason+": the client may not ask, which says nothing of the token (RFC 7662 section 2.3)"
	}
	return said
}

// granted reads what was asked for out of an answer; ok tells that it is there.
func granted(endpoint target.OAuthEndpoint, doc oauthDoc, text string) (said oauthSaid, ok bool) {
	allowed := oauthSaid{result: reports.TryAllowed}
	switch {
	case endpoint == target.TokenEndpoint && doc.token != "":
		allowed.reason = text + " with an access token"
	case endpoint == target.DeviceAuthorizationEndpoint && doc.deviceCode != "":
		allowed.reason = text + " with a device code"
	case endpoint == target.RevocationEndpoint:
		allowed.reason = text
	case endpoint == target.IntrospectionEndpoint && doc.active:
		allowed.reason = text + ": the token is active"
	case endpoint == target.IntrospectionEndpoint && doc.inactive:
		return oauthSaid{result: reports.TryDenied, reason: text + ": the token is not active"}, true
	default:
		return oauthSaid{}, false
	}
	return allowed, true
}

// refused reads a refusal, or what else the error of an answer says; the result is empty
// if it has none.
func refused(status int, doc oauthDoc, text string) oauthSaid {
	said := oauthSaid{reason: text}
	plain := status == http.StatusBadRequest || status == http.StatusUnauthorized
	if !plain && status != http.StatusOK && status != http.StatusForbidden {
		return oauthSaid{}
	}
	switch {
	case slices.Contains(patience, doc.code):
		said.result, said.passing, said.code = reports.TryInconclusive, true, doc.code
	case slices.Contains(mistakes, doc.code):
		said.result, said.code = reports.TryInconclusive, doc.code
		said.reason += ": the request is refused for its form, which says nothing of the credential; compare the step's keys"
	case slices.Contains(refusals, doc.code), plain:
		said.result, said.code = reports.TryDenied, doc.code
	default:
		return oauthSaid{}
	}
	return said
}

// endpointName names an endpoint for people.
func endpointName(endpoint target.OAuthEndpoint) string {
	switch endpoint {
	case target.DeviceAuthorizationEndpoint:
		return "a device authorization endpoint (RFC 8628 section 3.2)"
	case target.IntrospectionEndpoint:
		return "an introspection endpoint (RFC 7662 section 2.2)"
	case target.RevocationEndpoint:
		return "a revocation endpoint (RFC 7009 section 2.2)"
	}
	return "a token endpoint (RFC 6749 section 5)"
}

// pollEvery is the interval that a device is told, within bounds; 0 if it is told none.
func pollEvery(body []byte) time.Duration {
	var doc struct{ Interval float64 }
	if json.Unmarshal(body, &doc) != nil || !(doc.Interval > 0) {
		return 0
	}
	return time.Duration(min(doc.Interval, longestPollEvery.Seconds()) * float64(time.Second))
}
