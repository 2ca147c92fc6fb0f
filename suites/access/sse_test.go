package access

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	. "github.com/onsi/gomega"
)

// allEvents reads a stream to its end.
func allEvents(r io.Reader, limit int) (events []string, cuts int, err error) {
	in := newEventReader(r)
	for {
		data, cut, err := in.next(limit)
		if err != nil {
			return events, cuts, err
		}
		events = append(events, string(data))
		if cut {
			cuts++
		}
	}
}

// The rows are those of the HTML Living Standard, section 9.2.6, and what is said there of
// line ends, comments, fields and the end of a stream.
func TestServerSentEvents(t *testing.T) {
	for name, c := range map[string]struct {
		stream string
		want   []string
	}{
		"two lines of data":              {"data: YHOO\ndata: +2\ndata: 10\n\n", []string{"YHOO\n+2\n10"}},
		"a comment and other fields":     {": test stream\n\ndata: first\nid: 1\n\nevent: add\nretry: 10\ndata:second\nid\n\n", []string{"first", "second"}},
		"one space is dropped":           {"data:  third\n\n", []string{" third"}},
		"data without a value":           {"data\n\ndata\ndata\n\n", []string{"", "\n"}},
		"an event without data":          {"event: x\n\ndata: y\n\n", []string{"y"}},
		"what the end interrupts":        {"data: a\n\ndata: b\n", []string{"a"}},
		"carriage returns":               {"data: a\rdata: b\r\rdata: c\r\r", []string{"a\nb", "c"}},
		"both":                           {"data: a\r\ndata: b\r\n\r\n", []string{"a\nb"}},
		"a mix":                          {"data: a\r\n\ndata: b\n\r\n", []string{"a", "b"}},
		"a byte order mark":              {"\uFEFFdata: a\n\n", []string{"a"}},
		"a mark where none belongs":      {"data: a\n\n\uFEFFdata: b\n\n", []string{"a"}},
		"a field of a similar name":      {"dataset: a\ndat: b\n data: c\nDATA: d\n\ndata: e\n\n", []string{"e"}},
		"nothing":                        {"", nil},
		"a stream shorter than its mark": {"\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			for _, r := range []io.Reader{strings.NewReader(c.stream), iotest.OneByteReader(strings.NewReader(c.stream))} {
				got, cuts, err := allEvents(r, 100)
				g.Expect(err).To(MatchError(io.EOF))
				g.Expect(got).To(Equal(c.want))
				g.Expect(cuts).To(BeZero())
			}
		})
	}
}

func TestALongEventIsCut(t *testing.T) {
	for name, c := range map[string]struct {
		stream, want string
		cuts         int
	}{
		"just fits":          {"data: 0123456789\n\n", "0123456789", 0},
		"one byte more":      {"data: 0123456789a\n\n", "0123456789", 1},
		"without the space":  {"data:0123456789a\n\n", "0123456789", 1},
		"over several lines": {"data: 01234\ndata: 6789ab\n\n", "01234\n6789", 1},
		"one line and more":  {"data: " + strings.Repeat("x", 1000) + "\ndata: y\n\n", "xxxxxxxxxx", 1},
		"a long comment":     {": " + strings.Repeat("x", 1000) + "\ndata: y\n\n", "y", 0},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			got, cuts, _ := allEvents(strings.NewReader(c.stream), 10)
			g.Expect(got).To(Equal([]string{c.want}))
			g.Expect(cuts).To(Equal(c.cuts))
		})
	}
}

func TestTheEndOfAStreamIsItsReadersError(t *testing.T) {
	broken := errors.New("broken")
	got, _, err := allEvents(io.MultiReader(strings.NewReader("data: a\n\ndata: b\n"), iotest.ErrReader(broken)), 100)
	g := NewWithT(t)
	g.Expect(err).To(MatchError(broken))
	g.Expect(got).To(Equal([]string{"a"}))
}

// Whatever comes, nothing is longer than the limit, and the same bytes are the same
// events however they arrive and whichever of the three line ends they use.
func FuzzEvents(f *testing.F) {
	f.Add([]byte("data: a\r\n\r\ndata\n\n: c\rdata:b\r\r"))
	f.Add([]byte("\xef\xbb\xbfdata: 01234567890\n\n"))
	f.Add([]byte("\xef\xbb"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		const limit = 10
		want, _, err := allEvents(bytes.NewReader(raw), limit)
		if !errors.Is(err, io.EOF) {
			t.Fatalf("the end is %v", err)
		}
		for _, event := range want {
			if len(event) > limit {
				t.Fatalf("an event of %d bytes", len(event))
			}
		}
		slowly, _, _ := allEvents(iotest.OneByteReader(bytes.NewReader(raw)), limit)
		plain := bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
		other, _, _ := allEvents(bytes.NewReader(plain), limit)
		for _, got := range [][]string{slowly, other} {
			if strings.Join(got, "|") != strings.Join(want, "|") || len(got) != len(want) {
				t.Fatalf("%q and %q", want, got)
			}
		}
	})
}
