package acme

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// memory is a store that lives as long as the application.
type memory struct {
	mu          sync.RWMutex
	records     []*record // by serial number, from 1
	living      map[string]map[string]*record
	order       map[string][]*record       // the living of a type, by serial number
	names       map[string]*record         // living users by their folded userName
	former      map[string][]*record       // deleted users by their folded userName
	memberships map[string]map[int]*record // living groups by member and serial number
	credentials map[string]*credential
	byOwner     map[int][]string // secrets by owner, oldest first
}

func newMemory() *memory {
	return &memory{
		living: map[string]map[string]*record{}, order: map[string][]*record{}, names: map[string]*record{}, former: map[string][]*record{},
		memberships: map[string]map[int]*record{},
		credentials: map[string]*credential{}, byOwner: map[int][]string{},
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

func (m *memory) list(kind string) []*record { return slices.Clone(m.order[kind]) }

func (m *memory) count(kind string) int { return len(m.order[kind]) }

func (m *memory) page(kind string, from, n int) []*record {
	all := m.order[kind]
	from = min(max(0, from), len(all))
	return slices.Clone(all[from : from+min(max(0, n), len(all)-from)])
}

func (m *memory) rank(kind string, serial int) int {
	i, _ := slices.BinarySearchFunc(m.order[kind], serial, bySerial)
	return i
}

func bySerial(r *record, serial int) int { return cmp.Compare(r.serial, serial) }

func (m *memory) ever(kind string) []*record {
	var out []*record
	for _, r := range m.records {
		if r.kind == kind {
			out = append(out, r)
		}
	}
	return out
}

func (m *memory) named(userName string) *record { return m.names[fold(userName)] }

func (m *memory) formerly(userName string) []*record { return m.former[fold(userName)] }

// fold makes names that count as one equal.
func fold(userName string) string { return model.Fold(userName) }

func (m *memory) groupsWith(id string) []*record {
	return slices.SortedFunc(maps.Values(m.memberships[id]), func(a, b *record) int { return cmp.Compare(a.serial, b.serial) })
}

func (m *memory) account(serial int) *record {
	if serial < 1 || serial > len(m.records) || m.records[serial-1].kind != TypeUser {
		return nil
	}
	return m.records[serial-1]
}

func (m *memory) credential(secret string) *credential { return m.credentials[secret] }

func (m *memory) heldBy(serial int) []*credential {
	out := make([]*credential, 0, len(m.byOwner[serial]))
	for _, secret := range m.byOwner[serial] {
		out = append(out, m.credentials[secret])
	}
	return out
}

func (m *memory) everyCredential() []*credential { return slices.Collect(maps.Values(m.credentials)) }

func (m *memory) nextSerial() int { return len(m.records) + 1 }

func (m *memory) put(r *record) {
	if r.serial > len(m.records) {
		m.records = append(m.records, r)
	} else {
		m.forget(m.records[r.serial-1])
		m.records[r.serial-1] = r
	}
	m.line(r)
	m.index(r)
}

// line keeps a record in its place among the living, or takes it out.
func (m *memory) line(r *record) {
	all := m.order[r.kind]
	i, there := slices.BinarySearchFunc(all, r.serial, bySerial)
	switch {
	case r.deleted && there:
		m.order[r.kind] = slices.Delete(all, i, i+1)
	case r.deleted:
	case there:
		all[i] = r
	default:
		m.order[r.kind] = slices.Insert(all, i, r)
	}
}

// index enters a record where it is looked up.
func (m *memory) index(r *record) {
	name := fold(r.doc.Text("userName"))
	switch {
	case r.deleted && r.kind == TypeUser:
		m.former[name] = append(m.former[name], r)
	case r.deleted:
	default:
		if m.living[r.kind] == nil {
			m.living[r.kind] = map[string]*record{}
		}
		m.living[r.kind][r.doc.Text("id")] = r
		if r.kind == TypeUser {
			m.names[name] = r
		}
		for _, id := range memberIDs(r.doc) {
			if m.memberships[id] == nil {
				m.memberships[id] = map[int]*record{}
			}
			m.memberships[id][r.serial] = r
		}
	}
}

// forget takes a record out of the indexes, as far as they point to it.
func (m *memory) forget(r *record) {
	if id := r.doc.Text("id"); m.living[r.kind][id] == r {
		delete(m.living[r.kind], id)
	}
	name := fold(r.doc.Text("userName"))
	if m.names[name] == r {
		delete(m.names, name)
	}
	if r.deleted {
		m.former[name] = slices.DeleteFunc(m.former[name], func(other *record) bool { return other == r })
	}
	for _, id := range memberIDs(r.doc) {
		if delete(m.memberships[id], r.serial); len(m.memberships[id]) == 0 {
			delete(m.memberships, id)
		}
	}
}

func (m *memory) keep(c *credential) {
	switch old := m.credentials[c.secret]; {
	case old == nil:
		m.byOwner[c.owner] = append(m.byOwner[c.owner], c.secret)
	case old.owner != c.owner:
		m.byOwner[old.owner] = slices.DeleteFunc(m.byOwner[old.owner], func(secret string) bool { return secret == c.secret })
		m.byOwner[c.owner] = append(m.byOwner[c.owner], c.secret)
	}
	m.credentials[c.secret] = c
}
