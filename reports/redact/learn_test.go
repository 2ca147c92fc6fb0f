package redact

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestLearnBody(t *testing.T) {
	const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"
	for name, c := range map[string]struct {
		body    string
		secrets int
	}{
		"a token reply":            {`{"access_token":"at-93F2kk01","token_type":"Bearer","expires_in":600,"refresh_token":"rt-55ab11cd"}`, 2},
		"nested and in lists":      {`{"data":[{"apiKey":"k-12345678"}]}`, 1},
		"an address is no secret":  {`{"token_endpoint":"https://app.example.com/oauth/token1"}`, 0},
		"a word is no secret":      {`{"token_type":"authorization"}`, 0},
		"a JWT anywhere":           {`<p>` + token + `</p>`, 1},
		"neither JSON nor a token": {`<html>hello</html>`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			v := New()
			v.LearnBody([]byte(c.body))
			NewWithT(t).Expect(v.Count()).To(Equal(c.secrets))
		})
	}
}
