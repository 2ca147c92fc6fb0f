package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// The environment. A flag goes before its variable.
const (
	listenVariable  = "ACME_LISTEN"
	defectsVariable = "ACME_DEFECTS"
	scimVariable    = "ACME_SCIM_TOKEN"
)

// settings say what to do.
type settings struct {
	listen      string   // host:port
	defects     []string // names from package defects
	scimToken   string   // empty to make one
	healthcheck bool     // ask whether it is well instead of serving
}

// readSettings reads flags and environment. It is flag.ErrHelp once help was shown.
func readSettings(args []string, getenv func(string) string, stderr io.Writer) (settings, error) {
	var s settings
	var defects string
	flags := flag.NewFlagSet("acme", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // a mistake is said once, by whoever gets the error
	flags.StringVar(&s.listen, "listen", cmp.Or(getenv(listenVariable), "0.0.0.0:8080"), "`host:port` to listen on; "+listenVariable)
	flags.StringVar(&defects, "defects", getenv(defectsVariable), "`names` of defects to switch on, separated by commas; "+defectsVariable)
	flags.BoolVar(&s.healthcheck, "healthcheck", false, "ask the application that listens whether it is well, and exit 0 if so")
	flags.Usage = func() {} // help is for those who ask for it
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		usage(flags, stderr)
		return settings{}, err
	} else if err != nil {
		return settings{}, fmt.Errorf("%w; see acme --help", err)
	}
	if flags.NArg() > 0 {
		return settings{}, fmt.Errorf("there is nothing to do with the argument %q; see acme --help", flags.Arg(0))
	}
	for name := range strings.SplitSeq(defects, ",") {
		if name = strings.TrimSpace(name); name != "" {
			s.defects = append(s.defects, name)
		}
	}
	s.scimToken = getenv(scimVariable)
	if strings.ContainsFunc(s.scimToken, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return settings{}, errors.New(scimVariable + " has a blank or another character that no bearer token may have; give it letters, digits and -._~+/=")
	}
	return s, nil
}

// usage shows help.
func usage(flags *flag.FlagSet, out io.Writer) {
	_, _ = fmt.Fprintf(out, `Acme, the reference application: SCIM below /scim/v2, a product around it, and /health.

Without %s it makes a SCIM token and prints it once, as it starts.

`, scimVariable)
	flags.SetOutput(out)
	flags.PrintDefaults()
}
