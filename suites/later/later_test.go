package later

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/access"
	"github.com/scimproof/scimproof/suites/target"
)

const passphrase = "tests know this key: 4711"

// cheap is a key that costs no time.
func cheap(t *testing.T, text string) Key {
	t.Helper()
	key, err := NewKey(text)
	if err != nil {
		t.Fatal(err)
	}
	key.Work = 4
	return key
}

var acked = time.Date(2026, time.November, 27, 9, 0, 0, 0, time.UTC)

// example is a state of one event with one line.
func example() *State {
	return &State{
		Version: Version, TargetID: "app", Requests: 12,
		Record: reports.Record{
			Run:       reports.Run{ID: "abcdefgh"},
			Target:    reports.Target{SCIMBase: "https://app.example.com/scim", ProfileDigest: strings.Repeat("ab", 32)},
			Events:    []reports.Event{{ID: "e1", Kind: reports.EventDelete, Steps: []reports.EventStep{{Phase: reports.PhaseLeft, Status: 204, Answered: acked}}}},
			LongWatch: Plan([]time.Duration{time.Hour, 24 * time.Hour}, acked, 1),
		},
		Scenes: []Scene{{
			Event: "e1", Leaver: Person{ID: "1", UserName: "scimproof-x-001@example.com"}, Control: Person{ID: "2", UserName: "scimproof-x-002@example.com"},
			Lines: []access.Kept{{
				Path: "web session", Need: 5,
				Polled:  access.Held{Values: map[string]string{"token": "s3cret-Token-of-the-leaver"}, Cookies: []access.Cookie{{Origin: "https://app.example.com", Name: "sid", Value: "s3cret-Cookie-of-the-leaver", Path: "/"}}},
				Control: access.Held{Values: map[string]string{"user.password": "s3cret-Password-of-control"}},
			}},
		}},
	}
}

func TestAStateIsSealedAndComesBack(t *testing.T) {
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "watch.age")
	key := cheap(t, passphrase)
	g.Expect(Free(file)).To(Succeed())
	g.Expect(Save(file, key, example())).To(Succeed())
	g.Expect(Free(file)).To(MatchError(ContainSubstring("it is there already")))

	info, err := os.Stat(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o600)))
	sealed, err := os.ReadFile(file)
	g.Expect(err).NotTo(HaveOccurred())
	vault := redact.New() // which knows base64, hexadecimal and other spellings
	for _, secret := range []string{"s3cret-Token-of-the-leaver", "s3cret-Cookie-of-the-leaver", "s3cret-Password-of-control", "scimproof-x-001@example.com", passphrase} {
		vault.Learn("secret", secret)
	}
	g.Expect(vault.Leaks(sealed)).To(BeEmpty())

	got, stamp, err := Load(file, key)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got.Saved).To(BeTemporally("~", time.Now(), time.Minute))
	want := example()
	want.Saved = got.Saved
	g.Expect(got).To(Equal(want))

	g.Expect(stamp.Current()).To(Succeed())
	g.Expect(Save(file, key, got)).To(Succeed())
	g.Expect(stamp.Current()).To(MatchError(ContainSubstring("another scimproof has just gone on")))
	g.Expect(Remove(file)).To(Succeed())
	g.Expect(Remove(file)).To(Succeed(), "a second time")
	g.Expect(stamp.Current()).NotTo(Succeed())
	g.Expect(filepath.Glob(filepath.Join(filepath.Dir(file), ".*"))).To(BeEmpty(), "no temporary file stays")
}

func TestStateFilesThatCannotBeUsed(t *testing.T) {
	dir := t.TempDir()
	key := cheap(t, passphrase)
	sealed := func(change func(*State)) []byte {
		s := example()
		change(s)
		raw, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		out, err := key.seal(raw)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	plain := func(text string) []byte {
		out, err := key.seal([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	whole := sealed(func(*State) {})
	for name, c := range map[string]struct {
		content []byte
		says    string
	}{
		"cut off":            {whole[:len(whole)-30], "damaged or cut off"},
		"a byte changed":     {append(append([]byte{}, whole[:len(whole)-1]...), whole[len(whole)-1]^1), "damaged or cut off"},
		"empty":              {nil, "damaged or cut off"},
		"something else":     {[]byte("hello"), "no state file at all"},
		"sealed nonsense":    {plain("hello"), "no state of a long watch"},
		"a newer version":    {sealed(func(s *State) { s.Version = 2 }), "resume with a newer scimproof"},
		"no version":         {plain("{}"), "version 0"},
		"an unknown key":     {plain(`{"version":1,"nonsense":2}`), "cannot be understood"},
		"two of them":        {plain(`{"version":1} {"version":1}`), "no state of a long watch"},
		"no marks":           {sealed(func(s *State) { s.Record.LongWatch = nil }), "no later marks"},
		"marks out of order": {sealed(func(s *State) { s.Record.LongWatch.Marks[1].AfterMs = 1 }), "not in order"},
		"no run":             {sealed(func(s *State) { s.Record.Run.ID = "../x" }), "names no run"},
		"an unknown event":   {sealed(func(s *State) { s.Scenes[0].Event = "e9" }), `the event "e9"`},
		"no denials needed":  {sealed(func(s *State) { s.Scenes[0].Lines[0].Need = 0 }), "how often it has to be refused"},
		"a real person":      {sealed(func(s *State) { s.Scenes[0].Leaver.UserName = "jane@example.com" }), "no test users"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			file := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
			g.Expect(os.WriteFile(file, c.content, 0o600)).To(Succeed())
			_, _, err := Load(file, key)
			var at *FileError
			g.Expect(err).To(BeAssignableToTypeOf(at))
			g.Expect(err).To(MatchError(And(ContainSubstring(file), ContainSubstring(c.says))))
			g.Expect(err.Error()).NotTo(ContainSubstring("s3cret"))
			after, err := os.ReadFile(file)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(string(after)).To(Equal(string(c.content)), "it is left as it was")
		})
	}
	t.Run("the wrong key", func(t *testing.T) {
		g := NewWithT(t)
		file := filepath.Join(dir, "whole")
		g.Expect(os.WriteFile(file, whole, 0o600)).To(Succeed())
		_, _, err := Load(file, cheap(t, "another key, longer than that"))
		g.Expect(err).To(MatchError(ContainSubstring("the key does not open it")))
	})
	for name, file := range map[string]string{"missing": filepath.Join(dir, "no", "such"), "a folder": dir} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Load(file, key)
			NewWithT(t).Expect(err).To(MatchError(ContainSubstring(file)))
		})
	}
	g := NewWithT(t)
	g.Expect(Free(filepath.Join(dir, "no", "such"))).To(MatchError(ContainSubstring("cannot be written")))
	g.Expect(Save(filepath.Join(dir, "no", "such"), key, example())).To(MatchError(ContainSubstring("cannot be written")))
}

func TestKeys(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"none":         {"", "set SCIMPROOF_STATE_KEY"},
		"short":        {"secret", "at least 16"},
		"repeats":      {strings.Repeat("ab", 20), "repeats itself"},
		"endless":      {strings.Repeat("abcdefghij", 1000), "longer than"},
		"long and odd": {"correct horse battery staple", ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			t.Setenv(KeyVariable, c.text)
			file := filepath.Join(t.TempDir(), "key")
			g.Expect(os.WriteFile(file, []byte(c.text+"\n"), 0o600)).To(Succeed())
			inVariable, errVariable := LoadKey("")
			inFile, errFile := LoadKey(file)
			if c.says == "" {
				g.Expect(errVariable).NotTo(HaveOccurred())
				g.Expect(errFile).NotTo(HaveOccurred())
				g.Expect(inFile).To(Equal(inVariable))
				return
			}
			g.Expect(errVariable).To(MatchError(ContainSubstring(c.says)))
			if name != "endless" {
				g.Expect(errFile).To(MatchError(And(ContainSubstring(c.says), ContainSubstring(file))))
			}
			if c.text != "" {
				g.Expect(errVariable.Error()).NotTo(ContainSubstring(c.text), "the key itself is never quoted")
			}
		})
	}
	_, err := LoadKey(filepath.Join(t.TempDir(), "none"))
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("none")))
}

func TestMarks(t *testing.T) {
	for name, c := range map[string]struct {
		marks []time.Duration
		says  string
	}{
		"two":              {[]time.Duration{15 * time.Minute, 24 * time.Hour}, ""},
		"none":             {nil, "from 1 to 10"},
		"too many":         {make([]time.Duration, 11), "from 1 to 10"},
		"within the watch": {[]time.Duration{10 * time.Minute}, "no later than the watch itself"},
		"negative":         {[]time.Duration{-time.Hour}, "no later than the watch itself"},
		"out of order":     {[]time.Duration{24 * time.Hour, time.Hour}, "does not come after 24h"},
		"twice":            {[]time.Duration{time.Hour, time.Hour}, "does not come after 1h"},
		"next year":        {[]time.Duration{9000 * time.Hour}, "later than 720h"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			err := CheckMarks(c.marks, 10*time.Minute)
			if c.says == "" {
				g.Expect(err).NotTo(HaveOccurred())
				return
			}
			g.Expect(err).To(MatchError(ContainSubstring(c.says)))
		})
	}
}

func TestWhichMarkIsDue(t *testing.T) {
	g := NewWithT(t)
	plan := func() *reports.LongWatch {
		return Plan([]time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour}, acked, 3)
	}
	w := plan()
	g.Expect(Due(w, acked.Add(59*time.Minute))).To(BeNil())
	g.Expect(Next(w).AfterMs).To(Equal(time.Hour.Milliseconds()))
	first := Due(w, acked.Add(time.Hour))
	g.Expect(first.AfterMs).To(Equal(time.Hour.Milliseconds()))
	Take(w, first, acked.Add(time.Hour))
	g.Expect(Due(w, acked.Add(2*time.Hour))).To(BeNil(), "each is taken once")

	late := plan()
	last := Due(late, acked.Add(100*time.Hour))
	Take(late, last, acked.Add(100*time.Hour))
	g.Expect(late.Marks).To(HaveExactElements(HaveField("State", reports.MarkMissed), HaveField("State", reports.MarkMissed), HaveField("State", reports.MarkTaken)))
	g.Expect(late.Marks[2].Taken).To(Equal(acked.Add(100 * time.Hour)))
	g.Expect(Next(late)).To(BeNil())

	GiveUp(w, "no time")
	g.Expect(w.Marks).To(HaveExactElements(HaveField("State", reports.MarkTaken), HaveField("State", reports.MarkAbandoned), HaveField("Why", "no time")))
	g.Expect(Until(w)).To(Equal(acked.Add(24*time.Hour + Slack)))
}

func TestAClockThatWentBack(t *testing.T) {
	g := NewWithT(t)
	g.Expect(WentBack(acked, acked.Add(time.Hour))).To(BeEmpty())
	g.Expect(WentBack(acked, acked.Add(-time.Millisecond))).To(BeEmpty(), "as clocks are set by a little all the time")
	g.Expect(WentBack(acked, acked.Add(-2*time.Hour))).To(ContainSubstring("at least 2h0m0s"))
}

func TestAnotherProfile(t *testing.T) {
	s := example()
	for name, c := range map[string]struct{ base, id, digest, says string }{
		"the same":        {"https://app.example.com/scim", "app", s.Record.Target.ProfileDigest, ""},
		"another target":  {"https://other.example.com/scim", "app", s.Record.Target.ProfileDigest, "is about https://other.example.com/scim"},
		"another id":      {"https://app.example.com/scim", "other", s.Record.Target.ProfileDigest, "says that its id is other"},
		"changed a while": {"https://app.example.com/scim", "app", strings.Repeat("cd", 32), "was changed since the long watch began"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			base, err := url.Parse(c.base)
			g.Expect(err).NotTo(HaveOccurred())
			err = s.Fits(&target.Target{ID: c.id, File: "t.yaml", Digest: c.digest, SCIM: target.SCIM{BaseURL: base}})
			if c.says == "" {
				g.Expect(err).NotTo(HaveOccurred())
				return
			}
			g.Expect(err).To(MatchError(ContainSubstring(c.says)))
		})
	}
}

func FuzzDecode(f *testing.F) {
	whole, err := json.Marshal(example())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"version":1,"scenes":[{"event":""}],"record":{"run":{"id":"a"},"longWatch":{"marks":[{"afterMs":1}]}}}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := decode(raw)
		if err != nil {
			return
		}
		for _, scene := range s.Scenes {
			if s.Event(scene.Event) == nil || !isTestUser(scene.Leaver) || !isTestUser(scene.Control) {
				t.Fatal("a scene without its event, or with somebody who is no test user")
			}
		}
		if Next(s.Record.LongWatch) != nil && Due(s.Record.LongWatch, Until(s.Record.LongWatch)) == nil && s.Record.LongWatch.Marks[0].Due.IsZero() {
			t.Fatal("a mark that is never due")
		}
		again, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decode(again); err != nil {
			t.Fatalf("what was read cannot be written and read again: %v", err)
		}
	})
}
