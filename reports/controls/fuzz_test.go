package controls

import (
	"errors"
	"testing"
	"testing/fstest"
)

// Whatever the files hold, there is a mapping or an error that names a file, and no panic.
func FuzzRead(f *testing.F) {
	f.Add("{name: House, title: Rules, version: '1', licence: Ours., controls: [{id: H-1, words: Somebody answers.}]}",
		"{version: '7', frameworks: [House], groups: {robots: [webhook]}, classes: [{class: delayed, credentials: robots, controls: {House: [H-1]}}]}")
	f.Add("name: &a [*a]", "classes: [{class: !!binary x, controls: {? [a] : b}}]")
	f.Add("controls: [~]", "{frameworks: [~], groups: {~: ~}}")
	f.Add("controls: [{id: 'a\nb', successors: {framework: , ids: [1.5]}}]", "classes: [{outcomes: {}, controls: {a: {}}}]")
	f.Fuzz(func(t *testing.T, framework, mapping string) {
		from := fstest.MapFS{"frameworks/a.yaml": {Data: []byte(framework)}, "mapping.yaml": {Data: []byte(mapping)}}
		m, err := read(from, "", nil)
		if (m == nil) == (err == nil) {
			t.Fatalf("a mapping %v and an error %v", m, err)
		}
		var fault *Fault
		if err != nil && (!errors.As(err, &fault) || fault.File == "") {
			t.Fatalf("an error that names no file: %v", err)
		}
	})
}
