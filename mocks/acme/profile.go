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
	// OutboxToken opens the outbox, where mailed links are found. Without it no path
	// of the profile needs a mail.
	OutboxToken string
	// AdminName and AdminPassword belong to somebody who may act as others. Without
	// them no path of the profile needs an administrator.
	AdminName, AdminPassword string
}

// WriteTargetProfile writes a target profile that is ready for use, and beside it
// the SCIM token in a file that only its owner can read: acme.token for acme.yaml,
// acme.outbox.token and acme.admin.token for the other two secrets. Each file is replaced in one go. Errors name the file, and hold no token.
func WriteTargetProfile(path string, p Profile) error {
	base, err := url.Parse(p.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return fmt.Errorf("writing %s: %q is not an absolute http or https address", path, p.BaseURL)
	}
	tokenFile := strings.TrimSuffix(path, ".yaml") + ".token"
	var text strings.Builder
	err = profileTemplate.Execute(&text, map[string]any{
		"URL": strings.TrimSuffix(base.String(), "/"), "TokenFile": filepath.Base(tokenFile),
		"RevokeWithin": p.RevokeWithin, "GiveUpAfter": p.GiveUpAfter,
		"OutboxFile": secretFile(path, "outbox", p.OutboxToken), "AdminFile": secretFile(path, "admin", p.AdminPassword),
		"AdminName": p.AdminName,
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	for name, secret := range map[string]string{"outbox": p.OutboxToken, "admin": p.AdminPassword} {
		if secret == "" {
			continue
		}
		if err := WriteSecret(path, name, secret); err != nil {
			return err
		}
	}
	if err := replaceFile(tokenFile, p.SCIMToken+"\n", 0o600); err != nil {
		return err
	}
	return replaceFile(path, text.String(), 0o644)
}

// WriteSecret writes a secret beside a target profile, into a file that only its owner
// can read: acme.NAME.token for acme.yaml. Errors name the file, and hold no secret.
func WriteSecret(profile, name, secret string) error {
	return replaceFile(strings.TrimSuffix(profile, ".yaml")+"."+name+".token", secret+"\n", 0o600)
}

// secretFile is the name that a profile has for a secret beside it, "" for none.
func secretFile(profile, name, secret string) string {
	if secret == "" {
		return ""
	}
	return strings.TrimSuffix(filepath.Base(profile), ".yaml") + "." + name + ".token"
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
