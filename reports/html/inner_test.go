package html

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

func TestSpan(t *testing.T) {
	for ms, want := range map[int64]string{
		0: "0 s", 240: "0.2 s", 1_000: "1 s", 1_500: "1.5 s", 42_000: "42 s", 60_000: "1 min", 90_000: "90 s", 300_000: "5 min",
		400_000: "6 min 40 s", 3_600_000: "1 h", 3_900_000: "1 h 5 min", -1_400: "−1.4 s", math.MinInt64: "−0 s",
	} {
		NewWithT(t).Expect(span(ms)).To(Equal(want))
	}
}

func TestWhatAnExchangeAnswered(t *testing.T) {
	for want, x := range map[string]reports.Exchange{
		"404 Not Found":                  {Status: 404},
		"no answer":                      {Method: "GET"},
		"connection refused":             {Error: "connection refused"},
		"exit code 0":                    {Method: "EXEC", ResponseHeaders: map[string]string{"Exit-Code": "0"}},
		"it was interrupted":             {Method: "EXEC", Error: "it was interrupted"},
		"the message arrived after 12ms": {Method: "HEAR", ResponseHeaders: map[string]string{"Heard": "the message arrived after 12ms"}},
		"the element #app was seen":      {Method: "BROWSE", ResponseHeaders: map[string]string{"Seen": "the element #app was seen"}},
		"mail: 12 bytes, not kept":       {Method: "MAIL", ResponseHeaders: map[string]string{"Mail": "12 bytes, not kept"}},
	} {
		NewWithT(t).Expect(answer(x)).To(Equal(want))
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1_284: "1\u202f284", 1_234_567: "1\u202f234\u202f567", -1_000: "−1\u202f000"} {
		NewWithT(t).Expect(number(n)).To(Equal(want))
	}
}

func TestEveryOutcomeHasItsOwnFace(t *testing.T) {
	g := NewWithT(t)
	words, glyphs := map[string]bool{}, map[string]bool{}
	for _, o := range outcomes {
		g.Expect(words).NotTo(HaveKey(o.face.Word))
		g.Expect(glyphs).NotTo(HaveKey(o.face.Glyph), "two outcomes with one glyph would differ by colour alone")
		words[o.face.Word], glyphs[o.face.Glyph] = true, true
		g.Expect(o.face.Plain).To(HaveSuffix("."))
	}
	for _, o := range []reports.Outcome{
		reports.OutcomeConformant, reports.OutcomeSuspended, reports.OutcomeNonconformant, reports.OutcomePartialSupport, reports.OutcomeRefused,
		reports.OutcomeIgnored, reports.OutcomeDelayed, reports.OutcomeSurvived, reports.OutcomeRevived, reports.OutcomeOperational,
		reports.OutcomeNoEvidence, reports.OutcomeNotApplicable, reports.OutcomeNotSelected,
	} {
		g.Expect(outcomeFace(o).Plain).NotTo(BeEmpty(), string(o))
	}
}

func try(phase reports.Phase, at int64, result reports.Result) reports.Try {
	return reports.Try{Phase: phase, Who: reports.WhoPolled, AtMs: at, Result: result}
}

func TestLaneShowsWhatIsKnown(t *testing.T) {
	const limit = 300_000
	left, back := reports.PhaseLeft, reports.PhaseReturned
	yes, no, unclear := reports.TryAllowed, reports.TryDenied, reports.TryInconclusive
	for name, c := range map[string]struct {
		tries []reports.Try
		tones []string
		open  bool
	}{
		"ended at once":          {[]reports.Try{try(left, 0, no), try(left, 1_000, no)}, []string{"shut"}, false},
		"ended in between":       {[]reports.Try{try(left, 0, yes), try(left, 1_000, no)}, []string{"unsure"}, false},
		"ran past the limit":     {[]reports.Try{try(left, 0, yes), try(left, 600_000, yes)}, []string{"grace", "over"}, true},
		"a mark on the limit":    {[]reports.Try{try(left, 0, yes), try(left, limit, yes), try(left, 600_000, no)}, []string{"grace", "unsure"}, false},
		"came back":              {[]reports.Try{try(left, 0, no), try(back, 400, yes), try(back, 1_000, yes)}, []string{"unsure", "over"}, true},
		"an unclear one between": {[]reports.Try{try(left, 0, no), try(left, 500, unclear), try(left, 1_000, no)}, []string{"shut"}, false},
		"before says nothing":    {[]reports.Try{try(reports.PhaseBefore, -900, yes), try(left, 0, no)}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			l := newPlot(c.tries, reports.EventRecreate, limit).lane(reports.WhoPolled, c.tries, false)
			var tones []string
			for _, b := range l.Bars {
				tones = append(tones, b.Tone)
			}
			g.Expect(tones).To(Equal(c.tones))
			g.Expect(l.Open == "").NotTo(Equal(c.open)) //nolint:ginkgolinter // c.open is the expectation
			g.Expect(l.Points).To(HaveLen(len(c.tries)))
		})
	}
}

func TestAxisGrowsAndStaysInside(t *testing.T) {
	g := NewWithT(t)
	a := axis{from: eventEdge, to: rightEdge, end: 600_000}
	last := -1.0
	for _, ms := range []int64{-5, 1, 240, 1_000, 60_000, 300_000, 600_000, math.MaxInt64} {
		x := a.at(ms)
		g.Expect(x).To(And(BeNumerically(">=", eventEdge), BeNumerically("<=", rightEdge+1e-9), BeNumerically(">=", last)))
		last = x
	}
	g.Expect(a.at(0)).To(Equal(eventEdge))
	g.Expect(a.at(600_000)).To(BeNumerically("~", rightEdge, 1e-9))
}

// WCAG 2.2, 1.4.3: text has a contrast of at least 4.5:1 with its ground.
func TestContrast(t *testing.T) {
	grounds := map[string][]string{
		"ink":    {"paper", "sheet", "bad-wash", "warn-wash", "ok-wash", "note-wash", "quiet-wash", "hatch"},
		"soft":   {"paper", "sheet", "quiet-wash", "hatch"},
		"accent": {"paper", "sheet", "accent-wash"},
		"bad":    {"paper", "sheet", "bad-wash"}, "warn": {"paper", "sheet", "warn-wash"}, "ok": {"paper", "sheet", "ok-wash"},
		"note": {"paper", "sheet", "note-wash"}, "quiet": {"paper", "sheet", "quiet-wash", "hatch"},
	}
	schemes := regexp.MustCompile(`(?s):root \{(.*?)\n\s*\}`).FindAllStringSubmatch(style, -1)
	if len(schemes) != 3 {
		t.Fatalf("found %d colour schemes, not those of light, dark and paper", len(schemes))
	}
	for i, scheme := range schemes {
		colours := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6});`).FindAllStringSubmatch(scheme[1], -1) {
			colours[m[1]] = luminance(t, m[2])
		}
		for text, list := range grounds {
			for _, ground := range list {
				if _, ok := colours[text]; !ok || colours[ground] == 0 && ground != "paper" {
					t.Fatalf("scheme %d lacks the colour %s or %s", i, text, ground)
				}
				a, b := colours[text]+0.05, colours[ground]+0.05
				if ratio := max(a, b) / min(a, b); ratio < 4.5 {
					t.Errorf("scheme %d: %s on %s has a contrast of %.2f", i, text, ground, ratio)
				}
			}
		}
	}
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	digits := strings.TrimPrefix(hex, "#")
	if len(digits) == 3 {
		digits = fmt.Sprintf("%c%[1]c%c%[2]c%c%[3]c", digits[0], digits[1], digits[2])
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		value, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(value) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "plain", "a\r\nb\tc", "\x00\x1b[31m", "\u202eabc\u2066", "\xff\xfe", strings.Repeat("ü", 40)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		const limit = 20
		out := text(s, limit)
		if !utf8.ValidString(out) {
			t.Errorf("%q became invalid UTF-8", s)
		}
		for _, r := range out {
			if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Errorf("%q kept U+%04X", s, r)
			}
		}
		if n := utf8.RuneCountInString(out); n > limit*10+60 {
			t.Errorf("%d characters are left of %q", n, s)
		}
	})
}

// Any text in any place gives a page.
func FuzzWrite(f *testing.F) {
	f.Add("x", "<b>", int64(5))
	f.Add("y", "left", int64(math.MinInt64))
	f.Add("z", "allowed", int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, id, words string, ms int64) {
		event := reports.Event{ID: id, Kind: reports.EventKind(words), Shape: id}
		r := &reports.Report{
			Summary: words, Run: reports.Run{ID: id}, Events: []reports.Event{event},
			Target: reports.Target{Name: words, RevokeWithinMs: ms},
			Checks: []reports.Check{{Spec: reports.Spec{ID: id, Text: words, Credential: id}, Outcome: reports.Outcome(words), Gap: id}},
			Gaps:   []reports.Gap{{ID: id, Class: reports.Outcome(words), Severity: reports.Severity(id), Checks: []string{id}, Evidence: []string{id}}},
			Matrix: []reports.MatrixRow{{Credential: words, Cells: []reports.Cell{{Event: event.Kind, Shape: id, Outcome: reports.Outcome(words), Gap: id}}}},
			Observations: []reports.Observation{{Check: id, Access: &reports.Access{Event: id, Path: words, Tries: []reports.Try{
				{Phase: reports.Phase(words), Who: reports.WhoPolled, AtMs: ms, Result: reports.Result(id)},
				{Phase: reports.PhaseLeft, Who: reports.WhoPolled, AtMs: ms, Result: reports.TryAllowed, Exchange: id},
				{Phase: reports.PhaseReturned, Who: reports.WhoPolled, AtMs: -ms, Result: reports.TryDenied},
			}}}},
			Exchanges: []reports.Exchange{{ID: id, URL: words, ResponseHeaders: map[string]string{id: words}}},
		}
		var out bytes.Buffer
		if err := Write(&out, r); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "NaN") || strings.Contains(out.String(), "Inf%") {
			t.Error("a timeline has a point nowhere")
		}
	})
}
