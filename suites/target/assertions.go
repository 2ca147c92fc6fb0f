package target

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/scimproof/scimproof/reports/strictyaml"
)

// AssertionPrefix begins the placeholders of signed assertions.
const AssertionPrefix = "assertion."

// SignedClaims are what a test identity provider says of a user: a JWT (RFC 7519) that is
// signed anew for each request. A step has it as {{assertion.NAME}}.
type SignedClaims struct {
	Algorithm string // HS256, RS256, ES256 or EdDSA
	Key       any    // as package jwt wants it for the algorithm
	// Claims are texts that may hold the user's placeholders; iat, exp and jti are added.
	Claims   map[string]string
	Lifetime time.Duration // default 5 minutes
}

type documentAssertion struct {
	Algorithm string
	Secret    string // of the profile's secrets
	Claims    map[string]string
	Lifetime  string
}

// assertions reads who else speaks for users.
func (b *builder) assertions(t *Target) {
	t.Assertions = map[string]SignedClaims{}
	for _, name := range slices.Sorted(maps.Keys(b.doc.Assertions)) {
		a, at := b.doc.Assertions[name], path{"assertions", name}
		out := SignedClaims{Algorithm: orDefault(a.Algorithm, "HS256"), Claims: a.Claims, Lifetime: b.duration(at.Child("lifetime"), a.Lifetime, 5*time.Minute)}
		secret, known := t.SecretValues[SecretPrefix+a.Secret]
		if !known {
			b.faults.add(at.Child("secret"), "there is no secret of this name", strictyaml.DidYouMean(a.Secret, slices.Sorted(maps.Keys(b.doc.Secrets))))
		} else if key, err := signingKey(out.Algorithm, secret); err != nil {
			b.faults.add(at.Child("secret"), "the secret is no key for "+out.Algorithm, "RS256, ES256 and EdDSA want a private key in PEM")
		} else {
			out.Key = key
		}
		for _, claim := range slices.Sorted(maps.Keys(a.Claims)) {
			b.template(at.Child("claims", claim), a.Claims[claim], append(slices.Clone(given), Unique))
		}
		t.Assertions[name] = out
	}
}

func signingKey(algorithm, secret string) (any, error) {
	switch algorithm {
	case "RS256":
		return jwt.ParseRSAPrivateKeyFromPEM([]byte(secret))
	case "ES256":
		return jwt.ParseECPrivateKeyFromPEM([]byte(secret))
	case "EdDSA":
		return jwt.ParseEdPrivateKeyFromPEM([]byte(secret))
	}
	return []byte(secret), nil
}

// asserted lists the assertions that a step's placeholders name.
func asserted(names []string) []string {
	var out []string
	for _, name := range names {
		if rest, ok := strings.CutPrefix(name, AssertionPrefix); ok && !slices.Contains(out, rest) {
			out = append(out, rest)
		}
	}
	return out
}
