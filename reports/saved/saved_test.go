package saved

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
)

// record is the run behind the believable report.
func record() reports.Record {
	r := reporttest.Report()
	rec := reports.Record{
		Run: r.Run, Target: r.Target, Events: r.Events, Observations: r.Observations, Exchanges: r.Exchanges,
		Health: r.Health, Cleanup: r.Cleanup, Redaction: r.Redaction, LongWatch: r.LongWatch,
	}
	for _, c := range r.Checks {
		rec.Specs = append(rec.Specs, c.Spec)
	}
	return rec
}

func TestARunComesBackAsItWas(t *testing.T) {
	g := NewWithT(t)
	rec := record()
	g.Expect(rec.Observations).NotTo(BeEmpty())
	rec.Run.Started = time.Date(2026, 11, 24, 9, 0, 0, 123456789, time.FixedZone("", 3600))
	text, err := runText(rec)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(text)).To(HavePrefix(`{"schema":"urn:scimproof:schema:run:1.0","run":{`))
	again, err := DecodeRun("run.json", text)
	g.Expect(err).NotTo(HaveOccurred())
	want, err := reportText(reports.Judge(rec))
	g.Expect(err).NotTo(HaveOccurred())
	have, err := reportText(reports.Judge(*again))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(have)).To(Equal(string(want)), "the same run gives the same report, byte for byte")
}

func TestAReportComesBackAsItWas(t *testing.T) {
	g := NewWithT(t)
	text, err := reportText(reporttest.Report())
	g.Expect(err).NotTo(HaveOccurred())
	file := filepath.Join(t.TempDir(), "report.json")
	g.Expect(os.WriteFile(file, text, 0o600)).To(Succeed())
	r, err := LoadReport(file)
	g.Expect(err).NotTo(HaveOccurred())
	again, err := reportText(r)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(again)).To(Equal(string(text)))
}

func runText(rec reports.Record) ([]byte, error) {
	var text bytes.Buffer
	err := WriteRun(&text, rec)
	return text.Bytes(), err
}

func reportText(r *reports.Report) ([]byte, error) {
	var text bytes.Buffer
	err := WriteReport(&text, r)
	return text.Bytes(), err
}

// Exchanges are written one by one, which no reader may notice.
func TestAFileIsAsIfItHadBeenWrittenInOnePiece(t *testing.T) {
	for name, change := range map[string]func(*reports.Report){
		"as it is":       func(*reports.Report) {},
		"one exchange":   func(r *reports.Report) { r.Exchanges = r.Exchanges[:1] },
		"no exchange":    func(r *reports.Report) { r.Exchanges = []reports.Exchange{} },
		"no list at all": func(r *reports.Report) { r.Exchanges = nil },
		"the stand-in's": func(r *reports.Report) { r.Exchanges[1] = standIn },
		"it stands in text": func(r *reports.Report) {
			text, err := json.Marshal(standIn)
			if err != nil {
				t.Fatal(err)
			}
			r.Summary = string(text)
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r := reporttest.Report()
			g.Expect(len(r.Exchanges)).To(BeNumerically(">", 1))
			change(r)
			want, err := json.MarshalIndent(r, "", "  ")
			g.Expect(err).NotTo(HaveOccurred())
			have, err := reportText(r)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(string(have)).To(Equal(string(want) + "\n"))

			rec := record()
			rec.Exchanges = r.Exchanges
			want, err = json.Marshal(run{Schema: runForm + RunVersion, Record: rec})
			g.Expect(err).NotTo(HaveOccurred())
			have, err = runText(rec)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(string(have)).To(Equal(string(want) + "\n"))
		})
	}
}

// whole are the texts of a run and of a report.
func whole(t testing.TB) (run, report string) {
	t.Helper()
	asRun, err := runText(record())
	if err != nil {
		t.Fatal(err)
	}
	asReport, err := reportText(reporttest.Report())
	if err != nil {
		t.Fatal(err)
	}
	return string(asRun), string(asReport)
}

func TestWhatIsNoRunOrReportIsSaidInASentence(t *testing.T) {
	run, report := whole(t)
	readRun := func(text string) error { _, err := DecodeRun("f.json", []byte(text)); return err }
	readReport := func(text string) error { _, err := DecodeReport("f.json", []byte(text)); return err }
	once := func(s, old, with string) string {
		if !strings.Contains(s, old) {
			t.Fatalf("there is no %s in the text", old)
		}
		return strings.Replace(s, old, with, 1)
	}
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		"empty":                  {readReport(" "), "f.json: this is not the JSON of a report: it is empty; take the file as scimproof has written it"},
		"broken":                 {readReport("{\n\"schema\": }"), "f.json: this is not the JSON of a report: line 2: invalid character"},
		"cut short":              {readRun(run[:len(run)/2]), "f.json: this is not a whole run: it ends in the middle"},
		"a report cut short":     {readReport(report[:len(report)/2]), "it ends in the middle; make it anew from its run.json with scimproof judge"},
		"cut in the schema":      {readRun(run[:20]), "f.json: this is not the JSON of a run: it ends in the middle"},
		"a list":                 {readRun("[]"), "it is no object"},
		"no schema":              {readRun("{}"), `its schema is ""; that of a run is urn:scimproof:schema:run:1.0`},
		"another schema":         {readRun(`{"a": {"schema": "x"}, "schema": "urn:other"}`), `its schema is "urn:other"`},
		"a schema of no text":    {readRun(`{"schema": 1}`), "f.json: this is not the JSON of a run: "},
		"a report for a run":     {readRun(report), "this is urn:scimproof:schema:report:2.0, and not a run; name the run.json that stands beside it"},
		"a run for a report":     {readReport(run), "this is urn:scimproof:schema:run:1.0, and not a report; name the report.json that stands beside it"},
		"a later version":        {readReport(once(report, "report:2.0", "report:3.0")), "it has version 3.0 of its form, and this scimproof reads version 2.0; read it with the scimproof that wrote it"},
		"a later run":            {readRun(once(run, "run:1.0", "run:1.1")), "it has version 1.1 of its form"},
		"an unknown severity":    {readReport(once(report, `"severity": "critical"`, `"severity": "hihg"`)), "f.json: this is not a report as this version of scimproof writes it: /gaps/0/severity: value must be one of"},
		"an unknown key":         {readReport(once(report, `"verdict":`, `"verdikt":`)), "verdi"},
		"an unknown key of runs": {readRun(once(run, `"seed":`, `"sead":`)), `this is not a whole run: unknown field "sead"`},
		"a word for a number":    {readRun(once(run, `"seed":`, `"seed":true,"seed":`)), "seed is a bool"},
		"two documents":          {readRun(run + run), "there is more after its end"},
		"a time that is none":    {readRun(once(run, `"started":"`, `"started":"x`)), "this is not a whole run: "},
		"escapes":                {readRun(`{"schema": "urn:scimproof:schema:\u001b[2J"}`), "�[2J"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(c.err).To(BeAssignableToTypeOf(&FileError{}))
			g.Expect(c.err.Error()).To(ContainSubstring(c.says))
			g.Expect(c.err.Error()).NotTo(ContainSubstring("\n"))
			g.Expect(c.err.Error()).NotTo(ContainSubstring("\x1b"))
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	for _, read := range []func(string) error{
		func(f string) error { _, err := LoadRun(f); return err },
		func(f string) error { _, err := LoadReport(f); return err },
	} {
		g := NewWithT(t)
		g.Expect(read(dir)).To(MatchError(dir + ": this is a folder; name the file in it"))
		none := filepath.Join(dir, "none.json")
		g.Expect(read(none)).To(MatchError(none + ": it cannot be read: no such file or directory; name an existing file"))
	}
}

// What is read is judged: whatever stands in a run that could be read, the judge gives an answer.
func FuzzDecodeRun(f *testing.F) {
	run, report := whole(f)
	f.Add([]byte(small(f)))
	f.Add([]byte(run[:2000]))
	f.Add([]byte(report[:2000]))
	f.Fuzz(func(t *testing.T, text []byte) {
		rec, err := DecodeRun("run.json", text)
		if (rec == nil) == (err == nil) {
			t.Fatalf("a run %v and the error %v", rec, err)
		}
		if rec == nil {
			return
		}
		r := reports.Judge(*rec)
		if r.Verdict.Word == reports.VerdictPass && len(r.Observations) == 0 {
			t.Fatal("a run without observations passes")
		}
	})
}

func FuzzDecodeReport(f *testing.F) {
	_, report := whole(f)
	f.Add([]byte(report[:2000]))
	f.Add([]byte(`{"schema": "urn:scimproof:schema:report:2.0"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := DecodeReport("report.json", text)
		if (r == nil) == (err == nil) {
			t.Fatalf("a report %v and the error %v", r, err)
		}
		if r != nil {
			reports.Regate(r, reports.Basis{})
		}
	})
}

// small is a run with one of each kind of observation.
func small(t testing.TB) string {
	t.Helper()
	rec := reports.Record{
		Specs:  []reports.Spec{{ID: "survival.delete.web-session", Event: reports.EventDelete, Credential: "web-session", State: reports.SpecRan}},
		Events: []reports.Event{{ID: "event-1", Kind: reports.EventDelete, Subject: 1, Steps: []reports.EventStep{{Phase: reports.PhaseLeft, Status: 204}}}},
		Observations: []reports.Observation{
			{ID: "1", Check: "survival.delete.web-session", Access: &reports.Access{}},
			{ID: "2", Check: "survival.delete.web-session", State: &reports.State{}},
			{ID: "3", Check: "survival.delete.web-session", Issued: &reports.Issued{}},
			{ID: "4", Check: "survival.delete.web-session", Fact: &reports.Fact{}},
			{ID: "5", Check: "survival.delete.web-session", Effect: &reports.Effect{}},
			{ID: "6", Check: "survival.delete.web-session", Trouble: &reports.Trouble{}},
			{ID: "7", Check: "nobody", Behaviour: &reports.Behaviour{}},
		},
	}
	text, err := json.Marshal(run{Schema: runForm + RunVersion, Record: rec})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
