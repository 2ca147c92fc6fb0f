package acme

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"
)

//go:embed profile.yaml.tmpl
var profileSource string

var profileTemplate = template.Must(template.New("profile").Parse(profileSource))

// Profile says what to write into a target profile.
type Profile struct {
	BaseURL                   string // of the application, such as http://127.0.0.1:8080
	SCIMToken                 string
	RevokeWithin, GiveUpAfter time.Duration
}

// WriteTargetProfile writes a target profile that is ready for use, and beside it
// the SCIM token in a file that only its owner can read.
func WriteTargetProfile(path string, p Profile) error {
	tokenFile := strings.TrimSuffix(path, filepath.Ext(path)) + ".token"
	if err := replaceFile(tokenFile, p.SCIMToken+"\n", 0o600); err != nil {
		return err
	}
	var text strings.Builder
	err := profileTemplate.Execute(&text, map[string]any{
		"URL": p.BaseURL, "TokenFile": filepath.Base(tokenFile), "RevokeWithin": p.RevokeWithin, "GiveUpAfter": p.GiveUpAfter,
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return replaceFile(path, text.String(), 0o644)
}

// replace writes a file in one go: a reader sees the old one or the new one.
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
