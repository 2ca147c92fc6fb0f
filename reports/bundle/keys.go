package bundle

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

const (
	privateType = "PRIVATE KEY" // PKCS #8
	publicType  = "PUBLIC KEY"  // PKIX
)

// KeyID names a key: the SHA-256 of its PKIX form in hex, as
// openssl pkey -pubin -in key.pub.pem -outform DER | sha256sum prints it.
func KeyID(key ed25519.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil { // an ed25519 key always has that form
		return ""
	}
	return digest(der)
}

// NewKey makes a key and returns its PEM forms: the private one (PKCS #8) and the public one.
func NewKey() (private, public []byte, err error) {
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("making a key: %w", err)
	}
	inner, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("encoding the key: %w", err)
	}
	outer, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, nil, fmt.Errorf("encoding the public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: privateType, Bytes: inner}), pem.EncodeToMemory(&pem.Block{Type: publicType, Bytes: outer}), nil
}

// ParsePrivate reads a private key from PEM. No error quotes any of it.
func ParsePrivate(data []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(data)
	switch {
	case block == nil:
		return nil, errors.New("not a PEM file; scimproof keygen makes one")
	case block.Type == publicType:
		return nil, errors.New("this is a public key: signing takes the private one")
	case block.Type != privateType:
		return nil, fmt.Errorf("a PEM block %q instead of %q: give an unencrypted PKCS #8 key", shown(block.Type), privateType)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not a private key in PKCS #8; scimproof keygen makes one")
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("a key of type %T: bundles are signed with ed25519; scimproof keygen makes such a key", key)
	}
	return private, nil
}

// ParsePublic reads a public key from PEM.
func ParsePublic(data []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(data)
	switch {
	case block == nil:
		return nil, errors.New("not a PEM file; take the key.pub.pem that scimproof keygen has written")
	case block.Type == privateType:
		return nil, errors.New("this is a private key, which belongs to the signer alone: verifying takes the public one")
	case block.Type != publicType:
		return nil, fmt.Errorf("a PEM block %q instead of %q", shown(block.Type), publicType)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("not a public key: %w", err)
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("a key of type %T: bundles are signed with ed25519", key)
	}
	return public, nil
}
