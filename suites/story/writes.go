package story

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/subject"
)

// changes sends an update and looks whether it arrived.
func (p *player) changes(c change) {
	GinkgoHelper()
	reply := p.send("update", c.sample)
	if len(c.wants)+len(c.beside) == 0 { // nothing of it can be read, as of a password
		partial := ""
		if !reply.OK() {
			partial = fmt.Sprintf("%s with a password is answered %d", formOf(c.sample), reply.Status)
		}
		p.note(reports.StepUpdate, reports.EventUpdate, c.sample, http.StatusOK, "an answer", "an answer", partial)
		return
	}
	read, _ := p.ReadUntil(p.ctx, "read back", p.reading(), func(r *scim.Reply) bool { return p.shows(r, c.wants) == allSent && p.shows(r, c.beside) == allSent })
	partial := ""
	if missing := p.shows(read, c.beside); missing != allSent {
		partial = fmt.Sprintf("%s is answered %d, and a read shows %s", formOf(c.sample), reply.Status, missing)
	}
	status := reply.Status
	if len(c.wants) == 0 {
		status = http.StatusOK
	}
	p.note(reports.StepUpdate, reports.EventUpdate, c.sample, status, allSent, p.shows(read, c.wants), partial)
}

// allSent is what a read shows that lacks nothing.
const allSent = "all that was sent"

// shows says which of the values a read lacks.
func (p *player) shows(r *scim.Reply, wanted map[string]string) string {
	var missing []string
	for path, value := range wanted {
		for name, filled := range p.values {
			value = strings.ReplaceAll(value, "{{"+name+"}}", filled)
		}
		if !holds(r.Doc, path, value) {
			missing = append(missing, path)
		}
	}
	if len(missing) == 0 {
		return allSent
	}
	slices.Sort(missing)
	return "another " + strings.Join(missing, ", ")
}

// holds reports that an attribute has the value, or one of its values has.
func holds(d scim.Document, path, value string) bool {
	keys := strings.Split(path, ".")
	if keys[0] == enterprise {
		keys[0] = scim.EnterpriseSchema
	}
	v, _ := d.Get(keys...)
	if list, ok := v.([]any); ok {
		return strings.Contains(fmt.Sprint(list), value)
	}
	return d.Text(keys...) == value
}

// pushesGroup makes a group and moves members in and out of it. The user of the story is in
// it when they leave, as in life.
func (p *player) pushesGroup() {
	GinkgoHelper()
	g := p.Subjects.DraftGroup()
	p.values["group"] = g.DisplayName
	created := p.groups[0]
	made := p.PostGroup(p.ctx, "create the group ("+created.sample+")", g.DisplayName, dialects.SampleOf(created.sample).Request(p.values, p.contentType))
	seen := "a group"
	if made.ID == "" {
		seen = "no group"
	}
	p.note(reports.StepGroupPush, reports.EventGroupPush, created.sample, made.Status, "a group", seen, "")
	if made.ID == "" {
		return
	}
	g.ID, p.values["gid"] = made.ID, made.ID
	for _, push := range p.groups[1:] {
		p.pushes(g, push)
	}
}

// pushes sends one write about the group, or one read.
func (p *player) pushes(g *subject.Group, push push) {
	GinkgoHelper()
	reply := p.send("group push", push.sample)
	path := scim.GroupPath(g.ID)
	switch dialects.SampleOf(push.sample).Method {
	case http.MethodGet:
		seen := "an answer"
		if !reply.OK() {
			seen = "no answer"
		}
		p.note(reports.StepGroupPush, reports.EventGroupPush, push.sample, reply.Status, "an answer", seen, "")
		return
	case http.MethodDelete:
		read, _ := p.ReadUntil(p.ctx, "read the group back", p.at(path), func(r *scim.Reply) bool { return r.Status == http.StatusNotFound })
		seen := "no such group"
		if read.OK() {
			seen = "the group"
		}
		p.note(reports.StepGroupPush, reports.EventDeleteGroup, push.sample, reply.Status, "no such group", seen, "")
		return
	}
	p.settles(path, push, reply)
}

// settles holds the members of a group against who has to be there.
func (p *player) settles(path string, push push, reply *scim.Reply) {
	GinkgoHelper()
	var wanted []string
	for _, name := range push.members {
		wanted = append(wanted, p.values[name])
	}
	slices.Sort(wanted)
	members := func(r *scim.Reply) []string { return slices.Sorted(slices.Values(r.Doc.Values("members"))) }
	read, _ := p.ReadUntil(p.ctx, "read the group back", p.at(path), func(r *scim.Reply) bool { return slices.Equal(members(r), wanted) })
	event := reports.EventGroupPush
	if strings.Contains(strings.ToLower(string(dialects.SampleOf(push.sample).Body)), `"remove"`) || len(wanted) == 0 {
		event = reports.EventRemoveMember
	}
	seen := p.named(members(read))
	if push.renamed && !reply.OK() { // nothing else of it can be told apart
		seen = "a refusal"
	}
	p.note(reports.StepGroupPush, event, push.sample, reply.Status, p.named(wanted), seen, "")
}

func (p *player) at(path string) func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return p.SCIM.Do(ctx, http.MethodGet, path, nil) }
}

// named puts members into words in which they can be told apart.
func (p *player) named(ids []string) string {
	if len(ids) == 0 {
		return "no members"
	}
	known := map[string]string{p.values["idA"]: "the user", p.values["idB"]: "a second user", p.values["idC"]: "a third user"}
	var names []string
	for _, id := range ids {
		name := known[id]
		if name == "" {
			name = "somebody else"
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return "the members " + strings.Join(slices.Compact(names), ", ")
}

// disputes looks at what the interoperability draft forbids and others send.
func (p *player) disputes() {
	GinkgoHelper()
	reply := p.send("change without a path", "ID-07")
	done := func(r *scim.Reply) bool { return r.Doc.Text("title") == "Pathless" }
	read, _ := p.ReadUntil(p.ctx, "read back", p.reading(), func(r *scim.Reply) bool { return done(r) == reply.OK() })
	p.Dispute("pathless-patch", "RFC7644-3.5.2.3-07", "a PATCH without a path", answerTo(reply, done(read)))
	p.reuses()
}

// reuses deletes a user of its own and creates another of the same name.
func (p *player) reuses() {
	GinkgoHelper()
	gone := p.MustUser(p.ctx)
	deleted := p.Send(p.ctx, "delete", func(ctx context.Context) (*scim.Reply, error) { return p.SCIM.DeleteUser(ctx, gone.ID) })
	if !deleted.OK() { // whose name is not free anyway
		return
	}
	again := p.PostUser(p.ctx, "create the same userName again", gone.UserName, scim.Request{Body: gone.Document(p.Target.SCIM.UserExtra)})
	seen := fmt.Sprintf("answers %d, so that the name stays taken", again.Status)
	if again.OK() {
		seen = fmt.Sprintf("answers %d, so that the name is free at once", again.Status)
	}
	p.Dispute("name-reuse", "RFC7644-3.6-04", "a POST with the userName of a deleted user", seen)
}

func answerTo(r *scim.Reply, done bool) string {
	what := "does nothing"
	if done {
		what = "is carried out"
	}
	return fmt.Sprintf("is answered %d and %s", r.Status, what)
}
