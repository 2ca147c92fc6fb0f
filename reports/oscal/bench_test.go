package oscal_test

import (
	"io"
	"testing"

	"github.com/scimproof/scimproof/reports/oscal"
)

func BenchmarkWriteResults(b *testing.B) {
	r := many(200)
	b.ReportAllocs()
	for b.Loop() {
		if err := oscal.WriteResults(io.Discard, r, oscal.Version122); err != nil {
			b.Fatal(err)
		}
	}
}
