package scim_test

import (
	"net/url"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/target"
)

func TestAddressesBelowTheService(t *testing.T) {
	base, err := url.Parse("https://app.example/scim/v2")
	if err != nil {
		t.Fatal(err)
	}
	client, err := scim.New(&target.Target{SCIM: target.SCIM{BaseURL: base}, Limits: target.Limits{RequestsPerSecond: 1, Concurrency: 1}}, scim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"https://app.example/scim/v2/Users/1": "/Users/1", "/scim/v2/Users/1": "/Users/1", "Users/1": "/Users/1", "/Users/1": "/Users/1", "../Users/1": "/Users/1",
		"https://app.example/other/Users/1": "", "https://app.example/scim/v20/Users/1": "", "https://elsewhere.example/scim/v2/Users/1": "", "//elsewhere.example/Users/1": "", "": "",
	} {
		g := NewWithT(t)
		path, ok := client.Below(address)
		g.Expect(path).To(Equal(want), address)
		g.Expect(ok).To(Equal(want != ""), address)
	}
	g := NewWithT(t)
	g.Expect(scim.IDIn("https://app.example/scim/v2/Users/a%20b")).To(Equal("a b"))
	g.Expect(scim.IDIn("")).To(BeEmpty())
}
