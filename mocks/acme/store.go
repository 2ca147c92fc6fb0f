package acme

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// The types of resource.
const (
	typeUser  = "User"
	typeGroup = "Group"
)

// store keeps resources in memory. Its lock is held for a whole change, so that a
// change is atomic.
type store struct {
	mu      sync.RWMutex
	now     func() time.Time
	items   map[string]map[string]*item // type → id
	deleted []Resource                  // users, as they were
	next    int
}

// item is a resource with what is not shown.
type item struct {
	order int
	doc   Resource
	// leftAt is when the user was last deactivated.
	leftAt time.Time
}

func newStore(now func() time.Time) *store {
	return &store{now: now, items: map[string]map[string]*item{typeUser: {}, typeGroup: {}}}
}

func newID() string { return uuid.NewString() }

// get returns a copy of a resource, or nil.
func (s *store) get(kind, id string) Resource {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.peek(kind, id)
}

func (s *store) peek(kind, id string) Resource {
	it := s.items[kind][id]
	if it == nil {
		return nil
	}
	doc := it.doc.Clone()
	if kind == typeUser {
		if groups := s.groupsOf(id); len(groups) > 0 {
			doc["groups"] = groups
		}
	}
	return doc
}

// list returns copies of all resources of a type in the order of their creation.
func (s *store) list(kind string) []Resource {
	s.mu.RLock()
	defer s.mu.RUnlock()
	items := make([]*item, 0, len(s.items[kind]))
	for _, it := range s.items[kind] {
		items = append(items, it)
	}
	sort.Slice(items, func(a, b int) bool { return items[a].order < items[b].order })
	out := make([]Resource, len(items))
	for i, it := range items {
		out[i] = s.peek(kind, it.doc.Text("id"))
	}
	return out
}

// groupsOf lists the groups that a user is a member of, for the readOnly attribute
// groups (RFC 7643 §4.1.2).
func (s *store) groupsOf(id string) []any {
	var out []any
	for _, it := range s.items[typeGroup] {
		if slices.Contains(memberIDs(it.doc), id) {
			gid := it.doc.Text("id")
			out = append(out, map[string]any{"value": gid, "display": it.doc.Text("displayName"), "type": "direct", "$ref": "Groups/" + gid})
		}
	}
	sort.Slice(out, func(a, b int) bool { return fmt.Sprint(out[a]) < fmt.Sprint(out[b]) })
	return out
}

func memberIDs(group Resource) []string {
	list, _ := group["members"].([]any)
	var ids []string
	for _, m := range list {
		if object, ok := m.(map[string]any); ok {
			if id, ok := object["value"].(string); ok {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// userByName finds a living user; userName is unique without regard to letter case.
func (s *store) userByName(name string) Resource {
	for _, it := range s.items[typeUser] {
		if strings.EqualFold(it.doc.Text("userName"), name) {
			return it.doc
		}
	}
	return nil
}

// deletedByName lists the deleted users who had a userName.
func (s *store) deletedByName(name string) []Resource {
	var out []Resource
	for _, doc := range s.deleted {
		if strings.EqualFold(doc.Text("userName"), name) {
			out = append(out, doc)
		}
	}
	return out
}

// put stores a resource, new or changed.
func (s *store) put(kind string, doc Resource) {
	id := doc.Text("id")
	now := s.now().UTC()
	it := s.items[kind][id]
	stamp := now.Format(time.RFC3339Nano)
	meta := map[string]any{"resourceType": kind, "created": stamp, "lastModified": stamp, "location": kind + "s/" + id}
	if it == nil {
		s.next++
		it = &item{order: s.next}
		s.items[kind][id] = it
	} else {
		old, _ := it.doc["meta"].(map[string]any)
		meta["created"] = old["created"]
		if it.doc.Active() && !doc.Active() {
			it.leftAt = now
		}
	}
	doc["meta"] = meta
	delete(doc, "groups")
	it.doc = doc
}

// remove deletes a resource and takes it out of every group.
func (s *store) remove(kind, id string) {
	if it := s.items[kind][id]; it != nil && kind == typeUser {
		doc := it.doc.Clone()
		doc[leftAtKey] = s.now()
		s.deleted = append(s.deleted, doc)
	}
	delete(s.items[kind], id)
	for _, it := range s.items[typeGroup] {
		list, _ := it.doc["members"].([]any)
		kept := slices.DeleteFunc(slices.Clone(list), func(m any) bool {
			object, _ := m.(map[string]any)
			return object["value"] == id
		})
		if len(kept) != len(list) {
			it.doc["members"] = kept
		}
	}
}
