package discovery

import (
	"fmt"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerAsync() {
	// A service that takes asynchronous requests may answer this one at once all the same.
	It("says of a request that it carries out later how to hear of it",
		spec.ID("discovery.async"), spec.Covers("RFC9967-2.5.1.1-01"), spec.Needs("async-request"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			body := user.Document(t.Target.SCIM.UserExtra)
			body["title"] = "Later"
			reply := t.Do(ctx, "replace, later if need be", scim.Request{
				Method: http.MethodPut, Path: scim.UserPath(user.ID), Body: body, Header: http.Header{"Prefer": {"respond-async"}},
			})
			if reply.Status != http.StatusAccepted {
				t.CheckThat("RFC9967-2.5.1.1-01", "status 202, or 200 for what is carried out at once", reply.Status, Equal(http.StatusOK))
				return
			}
			t.CheckThat("RFC9967-2.5.1.1-01", "no body with status 202", fmt.Sprintf("%d bytes", len(reply.Body)), Equal("0 bytes"))
			for _, name := range []string{"Set-Txn", "Location"} {
				t.CheckThat("RFC9967-2.5.1.1-01", "the header "+name+" with status 202", reply.Header.Get(name), Not(BeEmpty()))
			}
			t.CheckThat("RFC9967-2.5.1.1-01", "Preference-Applied: respond-async with status 202", reply.Header.Get("Preference-Applied"), ContainSubstring("respond-async"))
		})
}
