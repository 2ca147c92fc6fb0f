package redact

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// A secret is found wherever the pieces end, and nothing goes out from it on.
func TestAScannerFindsASecretAcrossPieces(t *testing.T) {
	const secret = "planted-secret-1"
	vault := New()
	vault.Learn("token", secret)
	across := vault.longestLeak()
	for _, before := range []int{0, 10, leakPiece - len(secret), leakPiece - 3, leakPiece, leakPiece + across - 5, leakPiece + across, 3 * leakPiece} {
		for _, at := range []int{1 << 10, leakPiece, 8 * leakPiece} { // bytes of each Write
			g := NewWithT(t)
			var out bytes.Buffer
			scanner := vault.Scan(&out)
			text := strings.Repeat("x", before) + secret + strings.Repeat("y", leakPiece)
			for from := 0; from < len(text); from += at {
				piece := text[from:min(len(text), from+at)]
				g.Expect(scanner.Write([]byte(piece))).To(Equal(len(piece)))
			}
			tags, err := scanner.Flush()
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(tags).To(HaveLen(1), "%d bytes before, %d in each write", before, at)
			g.Expect(out.String()).NotTo(ContainSubstring(secret))
			g.Expect(out.Len()).To(BeNumerically("<=", before))
		}
	}
}

func TestAScannerPassesOnWhatIsCleanAndKeepsLittle(t *testing.T) {
	g := NewWithT(t)
	vault := New()
	vault.Learn("token", "planted-secret-1")
	var out bytes.Buffer
	scanner := vault.Scan(&out)
	text := bytes.Repeat([]byte("0123456789abcdef"), leakPiece/4)
	g.Expect(scanner.Write(text)).To(Equal(len(text)))
	g.Expect(len(scanner.kept)).To(BeNumerically("<", 2*leakPiece))
	g.Expect(scanner.Flush()).To(BeEmpty())
	g.Expect(bytes.Equal(out.Bytes(), text)).To(BeTrue())
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAScannerSaysThatTheWriterFailed(t *testing.T) {
	g := NewWithT(t)
	scanner := New().Scan(full{})
	_, err := scanner.Write([]byte("short"))
	g.Expect(err).NotTo(HaveOccurred(), "it is kept as yet")
	_, err = scanner.Flush()
	g.Expect(err).To(MatchError("no space left on device"))
}
