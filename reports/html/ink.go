package html

import (
	"fmt"
	"strings"
)

// ink gathers the lines and marks of all lanes of a board, one path for each kind:
// with hundreds of lanes on a page an element for every try would be most of it.
type ink struct{ paths map[string]*strings.Builder }

func newInk() *ink { return &ink{paths: map[string]*strings.Builder{}} }

// stroke is all that is drawn alike on a board. D is the path's data, in thousandths
// of the width and, downwards, in the units of laneUnits.
type stroke struct{ Class, D string }

// strokeOrder lists the kinds of strokes from the ground up.
var strokeOrder = []string{
	"ink-void", "ink-control", "ink-grace", "ink-unsure", "ink-shut", "ink-over", "ink-stripe", "ink-other",
	"ink-denied", "ink-first", "ink-allowed", "ink-last", "ink-unclear", "ink-out", "ink-flap", "ink-open",
}

func (k *ink) draw(class, format string, args ...any) {
	if k.paths[class] == nil {
		k.paths[class] = &strings.Builder{}
	}
	fmt.Fprintf(k.paths[class], format, args...)
}

// line draws from one place to another at one height.
func (k *ink) line(class string, from, to, y int) { k.draw(class, "M%d %dH%d", from, y, to) }

// dot sets a mark whose form is that of the stroke's ends.
func (k *ink) dot(class string, x, y int) { k.draw(class, "M%d %dh0", x, y) }

// upright sets a mark of some height, half of it above the place and half below.
func (k *ink) upright(class string, x, y, height int) {
	k.draw(class, "M%d %dv%d", x, y-height/2, height)
}

func (k *ink) strokes() []stroke {
	var list []stroke
	for _, class := range strokeOrder {
		if b := k.paths[class]; b != nil {
			list = append(list, stroke{class, b.String()})
		}
	}
	return list
}
