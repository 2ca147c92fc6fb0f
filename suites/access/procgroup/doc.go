// Package procgroup ends commands together with all that they started.
package procgroup
