package bundle

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// PayloadType is that of an in-toto Statement in an envelope.
const PayloadType = "application/vnd.in-toto+json"

// Envelope is a signed payload (DSSE v1.0.2, https://github.com/secure-systems-lab/dsse).
type Envelope struct {
	PayloadType string              `json:"payloadType"`
	Payload     string              `json:"payload"` // base64
	Signatures  []EnvelopeSignature `json:"signatures"`
}

// EnvelopeSignature is one signature of an envelope.
type EnvelopeSignature struct {
	// KeyID is a hint which key it was; see KeyID.
	KeyID string `json:"keyid,omitempty"`
	Sig   string `json:"sig"` // base64
}

// pae is what is signed: DSSE's pre-authentication encoding. It binds the type to the payload.
func pae(payloadType string, payload []byte) []byte {
	head := fmt.Sprintf("DSSEv1 %d %s %d ", len(payloadType), payloadType, len(payload))
	return append([]byte(head), payload...)
}

// seal signs a payload with an ed25519 key.
func seal(payload []byte, key crypto.Signer) ([]byte, error) {
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the key is of type %T: bundles are signed with ed25519; make a key with scimproof keygen", key.Public())
	}
	signature, err := key.Sign(rand.Reader, pae(PayloadType, payload), crypto.Hash(0))
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	return encode(Envelope{
		PayloadType: PayloadType, Payload: base64.StdEncoding.EncodeToString(payload),
		Signatures: []EnvelopeSignature{{KeyID: KeyID(public), Sig: base64.StdEncoding.EncodeToString(signature)}},
	})
}

// errSignature is the error for an envelope that no signature of the key fits.
var errSignature = errors.New("the signature does not fit this key and this content")

// open returns an envelope's payload and the key id that it names. With a key the signature is
// checked; the named key id decides nothing, as anybody can write it.
func open(raw []byte, key ed25519.PublicKey) (payload []byte, keyID string, err error) {
	var e Envelope
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, "", fmt.Errorf("not an envelope: %w", err)
	}
	if len(e.Signatures) > 0 {
		keyID = e.Signatures[0].KeyID
	}
	if payload, err = unbase64(e.Payload); err != nil {
		return nil, keyID, fmt.Errorf("payload: %w", err)
	}
	if e.PayloadType != PayloadType {
		return payload, keyID, fmt.Errorf("payloadType is %q, not %s", shown(e.PayloadType), PayloadType)
	}
	if len(e.Signatures) == 0 {
		return payload, keyID, errors.New("there is no signature")
	}
	if key == nil {
		return payload, keyID, nil
	}
	signed := pae(e.PayloadType, payload)
	for _, s := range e.Signatures {
		signature, err := unbase64(s.Sig)
		if err == nil && ed25519.Verify(key, signed, signature) {
			return payload, KeyID(key), nil
		}
	}
	return payload, keyID, errSignature
}

// unbase64 reads both alphabets, as DSSE asks for.
func unbase64(s string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		if urlSafe, failed := base64.URLEncoding.DecodeString(s); failed == nil {
			return urlSafe, nil
		}
		return nil, errors.New("not base64")
	}
	return raw, nil
}

// encode writes JSON that a person can read.
func encode(value any) ([]byte, error) {
	raw, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	return append(raw, '\n'), nil
}
