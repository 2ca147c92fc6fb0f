package target

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Exec is a command that a step runs, without a shell.
type Exec struct {
	// Name is argv[0] as the profile has it, for people.
	Name string
	// Program is the absolute path of what runs.
	Program string
	// Args are what follows argv[0]; placeholders allowed, but for secrets: other
	// users of the machine can read a command's arguments.
	Args []string
	// Dir is the profile's folder, in which the command runs.
	Dir string
	// TimeLimit ends the command and all that it started; the default is
	// Limits.RequestTimeout.
	TimeLimit time.Duration
	// Env is what the command is given beside PATH and HOME; placeholders allowed.
	Env map[string]string
	// Plain says that the command neither reads nor prints the JSON by which others
	// are told and tell.
	Plain bool
}

// Denied is how a plain command or a browser shows that access is denied. All that is
// given must hold: many tools leave with the same code when they cannot reach a server.
type Denied struct {
	// Exit and Stderr, a regular expression (RE2), are those of a plain command.
	Exit   []int
	Stderr string
	// Selector, Text and URL are those of a page, as Sight has them.
	Selector, Text, URL string
}

// exec checks a command. What it names must be there: a run that finds out later
// has made test users for nothing.
func (b *builder) exec(at path, e *documentExec, known []string) *Exec {
	if len(e.Argv) == 0 {
		return nil // a fault in the form
	}
	out := &Exec{
		Name: e.Argv[0], Args: e.Argv[1:], Env: e.Env, Plain: e.Plain,
		TimeLimit: b.duration(at.Child("timeLimit"), e.TimeLimit, b.requestTimeout()),
	}
	if out.TimeLimit <= 0 {
		b.faults.add(at.Child("timeLimit"), "must be longer than 0", "")
	}
	dir, err := filepath.Abs(b.resolver.dir)
	if err != nil {
		b.faults.add(at, "the profile's folder cannot be told: "+err.Error(), "")
	}
	out.Dir = dir
	out.Program = b.program(at.Child("argv", "0"), dir, e.Argv[0])
	for i, arg := range out.Args {
		here := at.Child("argv", strconv.Itoa(i+1))
		b.template(here, arg, known)
		b.noSecret(here, arg)
	}
	for name, value := range e.Env {
		here := at.Child("env", name)
		if !variableName.MatchString(name) {
			b.faults.add(here, "not the name of an environment variable", "use letters, digits and _")
		}
		b.template(here, value, known)
	}
	return out
}

// requestTimeout is limits.requestTimeout before the limits are checked, which is
// where a wrong one is said.
func (b *builder) requestTimeout() time.Duration {
	if d, err := time.ParseDuration(b.doc.Limits.RequestTimeout); err == nil && d > 0 {
		return d
	}
	return defaultRequestTimeout
}

// program finds the file that a command names.
func (b *builder) program(at path, dir, name string) string {
	switch {
	case name == "":
		b.faults.add(at, "the command must not be empty", "")
		return ""
	case placeholder.MatchString(name):
		b.faults.add(at, "the command must hold no placeholder", "what runs is fixed; placeholders may follow as arguments")
		return ""
	case !strings.ContainsRune(name, '/'):
		found, err := exec.LookPath(name)
		if err != nil {
			b.faults.add(at, "there is no command "+name+" in PATH", "install it, or write ./"+name+" for one beside the profile")
		}
		return found
	case !filepath.IsAbs(name):
		name = filepath.Join(dir, name)
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		b.faults.add(at, "there is no command "+name, "paths are relative to the profile")
	case info.IsDir():
		b.faults.add(at, name+" is a folder", "name the command itself")
	case info.Mode()&0o111 == 0:
		b.faults.add(at, name+" is not executable", "chmod +x it")
	}
	return name
}

// noSecret keeps the profile's secrets and the user's password out of arguments.
func (b *builder) noSecret(at path, text string) {
	for _, name := range placeholders(text) {
		if strings.HasPrefix(name, SecretPrefix) || name == "user.password" {
			b.faults.add(at, "{{"+name+"}} must not stand among the arguments, which other users of the machine can read", "hand it over with env")
		}
	}
}

// notOfExec notes keys that speak of a request, beside a command, a mail, a stream or a
// request of an OAuth client, which has keys of its own, or a browser. A stream and a
// browser are opened with cookies.
func (b *builder) notOfExec(at path, s documentStep) {
	for _, k := range []struct {
		key   string
		given bool
	}{
		{"headers", s.Headers != nil}, {"form", s.Form != nil}, {"json", s.JSON != nil}, {"body", s.Body != ""},
		{"basicAuth", s.BasicAuth != nil}, {"expect", s.Expect != nil}, {"followRedirects", s.FollowRedirects}, {"cookies", s.Cookies != nil && s.Stream == nil && s.Browser == nil},
		{"waitUpTo", s.WaitUpTo != "" && s.Browser != nil},
	} {
		if k.given {
			b.faults.add(at.Child(k.key), "this belongs to a request", "leave it out, or give get, post, put, patch or delete")
		}
	}
}

// tryOutcome checks what shows that a try was allowed or denied.
func (b *builder) tryOutcome(at path, try documentStep, known []string) {
	allowed := try.Allowed
	if try.OAuth != nil {
		b.tryOAuth(at, try)
		return
	}
	if try.Browser != nil {
		b.tryBrowser(at, try, known)
		return
	}
	b.notOfBrowser(at, try)
	if try.Exec == nil {
		if allowed.Marker == "" && allowed.Cookie == "" && allowed.Changes == "" {
			b.faults.add(at.Child("allowed"), "marker or cookie must be given", "a status alone proves no access: a log-in page is answered 200, too")
		}
		if allowed.Changes != "" && (allowed.Marker != "" || allowed.Cookie != "") {
			b.faults.add(at.Child("allowed", "changes"), "what changes is the proof by itself", "leave out marker and cookie")
		}
		if try.Denied != nil {
			b.faults.add(at.Child("denied"), "this belongs to a plain command or a browser", "what a request is denied with is known")
		}
		return
	}
	if allowed.Marker == "" {
		b.faults.add(at.Child("allowed"), "marker must be given", "an exit code alone proves no access")
	}
	if allowed.Cookie != "" {
		b.faults.add(at.Child("allowed", "cookie"), "this belongs to a request", "leave it out")
	}
	if len(allowed.Status) > 0 {
		b.faults.add(at.Child("allowed", "status"), "this belongs to a request", "leave it out")
	}
	if allowed.Changes != "" {
		b.faults.add(at.Child("allowed", "changes"), "this belongs to a request", "leave it out")
	}
	b.denied(at, try)
}

func (b *builder) denied(at path, try documentStep) {
	switch {
	case try.Exec.Plain && try.Denied == nil:
		b.faults.add(at, "denied must be given for a plain command", "such as denied: {exit: [255], stderr: \"Permission denied\"}; nothing else would ever be a denial")
	case !try.Exec.Plain && try.Denied != nil:
		b.faults.add(at.Child("denied"), "this belongs to a plain command", "the command says by itself what was denied")
	case try.Denied != nil:
		if len(try.Denied.Exit) == 0 || try.Denied.Stderr == "" {
			b.faults.add(at.Child("denied"), "exit and stderr must both be given for a plain command", "many tools leave with the same code when they cannot reach a server")
		}
		b.pattern(at.Child("denied", "stderr"), try.Denied.Stderr)
		if slices.Contains(try.Denied.Exit, 0) {
			b.faults.add(at.Child("denied", "exit"), "0 says that all went well", "name the codes of a denial")
		}
	}
}
