package acme

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// crowd is an application with many users, put into the store without detours.
func crowd(n int) *App {
	a := New(Config{SCIMToken: "token"})
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	_ = a.store.update(func(t tx) error {
		for i := range n {
			r := (*record)(nil).next(now)
			r.kind, r.serial = TypeUser, t.nextSerial()
			r.doc = Resource{
				"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:User"}, "active": i%2 == 0,
				"userName": fmt.Sprintf("user%06d@example.com", (i*7919)%n), "displayName": fmt.Sprintf("User %d", i),
				"name": map[string]any{"familyName": fmt.Sprintf("Family %d", i%1000)},
			}
			r.stamp(fmt.Sprintf("id-%06d", i))
			t.put(r)
		}
		return nil
	})
	return a
}

// listOf is a page as a client reads it.
type listOf struct {
	TotalResults int
	NextCursor   string
	Resources    []struct{ ID, UserName string }
}

func get(t testing.TB, a *App, query string) (out listOf) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/scim/v2/Users?"+query, nil)
	r.Header.Set("Authorization", "Bearer token")
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	if w.Code != http.StatusOK || json.Unmarshal(w.Body.Bytes(), &out) != nil {
		t.Fatalf("%s answered %d: %s", query, w.Code, w.Body)
	}
	return out
}

const many = 100_000

// A body of so many values takes minutes if each is compared with all others.
func TestAGroupOfManyMembersIsStored(t *testing.T) {
	const staff = 10_000 // more are refused as too long a body
	a := crowd(staff)
	members := make([]any, staff)
	for i := range members {
		members[i] = map[string]any{"value": fmt.Sprintf("id-%06d", i)}
	}
	body, err := json.Marshal(map[string]any{
		"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:Group"}, "displayName": "everybody", "members": append(members, members[0]),
	})
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/scim/v2/Groups", bytes.NewReader(body))
	r.Header.Set("Authorization", "Bearer token")
	r.Header.Set("Content-Type", "application/scim+json")
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	g.Expect(w.Code).To(Equal(http.StatusCreated))
	var group struct{ Members []any }
	g.Expect(json.Unmarshal(w.Body.Bytes(), &group)).To(Succeed())
	g.Expect(group.Members).To(HaveLen(staff), "each member once")
}

func TestManyUsersCanBePagedThrough(t *testing.T) {
	g := NewWithT(t)
	a := crowd(many)
	seen := map[string]bool{}
	for at := 1; ; {
		p := get(t, a, fmt.Sprintf("count=200&attributes=userName&startIndex=%d", at))
		if p.TotalResults != many {
			t.Fatalf("totalResults is %d at %d", p.TotalResults, at)
		}
		for _, r := range p.Resources {
			seen[r.ID] = true
		}
		if at += len(p.Resources); len(p.Resources) == 0 {
			break
		}
	}
	g.Expect(seen).To(HaveLen(many))

}

// By cursor, with and without an order, the pages are the same.
func TestManyUsersCanBeSortedAndFiltered(t *testing.T) {
	g := NewWithT(t)
	a := crowd(many)
	for _, order := range []string{"", "&sortBy=userName"} {
		cursor := ""
		for at := 1; at < 400; at += 200 {
			byCursor := get(t, a, "count=200"+order+"&cursor="+cursor)
			g.Expect(byCursor.Resources).To(Equal(get(t, a, fmt.Sprintf("count=200%s&startIndex=%d", order, at)).Resources))
			cursor = byCursor.NextCursor
		}
	}
	filtered := get(t, a, "filter=active+eq+false&sortBy=userName&sortOrder=descending&count=3")
	g.Expect(filtered.TotalResults).To(Equal(many / 2))
	g.Expect(filtered.Resources).To(HaveLen(3))
	g.Expect(get(t, a, "sortBy=userName&count=1&startIndex=100000").Resources[0].UserName).To(Equal("user099999@example.com"))
}

func BenchmarkPages(b *testing.B) {
	a := crowd(many)
	for _, query := range []string{"startIndex=50000", "filter=userName+co+%22user000%22", "sortBy=userName&startIndex=50000", "sortBy=name.familyName&filter=active+eq+true"} {
		b.Run(query, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				get(b, a, query)
			}
		})
	}
}
