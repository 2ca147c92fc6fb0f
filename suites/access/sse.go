package access

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// eventReader reads a stream of server-sent events (HTML Living Standard, section 9.2.6,
// "Interpreting an event stream"). Of each event only its data counts here.
type eventReader struct {
	in      *bufio.Reader
	begun   bool // a byte order mark can come no more
	afterCR bool // a line feed would belong to the line end before it
}

func newEventReader(r io.Reader) *eventReader { return &eventReader{in: bufio.NewReader(r)} }

// next returns the data of the next event. cut says that it went on beyond limit bytes,
// which are all that is returned of it. An event that the end of the stream interrupts
// is none. The error is the reader's; io.EOF at the end.
func (e *eventReader) next(limit int) (data []byte, cut bool, err error) {
	given := false
	for {
		line, whole, err := e.line(limit + len("data: "))
		if err != nil {
			return nil, false, err
		}
		if len(line) == 0 && whole {
			if given {
				return data, cut, nil
			}
			continue
		}
		value, ok := dataOf(line)
		if !ok {
			continue
		}
		if given {
			data = append(data, '\n')
		}
		given = true
		data = append(data, value...)
		if len(data) > limit || !whole {
			data, cut = data[:min(len(data), limit)], true
		}
	}
}

// dataOf returns the value of a line whose field is data. A line that begins with a
// colon is a comment.
func dataOf(line []byte) ([]byte, bool) {
	field, value, _ := bytes.Cut(line, []byte(":"))
	if string(field) != "data" {
		return nil, false
	}
	return bytes.TrimPrefix(value, []byte(" ")), true
}

// line returns the next line without its end, which is CR, LF or both, and no more than
// limit bytes of it; whole says that this is all.
func (e *eventReader) line(limit int) (line []byte, whole bool, err error) {
	if err := e.skipMark(); err != nil {
		return nil, false, err
	}
	whole = true
	for {
		c, err := e.in.ReadByte()
		if err != nil {
			return nil, false, err
		}
		swallow := e.afterCR && c == '\n' && len(line) == 0 && whole
		e.afterCR = c == '\r'
		switch {
		case swallow:
		case c == '\n' || c == '\r':
			return line, whole, nil
		case len(line) < limit:
			line = append(line, c)
		default:
			whole = false
		}
	}
}

// skipMark drops the byte order mark that a stream may begin with.
func (e *eventReader) skipMark() error {
	if e.begun {
		return nil
	}
	e.begun = true
	mark, err := e.in.Peek(3)
	if string(mark) == "\uFEFF" {
		_, err = e.in.Discard(3)
	}
	if errors.Is(err, io.EOF) {
		return nil // a short stream; reading it says so
	}
	return err
}
