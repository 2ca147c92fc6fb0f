package model

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// maxFilter is the longest filter that is read, in bytes.
const maxFilter = 8 << 10

// drawnOut is the sub-attribute that stands for a value filter while the rest is parsed.
const drawnOut = "drawn-out-value-filter-"

// errFilter is for what the grammar of RFC 7644 §3.4.2.2 does not have.
var errFilter = errors.New("the filter cannot be read")

// parseFilter reads a filter (RFC 7644 §3.4.2.2). What stands in brackets is parsed by
// itself: there the parser knows no grouping, which the grammar has.
func parseFilter(text string) (filter.Expression, error) {
	if len(text) > maxFilter {
		return nil, errFilter
	}
	plain, inner, err := drawOut(text)
	if err != nil {
		return nil, err
	}
	expression, err := filter.ParseFilter([]byte(plain))
	if err != nil {
		return nil, err
	}
	return putBack(expression, inner), nil
}

// behindBracket is a comparison behind a value filter: the grammar does not have it, and
// Microsoft Entra ID sends emails[type eq "work"].value eq "x".
var behindBracket = regexp.MustCompile(`^\.([A-Za-z$][\w$-]*\s+(?:(?i:pr)\b|(?i:eq|ne|co|sw|ew|gt|lt|ge|le)\s+(?:"(?:[^"\\]|\\.)*"|[^\s()\]]+)))`)

// drawOut takes the value filters out of a filter and leaves a name for each.
func drawOut(text string) (plain string, inner []filter.Expression, err error) {
	var b strings.Builder
	for { // each turn draws one out
		open := outsideQuotes(text, '[')
		if open < 0 {
			b.WriteString(text)
			return b.String(), inner, nil
		}
		b.WriteString(text[:open])
		text = text[open+1:]
		end := outsideQuotes(text, ']')
		if end < 0 || outsideQuotes(text[:end], '[') >= 0 { // value filters do not nest
			return "", nil, errFilter
		}
		value, err := filter.ParseFilter([]byte(text[:end]))
		if err != nil {
			return "", nil, err
		}
		text = text[end+1:]
		if behind := behindBracket.FindStringSubmatch(text); behind != nil {
			if value, err = andBehind(value, behind[1]); err != nil {
				return "", nil, err
			}
			text = text[len(behind[0]):]
		}
		b.WriteString("." + drawnOut + strconv.Itoa(len(inner)) + " pr")
		inner = append(inner, value)
	}
}

// andBehind draws a comparison behind a value filter into it, which means the same.
func andBehind(value filter.Expression, comparison string) (filter.Expression, error) {
	right, err := filter.ParseFilter([]byte(comparison))
	return &filter.LogicalExpression{Left: value, Right: right, Operator: filter.AND}, err
}

// outsideQuotes finds a byte that is not part of quoted text, -1 for none.
func outsideQuotes(text string, wanted byte) int {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		case !quoted && text[i] == wanted:
			return i
		}
	}
	return -1
}

// putBack puts the value filters where their names stand.
func putBack(e filter.Expression, inner []filter.Expression) filter.Expression {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		return &filter.LogicalExpression{Left: putBack(e.Left, inner), Right: putBack(e.Right, inner), Operator: e.Operator}
	case *filter.NotExpression:
		return &filter.NotExpression{Expression: putBack(e.Expression, inner)}
	case *filter.AttributeExpression:
		if sub := e.AttributePath.SubAttribute; sub != nil && strings.HasPrefix(*sub, drawnOut) {
			n, err := strconv.Atoi((*sub)[len(drawnOut):])
			if err == nil && n < len(inner) {
				path := e.AttributePath
				path.SubAttribute = nil
				return &filter.ValuePath{AttributePath: path, ValueFilter: inner[n]}
			}
		}
	}
	return e
}
