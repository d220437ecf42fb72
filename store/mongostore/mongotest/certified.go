package mongotest

import (
	"crypto/tls"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// NewCertifiedProxy starts a proxy that does for a server without certificates what
// MongoDB's manual says of X.509: the client shows a certificate of ours in the TLS
// handshake, its subject is the name of the user, and a connection that has not signed
// in by "authenticate" with MONGODB-X509 may do nothing but ask who is there. Names
// are the subjects that are users, as "CN=box"; a certificate of anybody else is good for
// TLS and for nothing more.
//
// A shorter way, to sign in with the first words of a connection, is not offered; the
// driver goes the long one then.
func (s *Server) NewCertifiedProxy(t testing.TB, ours *Authority, names ...string) *Proxy {
	t.Helper()
	if strings.Contains(s.URI, "@") {
		t.Skip("the server behind the proxy wants a sign-in of its own; name one without in " + mongoVariable)
	}
	p := s.NewTLSProxy(t, &tls.Config{
		Certificates: []tls.Certificate{*ours.Server(t, "127.0.0.1")},
		ClientAuth:   tls.RequireAndVerifyClientCert, ClientCAs: ours.Pool(), MinVersion: tls.VersionTLS12,
	})
	c := certified{names: names, in: map[net.Conn]bool{}}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.relay = c.relay
	return p
}

// certified knows which connections have signed in.
type certified struct {
	names []string
	mu    sync.Mutex
	in    map[net.Conn]bool
}

// MongoDB's codes for who may not.
const (
	unauthorized         = 13
	authenticationFailed = 18
)

func (c *certified) relay(client net.Conn, command []byte, ask func([]byte) ([]byte, error)) ([]byte, error) {
	name, body := read(command)
	c.mu.Lock()
	in := c.in[client]
	c.mu.Unlock()
	switch {
	case name == "" || slices.Contains(hellos, name) || in && name != "authenticate":
		return ask(command)
	case name != "authenticate":
		return refusal(command, unauthorized, "Unauthorized"), nil
	}
	var by struct {
		Mechanism string `bson:"mechanism"`
		User      string `bson:"user"`
		Database  string `bson:"$db"`
	}
	if err := bson.Unmarshal(body, &by); err != nil {
		return nil, err
	}
	subject := client.(*tls.Conn).ConnectionState().PeerCertificates[0].Subject.String() //nolint:forcetypeassert // the proxy speaks TLS
	if by.Mechanism != "MONGODB-X509" || by.Database != "$external" || by.User != "" && by.User != subject || !slices.Contains(c.names, subject) {
		return refusal(command, authenticationFailed, "AuthenticationFailed"), nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in[client] = true
	return reply(command, bson.D{{Key: "dbname", Value: "$external"}, {Key: "user", Value: subject}, {Key: "ok", Value: 1.0}}), nil
}
