package scim

import (
	"net/url"
	"strings"
)

// Below is the path below the SCIM base of an address that the service gave, absolute or
// relative; ok is false where it leads elsewhere. Nothing is sent to addresses elsewhere.
func (c *Client) Below(address string) (path string, ok bool) {
	if rest, found := strings.CutPrefix(address, c.base.String()+"/"); found {
		return "/" + rest, true
	}
	if address == "" || strings.Contains(address, "://") || strings.HasPrefix(address, "//") {
		return "", false
	}
	if rest, found := strings.CutPrefix(address, c.base.Path+"/"); found && c.base.Path != "" {
		return "/" + rest, true
	}
	for strings.HasPrefix(address, "../") {
		address = address[len("../"):]
	}
	return "/" + strings.TrimPrefix(address, "/"), true
}

// IDIn is the id at the end of a resource's address; empty where there is none.
func IDIn(address string) string {
	last := address[strings.LastIndex(address, "/")+1:]
	if id, err := url.PathUnescape(last); err == nil {
		return id
	}
	return last
}
