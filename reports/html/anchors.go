package html

import "strconv"

// anchors hands out the ids of the page's elements: one for each thing that is
// shown, never the same twice, whatever the report calls its things.
type anchors struct {
	of   map[string]string // prefix and id of a thing → its anchor
	used map[string]bool
}

func newAnchors() *anchors { return &anchors{of: map[string]string{}, used: map[string]bool{}} }

// add makes an anchor for a thing that the page shows.
func (a *anchors) add(prefix, id string) string {
	anchor := prefix + slug(id)
	for n := 2; a.used[anchor]; n++ {
		anchor = prefix + slug(id) + "-" + strconv.Itoa(n)
	}
	a.used[anchor] = true
	if _, taken := a.of[prefix+id]; !taken {
		a.of[prefix+id] = anchor
	}
	return anchor
}

// find returns the anchor of a thing, or "" if the page does not show it.
func (a *anchors) find(prefix, id string) string { return a.of[prefix+id] }

// The prefixes of anchors.
const (
	toGap       = "gap-"
	toException = "exception-"
	toNote      = "note-"
	toCheck     = "check-"
	toExchange  = "exchange-"
	toEvent     = "event-"
)
