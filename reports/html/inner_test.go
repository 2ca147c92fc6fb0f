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
		0: "0 s", 24: "24 ms", 240: "0.2 s", 6_001: "6 s", 9_996: "10 s", 1_000: "1 s", 1_500: "1.5 s", 42_000: "42 s", 60_000: "1 min", 90_000: "90 s", 300_000: "5 min",
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

// drawn gives the kinds of strokes of one lane, and how many lines or marks each has.
func drawn(w watch, event reports.EventKind, limit int64) map[string]int {
	k := newInk()
	newPlot(event, limit, []watch{w}, nil).drawLane(k, 0, w)
	count := map[string]int{}
	for _, s := range k.strokes() {
		count[s.Class] = strings.Count(s.D, "M")
	}
	return count
}

func TestLaneShowsWhatIsKnown(t *testing.T) {
	const limit = 300_000
	left, back := reports.PhaseLeft, reports.PhaseReturned
	yes, no, unclear := reports.TryAllowed, reports.TryDenied, reports.TryInconclusive
	for name, c := range map[string]struct {
		tries       []reports.Try
		wantAllowed bool
		bars        map[string]int // the lines between the tries
		open        bool
		flaps       int
		last, first int // marks of the last access and of the first lasting denial
	}{
		"ended at once":          {tries: []reports.Try{try(left, 0, no), try(left, 1_000, no)}, bars: map[string]int{"ink-shut": 1}, first: 1},
		"ended in between":       {tries: []reports.Try{try(left, 0, yes), try(left, 1_000, no)}, bars: map[string]int{"ink-unsure": 1}, last: 1, first: 1},
		"ran past the limit":     {tries: []reports.Try{try(left, 0, yes), try(left, 600_000, yes)}, bars: map[string]int{"ink-grace": 1, "ink-over": 1}, open: true, last: 1},
		"a mark on the limit":    {tries: []reports.Try{try(left, 0, yes), try(left, limit, yes), try(left, 600_000, no)}, bars: map[string]int{"ink-grace": 1, "ink-unsure": 1}, last: 1, first: 1},
		"came back":              {tries: []reports.Try{try(left, 0, no), try(back, 400, yes), try(back, 1_000, yes)}, bars: map[string]int{"ink-unsure": 1, "ink-over": 1}, open: true, flaps: 1, last: 1, first: 1},
		"came back as it should": {tries: []reports.Try{try(left, 0, no), try(back, 400, yes), try(back, 1_000, yes)}, wantAllowed: true, bars: map[string]int{"ink-unsure": 1, "ink-grace": 1}, first: 1},
		"flapped":                {tries: []reports.Try{try(left, 0, no), try(left, 500, yes), try(left, 1_000, no)}, bars: map[string]int{"ink-unsure": 2}, flaps: 1, last: 1, first: 1},
		"an unclear one between": {tries: []reports.Try{try(left, 0, no), try(left, 500, unclear), try(left, 1_000, no)}, bars: map[string]int{"ink-shut": 1}, first: 1},
		"before says nothing":    {tries: []reports.Try{try(reports.PhaseBefore, -900, yes), try(left, 0, no)}, bars: map[string]int{}, first: 1},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			got := drawn(watch{all: []*reports.Access{{Tries: c.tries, WantAllowed: c.wantAllowed}}}, reports.EventRecreate, limit)
			bars := map[string]int{}
			for _, class := range []string{"ink-shut", "ink-unsure", "ink-grace", "ink-over"} {
				if got[class] > 0 {
					bars[class] = got[class]
				}
			}
			g.Expect(bars).To(Equal(c.bars))
			g.Expect(got["ink-stripe"]).To(Equal(got["ink-over"]), "colour alone would tell access that should be gone")
			g.Expect(got["ink-open"] == 1).To(Equal(c.open)) //nolint:ginkgolinter // c.open is the expectation
			g.Expect(got["ink-flap"]).To(Equal(c.flaps))
			g.Expect(got["ink-last"]).To(Equal(c.last))
			g.Expect(got["ink-first"]).To(Equal(c.first))
			g.Expect(got["ink-allowed"] + got["ink-denied"] + got["ink-unclear"]).To(Equal(len(c.tries)))
		})
	}
}

func TestControlUserIsMarkedOnlyWhereShutOut(t *testing.T) {
	g := NewWithT(t)
	control := func(at int64, result reports.Result) reports.Try {
		return reports.Try{Phase: reports.PhaseLeft, Who: reports.WhoControl, AtMs: at, Result: result}
	}
	got := drawn(watch{all: []*reports.Access{{Tries: []reports.Try{
		try(reports.PhaseLeft, 0, reports.TryDenied), control(0, reports.TryAllowed), control(500, reports.TryInconclusive), control(1_000, reports.TryDenied),
	}}}}, reports.EventDeactivate, 2_000)
	g.Expect(got).To(And(HaveKeyWithValue("ink-control", 1), HaveKeyWithValue("ink-out", 2)))
}

func TestNothingSeenIsDrawnAsSuch(t *testing.T) {
	NewWithT(t).Expect(drawn(watch{}, reports.EventDeactivate, 2_000)).To(Equal(map[string]int{"ink-void": 1}))
}

// Of several leavers the one who kept access longest is drawn, and the others hinted at.
func TestWorstLeaverIsDrawn(t *testing.T) {
	g := NewWithT(t)
	yes, no := reports.TryAllowed, reports.TryDenied
	leaver := func(subject int, tries ...reports.Try) reports.Observation {
		return reports.Observation{Access: &reports.Access{Event: fmt.Sprintf("e-%d", subject), Subject: subject, Path: "session", Tries: tries}}
	}
	r := &reports.Report{Observations: []reports.Observation{
		leaver(1, try(reports.PhaseLeft, 0, no)),
		leaver(2, try(reports.PhaseLeft, 4_000, yes), try(reports.PhaseLeft, 8_000, no)),
		leaver(3, try(reports.PhaseLeft, 1_000, yes), try(reports.PhaseLeft, 2_000, no)),
	}}
	for subject := 1; subject <= 3; subject++ {
		r.Events = append(r.Events, reports.Event{ID: fmt.Sprintf("e-%d", subject), Kind: reports.EventDeactivate, Shape: "put", Subject: subject})
	}
	w := newWatched(r).find(watchKey{reports.EventDeactivate, "put", "session"})
	g.Expect(w.all[0].Subject).To(Equal(2))
	g.Expect(w.event.ID).To(Equal("e-2"))
	// Leaver 1 was refused; leaver 3 was let in, and then refused.
	g.Expect(drawn(w, reports.EventDeactivate, 2_000)).To(HaveKeyWithValue("ink-other", 3))
}

func TestReturnOutweighsWhatWasBefore(t *testing.T) {
	g := NewWithT(t)
	left := &reports.Access{Tries: []reports.Try{try(reports.PhaseLeft, 600_000, reports.TryAllowed)}}
	back := &reports.Access{Tries: []reports.Try{try(reports.PhaseReturned, 1, reports.TryAllowed)}}
	g.Expect(reach(back)).To(BeNumerically(">", reach(left)))
	back.WantAllowed = true
	g.Expect(reach(back)).To(BeNumerically("<", reach(left)))
}

func TestWhatALaneSays(t *testing.T) {
	left, back := reports.PhaseLeft, reports.PhaseReturned
	yes, no := reports.TryAllowed, reports.TryDenied
	for want, tries := range map[string][]reports.Try{
		"Deactivated: never allowed, denied from 0.2 s on.":                                                       {try(left, 200, no), try(left, 500, no)},
		"Deactivated: last allowed at 2 s.":                                                                       {try(left, 500, yes), try(left, 2_000, yes)},
		"Deactivated: last allowed at 0.5 s, denied from 1 s on, allowed again once.":                             {try(left, 200, no), try(left, 500, yes), try(left, 1_000, no)},
		"Deactivated: never allowed, denied from 0 s on, no clear answer once; reactivated: last allowed at 1 s.": {try(left, 0, no), try(left, 500, reports.TryInconclusive), try(back, 1_000, yes)},
		"Deactivated: never allowed, denied from 0 s on; its unused twin allowed at 5 s; untouched user allowed 1 of 2 times.": {
			try(left, 0, no), {Phase: left, Who: reports.WhoSilent, AtMs: 5_000, Result: yes},
			{Phase: left, Who: reports.WhoControl, Result: yes}, {Phase: left, Who: reports.WhoControl, AtMs: 400, Result: no},
		},
	} {
		w := watch{all: []*reports.Access{{Tries: tries}}}
		NewWithT(t).Expect(newPlot(reports.EventReactivate, 300_000, []watch{w}, nil).inWords(w)).To(Equal(want))
	}
}

func TestBandsOfWhatSCIMSays(t *testing.T) {
	g := NewWithT(t)
	read := func(phase reports.Phase, at int64, state reports.UserState) reports.StateRead {
		return reports.StateRead{Phase: phase, AtMs: at, State: state}
	}
	states := []reports.StateRead{
		read(reports.PhaseLeft, 0, reports.StateInactive), read(reports.PhaseLeft, 250, reports.StateInactive),
		read(reports.PhaseLeft, 1_000, reports.StateActive), read(reports.PhaseLeft, 4_000, reports.StateActive),
		read(reports.PhaseReturned, 0, reports.StateActive),
	}
	p := newPlot(reports.EventReactivate, 2_000, nil, states)
	var said []string
	for _, b := range p.bands(states) {
		said = append(said, b.Title+" ("+b.Tone+")")
	}
	g.Expect(said).To(Equal([]string{"inactive from 0 s on (gone)", "active from 1 s on (still)", "active from 0 s on (reactivated) (there)"}))
	g.Expect(p.bands(states)[0].X).To(Equal(percent(eventEdge)))
}

func TestAxisGrowsAndStaysInside(t *testing.T) {
	g := NewWithT(t)
	a := axis{from: eventEdge, to: rightEdge, end: 600_000}
	last := -1
	for _, ms := range []int64{math.MinInt64, -5, 1, 240, 1_000, 60_000, 300_000, 600_000, math.MaxInt64} {
		x := a.at(ms)
		g.Expect(x).To(And(BeNumerically(">=", eventEdge), BeNumerically("<=", rightEdge), BeNumerically(">=", last)))
		last = x
	}
	g.Expect(a.at(0)).To(Equal(eventEdge))
	g.Expect(a.at(600_000)).To(Equal(rightEdge))
}

// Marks at doubling times stand evenly, so that a watch of ten minutes shows its first
// second too.
func TestAxisGivesDoublingMarksEvenRoom(t *testing.T) {
	g := NewWithT(t)
	a := axis{from: 0, to: 1_000, end: 255 * firstMark}
	// 0, 1, 3, 7, … times the first mark.
	for i := range 9 {
		g.Expect(a.at(int64(1<<i-1) * firstMark)).To(BeNumerically("~", i*1_000/8, 1))
	}
}

func TestTicksDoNotRunIntoEachOther(t *testing.T) {
	for _, end := range []int64{1_000, 6_300, 60_000, 600_000, 86_400_000, 30 * 86_400_000} {
		for _, half := range []bool{false, true} {
			a := axis{from: eventEdge, to: rightEdge, end: end}
			if half {
				a.to = middle
			}
			ticks := a.ticks()
			g := NewWithT(t)
			g.Expect(ticks[len(ticks)-1].Text).To(Equal(span(end)))
			last := math.Inf(-1)
			for _, tick := range ticks {
				x, err := strconv.ParseFloat(strings.TrimSuffix(tick.X, "%"), 64)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(x - last).To(BeNumerically(">=", 12.4))
				last = x
			}
		}
	}
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
			Gaps:   []reports.Gap{{ID: id, Outcome: reports.Outcome(words), Severity: reports.Severity(id), Checks: []string{id}, Evidence: []string{id}}},
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

// What is shared with the report is what text would have left as it is.
func FuzzWhatIsFitIsShownAsItIs(f *testing.F) {
	for _, s := range []string{"", "plain", "two\nlines\tand a tab", "a\r\nb", "\x1b[31m", "\x7f", "\u202e", "\u2028", "\xff", "ü", "\ufffd", "a text that is longer than the limit"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		const limit = 20
		shown := text(s, 1<<20)
		if !fit(shown, 1<<20) {
			t.Errorf("%q is shown as %q, which is not fit to be shown", s, shown)
		}
		if fit(s, limit) && (shown != s || text(s, limit) != s) {
			t.Errorf("%q is fit, and shown as %q", s, shown)
		}
	})
}
