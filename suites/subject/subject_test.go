package subject

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/suites/exchange"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/target"
)

// server is a small SCIM service that can go wrong in the ways that matter here.
type server struct {
	mu           sync.Mutex
	users        map[string]string // id → userName
	deleted      []string          // userNames
	next         int
	ignoreFilter bool
	ignoreDelete bool
	beforeCreate func()
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := strings.TrimPrefix(r.URL.Path, "/Users/")
	switch {
	case r.Method == http.MethodPost:
		if s.beforeCreate != nil {
			s.beforeCreate()
		}
		var user struct{ UserName string }
		_ = json.NewDecoder(r.Body).Decode(&user)
		s.next++
		id = fmt.Sprint("id-", s.next)
		s.users[id] = user.UserName
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(w, `{"id":%q}`, id)
	case r.URL.Path == "/Users":
		s.list(w, r.URL.Query().Get("filter"))
	case s.users[id] == "":
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodDelete:
		if !s.ignoreDelete {
			s.deleted = append(s.deleted, s.users[id])
			delete(s.users, id)
		}
		w.WriteHeader(http.StatusNoContent)
	default:
		_, _ = fmt.Fprintf(w, `{"id":%q}`, id)
	}
}

func (s *server) list(w http.ResponseWriter, filter string) {
	found := []map[string]string{}
	for id, name := range s.users {
		if s.ignoreFilter || strings.Contains(filter, `"`+name+`"`) {
			found = append(found, map[string]string{"id": id, "userName": name})
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"Resources": found})
}

// started returns a server with a factory for one run and what belongs to it.
func started(t *testing.T) (*server, *Factory, *scim.Client, *Ledger) {
	t.Helper()
	return startedWith(t, func(s *server) http.Handler { return s })
}

// startedWith is started with something before the server.
func startedWith(t *testing.T, before func(*server) http.Handler) (*server, *Factory, *scim.Client, *Ledger) {
	t.Helper()
	t.Setenv(StateDirVariable, t.TempDir())
	s := &server{users: map[string]string{"real": "jane@example.com"}}
	h := httptest.NewServer(before(s))
	t.Cleanup(h.Close)
	base, _ := url.Parse(h.URL)
	to := &target.Target{
		ID: "t", SCIM: target.SCIM{BaseURL: base, MailDomain: "example.com", UserExtra: map[string]any{"title": "Tester"}},
		Limits: target.Limits{RequestsPerSecond: 1000, Concurrency: 4, RequestTimeout: time.Second, MaxBodyBytes: 1 << 20},
	}
	vault := redact.New()
	client, err := scim.New(to, scim.Options{Recorder: exchange.NewRecorder(vault, Prefix)})
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := OpenLedger("t", "run1")
	if err != nil {
		t.Fatal(err)
	}
	return s, NewFactory(to, client, vault, ledger, "run1"), client, ledger
}

func TestSubjectsAreRecognisableAndTheirPasswordsSecret(t *testing.T) {
	g := NewWithT(t)
	_, f, _, _ := started(t)
	a, b := f.Draft(), f.Draft()
	g.Expect(a.UserName).To(Equal("scimproof-run1-001@example.com"))
	g.Expect(b.UserName).NotTo(Equal(a.UserName))
	g.Expect(a.Password).NotTo(Equal(b.Password))
	g.Expect(f.vault.Text(a.Password)).NotTo(ContainSubstring(a.Password))
	g.Expect(a.DisplayName).To(ContainSubstring(a.Marker))
	g.Expect(a.Document(map[string]any{"title": "x"})).To(HaveKeyWithValue("title", "x"))
}

func TestEachPlaceholderOfAProfileHasAValue(t *testing.T) {
	g := NewWithT(t)
	_, f, _, _ := started(t)
	user, _, err := f.Make(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	for _, name := range target.Given() {
		g.Expect(user.Values()[name]).NotTo(BeEmpty(), name)
	}
	g.Expect(user.Values()).To(HaveLen(len(target.Given())))
}

func TestAUserIsInTheLedgerBeforeTheyExist(t *testing.T) {
	g := NewWithT(t)
	s, f, _, ledger := started(t)
	var seen string
	s.beforeCreate = func() {
		raw, _ := os.ReadFile(ledger.path)
		seen = string(raw)
	}
	user, _, err := f.Make(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(seen).To(ContainSubstring(user.UserName))

	f.Remove(t.Context(), user)
	g.Expect(s.deleted).To(Equal([]string{user.UserName}))
	g.Expect(f.Cleanup().Removed).To(Equal(1))
	g.Expect(ledger.Close()).To(Succeed())
	g.Expect(ledger.path).NotTo(BeAnExistingFile(), "nobody is left, so nothing is kept")
}

func TestAnInterruptDoesNotCutACreateOff(t *testing.T) {
	g := NewWithT(t)
	s, f, _, _ := started(t)
	ctx, interrupt := context.WithCancel(t.Context())
	s.beforeCreate = interrupt
	user, _, err := f.Make(ctx)
	g.Expect(err).NotTo(HaveOccurred(), "the answer must be waited for, or nobody knows whether the user exists")
	f.Remove(t.Context(), user)
	g.Expect(s.users).To(HaveLen(1), "only the real one is left")

	_, _, err = f.Make(ctx)
	g.Expect(err).To(MatchError(context.Canceled), "no create begins after the interrupt")
	g.Expect(s.next).To(Equal(1))
}

func TestADeleteThatIsIgnoredIsReported(t *testing.T) {
	g := NewWithT(t)
	s, f, _, ledger := started(t)
	user, _, err := f.Make(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	s.ignoreDelete = true
	f.Remove(t.Context(), user)
	g.Expect(f.Cleanup().Left).To(HaveLen(1))
	g.Expect(f.Cleanup().Left[0]).To(SatisfyAll(ContainSubstring(user.UserName), ContainSubstring("remove it by hand")))
	g.Expect(ledger.Close()).To(Succeed())
	g.Expect(ledger.path).To(BeAnExistingFile())
}

func TestNobodyElseIsEverDeleted(t *testing.T) {
	g := NewWithT(t)
	s, f, client, _ := started(t)
	s.ignoreFilter = true
	user, _, err := f.Make(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	user.ID = ""
	f.Remove(t.Context(), user)
	g.Expect(s.deleted).To(Equal([]string{user.UserName}))
	g.Expect(Erase(t.Context(), client, "jane@example.com", "real", 0)).To(MatchError(ContainSubstring("not a test user")))
	g.Expect(s.users).To(HaveKeyWithValue("real", "jane@example.com"))
}

func TestSweepRemovesWhatDeadRunsLeftAndLeavesRunningOnesAlone(t *testing.T) {
	g := NewWithT(t)
	s, f, client, ledger := started(t)
	user, _, err := f.Make(t.Context())
	g.Expect(err).NotTo(HaveOccurred())

	swept, err := Sweep(t.Context(), client, f.target)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(swept.Removed).To(BeEmpty(), "the run still holds its ledger")

	// As after kill -9: the lock is gone, and the last line is cut off.
	g.Expect(ledger.lock.Unlock()).To(Succeed())
	file, err := os.OpenFile(ledger.path, os.O_APPEND|os.O_WRONLY, 0)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = file.WriteString(`{"userName":"scimproof-run1-0`)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(file.Close()).To(Succeed())

	s.ignoreDelete = true
	swept, err = Sweep(t.Context(), client, f.target)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(swept.Left).To(HaveLen(1))
	g.Expect(ledger.path).To(BeAnExistingFile(), "an unfinished ledger is kept")

	s.ignoreDelete = false
	swept, err = Sweep(t.Context(), client, f.target)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(swept.Removed).To(Equal([]string{user.UserName}))
	g.Expect(filepath.Glob(filepath.Join(Dir("t"), "*"))).To(BeEmpty())
	g.Expect(s.users).To(HaveLen(1), "only the real one is left")
}

func FuzzReadLedger(f *testing.F) {
	f.Add([]byte("{\"userName\":\"a\"}\n{\"userName\":\"a\",\"removed\":true}\n{"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(t.TempDir(), "l.jsonl")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		open, err := readLedger(path)
		if err == nil && open[""].ID != "" {
			t.Fatal("a user without a name")
		}
	})
}
