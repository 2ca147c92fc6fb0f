package story

import "github.com/scimproof/scimproof/suites/dialects"

// tale is what one identity provider sends, in order. The ids are those of
// dialects.SampleOf; an empty one is a step that the provider does not take.
type tale struct {
	client      string
	covers      []string // requirements that the provider leans on beyond the RFCs' letter
	contentType string   // of its bodies; empty for SCIM's own
	connect     string   // what it sends to test the connection, besides the look-up
	lookUp      []string // the first is by userName
	absent404   bool     // it takes a 404 for nobody found
	create      string
	updates     []change
	groups      []push
	leaver      string
	back        string
	remove      string // DELETE of the user
	// extra is played once the user is back.
	extra func(*player)
}

// change is an update with what a read has to show after it.
type change struct {
	sample string
	wants  map[string]string // attribute path → value, with placeholders
	// beside is what may fail without the update as a whole being lost: attribute path →
	// value, with what an administrator would say of it.
	beside map[string]string
}

// push is a write about a group with who has to be in it afterwards, as placeholders.
type push struct {
	sample  string
	members []string
	renamed bool
}

// deletesUser is the sample of a DELETE of a user.
const deletesUser = "EN-17"

// tales are the stories, in the order of dialects.Clients.
func tales() []tale {
	return append(oktaAndEntra(), others()...)
}

func oktaAndEntra() []tale {
	oktaGroups := []push{{sample: "OK-09"}, {sample: "OK-12", members: []string{"idA"}}, {sample: "OK-10", members: []string{"idA"}, renamed: true}}
	return []tale{
		{
			client: dialects.OktaOIN, covers: []string{"RFC7644-3.5.2.3-01", "RFC7644-3.4.2.4-10"},
			connect: "OK-01", lookUp: []string{"OK-02"}, absent404: true, create: "OK-03",
			updates: []change{
				{sample: "OK-04", wants: map[string]string{"name.familyName": "Changed"}},
				{sample: "OK-08"},
			},
			groups: append(oktaGroups, push{sample: "OK-16"},
				// The second user is in the group when they are taken out: the removal of a stranger may be refused.
				push{sample: "OK-18", members: []string{"idA", "idB"}}, push{sample: "OK-11", members: []string{"idA", "idC"}}, push{sample: "OK-13"}, push{sample: "OK-15"}),
			leaver: "OK-05", back: "OK-07",
		},
		{
			client: dialects.OktaAIW, covers: []string{"RFC7644-3.5-01", "RFC7644-3.4.2.4-10"},
			connect: "OK-01", lookUp: []string{"OK-02"}, absent404: true, create: "OK-03",
			updates: []change{{sample: "OK-04", wants: map[string]string{"name.familyName": "Changed"}}},
			groups:  []push{{sample: "OK-09"}, {sample: "OK-14", members: []string{"idA"}}, {sample: "OK-15"}},
			leaver:  "OK-06", back: "OK-17",
		},
		{
			client: dialects.Entra, covers: []string{"RFC7644-3.5.2-05", "RFC7644-3.5.2.2-10"},
			lookUp: []string{"EN-01", "EN-19", "EN-03"}, create: "EN-04",
			updates: []change{
				{sample: "EN-07", wants: map[string]string{"displayName": "Ada P", "emails": "{{mail2}}"}, beside: map[string]string{enterprise + ".employeeNumber": "42"}},
				{sample: "EN-10", beside: map[string]string{enterprise + ".manager.value": "{{idM}}"}},
				{sample: "EN-18", beside: map[string]string{"roles": "Admin"}},
			},
			groups: []push{{sample: "EN-12"}, {sample: "EN-14", members: []string{"idA"}}, {sample: "EN-23", members: []string{"idA", "idB"}}, {sample: "EN-13"}, {sample: "EN-15", members: []string{"idA"}}},
			leaver: "EN-05", back: "EN-20", remove: deletesUser,
		},
		{
			client: dialects.EntraFlag, covers: []string{"RFC7644-3.5.2.3-10"},
			lookUp: []string{"EN-01", "EN-19"}, create: "EN-04",
			updates: []change{{
				sample: "EN-08", wants: map[string]string{"displayName": "Ada P", "emails": "{{mail2}}", "name.familyName": "P"},
				beside: map[string]string{enterprise + ".employeeNumber": "42"},
			}},
			groups: []push{{sample: "EN-12"}, {sample: "EN-22", members: []string{"idA", "idB"}}, {sample: "EN-13"}, {sample: "EN-16", members: []string{"idA"}}},
			leaver: "EN-06", back: "EN-21", remove: deletesUser,
		},
	}
}

func others() []tale {
	return []tale{
		{
			client: dialects.OneLogin, covers: []string{"RFC7644-3.8-05"}, contentType: "application/json",
			lookUp: []string{"EN-01"}, absent404: true, create: "OL-04",
			updates: []change{{sample: "OL-05", wants: map[string]string{"name.familyName": "Changed"}}},
			groups:  []push{{sample: "OL-07"}, {sample: "OL-08", members: []string{"idA", "idB"}}, {sample: "OL-03", members: []string{"idA"}}, {sample: "OK-15"}},
			leaver:  "OL-02", back: "OL-06", remove: deletesUser,
		},
		{
			client: dialects.JumpCloud, covers: []string{"RFC7644-3.5.2.2-10"},
			lookUp: []string{"EN-01"}, create: "OL-04",
			updates: []change{{sample: "JC-03", wants: map[string]string{"name.familyName": "Changed"}}},
			groups:  []push{{sample: "OL-07"}, {sample: "OL-08", members: []string{"idA", "idB"}}, {sample: "JC-02", members: []string{"idA"}}},
			leaver:  "JC-04", back: "JC-05", remove: deletesUser,
		},
		{
			client: dialects.PingFederate, covers: []string{"RFC7644-3.5-01"},
			connect: "GH-01", lookUp: []string{"EN-01"}, create: "OL-04",
			updates: []change{{sample: "OL-05", wants: map[string]string{"name.familyName": "Changed"}}},
			groups:  []push{{sample: "OL-07"}, {sample: "PF-02"}, {sample: "OL-08", members: []string{"idA", "idB"}}, {sample: "OL-03", members: []string{"idA"}}},
			leaver:  "PF-01", back: "OL-06", remove: deletesUser,
		},
		{
			client: dialects.SailPoint, covers: []string{"RFC7644-3.5.2.3-02"},
			connect: "SP-04", lookUp: []string{"EN-01"}, create: "OL-04",
			updates: []change{{sample: "SP-02", wants: map[string]string{"name.familyName": "Changed", "displayName": "Ada Changed"}}},
			leaver:  "SP-01", back: "SP-03",
		},
		{
			client: dialects.IPSIE, covers: []string{"RFC7644-3.6-01"},
			lookUp: []string{"ID-01"}, create: "OL-04",
			leaver: "ID-02", back: "ID-03", remove: deletesUser,
		},
		{
			client: dialects.InteropDraft, covers: []string{"RFC7644-3.5.2.3-07", "RFC7644-3.6-04"},
			lookUp: []string{"ID-01"}, create: "OL-04",
			updates: []change{{sample: "ID-04", wants: map[string]string{"name.familyName": "Changed", "emails": "{{mail2}}"}}},
			groups:  []push{{sample: "OL-07"}, {sample: "ID-05", members: []string{"idA", "idB"}}, {sample: "ID-06", members: []string{"idB"}}},
			leaver:  "ID-02", back: "ID-03", remove: deletesUser, extra: (*player).disputes,
		},
	}
}

// enterprise is the container of the extension's attributes.
const enterprise = "enterprise"
