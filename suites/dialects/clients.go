package dialects

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// The identity providers and profiles of the protocol whose stories are known, by their ids.
const (
	OktaOIN      = "okta-oin"      // integrations of Okta's catalogue
	OktaAIW      = "okta-aiw"      // custom applications of Okta's wizard
	Entra        = "entra"         // Microsoft Entra ID by default
	EntraFlag    = "entra-flag"    // Microsoft Entra ID with aadOptscim062020
	OneLogin     = "onelogin"      // OneLogin
	JumpCloud    = "jumpcloud"     // JumpCloud
	PingFederate = "pingfederate"  // PingFederate as a client
	SailPoint    = "sailpoint"     // SailPoint Identity Security Cloud
	IPSIE        = "ipsie-al1"     // the OpenID IPSIE AL SCIM profile, level AL1
	InteropDraft = "interop-draft" // draft-zollner-scim-interop-profile
)

// Clients lists them in the order of reports.
func Clients() []reports.Client {
	return []reports.Client{
		{ID: OktaOIN, Title: "Okta (catalogue)"},
		{ID: OktaAIW, Title: "Okta (custom)"},
		{ID: Entra, Title: "Microsoft Entra ID"},
		{ID: EntraFlag, Title: "Microsoft Entra ID with aadOptscim062020"},
		{ID: OneLogin, Title: "OneLogin"},
		{ID: JumpCloud, Title: "JumpCloud"},
		{ID: PingFederate, Title: "PingFederate"},
		{ID: SailPoint, Title: "SailPoint ISC"},
		{ID: IPSIE, Title: "IPSIE AL1 (OpenID draft)"},
		{ID: InteropDraft, Title: "SCIM interop profile (draft-zollner)"},
	}
}

// ClientIDs lists the ids in the order of Clients.
func ClientIDs() []string {
	var ids []string
	for _, c := range Clients() {
		ids = append(ids, c.ID)
	}
	return ids
}

// Chosen lists the clients with the ids, in the order of Clients.
func Chosen(ids []string) []reports.Client {
	return slices.DeleteFunc(Clients(), func(c reports.Client) bool { return !slices.Contains(ids, c.ID) })
}

// CheckClients refuses an id that no client has.
func CheckClients(ids []string) error {
	for _, id := range ids {
		if !slices.Contains(ClientIDs(), id) {
			return fmt.Errorf("no identity provider has the id %q; known are %s", id, strings.Join(ClientIDs(), ", "))
		}
	}
	return nil
}
