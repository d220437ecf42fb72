package mongostore

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// The limits that hold when neither options nor address say otherwise.
const (
	defaultDeadline  = 10 * time.Second
	defaultSelection = 5 * time.Second
	defaultDatabase  = "insidebox"
)

// IsAddress tells whether a text is the address of a MongoDB.
func IsAddress(text string) bool {
	return strings.HasPrefix(text, "mongodb://") || strings.HasPrefix(text, "mongodb+srv://")
}

// address is what an address says.
type address struct {
	client   *options.ClientOptions
	database string
	hosts    string // for messages
	hide     func(string) string

	authorities string // the tlsCAFile
}

// parse reads an address and settles what it leaves open.
func parse(text string, opts Options) (address, error) {
	a := address{hide: hider(text), database: defaultDatabase}
	parsed, err := connstring.ParseAndValidate(text)
	if err != nil {
		return a, fmt.Errorf("read the MongoDB address: %s", a.hide(err.Error()))
	}
	if parsed.Database != "" {
		a.database = parsed.Database
	}
	a.hosts, a.authorities = strings.Join(parsed.Hosts, ","), parsed.SSLCaFile
	if err := files(parsed); err != nil {
		return a, fmt.Errorf("read the MongoDB address: %s", a.hide(err.Error()))
	}
	c := options.Client().ApplyURI(text)
	if err := c.Validate(); err != nil {
		return a, fmt.Errorf("read the MongoDB address: %s", a.hide(blame(parsed, err).Error()))
	}
	if c.Auth != nil && c.Auth.AuthMechanism == "MONGODB-X509" && (c.TLSConfig == nil || len(c.TLSConfig.Certificates) == 0) {
		return a, errors.New("read the MongoDB address: authMechanism=MONGODB-X509 signs in with a certificate: name a file with certificate and key as tlsCertificateKeyFile, and tls=true")
	}
	if err := promised(c); err != nil {
		return a, fmt.Errorf("read the MongoDB address: %w", err)
	}
	journal := true
	c.SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal})
	c.SetReadConcern(readconcern.Majority()).SetReadPreference(readpref.Primary())
	c.SetRetryWrites(true).SetRetryReads(true)
	if c.AppName == nil {
		c.SetAppName("insidebox")
	}
	switch {
	case opts.Deadline > 0:
		c.SetTimeout(opts.Deadline)
	case c.Timeout == nil || *c.Timeout <= 0:
		c.SetTimeout(defaultDeadline)
	}
	if c.ServerSelectionTimeout == nil {
		c.SetServerSelectionTimeout(min(defaultSelection, *c.Timeout))
	}
	a.client = c
	return a, nil
}

// promised refuses an address that asks for less than the store promises, or that
// would give its password away.
func promised(c *options.ClientOptions) error {
	const why = "the store's promises rest on it; take it out of the address"
	if w := c.WriteConcern; w != nil && (w.W != nil && w.W != "majority" || w.Journal != nil && !*w.Journal) {
		return errors.New("writes wait for a majority and its journals (w=majority, journal=true): " + why)
	}
	if r := c.ReadConcern; r != nil && r.Level != "majority" {
		return errors.New("reads are majority reads (readConcernLevel=majority): " + why)
	}
	if p := c.ReadPreference; p != nil && p.Mode() != readpref.PrimaryMode {
		return errors.New("reads go to the primary (readPreference=primary): " + why)
	}
	if c.RetryWrites != nil && !*c.RetryWrites {
		return errors.New("writes are retryable (retryWrites=true): " + why)
	}
	if c.Auth != nil && c.Auth.AuthMechanism == "PLAIN" && c.TLSConfig == nil {
		return errors.New("authMechanism=PLAIN sends the password as it is, for anybody on the way to read; put tls=true beside it")
	}
	return nil
}

var (
	userinfo = regexp.MustCompile(`^[a-z+]+://([^/?#]*)@`)
	secretly = regexp.MustCompile(`(?i)[?&;]([a-z]*(?:password|token|authmechanismproperties)[a-z]*)=([^&;]*)`)
	anywhere = regexp.MustCompile(`(mongodb(?:\+srv)?://)\S*@`)
)

// hider returns a function that takes out of a text what is secret in an
// address: name and password, and whatever stands under a name with password
// or token in it, as they stand in the address and as they are meant.
func hider(text string) func(string) string {
	var secrets []string
	note := func(s string) {
		if s == "" {
			return
		}
		secrets = append(secrets, s)
		if plain, err := url.PathUnescape(s); err == nil && plain != s {
			secrets = append(secrets, plain)
		}
	}
	if found := userinfo.FindStringSubmatch(text); found != nil {
		note(found[1])
		_, password, _ := strings.Cut(found[1], ":")
		note(password)
	}
	for _, found := range secretly.FindAllStringSubmatch(text, -1) {
		note(found[2])
		for _, part := range strings.FieldsFunc(found[2], func(r rune) bool { return r == ',' || r == ':' }) {
			if len(part) >= 8 { // shorter ones are names
				note(part)
			}
		}
	}
	return func(s string) string {
		s = anywhere.ReplaceAllString(s, "$1…@")
		for _, secret := range secrets {
			s = strings.ReplaceAll(s, secret, "…")
		}
		return s
	}
}
