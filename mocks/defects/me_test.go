package defects_test

var _ = show(map[string]shown{
	"me-unsupported-404":  {statusOf("GET", "/Me", nil), 501, 404},
	"me-without-location": {statusOf("GET", "/Me", nil), 501, 200},
	"me-redirected":       {statusOf("GET", "/Me", nil), 501, 308},
})
