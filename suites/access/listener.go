package access

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/netutil"

	"github.com/scimproof/scimproof/suites/target"
)

// The bounds of what is taken from whoever delivers.
const (
	maxDeliverers   = 64 // connections at once
	deliveryTime    = 10 * time.Second
	maxHookHeader   = 32 << 10 // bytes
	listenerStarted = 10 * time.Second
)

// listener takes deliveries for the credentials of a run. It is started by the first
// one that asks for an address. All methods are safe for concurrent use.
type listener struct {
	mu     sync.Mutex
	server *http.Server
	base   *url.URL
	served chan struct{} // closed when the server has ended
	closed bool
	boxes  map[string]*inbox // by the last segment of the path
}

// open makes an address that nobody can guess, and the inbox that it leads to.
func (l *listener) open(ctx context.Context, at *target.Listener) (address string, key string, box *inbox, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.start(ctx, at); err != nil {
		return "", "", nil, err
	}
	key, box = strings.ToLower(rand.Text()), newInbox("the listener")
	l.boxes[key] = box
	return l.base.JoinPath(key).String(), key, box, nil
}

// openAddress gives a credential its own address at the listener, if a step names it.
func (d *Driver) openAddress(ctx context.Context, c *Credential) error {
	if !c.Path.Listens {
		return nil
	}
	address, key, box, err := d.hooks.open(ctx, d.Listener)
	if err != nil {
		return &ArmError{Path: c.Path.Name, Step: 1, Problem: err.Error()}
	}
	d.Vault.Learn(target.ListenerURL, key)
	c.address, c.inbox, c.values[target.ListenerURL] = key, box, address
	return nil
}

// forget takes an address back.
func (l *listener) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if box := l.boxes[key]; box != nil {
		box.end(errClosedByUs)
		delete(l.boxes, key)
	}
}

// start begins to listen, once. The listener is locked.
func (l *listener) start(ctx context.Context, at *target.Listener) error {
	switch {
	case l.closed:
		return errors.New("the run is over")
	case l.server != nil:
		return nil
	case at == nil:
		return errors.New("the profile names no listener")
	}
	ctx, cancel := context.WithTimeout(ctx, listenerStarted)
	defer cancel()
	var config net.ListenConfig
	on, err := config.Listen(ctx, "tcp", at.Address)
	if err != nil {
		return fmt.Errorf("nothing can listen at %s: %w (set listener.address to one that is free)", at.Address, err)
	}
	l.base = at.PublicURL
	if l.base == nil {
		l.base = &url.URL{Scheme: "http", Host: on.Addr().String()}
	}
	l.boxes, l.served = map[string]*inbox{}, make(chan struct{})
	l.server = &http.Server{
		Handler: http.HandlerFunc(l.take), MaxHeaderBytes: maxHookHeader, ErrorLog: log.New(io.Discard, "", 0),
		ReadHeaderTimeout: deliveryTime, ReadTimeout: deliveryTime, WriteTimeout: deliveryTime, IdleTimeout: deliveryTime,
	}
	go func(server *http.Server, served chan struct{}) {
		defer close(served)
		_ = server.Serve(netutil.LimitListener(on, maxDeliverers)) // ends with close
	}(l.server, l.served)
	return nil
}

// take is the server's handler. Only the last segment of the path counts, as what stands
// between may keep or drop the others.
func (l *listener) take(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	box := l.boxes[path.Base(r.URL.Path)]
	l.mu.Unlock()
	if box == nil {
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxMessage))
	if err != nil {
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	}
	rest, _ := r.Body.Read(make([]byte, 1))
	box.put(body, rest > 0)
	w.WriteHeader(http.StatusOK)
}

// close ends the listener. No address leads anywhere any more.
func (l *listener) close() {
	l.mu.Lock()
	server, served := l.server, l.served
	l.closed = true
	for key, box := range l.boxes {
		box.end(errClosedByUs)
		delete(l.boxes, key)
	}
	l.mu.Unlock()
	if server != nil {
		_ = server.Close()
		<-served
	}
}
