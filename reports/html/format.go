package html

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// span prints milliseconds as people say them: "24 ms", "0.2 s", "42 s", "6 min",
// "6 min 40 s", "1 h 5 min".
func span(ms int64) string {
	if ms < 0 {
		return "−" + span(max(-ms, 0)) // the least int64 has no opposite
	}
	seconds := (ms + 500) / 1000
	switch {
	case 0 < ms && ms < 100:
		return fmt.Sprintf("%d ms", ms)
	case ms < 10_000:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(ms)/1000), ".0") + " s"
	case seconds < 120 && seconds != 60:
		return fmt.Sprintf("%d s", seconds)
	case seconds < 3600:
		return pair(seconds/60, "min", seconds%60, "s")
	default:
		return pair(seconds/3600, "h", seconds%3600/60, "min")
	}
}

func pair(n int64, unit string, rest int64, restUnit string) string {
	if rest == 0 {
		return fmt.Sprintf("%d %s", n, unit)
	}
	return fmt.Sprintf("%d %s %d %s", n, unit, rest, restUnit)
}

// moment prints a time of day with its zone, for somebody who reads it elsewhere.
func moment(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format("2 January 2006, 15:04 UTC")
}

// number prints a count with a thin space between thousands.
func number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return sign + digits
}

// plural prints a count with its noun: "1 check", "2 checks".
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return number(n) + " " + noun
}
