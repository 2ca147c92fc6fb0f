package exchange

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
)

// sawTLS notes the certificate that a host showed first in the run. A host behind several
// servers may show others later.
func (r *Recorder) sawTLS(host string, state *tls.ConnectionState) {
	if state == nil || len(state.PeerCertificates) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.leaves[host]; known {
		return
	}
	sum := sha256.Sum256(state.PeerCertificates[0].Raw)
	if r.leaves == nil {
		r.leaves = map[string]string{}
	}
	r.leaves[host] = hex.EncodeToString(sum[:])
}

// TLSLeaf is the SHA-256 of the certificate that a host (with its port, as in an address)
// showed, in hex; empty if it was never reached over TLS.
func (r *Recorder) TLSLeaf(host string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.leaves[host]
}
