package containers

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/target"
)

func TestAFullDiskIsRecognised(t *testing.T) {
	const full, other = KindNoSpace, KindImageMissing
	for text, want := range map[string]Kind{
		"failed to register layer: Error processing tar file(exit status 1): write /app: no space left on device": full,
		"Error response from daemon: mkdir /var/lib/docker/overlay2/x: No space left on device":                   full,
		"write /var/lib/docker/tmp/x: disk quota exceeded":                                                        full,
		"There is not enough space on the disk.":                                                                  full,
		"could not find an available, non-overlapping IPv4 address pool":                                          other,
		"manifest unknown": other,
	} {
		g := NewWithT(t)
		e := fault(KindImageMissing, nil, "it cannot be pulled", errors.New(text), "hint")
		g.Expect(e.Kind).To(Equal(want), text)
		g.Expect(e.Message).To(HavePrefix("it cannot be pulled: "))
		g.Expect(strings.Contains(e.Error(), "free some disk")).To(Equal(want == full), text)
	}
}

func TestNoValueStandsInAnError(t *testing.T) {
	g := NewWithT(t)
	s := &service{name: "db", reference: "db:1", spec: target.Service{
		Env:     map[string]string{"PASSWORD": "hunter22", "PORT": "80"},
		Build:   &target.Build{Args: map[string]string{"KEY": "sesame"}},
		Command: []string{"serve", "--token=geheim"},
	}}
	e := fault(KindOther, s, "refused", errors.New("serve hunter22\n sesame  --token=geheim at port 80"), "")
	g.Expect(e.Error()).To(Equal("refused: serve [env PASSWORD] [build argument KEY] [argument] at port 80"))
	g.Expect(e.Service).To(Equal("db"))
	g.Expect(e.Image).To(Equal("db:1"))
}

func TestALongReasonIsCut(t *testing.T) {
	g := NewWithT(t)
	g.Expect([]rune(oneLine(strings.Repeat("ä ", 1000)))).To(HaveLen(longestReason + 1))
}

func TestWhoMadeAThing(t *testing.T) {
	mine, err := labels("run", "start")
	if err != nil {
		t.Fatal(err)
	}
	with := func(label, value string) map[string]string {
		changed := map[string]string{}
		for k, v := range mine {
			changed[k] = v
		}
		changed[label] = value
		return changed
	}
	began, _ := strconv.ParseInt(mine[LabelStarted], 10, 64)
	for name, c := range map[string]struct {
		of     map[string]string
		living bool
		why    string
	}{
		"this process":           {mine, true, "process " + strconv.Itoa(os.Getpid()) + " is running"},
		"the clock was set":      {with(LabelStarted, strconv.FormatInt(began+1000, 10)), true, "is running"},
		"its id is another's":    {with(LabelStarted, strconv.FormatInt(began-60000, 10)), false, ""},
		"no such process":        {with(LabelPID, "2147483646"), false, ""},
		"another host":           {with(LabelHost, "elsewhere.example"), true, "made on the host elsewhere.example"},
		"labels of another hand": {with(LabelPID, "x"), true, "is not a process id"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			living, why := owner(c.of)
			g.Expect(living).To(Equal(c.living))
			g.Expect(why).To(ContainSubstring(c.why))
		})
	}
}

func TestTheLastLinesAreKept(t *testing.T) {
	g := NewWithT(t)
	w := &tailWriter{keep: 2}
	for _, part := range []string{"one\ntw", "o\r\nthree\nfo", "ur"} {
		_, err := w.Write([]byte(part))
		g.Expect(err).NotTo(HaveOccurred())
	}
	g.Expect(w.lines()).To(Equal([]string{"three", "four"}))
}
