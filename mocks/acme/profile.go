package acme

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"
)

//go:embed profile.yaml.tmpl
var profileSource string

var profileTemplate = template.Must(template.New("profile").
	Delims("<<", ">>"). // the profile itself is full of {{placeholders}}
	Funcs(template.FuncMap{"quote": quote}).
	Parse(profileSource))

// Profile says what to write into a target profile.
type Profile struct {
	BaseURL   string // of the application, such as http://127.0.0.1:8080
	SCIMToken string
	// RevokeWithin is how long access may last after somebody left; GiveUpAfter is
	// how long to watch.
	RevokeWithin, GiveUpAfter time.Duration
	// Subjects is for how many leavers each event is played; 0 leaves that to the tester.
	Subjects int
	// Connections is over how many a mark tries a credential; 0 leaves that to the tester.
	Connections int
	// Secrets go into files beside the profile, by the part of their names between the
	// profile's and .token. Two of them are used by the profile itself: "outbox" opens
	// the outbox, where mailed links are found, and "admin" is the password of
	// AdminName, who may act as others. Without them the paths that need them are
	// declared absent.
	Secrets   map[string]string
	AdminName string
	// Authority is the PEM of what signed the service's certificate; nil for plain HTTP.
	Authority []byte
}

// WriteTargetProfile writes a target profile that is ready for use, and beside it
// its secrets in files that only their owner can read: acme.token for the SCIM token of
// acme.yaml, acme.NAME.token for the others. Each file is replaced in one go. Errors
// name the file, and hold no secret.
func WriteTargetProfile(path string, p Profile) error {
	base, err := url.Parse(p.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return fmt.Errorf("writing %s: %q is not an absolute http or https address", path, p.BaseURL)
	}
	tokenFile := strings.TrimSuffix(path, ".yaml") + ".token"
	var text strings.Builder
	err = profileTemplate.Execute(&text, map[string]any{
		"URL": strings.TrimSuffix(base.String(), "/"), "SocketURL": "ws" + strings.TrimSuffix(strings.TrimPrefix(base.String(), "http"), "/"),
		"TokenFile":    filepath.Base(tokenFile),
		"RevokeWithin": p.RevokeWithin, "GiveUpAfter": p.GiveUpAfter, "Subjects": p.Subjects, "Connections": p.Connections,
		"OutboxFile": p.secretFile(path, "outbox"), "AdminFile": p.secretFile(path, "admin"),
		"AdminName": p.AdminName, "SSOFile": p.secretFile(path, "sso"),
		"ReadOnlyFile": p.secretFile(path, "readonly"), "ExpiredFile": p.secretFile(path, "expired"), "SisterFile": p.secretFile(path, "sister"),
		"PersonFile": p.secretFile(path, "person"), "CAFile": p.authorityFile(path),
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if p.Authority != nil {
		if err := replaceFile(authorityPath(path), string(p.Authority), 0o644); err != nil {
			return err
		}
	}
	for name, secret := range p.Secrets {
		if err := replaceFile(secretPath(path, name), secret+"\n", 0o600); err != nil {
			return err
		}
	}
	if err := replaceFile(tokenFile, p.SCIMToken+"\n", 0o600); err != nil {
		return err
	}
	return replaceFile(path, text.String(), 0o644)
}

// secretPath is the file of a secret beside a profile.
func secretPath(profile, name string) string {
	return strings.TrimSuffix(profile, ".yaml") + "." + name + ".token"
}

// authorityPath is the file of a certificate's authority beside a profile.
func authorityPath(profile string) string { return strings.TrimSuffix(profile, ".yaml") + ".pem" }

// authorityFile is the name that a profile has for it, "" for none.
func (p Profile) authorityFile(path string) string {
	if p.Authority == nil {
		return ""
	}
	return authorityPath(filepath.Base(path))
}

// secretFile is the name that a profile has for a secret beside it, "" for none.
func (p Profile) secretFile(path, name string) string {
	if p.Secrets[name] == "" {
		return ""
	}
	return secretPath(filepath.Base(path), name)
}

// quote makes a YAML scalar of any text: JSON's strings are among YAML's.
func quote(text string) (string, error) {
	raw, err := json.Marshal(text)
	return string(raw), err
}

// replaceFile writes a file in one go: a reader sees the old one or the new one.
func replaceFile(path, text string, mode os.FileMode) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	_, err = file.WriteString(text)
	err = errors.Join(err, file.Chmod(mode), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, err), os.Remove(file.Name()))
	}
	return nil
}
