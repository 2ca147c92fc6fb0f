package access

import (
	"crypto/rand"
	"fmt"
	"maps"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/scimproof/scimproof/suites/target"
)

// withAssertions adds what the step asks an identity provider to say: a JWT for each
// name, signed anew for each request, as every one is good once (RFC 7519 §4.1.7).
func (d *Driver) withAssertions(c *Credential, step target.Step) (map[string]string, error) {
	if len(step.Assertions) == 0 {
		return c.values, nil
	}
	values := maps.Clone(c.values)
	for _, name := range step.Assertions {
		if c.forged {
			values[target.AssertionPrefix+name] = rand.Text()
			continue
		}
		signed, err := sign(d.Assertions[name], c.values, time.Now())
		if err != nil {
			return nil, fmt.Errorf("assertions.%s: %w", name, err)
		}
		d.Vault.Learn("assertion "+name, signed)
		values[target.AssertionPrefix+name] = signed
	}
	return values, nil
}

// sign makes the JWT. The claims iat, exp and jti are its own.
func sign(a target.SignedClaims, values map[string]string, now time.Time) (string, error) {
	claims := jwt.MapClaims{}
	for name, template := range a.Claims {
		text, err := target.Expand(template, values)
		if err != nil {
			return "", err
		}
		claims[name] = text
	}
	claims["iat"], claims["exp"], claims["jti"] = now.Unix(), now.Add(a.Lifetime).Unix(), rand.Text()
	return jwt.NewWithClaims(jwt.GetSigningMethod(a.Algorithm), claims).SignedString(a.Key)
}
