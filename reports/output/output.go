// Package output writes a run's files: all of them or none, and none with a
// secret in it.
package output

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/scimproof/scimproof/reports/redact"
)

// File is one file of a report: its Data, or what Make writes when its turn comes, so that no
// large file is held in memory.
type File struct {
	Name string
	Data []byte
	// Make is nil where Data is set. Where it says that it has written nothing there is no such
	// file, and one of an earlier run goes.
	Make func(io.Writer) (written bool, err error)
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
		if tags := vault.Leaks(f.Data); len(tags) > 0 {
			return &LeakError{File: f.Name, Tags: tags}
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
		if temporary[i], err = f.writeTemporary(dir, vault); err != nil {
			return err
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

// writeTemporary writes the file beside its place. The path is empty where nothing was made.
func (f File) writeTemporary(dir string, vault *redact.Vault) (path string, err error) {
	file, err := os.CreateTemp(dir, "."+f.Name+".*")
	if err != nil {
		return "", f.failed(dir, err)
	}
	path = file.Name()
	written, err := f.writeTo(file, vault)
	if err == nil && written {
		err = f.failed(dir, errors.Join(file.Chmod(0o644), file.Sync()))
	}
	if err = errors.Join(err, f.failed(dir, file.Close())); err != nil || !written {
		return "", errors.Join(err, removed(path))
	}
	return path, nil
}

// writeTo writes what the file holds, and nothing from the first secret on.
func (f File) writeTo(file *os.File, vault *redact.Vault) (written bool, err error) {
	if f.Make == nil {
		_, err := file.Write(f.Data)
		return true, f.failed(filepath.Dir(file.Name()), err)
	}
	scanner := vault.Scan(file)
	written, err = f.Make(scanner)
	tags, flushed := scanner.Flush()
	switch {
	case err != nil:
		return false, fmt.Errorf("making %s: %w", f.Name, err)
	case len(tags) > 0:
		return false, &LeakError{File: f.Name, Tags: tags}
	}
	return written, f.failed(filepath.Dir(file.Name()), flushed)
}

func (f File) failed(dir string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("writing %s: %w", filepath.Join(dir, f.Name), err)
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
