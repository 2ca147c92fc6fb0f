package output

import (
	"cmp"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports/redact"
)

func TestWriteMakesTheFolderAndReplacesOldFiles(t *testing.T) {
	g := NewWithT(t)
	dir := filepath.Join(t.TempDir(), "new", "out")
	g.Expect(Write(dir, redact.New(), File{Name: "a.txt", Data: []byte("old")})).To(Succeed())
	g.Expect(Write(dir, redact.New(), File{Name: "a.txt", Data: []byte("one")}, File{Name: "b.txt", Data: []byte("two")})).To(Succeed())

	g.Expect(os.ReadFile(filepath.Join(dir, "a.txt"))).To(BeEquivalentTo("one"))
	g.Expect(os.ReadFile(filepath.Join(dir, "b.txt"))).To(BeEquivalentTo("two"))
	g.Expect(filepath.Glob(filepath.Join(dir, ".*"))).To(BeEmpty(), "a temporary file was left behind")
}

func TestALeakKeepsEveryFileFromBeingWritten(t *testing.T) {
	g := NewWithT(t)
	vault := redact.New()
	vault.Learn("token", "planted-secret-1")
	dir := filepath.Join(t.TempDir(), "out")
	leak := base64.StdEncoding.EncodeToString([]byte("x planted-secret-1 y"))

	err := Write(dir, vault, File{Name: "clean.txt", Data: []byte("fine")}, File{Name: "dirty.txt", Data: []byte(leak)})

	var leaked *LeakError
	g.Expect(errors.As(err, &leaked)).To(BeTrue())
	g.Expect(leaked.File).To(Equal("dirty.txt"))
	g.Expect(err.Error()).NotTo(ContainSubstring("planted-secret-1"))
	g.Expect(dir).NotTo(BeADirectory())
}

func TestAFolderThatCannotBeMadeIsNamed(t *testing.T) {
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "file")
	g.Expect(os.WriteFile(file, nil, 0o600)).To(Succeed())
	g.Expect(Write(filepath.Join(file, "out"), redact.New(), File{Name: "a"})).To(MatchError(ContainSubstring(file)))
}

func TestWhatIsNotMadeIsNoFileAndOneOfAnEarlierRunGoes(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	g.Expect(os.WriteFile(filepath.Join(dir, "plan.txt"), []byte("old"), 0o600)).To(Succeed())
	g.Expect(Write(dir, redact.New(), File{Name: "plan.txt", Make: func(io.Writer) (bool, error) { return false, nil }})).To(Succeed())
	g.Expect(os.ReadDir(dir)).To(BeEmpty())
}

func writes(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}

func TestAFileIsMadeWhenItsTurnComes(t *testing.T) {
	vault := redact.New()
	vault.Learn("token", "planted-secret-1")
	for name, c := range map[string]struct {
		text  string
		fails error
		says  string
	}{
		"clean":    {"fine", nil, ""},
		"a leak":   {"x planted-secret-1 y", nil, "b.txt would hold 1 secrets"},
		"no luck":  {"", errors.New("no luck"), "making b.txt: no luck"},
		"no bytes": {"", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			dir := t.TempDir()
			err := Write(dir, vault,
				File{Name: "a.txt", Make: func(w io.Writer) (bool, error) { return true, writes(w, "first") }},
				File{Name: "b.txt", Make: func(w io.Writer) (bool, error) { return true, cmp.Or(writes(w, c.text), c.fails) }},
			)
			left, globErr := filepath.Glob(filepath.Join(dir, "*"))
			g.Expect(globErr).NotTo(HaveOccurred())
			hidden, globErr := filepath.Glob(filepath.Join(dir, ".*.txt.*"))
			g.Expect(globErr).NotTo(HaveOccurred())
			g.Expect(hidden).To(BeEmpty(), "a temporary file was left behind")
			if c.says != "" {
				g.Expect(err).To(MatchError(ContainSubstring(c.says)))
				g.Expect(left).To(BeEmpty(), "all files or none")
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(os.ReadFile(filepath.Join(dir, "b.txt"))).To(BeEquivalentTo(c.text))
			g.Expect(left).To(HaveLen(2))
		})
	}
}
