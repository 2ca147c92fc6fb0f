package defects

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// cursors are the defects of paging by cursor (RFC 9865).
func cursors() []Defect {
	const gap = "declared-not-delivered cursor"
	return []Defect{
		{
			Name:    "cursor-bare-refused",
			Summary: "A parameter cursor without a value and = is refused.",
			Checks:  []string{"querying.cursor.first"},
			Gaps:    []string{gap},
			Install: onList(func(r *acme.Reply) {
				if strings.HasSuffix("&"+r.Request.URL.RawQuery, "&cursor") {
					refuse(r, model.BadRequest("invalidSyntax", "cursor has no value"))
				}
			}),
		},
		{
			Name:    "cursor-altered-accepted",
			Summary: "A cursor that is cut short or altered leads to the first page instead of an error.",
			Checks:  []string{"querying.cursor.unusable"},
			Gaps:    []string{gap},
			Install: rememberingCursors(func(known *cursorLog, p url.Values) {
				if cursor := p.Get("cursor"); len(cursor) >= 20 && known.age(cursor) < 0 {
					p.Set("cursor", "")
				}
			}),
		},
		{
			Name:    "cursor-count-may-change",
			Summary: "Another count than before is taken for none in the middle of a list by cursor.",
			Checks:  []string{"querying.cursor.count-changed"},
			Gaps:    []string{gap},
			Install: onParameters(func(p url.Values) {
				if p.Get("cursor") != "" {
					p.Del("count")
				}
			}),
		},
		{
			Name:    "cursor-forgets-filter",
			Summary: "A page by cursor after the first has others, too, whom the filter leaves out.",
			Checks:  []string{"querying.cursor.walk", "querying.cursor.previous"},
			Gaps:    []string{gap},
			Install: onList(func(r *acme.Reply) {
				if list, _ := r.Body["Resources"].([]any); r.Request.URL.Query().Get("cursor") != "" && len(list) > 0 {
					r.Body["Resources"] = append(list, map[string]any{"id": "somebody-else", "userName": "somebody.else@example.com"})
				}
			}),
		},
		{
			Name:    "cursor-previous-on-first-page",
			Summary: "The first page by cursor names a previous one.",
			Checks:  []string{"querying.cursor.previous"},
			Gaps:    []string{gap},
			Install: onList(func(r *acme.Reply) {
				if r.Body["nextCursor"] != nil && r.Body["previousCursor"] == nil {
					r.Body["previousCursor"] = r.Body["nextCursor"]
				}
			}),
		},
		{
			Name:    "cursor-with-reserved-characters",
			Summary: "Cursors have characters that mean something else in an address, as those of base64 do.",
			Checks:  []string{"querying.cursor.characters"},
			Gaps:    []string{gap},
			Install: both(
				onList(func(r *acme.Reply) {
					for _, name := range []string{"nextCursor", "previousCursor"} {
						if cursor, ok := r.Body[name].(string); ok {
							r.Body[name] = "+/=" + cursor
						}
					}
				}),
				onParameters(func(p url.Values) {
					if cursor := p.Get("cursor"); cursor != "" {
						p.Set("cursor", strings.TrimPrefix(cursor, "+/="))
					}
				}),
			),
		},
		{
			Name:    "cursor-expired-begins-again",
			Summary: "A cursor leads to the first page again once its time is over.",
			Checks:  []string{"querying.cursor.expired"},
			Gaps:    []string{gap},
			Install: both(claims("pagination", "cursorTimeout", 1), rememberingCursors(func(known *cursorLog, p url.Values) {
				if known.age(p.Get("cursor")) > time.Second {
					p.Set("cursor", "")
				}
			})),
		},
		{
			Name:    "cursor-not-in-searches",
			Summary: "A search by POST takes no notice of cursor.",
			Checks:  []string{"querying.cursor.search"},
			Gaps:    []string{gap},
			Install: onSearchBody(func(body map[string]any) { delete(body, "cursor") }),
		},
		{
			Name:    "cursor-default-misnamed",
			Summary: "defaultPaginationMethod says cursor, and whoever asks for neither is given pages by index.",
			Checks:  []string{"querying.cursor.default"},
			Gaps:    []string{gap},
			Install: claims("pagination", "defaultPaginationMethod", "cursor"),
		},
		{
			Name:    "cursor-only-and-not-said",
			Summary: "Paging by index is not claimed, and a page that is asked for without a cursor does not name the next one.",
			Checks:  []string{"querying.cursor.unasked"},
			Gaps:    []string{"nonconformant"},
			Install: claims("pagination", "index", false),
		},
		{
			Name:    "cursor-page-size-exceeded",
			Summary: "maxPageSize says that a page has three resources at most, and pages have more.",
			Checks:  []string{"querying.cursor.page-size", "discovery.config.claims"},
			Gaps:    []string{gap, "nonconformant"},
			Install: claims("pagination", "maxPageSize", 3),
		},
		{
			Name:    "cursor-begins-again",
			Summary: "Every cursor leads to the first page.",
			Checks:  []string{"querying.cursor.walk", "querying.cursor.unusable", "querying.cursor.count-changed"},
			Gaps:    []string{"declared-not-delivered cursor"},
			Install: onParameters(func(p url.Values) {
				if p.Has("cursor") {
					p.Set("cursor", "")
				}
			}),
		},
		{
			Name:    "cursor-never-ends",
			Summary: "The last page names a next cursor, too.",
			Checks:  []string{"querying.cursor.walk"},
			Gaps:    []string{"declared-not-delivered cursor"},
			Install: onList(func(r *acme.Reply) {
				if r.Request.URL.Query().Has("cursor") && r.Body["nextCursor"] == nil {
					r.Body["nextCursor"] = "more"
				}
			}),
		},
		{
			Name:    "cursor-unusable-accepted",
			Summary: "A cursor that was never handed out leads to the first page instead of an error.",
			Checks:  []string{"querying.cursor.unusable"},
			Gaps:    []string{"declared-not-delivered cursor"},
			Install: onParameters(func(p url.Values) {
				if cursor := p.Get("cursor"); len(cursor) > 0 && len(cursor) < 20 {
					p.Set("cursor", "")
				}
			}),
		},
	}
}

// cursorLog remembers when cursors were handed out.
type cursorLog struct{ at sync.Map }

// age is how long ago a cursor was handed out, negative for never.
func (l *cursorLog) age(cursor string) time.Duration {
	at, known := l.at.Load(cursor)
	if !known {
		return -1
	}
	return time.Since(at.(time.Time))
}

// rememberingCursors alters the parameters of reads by what is known of their cursor. With
// the parameter expired the answer is that of one whose time is over.
func rememberingCursors(hook func(*cursorLog, url.Values)) func(*acme.Config) {
	return func(c *acme.Config) {
		known := &cursorLog{}
		onList(func(r *acme.Reply) {
			for _, name := range []string{"nextCursor", "previousCursor"} {
				if cursor, ok := r.Body[name].(string); ok {
					known.at.Store(cursor, time.Now())
				}
			}
			if expired, _ := strconv.ParseBool(r.Request.URL.Query().Get("expired")); expired && r.Status == http.StatusOK {
				refuse(r, model.BadRequest("expiredCursor", "the cursor is too old; begin anew"))
			}
		})(c)
		onParameters(func(p url.Values) { hook(known, p) })(c)
	}
}
