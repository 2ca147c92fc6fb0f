package chromium

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
)

// lookTime bounds one look. A page that computes without end answers none.
const lookTime = 10 * time.Second

// maxText is how much of a page's text is looked at, in characters.
const maxText = 1 << 20

// Page is what a page shows. All of it is the target's text.
type Page struct {
	URL, Title, Text string
}

// Look returns what the page shows now. The error is the browser's.
func (t *Tab) Look() (Page, error) {
	var p Page
	err := t.evaluate(lookTime, call(`(max) => ({
		url: location.href.slice(0, 8192), title: document.title.slice(0, 1024), text: (document.body?.innerText ?? '').slice(0, max),
	})`, maxText), &p)
	return p, err
}

// ErrSelector is the error for a text that is no CSS selector.
var ErrSelector = errors.New("not a CSS selector")

// element is what is known of the first visible element that a selector finds.
type element struct {
	Invalid, Seen, Enabled bool
	X, Y                   float64 // its middle
	Text                   string  // its text, or the value of a field
}

// find is what every script about an element begins with.
const find = `
	let all
	try { all = [...document.querySelectorAll(selector)] } catch { return {invalid: true} }
	const visible = (e) => {
		const box = e.getBoundingClientRect()
		return box.width > 0 && box.height > 0 && getComputedStyle(e).visibility !== 'hidden'
	}
	const e = all.find(visible)
	if (!e) return {}
`

func (t *Tab) element(script, selector string) (element, error) {
	var e element
	err := t.evaluate(lookTime, call(script, selector), &e)
	if err == nil && e.Invalid {
		err = fmt.Errorf("%q is %w", selector, ErrSelector)
	}
	return e, err
}

// Sees reports whether the page shows an element, and returns its text, or the value of a
// field. The error is ErrSelector or the browser's.
func (t *Tab) Sees(selector string) (seen bool, text string, err error) {
	e, err := t.element(`(selector) => {`+find+`
		return {seen: true, text: String(('value' in e ? e.value : e.innerText) ?? '').slice(0, 65536)}
	}`, selector)
	return e.Seen, e.Text, err
}

// Click clicks an element, if it can be and stands still. done is false if not, and the
// click is to be tried again. The error is ErrSelector or the browser's.
func (t *Tab) Click(selector string) (done bool, err error) {
	const where = `(selector) => {` + find + `
		e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'})
		const box = e.getBoundingClientRect()
		return {seen: true, enabled: !e.disabled, x: box.x + box.width / 2, y: box.y + box.height / 2}
	}`
	first, err := t.element(where, selector)
	if err != nil || !first.Seen || !first.Enabled {
		return false, err
	}
	again, err := t.element(where, selector)
	if err != nil || again != first {
		return false, err
	}
	return true, t.within(lookTime, func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.MouseClickXY(first.X, first.Y)) })
}

// Fill types a value into a field in place of what stands there, if it can be. done is
// false if not, and it is to be tried again. The error is ErrSelector or the browser's.
func (t *Tab) Fill(selector, value string) (done bool, err error) {
	e, err := t.element(`(selector) => {`+find+`
		if (e.disabled || e.readOnly) return {seen: true}
		e.focus()
		if (e.value) e.select?.()
		return {seen: true, enabled: document.activeElement === e}
	}`, selector)
	if err != nil || !e.Enabled {
		return false, err
	}
	return true, t.within(lookTime, func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.KeyEvent(value)) })
}
