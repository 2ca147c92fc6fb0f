package html_test

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"os"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/html"
	"github.com/scimproof/scimproof/reports/reporttest"
)

var update = flag.Bool("update", false, "write the golden page anew; then look at it in a browser")

const golden = "testdata/fixture.html"

func TestGolden(t *testing.T) {
	g := NewWithT(t)
	got := write(t, reporttest.Report())
	if *update {
		g.Expect(os.MkdirAll("testdata", 0o755)).To(Succeed())
		g.Expect(os.WriteFile(golden, []byte(got), 0o644)).To(Succeed())
	}
	want, err := os.ReadFile(golden)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(sha256.Sum256([]byte(got))).To(Equal(sha256.Sum256(want)), "the page has changed: run go test ./reports/html -update, look at the page, and commit it")
}

func write(t *testing.T, r *reports.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := html.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
