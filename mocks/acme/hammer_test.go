package acme_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	. "github.com/onsi/gomega"

	. "github.com/scimproof/scimproof/mocks/acme/acmetest"
)

// Everything at once; with -race this looks for unguarded state.
func TestHammer(t *testing.T) {
	c, g := start(t)
	group := c.NewGroup("staff")
	var wg sync.WaitGroup
	var failures atomic.Int64
	for worker := range 8 {
		wg.Go(func() {
			for round := range 10 {
				name := fmt.Sprintf("user-%d-%d", worker, round)
				id := c.NewUser(name, password)
				held := c.Arm(name, password)
				for _, reply := range []*Reply{
					c.Patch("/Groups/"+group, op("add", "members", Members(id))),
					c.SCIM(http.MethodGet, "/Users", nil),
					c.Find("/Groups", `members eq "`+id+`"`),
					c.SetActive(id, false),
				} {
					if reply.Status >= 300 {
						failures.Add(1)
					}
				}
				if len(held.Open()) > 0 || c.SetActive(id, true).Status != http.StatusOK {
					failures.Add(1)
				}
				if round%2 == 0 && c.SCIM(http.MethodDelete, "/Users/"+id, nil).Status != http.StatusNoContent {
					failures.Add(1)
				}
			}
		})
	}
	wg.Wait()
	g.Expect(failures.Load()).To(BeZero())
	g.Expect(c.SCIM(http.MethodGet, "/Groups/"+group, nil).Get("members")).To(HaveLen(40))
}

// Of many who create the same user, and of many who redeem the same refresh token,
// one succeeds.
func TestRaces(t *testing.T) {
	c, g := start(t)
	c.NewUser(ada, password)
	refresh := c.Arm(ada, password).Refresh
	var wg sync.WaitGroup
	var created, redeemed atomic.Int64
	for range 16 {
		wg.Go(func() {
			if c.SCIM(http.MethodPost, "/Users", Object{"schemas": List{User}, "userName": "twin"}).Status == http.StatusCreated {
				created.Add(1)
			}
		})
		wg.Go(func() {
			if c.Redeem(refresh).Status == http.StatusOK {
				redeemed.Add(1)
			}
		})
	}
	wg.Wait()
	g.Expect(created.Load()).To(Equal(int64(1)))
	g.Expect(redeemed.Load()).To(Equal(int64(1)))
}

// A credential that is issued while its owner is being deactivated must not outlive
// that: neither now nor after a reactivation.
func TestNoCredentialSlipsThroughADeactivation(t *testing.T) {
	c, g := start(t)
	id := c.NewUser(ada, password)
	session := c.SignIn(ada, password).Cookie("acme_session")
	for round := range 20 {
		var mu sync.Mutex
		var minted []string
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				reply := c.SignIn(ada, password)
				mu.Lock()
				defer mu.Unlock()
				minted = append(minted, reply.Cookie("acme_session"))
			})
		}
		wg.Go(func() { c.SetActive(id, false) })
		wg.Wait()
		c.SetActive(id, true)
		for _, s := range append(minted, session) {
			g.Expect(c.Page("/home", s).Status).To(Equal(http.StatusSeeOther), "round %d", round)
		}
		session = c.SignIn(ada, password).Cookie("acme_session")
	}
}
