package access

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestTheTextOfAMail(t *testing.T) {
	const boundary = "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
	part := func(header, body string) string { return "--b\r\n" + header + "\r\n\r\n" + body + "\r\n" }
	for name, c := range map[string]struct{ mail, has, hasNot string }{
		"as it stands":   {"Subject: x\r\n\r\ncode 12345\r\n", "code 12345", ""},
		"plain line end": {"Subject: x\n\ncode 12345\n", "code 12345", ""},
		"quoted-printable, broken in the middle": {
			"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nhttps://a.example/?t=3D123=\r\n456 f=C3=BCr dich\r\n",
			"https://a.example/?t=123456 für dich", "",
		},
		"base64": {
			"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte("code 12345 für dich")) + "\r\n",
			"code 12345 für dich", "",
		},
		"another character set": {"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nf=FCr dich\r\n", "für dich", ""},
		"an unknown one":        {"Content-Type: text/plain; charset=x-none\r\n\r\ncode 12345\r\n", "code 12345", ""},
		"HTML, its entities": {
			"Content-Type: text/html; charset=utf-8\r\n\r\n<a href=\"https://a.example/?a=1&amp;t=12345\">here</a>\r\n",
			`href="https://a.example/?a=1&t=12345"`, "&amp;",
		},
		"plain text before HTML": {
			boundary + part("Content-Type: text/html", "<p>second</p>") + part("Content-Type: text/plain", "first") + "--b--\r\n",
			"first\n<p>second</p>", "",
		},
		"parts in parts": {
			"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" + boundary + part("Content-Type: text/plain", "code 12345") + "--b--\r\n--a--\r\n",
			"code 12345", "",
		},
		"an attachment is left out": {
			boundary + part("Content-Type: text/plain\r\nContent-Disposition: attachment; filename=x.txt", "code 99999") + part("Content-Type: text/plain", "code 12345") + "--b--\r\n",
			"code 12345", "99999",
		},
		"an image is left out": {
			boundary + part("Content-Type: image/png", "code 99999") + part("Content-Type: text/plain", "code 12345") + "--b--\r\n",
			"code 12345", "99999",
		},
		"the end is missing": {boundary + part("Content-Type: text/plain", "code 12345"), "code 12345", ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			text, err := mailText([]byte(c.mail))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(strings.ReplaceAll(text, "\r\n", "\n")).To(ContainSubstring(c.has))
			if c.hasNot != "" {
				g.Expect(text).NotTo(ContainSubstring(c.hasNot))
			}
		})
	}
}

func TestAMailWithoutTextIsSaid(t *testing.T) {
	for name, mail := range map[string]string{
		"an image": "Content-Type: image/png\r\n\r\nx", "nothing": "", "no parts": "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mailText([]byte(mail))
			NewWithT(t).Expect(err).To(MatchError(Or(ContainSubstring("no text"), ContainSubstring("cannot be read"))))
		})
	}
}

func TestForWhomAMailIs(t *testing.T) {
	w := wanted{to: "ada@example.com", subject: regexp.MustCompile("^Hello")}
	for header, want := range map[string]bool{
		"Subject: Hello\r\nTo: ada@example.com":                                   true,
		"Subject: Hello you\r\nTo: \"Ada, the one\" <Ada@Example.com>":            true,
		"Subject: Hello\r\nTo: bob@example.com, ada@example.com":                  true,
		"Subject: Hello\r\nCc: ada@example.com":                                   true,
		"Subject: Hello\r\nTo: list@example.com\r\nDelivered-To: ada@example.com": true,
		"Subject: Hello\r\nX-Original-To: <ada@example.com>":                      true,
		"Subject: Hello\r\nTo: Undisclosed recipients:;":                          false,
		"Subject: Hello\r\nTo: ada@example.com.example.org":                       false,
		"Subject: Hello\r\nFrom: ada@example.com\r\nTo: bob@example.com":          false,
		"Subject: ada@example.com Hello\r\nTo: ada@example.com":                   false,
		"To: ada@example.com": false,
		"":                    false,
	} {
		t.Run(header, func(t *testing.T) {
			NewWithT(t).Expect(w.isWanted([]byte(header + "\r\n\r\ntext"))).To(Equal(want))
		})
	}
}

func TestAMailOfManyPartsIsReadToABound(t *testing.T) {
	g := NewWithT(t)
	var deep, wide strings.Builder
	for i := range 2 * maxDepth {
		_, _ = fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	deep.WriteString("Content-Type: text/plain\r\n\r\ntoo deep\r\n")
	wide.WriteString("Content-Type: multipart/mixed; boundary=b\r\n\r\n")
	for i := range 2 * maxParts {
		_, _ = fmt.Fprintf(&wide, "--b\r\nContent-Type: text/plain\r\n\r\npart %d.\r\n", i)
	}
	_, err := mailText([]byte(deep.String()))
	g.Expect(err).To(MatchError(ContainSubstring("no text")))
	text, err := mailText([]byte(wide.String()))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(text).To(ContainSubstring(fmt.Sprintf("part %d.", maxParts-2)), "the whole mail counts as a part")
	g.Expect(text).NotTo(ContainSubstring(fmt.Sprintf("part %d.", maxParts-1)))
}

func FuzzMailText(f *testing.F) {
	f.Add([]byte(post("ada@example.com", "Hello", "code 12345")))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nY29kZQ==\r\n--b--\r\n"))
	f.Add([]byte("Subject: =?x-none?q?=FF?=\r\nTo: <\r\nContent-Type: ;\r\n\r\n"))
	w := wanted{to: "ada@example.com", subject: regexp.MustCompile("")}
	f.Fuzz(func(t *testing.T, raw []byte) {
		w.isWanted(raw)
		text, err := mailText(raw)
		if err == nil && text == "" {
			t.Fatal("a mail is read, and has no text")
		}
		// Character sets may take up to three bytes for one.
		if len(text) > 4*len(raw)+2*maxParts {
			t.Fatalf("%d bytes of text out of %d bytes of mail", len(text), len(raw))
		}
	})
}
