package subject

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	. "github.com/onsi/gomega"
)

// bulkServer is the small service with Bulk.
type bulkServer struct {
	*server
	refuse bool
}

func (b *bulkServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/Bulk" || b.refuse {
		b.server.ServeHTTP(w, r)
		return
	}
	var request struct {
		Operations []struct {
			Method, Path, BulkID string
			Data                 struct{ UserName string }
		}
	}
	_ = json.NewDecoder(r.Body).Decode(&request)
	results := []any{}
	for _, o := range request.Operations {
		b.next++
		id := fmt.Sprint("id-", b.next)
		if o.Method == http.MethodPost {
			b.users[id] = o.Data.UserName
			results = append(results, map[string]any{"bulkId": o.BulkID, "location": "http://x/Users/" + id, "status": "201"})
			continue
		}
		id = o.Path[len("/Users/"):]
		b.deleted = append(b.deleted, b.users[id])
		delete(b.users, id)
		results = append(results, map[string]any{"status": "204"})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"Operations": results})
}

func TestACrowdComesAndGoesByBulk(t *testing.T) {
	g := NewWithT(t)
	s, f, _, ledger := startedWith(t, func(s *server) http.Handler { return &bulkServer{server: s} })
	crowd := f.DraftCrowd(5)
	_, err := f.MakeCrowd(t.Context(), crowd)
	g.Expect(err).NotTo(HaveOccurred())
	for _, one := range crowd {
		g.Expect(s.users).To(HaveKeyWithValue(one.ID, one.UserName))
	}
	f.RemoveCrowd(t.Context(), crowd)
	g.Expect(s.users).To(HaveLen(1), "only the real one is left")
	g.Expect(f.Cleanup().Removed).To(Equal(5))
	g.Expect(ledger.Close()).To(Succeed())
	g.Expect(ledger.path).NotTo(BeAnExistingFile(), "nobody is left, so nothing is kept")
}

func TestACrowdThatWasRefusedLeavesNothingToRemove(t *testing.T) {
	g := NewWithT(t)
	s, f, _, ledger := startedWith(t, func(s *server) http.Handler { return &bulkServer{server: s, refuse: true} })
	crowd := f.DraftCrowd(5)
	_, _ = f.MakeCrowd(t.Context(), crowd)
	for id := range s.users { // the small service takes any POST for that of a user
		if id != "real" {
			delete(s.users, id)
		}
	}
	f.RemoveCrowd(t.Context(), crowd)
	g.Expect(s.deleted).To(BeEmpty())
	g.Expect(ledger.Close()).To(Succeed())
	g.Expect(ledger.path).NotTo(BeAnExistingFile())
}
