package output

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports/redact"
)

func TestWriteMakesTheFolderAndReplacesOldFiles(t *testing.T) {
	g := NewWithT(t)
	dir := filepath.Join(t.TempDir(), "new", "out")
	g.Expect(Write(dir, redact.New(), File{"a.txt", []byte("old")})).To(Succeed())
	g.Expect(Write(dir, redact.New(), File{"a.txt", []byte("one")}, File{"b.txt", []byte("two")})).To(Succeed())

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

	err := Write(dir, vault, File{"clean.txt", []byte("fine")}, File{"dirty.txt", []byte(leak)})

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
	g.Expect(Write(filepath.Join(file, "out"), redact.New(), File{"a", nil})).To(MatchError(ContainSubstring(file)))
}
