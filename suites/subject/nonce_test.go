package subject

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"
)

func TestCheckNonce(t *testing.T) {
	for nonce, good := range map[string]bool{
		"a": true, "rfp-2026.42_B": true, strings.Repeat("x", 64): true,
		"": false, strings.Repeat("x", 65): false, "a b": false, "<script>": false, "a\n": false, "ä": false, "%s": false, "a\x00": false,
	} {
		if good {
			NewWithT(t).Expect(CheckNonce(nonce)).To(Succeed(), nonce)
		} else {
			NewWithT(t).Expect(CheckNonce(nonce)).To(MatchError(errNonce), nonce)
		}
	}
}

// names remembers the displayName of each user who was created, and may refuse some.
type names struct {
	mu     sync.Mutex
	seen   []string
	refuse int // so many of the first ones
}

func (n *names) before(s *server) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			var user struct{ DisplayName string }
			body, _ := io.ReadAll(r.Body)
			_ = json.Unmarshal(body, &user)
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			n.mu.Lock()
			refused := n.refuse > 0
			n.refuse--
			n.seen = append(n.seen, user.DisplayName)
			n.mu.Unlock()
			if refused {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
		}
		s.ServeHTTP(w, r)
	})
}

// carried are the displayNames with the nonce.
func (n *names) carried() (out []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, name := range n.seen {
		if strings.Contains(name, "scimproof nonce rfp-42") {
			out = append(out, name)
		}
	}
	return out
}

func TestOneUserCarriesTheNonce(t *testing.T) {
	g := NewWithT(t)
	var n names
	_, f, _, _ := startedWith(t, n.before)
	f.Carry("rfp-42")
	f.Draft() // who is never created carries nothing
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { _, _, _ = f.Make(t.Context()) })
	}
	wg.Wait()
	g.Expect(n.seen).To(HaveLen(8))
	g.Expect(n.carried()).To(HaveLen(1))
	g.Expect(n.carried()[0]).To(HavePrefix("mark-"), "pages are looked through for the marker")
	g.Expect(f.NonceOwner()).To(HavePrefix(Prefix))
}

func TestTheSubjectKnowsTheNameThatItWasGiven(t *testing.T) {
	g := NewWithT(t)
	var n names
	_, f, _, _ := startedWith(t, n.before)
	f.Carry("rfp-42")
	s, _, err := f.Make(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(n.seen).To(Equal([]string{s.DisplayName}))
	g.Expect(s.DisplayName).To(Equal(s.Marker + " scimproof nonce rfp-42"))
	g.Expect(s.Values()).To(HaveKeyWithValue("user.displayName", s.DisplayName))
	g.Expect(f.NonceOwner()).To(Equal(s.UserName))
}

func TestTheLongestNonceFitsIntoAName(t *testing.T) {
	g := NewWithT(t)
	_, f, _, _ := started(t)
	f.Carry(strings.Repeat("x", 64))
	s, _, err := f.Make(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(len(s.DisplayName)).To(BeNumerically("<=", 100))
}

func TestARefusedUserPassesTheNonceOn(t *testing.T) {
	g := NewWithT(t)
	n := names{refuse: 2}
	_, f, _, _ := startedWith(t, n.before)
	f.Carry("rfp-42")
	first, _, err := f.Make(t.Context())
	g.Expect(err).To(HaveOccurred())
	g.Expect(first.DisplayName).NotTo(ContainSubstring("nonce"), "the next try is as without it")
	_, _, err = f.Make(t.Context())
	g.Expect(err).To(HaveOccurred())
	third, _, err := f.Make(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(f.NonceOwner()).To(Equal(third.UserName))
}

// Where the nonce itself is what an application refuses, the run goes on without it.
func TestTheNonceIsGivenUp(t *testing.T) {
	g := NewWithT(t)
	n := names{refuse: 3}
	_, f, _, _ := startedWith(t, n.before)
	f.Carry("rfp-42")
	for range 4 {
		_, _, _ = f.Make(t.Context())
	}
	g.Expect(n.carried()).To(HaveLen(nonceTries))
	g.Expect(n.seen[3]).NotTo(ContainSubstring("nonce"))
	g.Expect(f.NonceOwner()).To(BeEmpty())
}

func TestAChosenNameIsLeftAlone(t *testing.T) {
	g := NewWithT(t)
	var n names
	_, f, _, _ := startedWith(t, n.before)
	f.Carry("rfp-42")
	_, err := f.AdmitReply(t.Context(), f.Draft(), map[string]any{"displayName": "Chosen"})
	g.Expect(err).NotTo(HaveOccurred())
	_, _, err = f.Make(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(n.seen[0]).To(Equal("Chosen"))
	g.Expect(n.carried()).To(Equal([]string{n.seen[1]}))
}

func TestWithoutANonceNamesAreAsEver(t *testing.T) {
	g := NewWithT(t)
	var n names
	_, f, _, _ := startedWith(t, n.before)
	_, _, err := f.Make(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(n.seen[0]).To(HavePrefix("Scimproof mark-"))
	g.Expect(f.NonceOwner()).To(BeEmpty())
}
