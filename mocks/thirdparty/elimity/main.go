// Command elimity is a SCIM server on github.com/elimity-com/scim, kept in memory
// and bound to loopback: somebody else's library for scimproof to be pointed at.
package main

import (
	"crypto/subtle"
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
)

func main() {
	log.SetFlags(0)
	address := flag.String("listen", "127.0.0.1:0", "where to listen; port 0 takes a free one")
	stringValues := flag.Bool("string-values", false, "switch on the library's schema.SetAllowStringValues")
	flag.Parse()
	token := os.Getenv("SCIM_TOKEN")
	if token == "" {
		log.Fatal("elimity: SCIM_TOKEN is not set")
	}
	schema.SetAllowStringValues(*stringValues)

	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal("elimity: ", err)
	}
	baseURL := "http://" + listener.Addr().String() + "/scim/v2"
	server, err := newServer(baseURL)
	if err != nil {
		log.Fatal("elimity: ", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/scim/", http.StripPrefix("/scim", server))
	log.Print("listening on ", baseURL)
	log.Fatal((&http.Server{Handler: bearer(token, mux), ReadHeaderTimeout: 10 * time.Second}).Serve(listener))
}

func newServer(baseURL string) (scim.Server, error) {
	enterprise := schema.ExtensionEnterpriseUser()
	return scim.NewServer(&scim.ServerArgs{
		ServiceProviderConfig: &scim.ServiceProviderConfig{
			SupportFiltering: true,
			SupportPatch:     true,
			AuthenticationSchemes: []scim.AuthenticationScheme{{
				Type:        scim.AuthenticationTypeOauthBearerToken,
				Name:        "OAuth Bearer Token",
				Description: "A token in the Authorization header.",
				Primary:     true,
			}},
		},
		ResourceTypes: []scim.ResourceType{
			{
				ID:               optional.NewString("User"),
				Name:             "User",
				Endpoint:         "/Users",
				Description:      optional.NewString("User Account"),
				Schema:           schema.CoreUserSchema(),
				SchemaExtensions: []scim.SchemaExtension{{Schema: enterprise}},
				Handler:          &handler{schema: schema.CoreUserSchema(), extensions: []schema.Schema{enterprise}, unique: "userName"},
			},
			{
				ID:          optional.NewString("Group"),
				Name:        "Group",
				Endpoint:    "/Groups",
				Description: optional.NewString("Group"),
				Schema:      schema.CoreGroupSchema(),
				Handler:     &handler{schema: schema.CoreGroupSchema()},
			},
		},
	}, scim.WithBaseURL(baseURL))
}

// bearer lets requests with the token through: the library leaves that to its users.
func bearer(token string, next http.Handler) http.Handler {
	want := []byte("Bearer " + token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			w.Header().Set("Content-Type", "application/scim+json")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401"}`))
			return
		}
		next.ServeHTTP(w, r)
	})
}
