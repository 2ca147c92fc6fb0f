// Package querying is about filters, sorting, paging and projections (RFC 7644 §3.4.2, §3.9,
// RFC 9865).
package querying

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string {
	return []string{"querying.list", "querying.filter", "querying.root", "querying.page", "querying.sort", "querying.projection", "querying.search", "querying.cursor"}
}

// Register adds the checks to the spec tree.
func Register() {
	registerFilters()
	registerPages()
}
