// Package model is what SCIM says of resources, apart from any server: their schemas
// and what fits them (RFC 7643), filters, PATCH, sorting and the choice of attributes
// (RFC 7644 §3.4.2, §3.5.2, §3.9). It keeps no state and sends nothing.
package model
