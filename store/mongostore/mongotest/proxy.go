package mongotest

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"slices"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Fault is what a proxy does to one command.
type Fault int

// The faults. After NoAnswer and Late the client waits until it gives up, or
// the proxy is mended.
const (
	None        Fault = iota
	CutBefore         // the connection is cut; the server never sees the command
	CutAfter          // the server has done it, its answer is lost
	Truncate          // half of the answer comes, then the connection is cut
	NoAnswer          // the server has done it, its answer doesn't come
	Late              // the command waits, and the server may still get it when the proxy is mended
	NotPrimary        // answered "I am not the primary", as after an election; not done
	NotAllowed        // answered as to who may not do that; not done
	SteppedDown       // done, but answered that the primary stepped down meanwhile
)

// Proxy stands between a store and its MongoDB.
type Proxy struct {
	listener net.Listener
	to       string
	conns    sync.WaitGroup

	mu     sync.Mutex
	open   map[net.Conn]bool
	cut    bool
	heard  [][]byte              // every message of the clients
	shook  []tls.ConnectionState // every handshake that came to an end
	judge  func(command string, body bson.Raw) Fault
	mended chan struct{} // closed by Mend
	// relay, if it is set, has the server answer a command, and may change both.
	relay func(client net.Conn, command []byte, ask func([]byte) ([]byte, error)) ([]byte, error)
}

// NewProxy starts a proxy before the server.
func (s *Server) NewProxy(t testing.TB) *Proxy {
	t.Helper()
	return s.newProxy(t, func(l net.Listener) net.Listener { return l })
}

// NewTLSProxy starts one that speaks TLS with its clients. The server behind it
// gets what they say in plain.
func (s *Server) NewTLSProxy(t testing.TB, config *tls.Config) *Proxy {
	t.Helper()
	return s.newProxy(t, func(l net.Listener) net.Listener { return tls.NewListener(l, config) })
}

func (s *Server) newProxy(t testing.TB, over func(net.Listener) net.Listener) *Proxy {
	t.Helper()
	s.Need(t)
	u, err := url.Parse(s.URI)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := net.SplitHostPort(u.Host); err != nil || u.Query().Get("tls") == "true" || u.Scheme != "mongodb" {
		t.Skip("the proxy reads what it passes on: it needs one host and port, without TLS")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: over(listener), to: u.Host, open: map[net.Conn]bool{}, mended: make(chan struct{})}
	p.conns.Go(p.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		p.Mend()
		p.Cut()
		p.conns.Wait()
	})
	return p
}

// Through is the address of a database by way of the proxy.
func (p *Proxy) Through(t testing.TB, uri string) string {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = p.listener.Addr().String()
	q := u.Query()
	q.Set("directConnection", "true") // or the driver would go round the proxy
	q.Del("replicaSet")
	u.RawQuery = q.Encode()
	return u.String()
}

// Judge lets a function decide on every command from now on. It is called from
// several goroutines.
func (p *Proxy) Judge(judge func(command string, body bson.Raw) Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.judge = judge
}

// Once does something to the next command of that name; the channel closes
// when it came.
func (p *Proxy) Once(command string, fault Fault) <-chan struct{} {
	came := make(chan struct{})
	var once sync.Once
	p.Judge(func(name string, _ bson.Raw) Fault {
		found := None
		if name == command {
			once.Do(func() {
				found = fault
				close(came)
			})
		}
		return found
	})
	return came
}

// Always does something to every command of that name.
func (p *Proxy) Always(command string, fault Fault) {
	p.Judge(func(name string, _ bson.Raw) Fault {
		if name == command {
			return fault
		}
		return None
	})
}

// Cut ends all connections and takes no more: the server is gone.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = true
	for c := range p.open {
		_ = c.Close()
	}
}

// Mend takes connections again and lets everything pass.
func (p *Proxy) Mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut, p.judge = false, nil
	close(p.mended)
	p.mended = make(chan struct{})
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.conns.Go(func() {
			defer client.Close()
			if !p.enter(client) {
				return
			}
			defer p.leave(client)
			if !p.shake(client) {
				return
			}
			server, err := net.Dial("tcp", p.to)
			if err != nil {
				return
			}
			defer server.Close()
			for p.pass(client, server) == nil {
			}
		})
	}
}

func (p *Proxy) enter(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut {
		return false
	}
	p.open[c] = true
	return true
}

func (p *Proxy) leave(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
}

// shake does the TLS handshake, if the proxy speaks TLS. After one that failed
// it waits until the client hangs up: to close with something unread would take
// from the client what TLS says about the failure.
func (p *Proxy) shake(client net.Conn) bool {
	c, ok := client.(*tls.Conn)
	if !ok {
		return true
	}
	if err := c.Handshake(); err != nil {
		if half, ok := c.NetConn().(*net.TCPConn); ok {
			_ = half.CloseWrite()
		}
		_, _ = io.Copy(io.Discard, c.NetConn())
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shook = append(p.shook, c.ConnectionState())
	return true
}

// Heard is every message that clients have sent, as it was behind TLS.
func (p *Proxy) Heard() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.heard)
}

// Shook is every TLS handshake that was done.
func (p *Proxy) Shook() []tls.ConnectionState {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.shook)
}

var errCut = errors.New("cut")

// pass passes one command on, and its answer back.
func (p *Proxy) pass(client, server net.Conn) error {
	command, err := message(client)
	if err != nil {
		return err
	}
	p.mu.Lock()
	judge, mended, relay := p.judge, p.mended, p.relay
	p.heard = append(p.heard, command)
	p.mu.Unlock()
	fault := None
	if name, body := read(command); judge != nil && name != "" {
		fault = judge(name, body)
	}
	switch fault {
	case CutBefore:
		return errCut
	case NotPrimary:
		_, err := client.Write(refusal(command, 10107, "NotWritablePrimary"))
		return err
	case NotAllowed:
		_, err := client.Write(refusal(command, 13, "Unauthorized"))
		return err
	case Late:
		gone(client, mended)
	}
	asked := func(command []byte) ([]byte, error) { return ask(server, command) }
	if relay == nil {
		relay = func(_ net.Conn, command []byte, ask func([]byte) ([]byte, error)) ([]byte, error) {
			return ask(command)
		}
	}
	answer, err := relay(client, command, asked)
	if err != nil {
		return err
	}
	switch fault {
	case CutAfter:
		return errCut
	case Truncate:
		_, _ = client.Write(answer[:len(answer)/2])
		return errCut
	case NoAnswer:
		gone(client, mended)
		return errCut
	case SteppedDown:
		answer = refusal(command, 189, "PrimarySteppedDown")
	}
	_, err = client.Write(answer)
	return err
}

// gone waits until the client hangs up or the proxy is mended.
func gone(client net.Conn, mended <-chan struct{}) {
	hung := make(chan struct{})
	go func() {
		defer close(hung)
		_, _ = client.Read(make([]byte, 1)) // a client that waits for an answer sends nothing
	}()
	select {
	case <-hung:
	case <-mended:
	}
}

func ask(server net.Conn, command []byte) ([]byte, error) {
	if _, err := server.Write(command); err != nil {
		return nil, err
	}
	return message(server)
}

// message reads one message of the wire protocol: its length comes first.
func message(from io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(head[:])
	if length < 16 || length > 48_000_000 {
		return nil, errors.New("this is not MongoDB's wire protocol")
	}
	text := make([]byte, length)
	copy(text, head[:])
	_, err := io.ReadFull(from, text[4:])
	return text, err
}

// opMsg is the number of the kind of message that all commands use but the
// first of a connection.
const opMsg = 2013

// read returns the command of a message and its document, if it is one: behind
// head (16 bytes) and flags (4) come sections, the document's begins with 0.
func read(m []byte) (string, bson.Raw) {
	for at := 20; binary.LittleEndian.Uint32(m[12:]) == opMsg && at+5 <= len(m); {
		size := int(binary.LittleEndian.Uint32(m[at+1:]))
		if size < 5 || at+1+size > len(m) {
			return "", nil
		}
		if m[at] == 0 {
			body := bson.Raw(m[at+1 : at+1+size])
			if first, err := body.IndexErr(0); err == nil {
				return first.Key(), body
			}
			return "", nil
		}
		at += 1 + size
	}
	return "", nil
}

// refusal is the answer with which a server refuses a command.
func refusal(command []byte, code int32, name string) []byte {
	says := bson.D{
		{Key: "ok", Value: 0.0},
		{Key: "errmsg", Value: "refused by the test's proxy"},
		{Key: "code", Value: code},
		{Key: "codeName", Value: name},
	}
	if _, asked := read(command); asked.Lookup("txnNumber").Type != 0 { // a write that the driver may send again
		says = append(says, bson.E{Key: "errorLabels", Value: bson.A{"RetryableWriteError"}})
	}
	return reply(command, says)
}

// reply is the message that answers a command.
func reply(command []byte, says bson.D) []byte {
	body, err := bson.Marshal(says)
	if err != nil {
		return nil // can't be: all of it is scalar
	}
	answer := make([]byte, 21, 21+len(body))
	binary.LittleEndian.PutUint32(answer, uint32(21+len(body)))
	copy(answer[8:12], command[4:8]) // to which message this is the answer
	binary.LittleEndian.PutUint32(answer[12:], opMsg)
	return append(answer, body...)
}
