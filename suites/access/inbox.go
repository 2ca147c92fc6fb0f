package access

import (
	"bytes"
	"context"
	"errors"
	"sync"
)

// The bounds of what is heard during one try. Between tries nothing is kept.
const (
	maxMessage = 256 << 10 // of one message, in bytes
	maxHeard   = 1 << 20   // of all messages of a try, in bytes
)

// errClosedByUs is why a connection ended that this program has closed: that says
// nothing of the application.
var errClosedByUs = errors.New("the connection was closed by scimproof")

// inbox is where something arrives for one credential: over its stream, or at its
// address of the listener. All methods are safe for concurrent use.
type inbox struct {
	place string // for people: the stream's address, or the listener

	mu       sync.Mutex
	hearings map[*hearing]bool
	ended    chan struct{} // closed when nothing can arrive any more
	why      error         // then
	over     bool
}

func newInbox(place string) *inbox {
	return &inbox{place: place, hearings: map[*hearing]bool{}, ended: make(chan struct{})}
}

// put hands on what has arrived. cut says that it was longer than maxMessage.
func (b *inbox) put(message []byte, cut bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for h := range b.hearings {
		h.take(message, cut)
	}
}

// end says that nothing can arrive any more. The first reason is the one that counts.
func (b *inbox) end(why error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.over {
		b.over, b.why = true, why
		close(b.ended)
	}
}

// closed returns why nothing can arrive any more, or nil.
func (b *inbox) closed() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.why
}

// hear begins to keep what arrives, until the hearing is closed.
func (b *inbox) hear() *hearing {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := &hearing{box: b, news: make(chan struct{}, 1)}
	b.hearings[h] = true
	return h
}

// hearing is what has arrived since a try began.
type hearing struct {
	box *inbox
	// The fields below are guarded by the box.
	kept  [][]byte
	size  int
	count int // of messages, also of those that are not kept
	// lost says that something could not be kept whole, so that what is looked for may
	// have been in it.
	lost bool
	news chan struct{}
}

// take keeps a message within the bounds. The box is locked.
func (h *hearing) take(message []byte, cut bool) {
	h.count++
	h.lost = h.lost || cut
	if h.size+len(message) > maxHeard {
		h.lost = true
		return
	}
	h.kept, h.size = append(h.kept, message), h.size+len(message)
	select {
	case h.news <- struct{}{}:
	default: // whoever waits is told already
	}
}

// close forgets everything.
func (h *hearing) close() {
	h.box.mu.Lock()
	defer h.box.mu.Unlock()
	delete(h.box.hearings, h)
}

// await waits for a message that holds the marker. It returns nil when the context or
// the connection ended first.
func (h *hearing) await(ctx context.Context, marker string) []byte {
	next := 0
	for {
		found, seen := h.find(marker, next)
		if found != nil {
			return found
		}
		next = seen
		select {
		case <-h.news:
		case <-h.box.ended:
			found, _ := h.find(marker, next) // what had arrived before the end
			return found
		case <-ctx.Done():
			return nil
		}
	}
}

// find looks through what was kept from a place on, and returns how far it has looked.
func (h *hearing) find(marker string, from int) (found []byte, seen int) {
	h.box.mu.Lock()
	defer h.box.mu.Unlock()
	for _, message := range h.kept[from:] {
		if bytes.Contains(message, []byte(marker)) {
			return message, len(h.kept)
		}
	}
	return nil, len(h.kept)
}

// sum says how many messages have arrived, and whether all of them were looked through.
func (h *hearing) sum() (count int, lost bool) {
	h.box.mu.Lock()
	defer h.box.mu.Unlock()
	return h.count, h.lost
}
