package story

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// player sends a provider's story and notes each step with its two halves.
type player struct {
	*spec.T
	tale
	ctx    SpecContext
	user   *subject.Subject
	values map[string]string
	left   bool // the user was switched off
}

// crowd are users who stand beside the one of a story: members of groups, and a manager.
type crowd struct{ second, third *subject.Subject }

func newPlayer(ctx SpecContext, t *spec.T, tale tale) *player {
	GinkgoHelper()
	user, other := t.Subjects.Draft(), t.Subjects.Draft()
	beside := spec.Shared(t, "story.crowd", func() crowd {
		return crowd{t.MustKeptUser(ctx, nil), t.MustKeptUser(ctx, nil)}
	})
	return &player{T: t, tale: tale, ctx: ctx, user: user, values: map[string]string{
		"userName": user.UserName, "mail": user.Email, "mail2": other.Email, "mailNickname": user.ExternalID,
		"password": user.Password, "password2": other.Password, "rand": strings.ToLower(rand.Text()[:12]), "guid": subject.Prefix + rand.Text(),
		"idB": beside.second.ID, "idC": beside.third.ID, "idM": beside.second.ID, "base": t.SCIM.Base().String(),
	}}
}

func (p *player) play() {
	GinkgoHelper()
	if p.connect != "" {
		p.connects()
	}
	p.findsNobody()
	p.creates()
	p.findsUser()
	for _, c := range p.updates {
		p.changes(c)
	}
	if len(p.groups) > 0 && p.Features.Gate(p.Context(p.ctx, ""), "groups").Open {
		p.pushesGroup()
	}
	p.left = p.sets(p.leaver, reports.StepLeaver, reports.EventDeactivate, false)
	p.findsInactive()
	p.returns()
	if p.extra != nil {
		p.extra(p)
	}
	if p.remove != "" {
		p.deletes()
	}
}

// send sends a sample with the story's values.
func (p *player) send(purpose, id string) *scim.Reply {
	GinkgoHelper()
	return p.Do(p.ctx, purpose+" ("+id+")", dialects.SampleOf(id).Request(p.values, p.contentType))
}

// note notes one request of a step: what it should have done, and what a look shows.
func (p *player) note(step string, event reports.EventKind, id string, status int, wanted, seen, partial string) {
	p.Effect(reports.Effect{
		Action: string(event), Client: p.client, Step: step, Form: formOf(id), FromMemory: dialects.SampleOf(id).FromMemory(),
		Status: status, Wanted: wanted, Seen: seen, Achieved: seen == wanted, Partial: partial,
	}, p.Requirements...)
}

// forms say what a sample is, as an administrator would, where its method says too little.
var forms = map[string]string{
	"OK-05": "path-less PATCH of active: false", "OK-06": "PUT of active: false", "OK-07": "path-less PATCH of active: true", "OK-08": "path-less PATCH of the password",
	"OK-10": "path-less PATCH of a group with its id", "OK-11": "PATCH that takes one member out and another in", "OK-12": "replace of all members", "OK-18": "replace of all members",
	"OK-13": "replace of all members by none", "OK-14": "PUT of a group with its members", "OK-16": "a page from startIndex 101 on", "OK-17": "PUT of active: true",
	"EN-03": "a look-up by the work e-mail", "EN-05": "PATCH of active with the text False", "EN-06": "PATCH of active: false", "EN-07": "PATCH of several attributes with capital ops",
	"EN-08": "path-less PATCH with dotted keys", "EN-10": "PATCH of manager with a bare id", "EN-12": "POST of a group with Microsoft’s schema",
	"EN-15": "remove with a list of members", "EN-16": "remove of the members that a filter chooses", "EN-18": "PATCH of roles with JSON in a text",
	"EN-20": "PATCH of active with the text True", "EN-21": "PATCH of active: true", "EN-04": "POST of a user with nulls",
	"OL-02": "PUT of active: false and little else", "OL-03": "remove of the members that a filter chooses", "OL-06": "PUT of active: true and little else",
	"JC-02": "remove with a list of members", "JC-04": "PUT of active: false", "JC-05": "PUT of active: true", "PF-01": "PUT of active: false and little else",
	"SP-01": "PATCH of active: false", "SP-03": "PATCH of active: true", "ID-02": "PATCH of active: false", "ID-03": "PATCH of active: true",
	"ID-06": "replace of all members",
}

// formOf says what a sample is.
func formOf(id string) string {
	if form, known := forms[id]; known {
		return form
	}
	s := dialects.SampleOf(id)
	path, query, _ := strings.Cut(s.Path, "?")
	kind := map[string]string{"Users": "of a user", "Groups": "of a group"}[strings.Split(strings.Trim(path, "/"), "/")[0]]
	if strings.Contains(query, "filter=") {
		return "a look-up by " + strings.TrimPrefix(strings.Split(query, " ")[0], "filter=")
	}
	return s.Method + " " + kind
}

func (p *player) connects() {
	GinkgoHelper()
	reply := p.send("test the connection", p.connect)
	wanted, seen := "an answer", "an answer"
	if p.connect == "GH-01" { // the good answer to an id that nobody has is 404
		wanted, seen = "404", fmt.Sprint(reply.Status)
	} else if !reply.OK() || reply.Doc == nil {
		seen = "no list"
	}
	p.note(reports.StepLookUp, reports.EventLookUp, p.connect, acknowledged(reply, wanted == seen), wanted, seen, "")
}

// acknowledged is the status of a reply; where another one than a 2xx is the good answer it
// counts as one.
func acknowledged(r *scim.Reply, good bool) int {
	if good {
		return http.StatusOK
	}
	return r.Status
}

// findsNobody looks the user up before there is one.
func (p *player) findsNobody() {
	GinkgoHelper()
	id := p.lookUp[0]
	values := p.values["userName"]
	reply := p.send("look up somebody who is not there yet", id)
	seen := "nobody"
	switch n, _ := reply.Doc.Int("totalResults"); {
	case reply.Status == http.StatusNotFound && p.absent404:
	case !reply.OK() || reply.Doc == nil: // a page with status 200 is no list either
		seen = "an error"
	case n > 0 || reply.Doc.FindUser(values) != nil:
		seen = "somebody else"
	}
	p.note(reports.StepLookUp, reports.EventLookUp, id, acknowledged(reply, seen == "nobody"), "nobody", seen, "")
}

// creates sends the provider's own body. Where it is refused the story goes on with a user of
// the usual form, so that its later steps are seen.
func (p *player) creates() {
	GinkgoHelper()
	made := p.PostUser(p.ctx, "create ("+p.create+")", p.user.UserName, dialects.SampleOf(p.create).Request(p.values, p.contentType))
	partial := ""
	if made.OK() && made.ID == "" {
		partial = "the answer to a creation shows no id"
		made.ID = p.Send(p.ctx, "look for the new user", p.finding()).Doc.FindUser(p.user.UserName).Text("id")
	}
	seen := "no user"
	if made.ID != "" {
		p.user.ID = made.ID
		seen = p.account(true)
	}
	p.note(reports.StepCreate, reports.EventCreate, p.create, made.Status, "active: true", seen, partial)
	if made.ID == "" {
		p.user = p.MustUser(p.ctx)
		p.values["userName"], p.values["mail"], p.values["mailNickname"] = p.user.UserName, p.user.Email, p.user.ExternalID
	}
	p.values["id"], p.values["idA"], p.values["location"] = p.user.ID, p.user.ID, p.SCIM.Base().String()+scim.UserPath(p.user.ID)
}

func (p *player) finding() func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return p.SCIM.FindUser(ctx, p.user.UserName) }
}

func (p *player) reading() func(context.Context) (*scim.Reply, error) {
	return func(ctx context.Context) (*scim.Reply, error) { return p.SCIM.GetUser(ctx, p.user.ID) }
}

// account waits for a read to show the user in the state, and says what it shows.
func (p *player) account(active bool) string {
	GinkgoHelper()
	wanted := fmt.Sprintf("active: %t", active)
	read, _ := p.ReadUntil(p.ctx, "read back", p.reading(), func(r *scim.Reply) bool { return state(r) == wanted })
	return state(read)
}

// state puts what a read shows of a user into words.
func state(r *scim.Reply) string {
	if !r.OK() {
		return "no such user"
	}
	return r.Doc.Activity()
}

// findsUser looks the user up in each of the provider's ways.
func (p *player) findsUser() {
	GinkgoHelper()
	for i, id := range p.lookUp {
		values := p.values["guid"]
		if id == "EN-01" {
			p.values["guid"] = p.user.UserName // the real name follows one that is known not to exist
		}
		seen, status := p.found(id)
		p.values["guid"] = values
		partial := ""
		if i > 0 && seen != "the user" {
			// The look-up by userName decides; a further one is a matter of the mapping.
			partial, seen = formOf(id)+" does not find the user", "the user"
		}
		p.note(reports.StepLookUp, reports.EventLookUp, id, status, "the user", seen, partial)
	}
}

// found looks the user up, and says what comes of it and with which status.
func (p *player) found(id string) (seen string, status int) {
	GinkgoHelper()
	request := dialects.SampleOf(id).Request(p.values, "")
	reply, _ := p.ReadUntil(p.ctx, "look the user up ("+id+")", func(ctx context.Context) (*scim.Reply, error) { return p.SCIM.Send(ctx, request) }, p.holdsUser)
	if p.holdsUser(reply) {
		return "the user", reply.Status
	}
	return "nobody", reply.Status
}

func (p *player) holdsUser(r *scim.Reply) bool { return r.Doc.FindUser(p.user.UserName) != nil }

// findsInactive looks up somebody who has left, as before a return.
func (p *player) findsInactive() {
	GinkgoHelper()
	reply := p.Send(p.ctx, "look the leaver up", p.finding())
	seen := "the user"
	if !p.holdsUser(reply) {
		seen = "nobody, so that a return makes a second account"
	}
	p.note(reports.StepReturn, reports.EventLookUp, p.lookUp[0], reply.Status, "the user", seen, "")
}

// sets switches the user on or off, and reports whether a read shows it.
func (p *player) sets(id, step string, event reports.EventKind, active bool) bool {
	GinkgoHelper()
	reply := p.send(step, id)
	wanted, seen := fmt.Sprintf("active: %t", active), p.account(active)
	p.note(step, event, id, reply.Status, wanted, seen, "")
	return seen == wanted
}

// returns switches the user on again. Of somebody who never left it says nothing.
func (p *player) returns() {
	GinkgoHelper()
	if p.left {
		p.sets(p.back, reports.StepReturn, reports.EventReactivate, true)
		return
	}
	p.Effect(reports.Effect{
		Action: string(reports.EventReactivate), Client: p.client, Step: reports.StepReturn, Form: formOf(p.back), Moot: "the user was never inactive",
	}, p.Requirements...)
}

func (p *player) deletes() {
	GinkgoHelper()
	reply := p.send("delete", p.remove)
	read, _ := p.ReadUntil(p.ctx, "read back", p.reading(), func(r *scim.Reply) bool { return r.Status == http.StatusNotFound })
	p.note(reports.StepDelete, reports.EventDelete, p.remove, reply.Status, "no such user", state(read), "")
}
