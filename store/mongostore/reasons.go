package mongostore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"
	driveraddress "go.mongodb.org/mongo-driver/v2/mongo/address"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/description"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"github.com/insidebox/insidebox/store"
)

// say is what an error of the driver says to who runs the servers: why each
// host can't be used, instead of the driver's picture of all of them.
func (a *address) say(err error) string {
	var nobody topology.ServerSelectionError
	if errors.As(err, &nobody) {
		return a.unselected(nobody.Desc)
	}
	if sentence, lasting := a.why(err); lasting {
		return "at " + a.hosts + ": " + sentence
	}
	return err.Error()
}

const noPrimary = "no primary was found: "

// unselected says why no host was taken.
func (a *address) unselected(seen description.Topology) string {
	var hosts []string
	for _, s := range seen.Servers {
		sentence := "it has not answered yet"
		switch {
		case s.LastError != nil:
			sentence, _ = a.why(s.LastError)
		case s.Kind != description.Unknown:
			sentence = "it answers, as " + s.Kind.String()
		}
		hosts = append(hosts, s.Addr.String()+": "+sentence)
	}
	if len(hosts) == 0 && a.client.ReplicaSet != nil {
		return fmt.Sprintf("%snone of %s is a member of the replica set %s", noPrimary, a.hosts, *a.client.ReplicaSet)
	}
	return noPrimary + strings.Join(hosts, "; ")
}

// why is why a host can't be used, and whether that lasts until somebody mends
// a certificate or the address: no patience helps against it.
func (a *address) why(err error) (sentence string, lasting bool) {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		op        *net.OpError
		conn      topology.ConnectionError
	)
	switch {
	case errors.As(err, &authority):
		return a.untrusted(authority.Cert), true
	case errors.As(err, &name):
		return fmt.Sprintf("its certificate is for %s, not for %s: name the host in the address as its certificate does, or give it a certificate for this name",
			names(name.Certificate), name.Host), true
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		return fmt.Sprintf("its certificate holds from %s to %s, and the clock of this machine is not within: renew the certificate, or set the clock",
			day(invalid.Cert.NotBefore), day(invalid.Cert.NotAfter)), true
	case errors.As(err, &invalid):
		return "its certificate can't be accepted: " + invalid.Error(), true
	case errors.As(err, &record):
		return "it answers, but not in TLS: take tls=true out of the address, or name a port that speaks TLS", true
	case errors.As(err, &op) && op.Op == "remote error":
		return a.alert(op.Err.Error()), true
	case hungUp(err):
		return a.cutOff(), false
	case errors.As(err, &conn) && conn.Wrapped != nil:
		return conn.Wrapped.Error(), false
	}
	return err.Error(), false
}

// untrusted says what to do about a certificate whose issuer nobody knows here.
func (a *address) untrusted(cert *x509.Certificate) string {
	issuer := "an authority"
	if cert != nil {
		issuer = "the authority " + cert.Issuer.String()
	}
	if a.authorities == "" {
		return fmt.Sprintf("its certificate comes from %s, which this machine does not trust: name a file with the authority's certificate as tlsCAFile in the address", issuer)
	}
	return fmt.Sprintf("its certificate comes from %s, which is not in the tlsCAFile %s: put the authority's certificate there", issuer, a.authorities)
}

// alert says what a host has against the TLS of this side, of which it tells a
// few words.
func (a *address) alert(words string) string {
	switch {
	case !strings.Contains(words, "certificate") && !strings.Contains(words, "handshake failure"):
		return "it ended the TLS handshake: " + words
	case a.certified():
		return fmt.Sprintf("it does not accept the certificate of the tlsCertificateKeyFile (%s): give one that it trusts", words)
	}
	return fmt.Sprintf("it wants a certificate and got none (%s): name a file with certificate and key as tlsCertificateKeyFile in the address", words)
}

// cutOff says what may be wrong when a host hangs up on whoever calls. One that
// is going down does so too, but then it does not answer at all soon.
func (a *address) cutOff() string {
	const saying = "it cut the connection off: where it is up and this lasts, "
	switch {
	case a.client.TLSConfig == nil:
		return saying + "it wants TLS; put tls=true into the address"
	case a.certified():
		return saying + "it speaks no TLS at this port, or does not accept the certificate of the tlsCertificateKeyFile"
	}
	return saying + "it speaks no TLS at this port (take tls=true out of the address), or wants a certificate (tlsCertificateKeyFile)"
}

// certified tells whether this side has a certificate to show.
func (a *address) certified() bool {
	return a.client.TLSConfig != nil && len(a.client.TLSConfig.Certificates) > 0
}

// hungUp tells whether a host ended a connection.
func hungUp(err error) bool {
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}

// names are those that a certificate is for.
func names(cert *x509.Certificate) string {
	all := append([]string(nil), cert.DNSNames...)
	for _, ip := range cert.IPAddresses {
		all = append(all, ip.String())
	}
	if len(all) == 0 {
		return "no host at all"
	}
	return strings.Join(all, ", ")
}

func day(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 MST") }

// A lookout hears the driver's heartbeats, and gives a start up as soon as every
// host has failed for a reason that lasts: to wait for a primary would only
// keep that from whoever has to mend it.
type lookout struct {
	address *address
	give    context.CancelCauseFunc

	mu    sync.Mutex
	hosts map[string]string // what lasts at each host; empty when patience may help
}

// watch lets give be called when there is no hope.
func (a *address) watch(give context.CancelCauseFunc) {
	l := &lookout{address: a, give: give, hosts: map[string]string{}}
	for _, host := range a.client.Hosts {
		l.hosts[driveraddress.Address(host).String()] = ""
	}
	a.client.SetServerMonitor(&event.ServerMonitor{
		ServerOpening:            func(e *event.ServerOpeningEvent) { l.heard(e.Address.String(), nil) },
		ServerHeartbeatSucceeded: func(e *event.ServerHeartbeatSucceededEvent) { l.heard(hostOf(e.ConnectionID), nil) },
		ServerHeartbeatFailed:    func(e *event.ServerHeartbeatFailedEvent) { l.heard(hostOf(e.ConnectionID), e.Failure) },
		ServerClosed: func(e *event.ServerClosedEvent) {
			l.mu.Lock()
			defer l.mu.Unlock()
			delete(l.hosts, e.Address.String())
		},
	})
}

// hostOf is the host that a connection of the driver goes to; a number follows.
func hostOf(connection string) string {
	host, _, _ := strings.Cut(connection, "[-")
	return host
}

func (l *lookout) heard(host string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hosts[host] = ""
	if err == nil {
		return
	}
	if sentence, lasting := l.address.why(err); lasting {
		l.hosts[host] = sentence
	}
	var all []string
	for host, sentence := range l.hosts {
		if sentence == "" {
			return
		}
		all = append(all, host+": "+sentence)
	}
	slices.Sort(all)
	l.give(&failure{kind: store.ErrUnavailable, text: l.address.tidy(noPrimary + strings.Join(all, "; "))})
}
