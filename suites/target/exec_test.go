package target

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// withExec is minimal with an access path of commands and a mail.
const withExec = minimal + `secrets: {mail: {value: "${TOKEN}"}}
limits: {requestTimeout: 7s}
access:
  - name: key
    kind: personal-token
    arm:
      - exec: {argv: [sh, -c, "echo {{unique}}"], plain: true}
        capture: {public: {body: true, match: "(.+)"}}
      - exec: {argv: [./register, "{{public}}"], timeLimit: 3s, env: {KEY: "{{secret.mail}}"}}
        capture: {id: {json: values.id}}
      - mail: {imap: {server: "imaps://imap.example.com", username: box, password: "{{secret.mail}}"}, to: "{{user.email}}", subject: "^Confirm"}
        waitUpTo: 30s
        capture: {link: {body: true, match: "(https://[^ ]+)"}}
      - mail: {maildir: box, to: "{{user.email}}"}
        capture: {code: {body: true, match: "code ([0-9]+)"}}
    try:
      exec: {argv: [sh, -c, "echo {{id}}"], plain: true}
      allowed: {marker: "{{user.marker}}"}
      denied: {exit: [255], stderr: "Permission denied"}
    disarm:
      - exec: {argv: [./register, remove, "{{id}}"]}
`

// besideProfile makes the folder that withExec's files are in.
func besideProfile(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"register": 0o700, "plainfile": 0o600} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "box"), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCommandsAndMails(t *testing.T) {
	g := NewWithT(t)
	dir := besideProfile(t)
	p, err := Parse(filepath.Join(dir, "t.yaml"), []byte(withExec), env)
	g.Expect(err).NotTo(HaveOccurred())
	path := p.Access[0]
	g.Expect(path.Arm).To(HaveLen(4))
	g.Expect(filepath.IsAbs(path.Arm[0].Exec.Program)).To(BeTrue(), "found in PATH")
	g.Expect(path.Arm[0].Exec.Plain).To(BeTrue())
	g.Expect(path.Arm[0].Exec.TimeLimit).To(Equal(7*time.Second), "limits.requestTimeout")
	g.Expect(path.Arm[0].Capture).To(HaveKeyWithValue("public", Capture{Body: true, Match: "(.+)"}))
	g.Expect(path.Arm[1].Exec).To(Equal(&Exec{
		Name: "./register", Program: filepath.Join(dir, "register"), Args: []string{"{{public}}"}, Dir: dir,
		TimeLimit: 3 * time.Second, Env: map[string]string{"KEY": "{{secret.mail}}"},
	}))
	g.Expect(path.Arm[2].WaitUpTo).To(Equal(30 * time.Second))
	g.Expect(path.Arm[2].Mail).To(Equal(&Mail{
		To: "{{user.email}}", Subject: "^Confirm",
		IMAP: &IMAP{Address: "imap.example.com:993", Host: "imap.example.com", TLS: true, Username: "box", Password: "{{secret.mail}}", Mailbox: "INBOX"},
	}))
	g.Expect(path.Arm[3].Mail).To(Equal(&Mail{Maildir: filepath.Join(dir, "box"), To: "{{user.email}}"}))
	g.Expect(path.Try.Allowed).To(Equal(Allowed{Marker: "{{user.marker}}"}))
	g.Expect(path.Try.Denied).To(Equal(&Denied{Exit: []int{255}, Stderr: "Permission denied"}))
	g.Expect(path.Disarm[0].Exec.Args).To(Equal([]string{"remove", "{{id}}"}))
}

// Each row is a change to a good profile and the one fault that it must give.
func TestFaultsOfCommandsAndMails(t *testing.T) {
	const (
		register = `exec: {argv: [./register, "{{public}}"], timeLimit: 3s, env: {KEY: "{{secret.mail}}"}}`
		denied   = `      denied: {exit: [255], stderr: "Permission denied"}` + "\n"
		server   = `"imaps://imap.example.com"`
		maildir  = `{maildir: box, to: "{{user.email}}"}`
	)
	for name, c := range map[string]struct{ old, with, want string }{
		"a command and a request":      {register, register + "\n        get: https://app.example.com", "access[0].arm[1]: exactly one of get, post, put, patch, delete, exec, mail, oauth, stream and browser must be given"},
		"a command and a mail":         {"mail: " + maildir, "mail: " + maildir + "\n        " + register, "access[0].arm[3]: exactly one of get"},
		"a header for a command":       {register, register + "\n        headers: {A: b}", "t.yaml:22:9: access[0].arm[1].headers: this belongs to a request"},
		"a status of a command":        {register, register + "\n        expect: [200]", "access[0].arm[1].expect: this belongs to a request"},
		"a command that is not there":  {"./register, \"{{public}}\"", "./registre, \"{{public}}\"", "access[0].arm[1].exec.argv[0]: there is no command "},
		"a command not in PATH":        {"./register, \"{{public}}\"", "no-such-command-7, \"{{public}}\"", "access[0].arm[1].exec.argv[0]: there is no command no-such-command-7 in PATH (install it"},
		"a file that cannot be run":    {"./register, \"{{public}}\"", "./plainfile, \"{{public}}\"", "plainfile is not executable (chmod +x it)"},
		"a folder as a command":        {"./register, \"{{public}}\"", "./box, \"{{public}}\"", "box is a folder"},
		"a placeholder as a command":   {"./register, \"{{public}}\"", "\"{{public}}\", x", "access[0].arm[1].exec.argv[0]: the command must hold no placeholder"},
		"an empty command":             {"./register, \"{{public}}\"", `"", "{{public}}"`, "access[0].arm[1].exec.argv[0]: the command must not be empty"},
		"no command":                   {`[./register, "{{public}}"]`, "[]", "access[0].arm[1].exec.argv: minItems"},
		"an unknown placeholder":       {"./register, \"{{public}}\"", `./register, "{{pubic}}"`, "access[0].arm[1].exec.argv[1]: unknown placeholder {{pubic}} (did you mean public?)"},
		"a secret as an argument":      {"./register, \"{{public}}\"", `./register, "{{secret.mail}}"`, "access[0].arm[1].exec.argv[1]: {{secret.mail}} must not stand among the arguments"},
		"the password as an argument":  {"./register, \"{{public}}\"", `./register, "{{user.password}}"`, "{{user.password}} must not stand among the arguments"},
		"no name of a variable":        {"env: {KEY:", "env: {K-Y:", "access[0].arm[1].exec.env.K-Y: not the name of an environment variable"},
		"an unknown secret":            {`{KEY: "{{secret.mail}}"}`, `{KEY: "{{secret.male}}"}`, "access[0].arm[1].exec.env.KEY: unknown placeholder {{secret.male}}"},
		"no duration":                  {"timeLimit: 3s", "timeLimit: 3y", "access[0].arm[1].exec.timeLimit: not a duration"},
		"no time":                      {"timeLimit: 3s", "timeLimit: 0s", "access[0].arm[1].exec.timeLimit: must be longer than 0"},
		"a header of a command":        {"{json: values.id}", "{header: X}", "access[0].arm[1].capture.id: a command has no such thing"},
		"a body without a part":        {`{body: true, match: "(.+)"}`, "{body: true}", "access[0].arm[0].capture.public: body needs match"},
		"no marker":                    {`allowed: {marker: "{{user.marker}}"}`, "allowed: {}", "access[0].try.allowed: marker must be given (an exit code alone proves no access)"},
		"a cookie of a command":        {`allowed: {marker: "{{user.marker}}"}`, `allowed: {marker: "{{user.marker}}", cookie: c}`, "access[0].try.allowed.cookie: this belongs to a request"},
		"a status of a try":            {`allowed: {marker: "{{user.marker}}"}`, `allowed: {marker: "{{user.marker}}", status: [200]}`, "access[0].try.allowed.status: this belongs to a request"},
		"nothing is a denial":          {denied, "", "access[0].try: denied must be given for a plain command"},
		"a denial by the code alone":   {`{exit: [255], stderr: "Permission denied"}`, "{exit: [255]}", "access[0].try.denied: exit and stderr must both be given"},
		"success as a denial":          {"exit: [255]", "exit: [0]", "access[0].try.denied.exit[0]: minimum"},
		"a denial that is no pattern":  {`"Permission denied"`, `"("`, "access[0].try.denied.stderr: this must be a regular expression"},
		"a denial that it says itself": {`"echo {{id}}"], plain: true}`, `"echo {{id}}"]}`, "access[0].try.denied: this belongs to a plain command"},
		"a mail in two places":         {maildir, `{maildir: box, imap: {server: "imaps://a", username: u, password: "{{secret.mail}}"}, to: x}`, "access[0].arm[3].mail: exactly one of maildir and imap"},
		"a mail in no place":           {maildir, "{to: x}", "access[0].arm[3].mail: exactly one of maildir and imap"},
		"no Maildir":                   {"maildir: box", "maildir: bax", "access[0].arm[3].mail.maildir: there is no folder"},
		"a subject that is no pattern": {`"^Confirm"`, `"("`, "access[0].arm[2].mail.subject: this must be a regular expression"},
		"JSON of a mail":               {`{body: true, match: "code ([0-9]+)"}`, "{json: code}", "access[0].arm[3].capture.code: a mail has no such thing"},
		"a mail server without TLS":    {server, `"imap://imap.example.com"`, "access[0].arm[2].mail.imap.server: the password would be sent without TLS"},
		"no mail server":               {server, "https://imap.example.com", "access[0].arm[2].mail.imap.server: not the address of a mail server"},
		"a user in the address":        {server, `"imaps://u@imap.example.com"`, "access[0].arm[2].mail.imap.server: the address must hold nothing but host and port"},
		"a password in the profile":    {`username: box, password: "{{secret.mail}}"`, "username: box, password: plain", "access[0].arm[2].mail.imap.password: a secret must not stand here"},
		"a capture to sign in with":    {"username: box", `username: "{{id}}"`, "access[0].arm[2].mail.imap.username: unknown placeholder {{id}}"},
		"a mail after all":             {"      - exec: {argv: [./register, remove", "      - mail: " + maildir + "\n      - exec: {argv: [./register, remove", "access[0].disarm[0].mail: a mail is looked for while a credential is armed"},
		"a mail as a try":              {`exec: {argv: [sh, -c, "echo {{id}}"], plain: true}` + "\n      allowed: {marker: \"{{user.marker}}\"}\n" + denied, "mail: " + maildir + "\n      allowed: {marker: x}\n", "access[0].try.mail: unknown key"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			text := strings.Replace(withExec, c.old, c.with, 1)
			g.Expect(text).NotTo(Equal(withExec), "the row changes nothing")
			_, err := Parse(filepath.Join(besideProfile(t), "t.yaml"), []byte(text), env)
			var faults Faults
			g.Expect(errors.As(err, &faults)).To(BeTrue())
			g.Expect(faults).To(HaveLen(1), err.Error())
			g.Expect(err.Error()).To(ContainSubstring(c.want))
			g.Expect(err.Error()).NotTo(ContainSubstring(tokenValue), "a fault quotes a secret")
		})
	}
}

func TestAMailServerOnThisMachineNeedsNoTLS(t *testing.T) {
	g := NewWithT(t)
	text := strings.Replace(withExec, `"imaps://imap.example.com"`, `"imap://[::1]"`, 1)
	p, err := Parse(filepath.Join(besideProfile(t), "t.yaml"), []byte(text), env)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Access[0].Arm[2].Mail.IMAP).To(HaveField("Address", "[::1]:143"))
	g.Expect(p.Access[0].Arm[2].Mail.IMAP).To(HaveField("TLS", false))
}
