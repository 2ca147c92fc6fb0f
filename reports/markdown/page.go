package markdown

import (
	"fmt"
	"strings"
)

// page collects blocks up to a limit, in bytes.
type page struct {
	text  strings.Builder
	limit int
	left  []string // what was left out, a phrase for each table
}

// block adds a heading, a paragraph or a list whatever the limit.
func (p *page) block(text string) { p.text.WriteString(text + "\n\n") }

// table adds a table with as many of its n rows as there is room for, under a heading; without rows
// it adds nothing. Rows are made one by one, as those past the limit need not be made.
func (p *page) table(heading, rows string, head []string, n int, row func(i int) []string) {
	if n == 0 {
		return
	}
	begin := "### " + heading + "\n\n" + line(head) + "|" + strings.Repeat(" --- |", len(head)) + "\n"
	if p.text.Len()+len(begin)+1 > p.limit {
		p.cut(n, n, rows)
		return
	}
	p.text.WriteString(begin)
	for i := range n {
		next := line(row(i))
		if p.text.Len()+len(next)+1 > p.limit {
			p.cut(n-i, n, rows)
			break
		}
		p.text.WriteString(next)
	}
	p.text.WriteString("\n")
}

func (p *page) cut(left, of int, rows string) {
	p.left = append(p.left, fmt.Sprintf("%d of %d %s", left, of, rows))
}

func line(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }
