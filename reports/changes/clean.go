package changes

import "github.com/scimproof/scimproof/reports"

// maxText is the longest text that is shown, in characters; the reports have the rest.
const maxText = 2_000

func clean(s string) string { return reports.Showable(s, maxText) }
