// Package output writes a run's files: all of them or none, and none with a
// secret in it.
package output

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/scimproof/scimproof/reports/redact"
)

// File is one file of a report: its Data, or what Make makes of it when its turn comes, so that of
// several large files one at a time is held in memory.
type File struct {
	Name string
	Data []byte
	// Make is nil where Data is set. Where it makes nothing, nil, there is no such file, and one
	// of an earlier run goes.
	Make func() ([]byte, error)
}

// LeakError says that a secret would have been written; nothing was.
type LeakError struct {
	File string
	Tags []string // the redaction tags of the secrets, never the secrets
}

// Error names the file and the kinds of secret.
func (e *LeakError) Error() string {
	return fmt.Sprintf("%s would hold %d secrets of this run (%s); nothing was written. This is a fault of scimproof: please report it.",
		e.File, len(e.Tags), strings.Join(e.Tags, ", "))
}

// Write scans every file for the vault's secrets and writes them to dir, which is
// made if need be. Each is written to a temporary file first, so that a reader
// never sees half of one.
func Write(dir string, vault *redact.Vault, files ...File) (err error) {
	for _, f := range files {
		if err := f.scan(vault); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // a report is there to be read
		return fmt.Errorf("making the output folder: %w", err)
	}
	temporary := make([]string, len(files)) // empty where there is no such file
	defer func() {
		for _, path := range temporary {
			err = errors.Join(err, removed(path))
		}
	}()
	for i, f := range files {
		if f, err = f.made(vault); err != nil {
			return err
		}
		if f.Make != nil && f.Data == nil {
			continue
		}
		if temporary[i], err = writeTemporary(dir, f); err != nil {
			return fmt.Errorf("writing %s: %w", filepath.Join(dir, f.Name), err)
		}
	}
	for i, f := range files {
		path := filepath.Join(dir, f.Name)
		if temporary[i] == "" {
			if err := removed(path); err != nil {
				return fmt.Errorf("removing what an earlier run wrote: %w", err)
			}
			continue
		}
		if err := os.Rename(temporary[i], path); err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
	}
	return nil
}

// scan looks for the vault's secrets.
func (f File) scan(vault *redact.Vault) error {
	if tags := vault.Leaks(f.Data); len(tags) > 0 {
		return &LeakError{File: f.Name, Tags: tags}
	}
	return nil
}

// made is the file with its data.
func (f File) made(vault *redact.Vault) (File, error) {
	if f.Make == nil {
		return f, nil
	}
	var err error
	if f.Data, err = f.Make(); err != nil {
		return f, fmt.Errorf("making %s: %w", f.Name, err)
	}
	return f, f.scan(vault)
}

func writeTemporary(dir string, f File) (path string, err error) {
	file, err := os.CreateTemp(dir, "."+f.Name+".*")
	if err != nil {
		return "", err
	}
	_, err = file.Write(f.Data)
	return file.Name(), errors.Join(err, file.Chmod(0o644), file.Sync(), file.Close())
}

// removed removes a file that may not be there; an empty path is none.
func removed(path string) error {
	if path == "" {
		return nil
	}
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
