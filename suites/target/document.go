package target

// document is a profile in the form of its file.
type document struct {
	Name               string
	ID                 string
	Environment        string
	ApplicationVersion string
	Owners             Owners
	SCIM               struct {
		BaseURL string
		Auth    documentAuth
		Others  struct {
			ReadOnly, Ended, Person *documentAuth
			OtherTenant             *struct {
				BaseURL string
				Auth    documentAuth
			}
		}
		Headers    map[string]string
		TLS        TLS
		MailDomain string
		UserExtra  map[string]any
		Role       string
	}
	Container    *documentContainer
	Clients      []string
	RevokeWithin string
	GiveUpAfter  string
	Subjects     int
	Limits       struct {
		RequestsPerSecond, AccessRequestsPerSecond float64
		Concurrency, Connections                   int
		RequestTimeout                             string
		MaxBodyBytes                               int64
		ReadLag                                    string
	}
	Secrets       map[string]documentSecret
	Assertions    map[string]documentAssertion
	Listener      *documentListener
	Browser       BrowserOptions
	Access        []documentPath
	OutOfBand     []documentAct
	Issued        []documentStep
	SharedSecrets []SharedSecret
	NotApplicable []documentNotApplicable
}

type documentAuth struct {
	Bearer            *struct{ Token, TokenFile string }
	Basic             *struct{ Username, Password, PasswordFile string }
	ClientCredentials *struct {
		TokenURL, ClientID, ClientSecret, ClientSecretFile string
		Scopes                                             []string
	}
}

// documentSecret is one of the two.
type documentSecret struct{ Value, ValueFile string }

// documentNotApplicable names one kind or several, or one act or several.
type documentNotApplicable struct {
	Kind       Kind
	Kinds      []Kind
	Act        Act
	Acts       []Act
	Issued     bool
	AssertedBy string
	Reason     string
}

type documentAct struct {
	Act         Act
	Description string
	Steps       []documentStep
	Undo        []documentStep
}

type documentPath struct {
	Name                   string
	Kind                   Kind
	Uses                   string // the recipe that the rest came from
	Description            string
	Arm                    []documentStep
	Try                    documentStep
	Disarm                 []documentStep
	Owner                  []documentStep
	MayBeHandedOver        bool
	Fresh                  bool
	OneShot                bool
	MaxTries               int
	DeclaredLifetime       string
	RestoredOnReactivation bool
	KeptOnPasswordChange   bool
}

type documentStep struct {
	Get, Post, Put, Patch, Delete string
	Exec                          *documentExec
	Mail                          *documentMail
	Stream                        *documentStream
	OAuth                         *documentOAuth
	Browser                       *documentBrowser
	Log                           *documentLog // of container.seed
	Headers                       map[string]string
	Form                          map[string]string
	JSON                          any
	Body                          string
	BasicAuth                     *BasicAuth
	Expect                        []int
	Capture                       map[string]Capture
	FollowRedirects               bool
	Cookies                       []string
	WaitUpTo                      string
	Allowed                       Allowed        // of a try
	Denied                        *Denied        // of a try
	Provoke                       []documentStep // of a try
	Within                        string         // of a try
	As                            string         // of a try
}

type documentExec struct {
	Argv      []string
	TimeLimit string
	Env       map[string]string
	Plain     bool
}

type documentMail struct {
	Maildir     string
	IMAP        *documentIMAP
	To, Subject string
}

type documentStream struct {
	SSE, WebSocket     string
	Headers            map[string]string
	Subprotocols, Send []string
}

type documentBrowser struct {
	Open, Within string
	Do           []Action
}

type documentListener struct{ Address, PublicURL string }

type documentIMAP struct{ Server, Username, Password, Mailbox string }

// methods pairs each method with the key that names it and the URL under the key.
func (s documentStep) methods() []struct{ method, key, url string } {
	return []struct{ method, key, url string }{
		{"GET", "get", s.Get}, {"POST", "post", s.Post}, {"PUT", "put", s.Put}, {"PATCH", "patch", s.Patch}, {"DELETE", "delete", s.Delete},
	}
}
