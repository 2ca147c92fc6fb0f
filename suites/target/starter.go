package target

import (
	_ "embed"
	"slices"
)

//go:embed starter.yaml
var starter []byte

// Starter is a profile to begin with: it has the form of one, and takes its secrets from
// environment variables.
func Starter() []byte { return slices.Clone(starter) }
