package redact

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

type word string

type told struct {
	Text   string
	Word   word
	List   []string
	Named  map[string]string
	Inner  *told
	Any    any
	Both   [2]string
	At     time.Time
	Number int
	None   []string
	hidden string
}

// Every text of a copy is clean, however deep it stands, and the value itself is as it was.
func TestACopyIsCleanedToItsDepth(t *testing.T) {
	g := NewWithT(t)
	v := New()
	v.Learn("token", "swordfish-1")
	const dirty, key = "a swordfish-1 b", "swordfish-1"
	at := time.Date(2026, time.November, 2, 8, 0, 0, 0, time.UTC)
	make := func() told {
		return told{
			Text: dirty, Word: dirty, List: []string{"x", dirty}, Named: map[string]string{key: dirty}, Both: [2]string{dirty, "y"},
			Any: map[string]any{"k": []any{dirty, 7}}, Inner: &told{Text: dirty}, At: at, Number: 7, hidden: dirty,
		}
	}
	value := make()
	clean := Clean(v, value)
	g.Expect(value).To(Equal(make()), "the value stays")

	want := v.Text(dirty)
	g.Expect(want).NotTo(ContainSubstring("swordfish"))
	g.Expect(clean).To(Equal(told{
		Text: want, Word: word(want), List: []string{"x", want}, Named: map[string]string{key: want}, Both: [2]string{want, "y"},
		Any: map[string]any{"k": []any{want, 7}}, Inner: &told{Text: want}, At: at, Number: 7, hidden: dirty,
	}))
	clean.List[0], clean.Inner.Text, clean.Named["new"] = "changed", "changed", "changed"
	g.Expect(value).To(Equal(make()), "nothing is shared")
}

func TestWhatIsNoUTF8IsMarked(t *testing.T) {
	g := NewWithT(t)
	g.Expect(Clean(New(), "a\xff\xfeb")).To(Equal("a\uFFFDb"))
	g.Expect(Clean(New(), []string(nil))).To(BeNil())
	g.Expect(Clean[any](New(), nil)).To(BeNil())
}
