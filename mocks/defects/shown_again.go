package defects

import (
	"time"

	"github.com/scimproof/scimproof/mocks/acme"
)

// shownAgain are changes that are made, and that a read no longer shows a second later:
// access has ended, and SCIM says that it has not.
func shownAgain() []Defect {
	return []Defect{
		{
			Name:    "shown-active-again-after-1s",
			Summary: "A second after a deactivation a read shows the user as active again.",
			Checks:  []string{"survival.state.deactivate.*"},
			Gaps:    []string{"nonconformant deactivate"},
			Install: onLaterRead(func(r *acme.Read) {
				if r.Type == acme.TypeUser && r.Current != nil && !r.Current.Active() {
					r.Current["active"] = true
				}
			}),
		},
		{
			Name:    "deleted-shown-again-after-1s",
			Summary: "A second after a deletion a read shows the user or group again.",
			Checks:  []string{"survival.state.delete", "survival.state.delete-group"},
			Gaps:    []string{"nonconformant delete", "nonconformant delete-group"},
			Install: onLaterRead(func(r *acme.Read) {
				if r.Current == nil && !r.Foreign {
					r.Current = r.Previous
				}
			}),
		},
		{
			Name:    "old-name-shown-again-after-1s",
			Summary: "A second after a rename a read shows the old userName again.",
			Checks:  []string{"survival.state.rename"},
			Gaps:    []string{"nonconformant rename"},
			// A password is tried so few times that its watch ends half way.
			Watch: 3 * time.Second,
			Install: onLaterRead(func(r *acme.Read) {
				if r.Type == acme.TypeUser && r.Current != nil {
					r.Current["userName"] = r.Previous["userName"]
				}
			}),
		},
	}
}

// heldAgain are the same of what a group or a role opens.
func heldAgain() []Defect {
	return []Defect{
		{
			Name:    "removed-member-shown-again-after-1s",
			Summary: "A second after a member was taken out of a group a read shows them in it again.",
			Checks:  []string{"survival.state.remove-member.*"},
			Gaps:    []string{"nonconformant remove-member"},
			Install: onLaterRead(func(r *acme.Read) {
				if r.Type == acme.TypeGroup && r.Current != nil {
					r.Current["members"] = r.Previous["members"]
				}
			}),
		},
		{
			Name:    "removed-role-shown-again-after-1s",
			Summary: "A second after a role was taken from a user a read shows it again.",
			Checks:  []string{"survival.state.remove-role"},
			Gaps:    []string{"nonconformant remove-role"},
			Install: onLaterRead(func(r *acme.Read) {
				if r.Type == acme.TypeUser && r.Current != nil && r.Previous["roles"] != nil {
					r.Current["roles"] = r.Previous["roles"]
				}
			}),
		},
	}
}

// onLaterRead looks at reads of what was changed or deleted a second ago or longer.
func onLaterRead(hook func(*acme.Read)) func(*acme.Config) {
	return onRead(func(r *acme.Read) {
		if r.Previous != nil && r.Now.Sub(r.ChangedAt) >= time.Second {
			hook(r)
		}
	})
}
