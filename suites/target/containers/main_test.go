package containers_test

import (
	"testing"

	"go.uber.org/goleak"
)

// No goroutine outlives the containers that it watched.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
