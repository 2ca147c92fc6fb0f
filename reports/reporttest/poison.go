package reporttest

import (
	"reflect"
	"time"

	"github.com/scimproof/scimproof/reports"
)

// Attack is what a hostile target may put into its texts: markup, a workflow command, a formula,
// what breaks out of CDATA and templates, terminal escapes, reordering marks and bytes that are no
// UTF-8.
const Attack = "=1+1\"><script>alert(1)</script><img src=x onerror=alert(2)> ' --> ]]> {{.}} | `x` [x](https://evil.example) www.evil.example @somebody #1\r\n" +
	"::error title=owned::owned\n##[error]owned\n# owned\n\n- owned\u202edesrever\u2066\u200b \x00\x07\x1b[31m\x7f\u0085\ufffe \xff\xfe"

// Poisoned is the fixture with a text before and after each of its own texts, ids and words of a
// fixed list included.
func Poisoned(before, after string) *reports.Report {
	r := Report()
	Poison(reflect.ValueOf(r).Elem(), before, after)
	return r
}

// Poison puts a text before and after each text below v.
func Poison(v reflect.Value, before, after string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(before + v.String() + after)
	case reflect.Pointer:
		if !v.IsNil() {
			Poison(v.Elem(), before, after)
		}
	case reflect.Slice:
		for i := range v.Len() {
			Poison(v.Index(i), before, after)
		}
	case reflect.Map:
		poisoned := reflect.MakeMap(v.Type())
		for entries := v.MapRange(); entries.Next(); {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			key.Set(entries.Key())
			value.Set(entries.Value())
			Poison(key, before, after)
			Poison(value, before, after)
			poisoned.SetMapIndex(key, value)
		}
		v.Set(poisoned)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			Poison(v.Field(i), before, after)
		}
	}
}
