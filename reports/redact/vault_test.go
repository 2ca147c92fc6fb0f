package redact

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"
)

const secret = `s3cr3t/"+&<päss>?`

func TestTextTakesASecretOutInEachEncoding(t *testing.T) {
	quoted, _ := json.Marshal(secret)
	for name, text := range map[string]string{
		"plain":                secret,
		"query-escaped":        url.QueryEscape(secret),
		"path-escaped":         url.PathEscape(secret),
		"JSON":                 string(quoted),
		"HTML":                 html.EscapeString(secret),
		"base64":               base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64url":            base64.URLEncoding.EncodeToString([]byte(secret)),
		"Basic, user of 1":     base64.StdEncoding.EncodeToString([]byte("u" + secret + ":x")),
		"Basic, user of 2":     base64.StdEncoding.EncodeToString([]byte("us" + secret)),
		"Basic, user of 3":     base64.StdEncoding.EncodeToString([]byte("use" + secret + "yy")),
		"within a longer text": "before " + secret + " after",
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			v := New()
			v.Learn("password", secret)
			g.Expect(v.Leaks([]byte(text))).To(HaveLen(1))
			clean := v.Text(text)
			g.Expect(clean).To(ContainSubstring("‹password#1 hmac:"))
			g.Expect(clean).NotTo(ContainSubstring("s3cr3t"))
			g.Expect(v.Leaks([]byte(clean))).To(BeEmpty())
		})
	}
}

func TestTheLongerOfTwoNestedSecretsGoesFirst(t *testing.T) {
	g := NewWithT(t)
	v := New()
	v.Learn("short", "abcdef")
	v.Learn("long", "abcdefghijkl")
	g.Expect(v.Text("abcdefghijkl")).To(HavePrefix("‹long#1 "))
	g.Expect(v.Text("abcdef!")).To(HavePrefix("‹short#1 "))
}

// What is learnt between two texts takes its place among what was known before.
func TestSecretsThatAreLearntLaterAreInOrder(t *testing.T) {
	g := NewWithT(t)
	v := New()
	for _, secret := range []string{"middle-123", "middle-123-and-more", "middle", "a-middle-123-and-more-b", "other-secret", "x-middle-123"} {
		v.Learn("token", secret)
		_ = v.Text("something")
	}
	sorted := slices.IsSortedFunc(v.sorted(), pair.order)
	g.Expect(sorted).To(BeTrue(), "the longest first")
	text := v.Text("a-middle-123-and-more-b middle-123-and-more x-middle-123 middle other-secret")
	g.Expect(text).NotTo(Or(ContainSubstring("middle"), ContainSubstring("other-secret"), ContainSubstring("-and-more")))
	g.Expect(strings.Count(text, "‹token#")).To(Equal(5))
}

func TestASecretKeepsItsTag(t *testing.T) {
	g := NewWithT(t)
	v := New()
	v.Learn("token", "first-token")
	before := v.Text("first-token")
	v.Learn("token", "second-token")
	v.Learn("other", "first-token")
	g.Expect(v.Text("first-token")).To(Equal(before))
	g.Expect(v.Count()).To(Equal(2))
}

func TestShortValuesAreNotSecrets(t *testing.T) {
	g := NewWithT(t)
	v := New()
	v.Learn("pin", "12345")
	g.Expect(v.Count()).To(BeZero())
	g.Expect(v.Text("12345")).To(Equal("12345"))
}

func TestTwoRunsTagTheSameSecretDifferently(t *testing.T) {
	g := NewWithT(t)
	a, b := New(), New()
	a.Learn("token", "the-same-token")
	b.Learn("token", "the-same-token")
	g.Expect(a.Text("the-same-token")).NotTo(Equal(b.Text("the-same-token")))
}

func TestVaultIsSafeForConcurrentUse(t *testing.T) {
	v := New()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				v.Learn("token", strings.Repeat(string(rune('a'+i)), 8+j))
				_ = v.Text("aaaaaaaaaaaa")
			}
		})
	}
	wg.Wait()
}

func FuzzNothingLearntSurvivesText(f *testing.F) {
	f.Add("hunter2-hunter2", "x", "y")
	f.Add(secret, "Basic ", "")
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		v := New()
		v.Learn("secret", secret)
		text := before + secret + after
		encoded := base64.StdEncoding.EncodeToString([]byte(text))
		if len(secret) >= MinLength && len(v.Leaks([]byte(text))) == 0 {
			t.Fatalf("a leak in plain text was missed")
		}
		if len(secret) >= 9 && len(v.Leaks([]byte(encoded))) == 0 {
			t.Fatalf("a leak in base64 was missed")
		}
	})
}

// Many texts go through the finder, a few through one replacement after the other.
func TestTextIsTheSameOnceSettled(t *testing.T) {
	g := NewWithT(t)
	for _, text := range []string{
		"", "short", "abcdef", "abcdefghijkl", "xxabcdefghijklabcdef!", "abcdeabcdefg", "ends in abcde",
		"%61bcdef a%2Fb+c%3Dd-e a/b+c=d-e", base64.StdEncoding.EncodeToString([]byte("of abcdefghijkl.")),
	} {
		v := New()
		for _, secret := range []string{"abcdef", "abcdefghijkl", "a/b+c=d-e"} {
			v.Learn("token", secret)
		}
		before := v.Text(text)
		v.Settle()
		g.Expect(v.Text(text)).To(Equal(before), text)
		g.Expect(v.Leaks([]byte(v.Text(text)))).To(BeEmpty(), text)
	}
}
