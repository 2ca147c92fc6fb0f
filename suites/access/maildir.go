package access

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// maxMaildir is how many mails a Maildir may hold.
const maxMaildir = 100_000

// maildir is a folder in which each mail is a file: in new until a reader has seen
// it, in cur from then on, under the same name but for the flags after a colon.
type maildir struct {
	dir  string
	seen map[string]bool // names without flags
}

type mailFile struct {
	path, name string
	came       time.Time
}

func (m *maildir) mark(ctx context.Context) error {
	list, err := m.list(ctx)
	m.seen = map[string]bool{}
	for _, f := range list {
		m.seen[f.name] = true
	}
	return err
}

func (m *maildir) newest(ctx context.Context, w wanted) ([]byte, error) {
	list, err := m.list(ctx)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(f mailFile) bool { return m.seen[f.name] })
	slices.SortFunc(list, func(a, b mailFile) int {
		if c := b.came.Compare(a.came); c != 0 {
			return c
		}
		return strings.Compare(b.name, a.name)
	})
	for _, f := range list[:min(len(list), maxLooked)] {
		raw, err := readMail(f.path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a reader has moved it just now; the next look finds it
		}
		if err != nil {
			return nil, fmt.Errorf("a mail cannot be read: %w", err)
		}
		if w.isWanted(raw) {
			return raw, nil
		}
	}
	return nil, errNoMail
}

func (*maildir) close() {}

// list returns the mails in new and cur. A folder that is missing holds none: it
// comes with the first mail.
func (m *maildir) list(ctx context.Context) ([]mailFile, error) {
	var out []mailFile
	for _, sub := range []string{"new", "cur"} {
		entries, err := entriesOf(filepath.Join(m.dir, sub), maxMaildir-len(out))
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			info, err := e.Info()
			if err != nil || !info.Mode().IsRegular() {
				continue
			}
			name, _, _ := strings.Cut(e.Name(), ":")
			out = append(out, mailFile{path: filepath.Join(m.dir, sub, e.Name()), name: name, came: info.ModTime()})
		}
	}
	return out, ctx.Err()
}

func entriesOf(dir string, limit int) ([]os.DirEntry, error) {
	f, err := os.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the Maildir cannot be read: %w", err)
	}
	defer func() { _ = f.Close() }()
	entries, err := f.ReadDir(limit + 1)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("the Maildir cannot be read: %w", err)
	case len(entries) > limit:
		return nil, fmt.Errorf("the Maildir holds more than %d mails; use an empty one for the test", maxMaildir)
	}
	return entries, nil
}

func readMail(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, maxMail))
}
