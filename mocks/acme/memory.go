package acme

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
)

// memory is a store that lives as long as the application.
type memory struct {
	mu          sync.RWMutex
	records     []*record // by serial number, from 1
	living      map[string]map[string]*record
	names       map[string]*record // living users by userName in lower case
	credentials map[string]*credential
	held        map[int][]string // secrets by owner, oldest first
}

func newMemory() *memory {
	return &memory{
		living: map[string]map[string]*record{}, names: map[string]*record{},
		credentials: map[string]*credential{}, held: map[int][]string{},
	}
}

func (m *memory) view(look func(view)) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	look(m)
}

func (m *memory) update(change func(tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return change(m)
}

func (m *memory) get(kind, id string) *record { return m.living[kind][id] }

func (m *memory) list(kind string) []*record {
	return slices.SortedFunc(maps.Values(m.living[kind]), func(a, b *record) int { return cmp.Compare(a.serial, b.serial) })
}

func (m *memory) named(userName string) *record { return m.names[strings.ToLower(userName)] }

func (m *memory) gone(kind string) []*record {
	var out []*record
	for _, r := range m.records {
		if r.deleted && r.kind == kind {
			out = append(out, r)
		}
	}
	return out
}

func (m *memory) account(serial int) *record {
	if serial < 1 || serial > len(m.records) || m.records[serial-1].kind != TypeUser {
		return nil
	}
	return m.records[serial-1]
}

func (m *memory) credential(secret string) *credential { return m.credentials[secret] }

func (m *memory) heldBy(serial int) []*credential {
	out := make([]*credential, 0, len(m.held[serial]))
	for _, secret := range m.held[serial] {
		out = append(out, m.credentials[secret])
	}
	return out
}

func (m *memory) nextSerial() int { return len(m.records) + 1 }

func (m *memory) put(r *record) {
	if r.serial > len(m.records) {
		m.records = append(m.records, r)
	} else {
		m.forget(m.records[r.serial-1])
		m.records[r.serial-1] = r
	}
	if r.deleted {
		return
	}
	if m.living[r.kind] == nil {
		m.living[r.kind] = map[string]*record{}
	}
	m.living[r.kind][r.doc.Text("id")] = r
	if r.kind == TypeUser {
		m.names[strings.ToLower(r.doc.Text("userName"))] = r
	}
}

// forget takes a record out of the indexes, as far as they point to it.
func (m *memory) forget(r *record) {
	if id := r.doc.Text("id"); m.living[r.kind][id] == r {
		delete(m.living[r.kind], id)
	}
	if name := strings.ToLower(r.doc.Text("userName")); m.names[name] == r {
		delete(m.names, name)
	}
}

func (m *memory) keep(c *credential) {
	if m.credentials[c.secret] == nil {
		m.held[c.owner] = append(m.held[c.owner], c.secret)
	}
	m.credentials[c.secret] = c
}
