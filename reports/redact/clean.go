package redact

import (
	"reflect"
	"strings"
	"time"
)

// Clean is a copy of a value, down to what its pointers, lists and maps hold, with the vault's
// secrets taken out of every text. Keys of maps stay, and so do unexported fields and times. Bytes
// that are no UTF-8 become U+FFFD, as a secret could not be told in between them.
func Clean[T any](v *Vault, value T) T {
	v.Settle()
	out := reflect.ValueOf(&value).Elem()
	v.clean(out)
	return value
}

// clean replaces what a value holds by clean copies.
func (v *Vault) clean(at reflect.Value) {
	switch at.Kind() {
	case reflect.String:
		at.SetString(v.Text(strings.ToValidUTF8(at.String(), "\uFFFD")))
	case reflect.Pointer:
		if !at.IsNil() {
			inner := reflect.New(at.Type().Elem())
			inner.Elem().Set(at.Elem())
			v.clean(inner.Elem())
			at.Set(inner)
		}
	case reflect.Interface:
		if !at.IsNil() {
			inner := reflect.New(at.Elem().Type()).Elem()
			inner.Set(at.Elem())
			v.clean(inner)
			at.Set(inner)
		}
	case reflect.Slice:
		v.cleanList(at)
	case reflect.Array:
		for i := range at.Len() {
			v.clean(at.Index(i))
		}
	case reflect.Map:
		v.cleanMap(at)
	case reflect.Struct:
		if at.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range at.NumField() {
			if at.Type().Field(i).IsExported() {
				v.clean(at.Field(i))
			}
		}
	}
}

func (v *Vault) cleanList(at reflect.Value) {
	if at.IsNil() {
		return
	}
	list := reflect.MakeSlice(at.Type(), at.Len(), at.Len())
	reflect.Copy(list, at)
	for i := range list.Len() {
		v.clean(list.Index(i))
	}
	at.Set(list)
}

func (v *Vault) cleanMap(at reflect.Value) {
	if at.IsNil() {
		return
	}
	clean := reflect.MakeMapWithSize(at.Type(), at.Len())
	for entries := at.MapRange(); entries.Next(); {
		inner := reflect.New(at.Type().Elem()).Elem()
		inner.Set(entries.Value())
		v.clean(inner)
		clean.SetMapIndex(entries.Key(), inner)
	}
	at.Set(clean)
}
