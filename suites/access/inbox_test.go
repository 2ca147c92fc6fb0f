package access

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func TestWhatIsHeard(t *testing.T) {
	ended := errors.New("it ended")
	for name, c := range map[string]struct {
		arrive func(*inbox) // a second after the hearing began
		want   string
		after  time.Duration // until await returns
		lost   bool
	}{
		"nothing":                   {func(*inbox) {}, "", 3 * time.Second, false},
		"something else":            {func(b *inbox) { b.put([]byte("another"), false) }, "", 3 * time.Second, false},
		"the marker":                {func(b *inbox) { b.put([]byte("x"), false); b.put([]byte("a mark b"), false) }, "a mark b", time.Second, false},
		"the end":                   {func(b *inbox) { b.end(ended) }, "", time.Second, false},
		"the marker and the end":    {func(b *inbox) { b.put([]byte("mark"), false); b.end(ended) }, "mark", time.Second, false},
		"a message that was cut":    {func(b *inbox) { b.put([]byte("x"), true) }, "", 3 * time.Second, true},
		"more than is kept":         {func(b *inbox) { b.put([]byte(strings.Repeat("x", maxHeard)), false); b.put([]byte("mark"), false) }, "", 3 * time.Second, true},
		"just as much as is kept":   {func(b *inbox) { b.put([]byte(strings.Repeat("x", maxHeard-4)), false); b.put([]byte("mark"), false) }, "mark", time.Second, false},
		"small after what is large": {func(b *inbox) { b.put(make([]byte, maxHeard+1), false); b.put([]byte("mark"), false) }, "mark", time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				box := newInbox("here")
				box.put([]byte("mark, but before"), false)
				h := box.hear()
				began := time.Now()
				time.AfterFunc(time.Second, func() { c.arrive(box) })
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				g.Expect(string(h.await(ctx, "mark"))).To(Equal(c.want))
				g.Expect(time.Since(began)).To(Equal(c.after))
				_, lost := h.sum()
				g.Expect(lost).To(Equal(c.lost))
				h.close()
				box.put([]byte("mark"), false)
				g.Expect(box.hearings).To(BeEmpty(), "between tries nothing is kept")
			})
		})
	}
}

func TestTheFirstEndCounts(t *testing.T) {
	g := NewWithT(t)
	box, first := newInbox("here"), errors.New("first")
	g.Expect(box.closed()).To(Succeed())
	box.end(first)
	box.end(errClosedByUs)
	g.Expect(box.closed()).To(MatchError(first))
}

func TestTwoTriesHearTheSame(t *testing.T) {
	g := NewWithT(t)
	box := newInbox("here")
	a, b := box.hear(), box.hear()
	box.put([]byte("mark"), false)
	for _, h := range []*hearing{a, b} {
		g.Expect(string(h.await(t.Context(), "mark"))).To(Equal("mark"))
		count, _ := h.sum()
		g.Expect(count).To(Equal(1))
	}
}
