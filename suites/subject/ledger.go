package subject

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"sync"
	"time"

	"github.com/adrg/xdg"
	"github.com/gofrs/flock"
)

// StateDirVariable names the environment variable that moves the ledgers.
const StateDirVariable = "SCIMPROOF_STATE_DIR"

// Ledger is a file with one line for each test user or group that a run is about to make,
// has made, or has removed. The run holds a lock on it; a ledger without a lock
// belongs to a run that is over. All methods are safe for concurrent use.
type Ledger struct {
	mu   sync.Mutex
	path string
	file *os.File
	lock *flock.Flock
	open map[string]entry // by name
}

// entry is one line of the file. A group's displayName stands in the place of a
// userName.
type entry struct {
	UserName string `json:"userName"`
	ID       string `json:"id,omitempty"`
	Group    bool   `json:"group,omitempty"`
	Removed  bool   `json:"removed,omitempty"`
	// Watch is the state file of the long watch that the user is kept for, and KeptUntil
	// when nobody waits for its end any longer; both are zero for all others.
	Watch     string    `json:"watch,omitempty"`
	KeptUntil time.Time `json:"keptUntil,omitzero"`
}

// Dir is the folder of the target's ledgers: below $SCIMPROOF_STATE_DIR, else
// below the user's state folder.
func Dir(targetID string) string {
	root := os.Getenv(StateDirVariable)
	if root == "" {
		root = filepath.Join(xdg.StateHome, "scimproof")
	}
	sum := sha256.Sum256([]byte(targetID))
	return filepath.Join(root, "ledger", hex.EncodeToString(sum[:8]))
}

// OpenLedger starts the ledger of a run, or goes on with that of a run whose long watch is
// not over. The error is a *BusyError while another process does so.
func OpenLedger(targetID, runID string) (*Ledger, error) {
	dir := Dir(targetID)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the ledger's folder (set %s to move it): %w", StateDirVariable, err)
	}
	path := filepath.Join(dir, runID+".jsonl")
	lock := flock.New(path + ".lock")
	if ok, err := lock.TryLock(); err != nil || !ok {
		return nil, &BusyError{Path: path, Cause: err}
	}
	open, err := readLedger(path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading the ledger %s: %w", path, err), lock.Unlock())
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the ledger (set %s to move it): %w", StateDirVariable, err), lock.Unlock())
	}
	l := &Ledger{path: path, file: file, lock: lock, open: open}
	if len(open) > 0 {
		// A last line that was cut off must not swallow the next one.
		if _, err := file.WriteString("\n"); err != nil {
			return nil, errors.Join(fmt.Errorf("writing the ledger %s: %w", path, err), l.Close())
		}
	}
	return l, nil
}

// BusyError is the error for a ledger that another process holds.
type BusyError struct {
	Path  string
	Cause error // why it could not be locked, nil if it is plainly held
}

// Error says which ledger it is.
func (e *BusyError) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("locking the ledger %s: %v", e.Path, e.Cause)
	}
	return fmt.Sprintf("locking the ledger %s: another run holds it", e.Path)
}

// Unwrap returns the cause.
func (e *BusyError) Unwrap() error { return e.Cause }

// Enter notes a user who is about to be created. It returns once the line is on
// disk: a user without an entry could never be found again.
func (l *Ledger) Enter(userName string) error { return l.write(entry{UserName: userName}) }

// Created notes the id that the target gave.
func (l *Ledger) Created(userName, id string) error {
	return l.write(entry{UserName: userName, ID: id})
}

// Keep notes that a user stays for a long watch: its state file, and until when a sweep
// leaves the user alone.
func (l *Ledger) Keep(userName, id, watch string, until time.Time) error {
	return l.write(entry{UserName: userName, ID: id, Watch: watch, KeptUntil: until.UTC()})
}

// Watch is the state file of the long watch that users of the ledger are kept for; empty if
// none is.
func (l *Ledger) Watch() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.open {
		if e.Watch != "" {
			return e.Watch
		}
	}
	return ""
}

// EnterGroup notes a group that is about to be created, by its displayName, and
// CreatedGroup its id.
func (l *Ledger) EnterGroup(displayName string) error {
	return l.write(entry{UserName: displayName, Group: true})
}

// CreatedGroup notes the id that the target gave a group.
func (l *Ledger) CreatedGroup(displayName, id string) error {
	return l.write(entry{UserName: displayName, ID: id, Group: true})
}

// Removed notes that the user or group is gone.
func (l *Ledger) Removed(userName string) error {
	return l.write(entry{UserName: userName, Removed: true})
}

// write notes entries, of which none counts before the lines of all are on disk.
func (l *Ledger) write(entries ...entry) error {
	var lines []byte
	for _, e := range entries {
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		lines = append(append(lines, line...), '\n')
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.file.Write(lines); err != nil {
		return fmt.Errorf("writing the ledger %s: %w", l.path, err)
	}
	if err := l.file.Sync(); err != nil {
		return fmt.Errorf("writing the ledger %s: %w", l.path, err)
	}
	for _, e := range entries {
		if e.Removed {
			delete(l.open, e.UserName)
		} else {
			l.open[e.UserName] = e
		}
	}
	return nil
}

// Close ends the ledger and removes the file if nobody is left.
func (l *Ledger) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.file.Close()
	if len(l.open) == 0 {
		err = errors.Join(err, os.Remove(l.path))
	}
	return errors.Join(err, l.lock.Unlock(), ignoreMissing(os.Remove(l.lock.Path())))
}

// Leftover is a test user, or a group by its displayName, that a run which is over may
// have left behind.
type Leftover struct {
	UserName, ID, Ledger string
	Group                bool
	// Watch is the state file of the long watch that the user is kept for; empty for
	// none. KeptUntil is how long.
	Watch     string
	KeptUntil time.Time
}

// Leftovers lists the users whom runs that are over have left at the target, in
// the order of their names. Ledgers of running processes are passed over.
func Leftovers(targetID string) ([]Leftover, error) {
	paths, err := filepath.Glob(filepath.Join(Dir(targetID), "*.jsonl"))
	if err != nil {
		return nil, err
	}
	var all []Leftover
	for _, path := range paths {
		left, err := leftoversOf(path)
		if err != nil {
			return nil, err
		}
		all = append(all, left...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].UserName < all[j].UserName })
	return all, nil
}

func leftoversOf(path string) ([]Leftover, error) {
	lock := flock.New(path + ".lock")
	free, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking the ledger %s: %w", path, err)
	}
	if !free {
		return nil, nil
	}
	defer func() { _ = lock.Unlock() }()
	entries, err := readLedger(path)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, Forget(path)
	}
	var left []Leftover
	for name, e := range entries {
		left = append(left, Leftover{UserName: name, ID: e.ID, Ledger: path, Group: e.Group, Watch: e.Watch, KeptUntil: e.KeptUntil})
	}
	return left, nil
}

// readLedger returns the users who were not removed. A last line that was cut off
// when the process died is passed over: its user was not created yet.
func readLedger(path string) (map[string]entry, error) {
	open := map[string]entry{}
	file, err := os.Open(path)
	if err != nil {
		return open, ignoreMissing(err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var e entry
		switch err := json.Unmarshal(lines.Bytes(), &e); {
		case err != nil || e.UserName == "":
			continue
		case e.Removed:
			delete(open, e.UserName)
		default:
			open[e.UserName] = e
		}
	}
	return open, lines.Err()
}

// Forget removes a ledger whose users are all gone.
func Forget(path string) error {
	return errors.Join(ignoreMissing(os.Remove(path)), ignoreMissing(os.Remove(path+".lock")))
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
