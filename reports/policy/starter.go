package policy

import _ "embed"

var (
	//go:embed starter/exceptions.yaml
	starterExceptions string
	//go:embed starter/gate.yaml
	starterGate string
)

// StarterExceptions is an exceptions.yaml to begin with: it has none, and shows one in a comment.
func StarterExceptions() []byte { return []byte(starterExceptions) }

// StarterGate is a gate.yaml to begin with, the program's default with a comment on each key.
func StarterGate() []byte { return []byte(starterGate) }
