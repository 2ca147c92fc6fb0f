package defects

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// The functions below make an Install of a single hook.

func beforeChange(hook func(*acme.Change)) func(*acme.Config) {
	return func(c *acme.Config) { c.Hooks.BeforeChange = append(c.Hooks.BeforeChange, hook) }
}

func judge(hook func(*acme.Credential)) func(*acme.Config) {
	return func(c *acme.Config) { c.Hooks.JudgeCredential = append(c.Hooks.JudgeCredential, hook) }
}

func onQuery(hook func(*acme.Query)) func(*acme.Config) {
	return func(c *acme.Config) { c.Hooks.OnQuery = append(c.Hooks.OnQuery, hook) }
}

func onRead(hook func(*acme.Read)) func(*acme.Config) {
	return func(c *acme.Config) { c.Hooks.OnRead = append(c.Hooks.OnRead, hook) }
}

func writeReply(hook func(*acme.Reply)) func(*acme.Config) {
	return func(c *acme.Config) { c.Hooks.WriteReply = append(c.Hooks.WriteReply, hook) }
}

// changesUser reports whether a user is changed by the method.
func changesUser(c *acme.Change, method string) bool {
	return c.Type == acme.TypeUser && c.Method == method
}

// keep leaves an attribute as it was. A write that is refused has none.
func keep(c *acme.Change, name string) {
	if c.After == nil {
		return
	}
	if value, ok := c.Before[name]; ok {
		c.After[name] = value
	} else {
		delete(c.After, name)
	}
}

// letIn lets a credential in as an account.
func letIn(c *acme.Credential, as *acme.Account) { c.Allowed, c.As = true, as }

// both installs one and then the other.
func both(one, other func(*acme.Config)) func(*acme.Config) {
	return func(c *acme.Config) {
		one(c)
		other(c)
	}
}

// numericIDs gives new resources ids that are the digits of a number.
func numericIDs() func(*acme.Config) {
	return func(c *acme.Config) {
		var last atomic.Int64
		last.Store(1000)
		beforeChange(func(c *acme.Change) {
			if c.Method == http.MethodPost {
				c.ID = strconv.FormatInt(last.Add(1), 10)
			}
		})(c)
	}
}

// number reads text that is the digits of a number.
func number(v any) (int, bool) {
	digits, _ := v.(string)
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// moment reads a dateTime (RFC 7643 §2.3.5).
func moment(v any) (time.Time, bool) {
	written, _ := v.(string)
	at, err := time.Parse(time.RFC3339Nano, written)
	return at, err == nil
}

func judgeClient(hook func(*acme.Client)) func(*acme.Config) {
	return func(c *acme.Config) { c.Hooks.JudgeClient = append(c.Hooks.JudgeClient, hook) }
}
