package later

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
)

// maxWork is the most that a file may ask scrypt for; 2^20 takes 1 GiB for a few seconds.
const maxWork = 20

// FileError is the error for a state file that cannot be used. It never quotes what is in
// it.
type FileError struct {
	File    string
	Problem string
	Cause   error // may be nil
}

// Error says what is wrong with the file.
func (e *FileError) Error() string {
	text := fmt.Sprintf("the state file %s: %s", e.File, e.Problem)
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Cause }

// seal encrypts what is in a state file, as age does with a passphrase.
func (k Key) seal(plain []byte) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(k.passphrase)
	if err != nil {
		return nil, err
	}
	if k.Work > 0 {
		recipient.SetWorkFactor(k.Work)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// open decrypts a state file.
func (k Key) open(sealed []byte) ([]byte, error) {
	identity, err := age.NewScryptIdentity(k.passphrase)
	if err != nil {
		return nil, err
	}
	identity.SetMaxWorkFactor(maxWork)
	r, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, MaxBytes))
}

// Stamp tells whether a state file is still the one that was read.
type Stamp struct {
	file string
	info os.FileInfo
}

// Current returns a *FileError once another process has written or removed the file.
func (s Stamp) Current() error {
	info, err := os.Stat(s.file)
	if err == nil && os.SameFile(info, s.info) && info.ModTime().Equal(s.info.ModTime()) {
		return nil
	}
	return &FileError{File: s.file, Problem: "another scimproof has just gone on with this long watch: resume again if it is not over", Cause: reason(err)}
}

// Load reads a state file. The error is a *FileError.
func Load(file string, key Key) (*State, Stamp, error) {
	info, err := os.Stat(file)
	if err == nil {
		var state *State
		state, err = load(file, info, key)
		return state, Stamp{file, info}, err
	}
	return nil, Stamp{}, &FileError{File: file, Problem: "it cannot be read (name one that scimproof run --state has written)", Cause: reason(err)}
}

func load(file string, info os.FileInfo, key Key) (*State, error) {
	switch {
	case !info.Mode().IsRegular():
		return nil, &FileError{File: file, Problem: "this is no file"}
	case info.Size() > MaxBytes:
		return nil, &FileError{File: file, Problem: fmt.Sprintf("it has %d bytes; at most %d are read", info.Size(), MaxBytes)}
	}
	sealed, err := os.ReadFile(file)
	if err != nil {
		return nil, &FileError{File: file, Problem: "it cannot be read", Cause: reason(err)}
	}
	plain, err := key.open(sealed)
	var wrong *age.NoIdentityMatchError
	switch {
	case errors.As(err, &wrong):
		return nil, &FileError{File: file, Problem: "the key does not open it: give the one that it was written with"}
	case err != nil:
		return nil, &FileError{File: file, Problem: "it is damaged or cut off, or no state file at all", Cause: err}
	}
	state, err := decode(plain)
	if err != nil {
		return nil, &FileError{File: file, Problem: err.Error()}
	}
	return state, nil
}

// Save seals the state into a file that only its owner can read. It is written to a
// temporary file first, so that a reader never sees half of one, and an error leaves the
// old one as it was.
func Save(file string, key Key, s *State) error {
	s.Version, s.Saved = Version, time.Now().UTC()
	plain, err := json.Marshal(s)
	if err != nil {
		return &FileError{File: file, Problem: "it cannot be encoded", Cause: err}
	}
	sealed, err := key.seal(plain)
	if err != nil {
		return &FileError{File: file, Problem: "it cannot be sealed", Cause: err}
	}
	if len(sealed) > MaxBytes {
		return &FileError{File: file, Problem: fmt.Sprintf("it would have %d bytes, more than the %d that are read again; select fewer checks with --only", len(sealed), MaxBytes)}
	}
	temporary, err := writeTemporary(file, sealed)
	if err == nil {
		err = os.Rename(temporary, file)
	}
	if err != nil {
		return &FileError{File: file, Problem: "it cannot be written", Cause: errors.Join(reason(err), removeIfThere(temporary))}
	}
	return nil
}

// writeTemporary writes beside the file, in a mode that only its owner can read.
func writeTemporary(file string, data []byte) (path string, err error) {
	temporary, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return "", err
	}
	_, err = temporary.Write(data)
	return temporary.Name(), errors.Join(err, temporary.Chmod(0o600), temporary.Sync(), temporary.Close())
}

// Free says why a long watch cannot be begun with a state file: there is one already, or
// none can be written there. It is asked before anything is tested.
func Free(file string) error {
	switch _, err := os.Lstat(file); {
	case err == nil:
		return &FileError{File: file, Problem: "it is there already, and may be of a long watch that is not over: resume or abandon that (scimproof resume), or name another file"}
	case !errors.Is(err, os.ErrNotExist):
		return &FileError{File: file, Problem: "it cannot be written", Cause: reason(err)}
	}
	temporary, err := writeTemporary(file, nil)
	if err = errors.Join(err, removeIfThere(temporary)); err != nil {
		return &FileError{File: file, Problem: "it cannot be written", Cause: reason(err)}
	}
	return nil
}

// Remove deletes the state file of a long watch that is over.
func Remove(file string) error {
	if err := removeIfThere(file); err != nil {
		return &FileError{File: file, Problem: "it cannot be removed", Cause: reason(err)}
	}
	return nil
}

// removeIfThere removes a file, "" for none, that may be gone.
func removeIfThere(file string) error {
	if file == "" {
		return nil
	}
	if err := os.Remove(file); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// reason drops the path from an error, as a *FileError names it.
func reason(err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
