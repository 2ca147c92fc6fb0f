package bundle

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// limits is what a bundle may hold. A small archive that unpacks to more is there to fill a
// memory or a disk.
type limits struct {
	files             int
	file, kept, total int64 // bytes: of one file, of one that is kept in memory, and of all
}

// usual is far above what the largest report comes to.
var usual = limits{files: 10_000, file: 512 << 20, kept: 256 << 20, total: 1 << 30}

// content is what a folder or an archive holds: the measure of every file, and the bytes of
// those that Verify reads.
type content struct {
	entries []Entry
	data    map[string][]byte
	limits  limits // what is left of them
}

func newContent(l limits) *content { return &content{data: map[string][]byte{}, limits: l} }

// wanted are the files that are read, and not only hashed.
var wanted = []string{ReportFile, ManifestFile, EventsFile, PredicateFile, FactsFile, StatementFile, FactsEnvelopeFile}

// add measures one file.
func (c *content) add(name string, r io.Reader) error {
	if len(c.entries) >= c.limits.files {
		return fmt.Errorf("more than %d files: %w", c.limits.files, errTooLarge)
	}
	keep, limit := slices.Contains(wanted, name), c.limits.file
	if keep {
		limit = c.limits.kept
	}
	e, data, err := measure(name, r, min(limit, c.limits.total), keep)
	if err != nil {
		return err
	}
	c.limits.total -= e.Bytes
	c.entries = append(c.entries, e)
	if data != nil {
		c.data[name] = data
	}
	return nil
}

// checkName refuses what would leave the folder that it is unpacked in, or be another file on
// another system.
func checkName(name string) error {
	if !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, `\:`) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("%q is no plain path inside the bundle", shown(name))
	}
	return nil
}

// readFolder looks at a report folder. skip says which files to leave out; nil for none.
func readFolder(dir string, skip func(name string) bool, l limits) (_ *content, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the bundle: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	c := newContent(l)
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir(), skip != nil && skip(name):
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%q is no plain file: a bundle holds no links and no devices", shown(name))
		}
		if err := checkName(name); err != nil {
			return err
		}
		file, err := root.Open(name)
		if err != nil {
			return err
		}
		return errors.Join(c.add(name, file), file.Close())
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// readZip looks at an archive without unpacking it to a disk. What an entry says of its own
// size counts for nothing.
func readZip(r io.ReaderAt, size int64, l limits) (*content, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // which names are refused, and how, is said below
		return nil, fmt.Errorf("not a zip archive: %w", err)
	}
	c := newContent(l)
	seen := map[string]bool{}
	for _, f := range archive.File {
		if err := checkName(f.Name); err != nil {
			return nil, err
		}
		// A system that ignores case would let one take the place of the other.
		folded := strings.ToLower(f.Name)
		switch {
		case seen[folded]:
			return nil, fmt.Errorf("%q is in the archive twice", shown(f.Name))
		case !f.Mode().IsRegular():
			return nil, fmt.Errorf("%q is no plain file: a bundle holds no links and no folders of their own", shown(f.Name))
		}
		seen[folded] = true
		inner, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", foreign(f.Name), err)
		}
		if err := errors.Join(c.add(f.Name, inner), inner.Close()); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// WriteZip writes a bundle's folder as an archive, the same bytes for the same files: in the
// order of names, with one time for all.
func WriteZip(w io.Writer, dir string) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("opening the bundle: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	c, err := readFolder(dir, nil, usual)
	if err != nil {
		return err
	}
	slices.SortFunc(c.entries, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	archive := zip.NewWriter(w)
	for _, e := range c.entries {
		header := &zip.FileHeader{Name: e.Path, Method: zip.Deflate}
		header.SetMode(0o644)
		inner, err := archive.CreateHeader(header)
		if err != nil {
			return fmt.Errorf("writing %s: %w", e.Path, err)
		}
		file, err := root.Open(e.Path)
		if err != nil {
			return fmt.Errorf("writing %s: %w", e.Path, err)
		}
		_, err = io.Copy(inner, file)
		if err := errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("writing %s: %w", e.Path, err)
		}
	}
	return archive.Close()
}
