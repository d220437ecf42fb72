package mongotest

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// A ReplicaSet is two doors to one server which say of themselves that they are the
// members of a replica set, one of them its primary. The driver finds out which one,
// and after an election anew, as it does with a real set. What the doors add is what
// a real set promises to a driver: who is not the primary refuses, and a write that
// comes a second time under its number is not done again, but answered as before.
//
// It is no replica set: there is one server behind it, so that it shows what we and
// the driver make of an election, and nothing of what MongoDB keeps through one. Snapshots are read as any other read,
// unless [ReplicaSet.KeepMoments].
type ReplicaSet struct {
	doors [2]*Proxy

	mu      sync.Mutex
	primary int
	term    int
	judge   func(command string, body bson.Raw) Fault
	done    map[string][]byte // answers to numbered writes
	moments *moments          // nil when it keeps none
}

// NewReplicaSet opens both doors; the first is the primary.
func (s *Server) NewReplicaSet(t testing.TB) *ReplicaSet {
	t.Helper()
	rs := &ReplicaSet{doors: [2]*Proxy{s.NewProxy(t), s.NewProxy(t)}, term: 1, done: map[string][]byte{}}
	for i, door := range rs.doors {
		door.mu.Lock()
		door.relay = func(_ net.Conn, command []byte, ask func([]byte) ([]byte, error)) ([]byte, error) {
			return rs.relay(i, command, ask)
		}
		door.mu.Unlock()
		door.Judge(func(name string, body bson.Raw) Fault { return rs.decide(i, name, body) })
	}
	return rs
}

// Through is the address of a database by way of both doors.
func (rs *ReplicaSet) Through(t testing.TB, uri string) string {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = strings.Join(rs.hosts(), ",")
	q := u.Query()
	q.Del("directConnection")
	q.Set("replicaSet", "rs0")
	u.RawQuery = q.Encode()
	return u.String()
}

func (rs *ReplicaSet) hosts() []string {
	return []string{rs.doors[0].listener.Addr().String(), rs.doors[1].listener.Addr().String()}
}

// Judge lets a function decide on every command that reaches the primary. It may
// call Elect.
func (rs *ReplicaSet) Judge(judge func(command string, body bson.Raw) Fault) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.judge = judge
}

// Elect makes the other member the primary.
func (rs *ReplicaSet) Elect() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.primary, rs.term = 1-rs.primary, rs.term+1
}

// hellos are the commands by which a driver asks who a member is.
var hellos = []string{"hello", "ismaster", "isMaster"}

func (rs *ReplicaSet) decide(door int, name string, body bson.Raw) Fault {
	rs.mu.Lock()
	primary, judge := rs.primary == door, rs.judge
	rs.mu.Unlock()
	switch {
	case slices.Contains(hellos, name) || name == "ping" || name == "endSessions":
		return None
	case !primary:
		return NotPrimary
	case judge != nil:
		return judge(name, body)
	}
	return None
}

// relay lets the server answer, and amends what it says.
func (rs *ReplicaSet) relay(door int, command []byte, ask func([]byte) ([]byte, error)) ([]byte, error) {
	name, body := read(command)
	if name == "" || slices.Contains(hellos, name) {
		answer, err := ask(command)
		if err != nil {
			return nil, err
		}
		return edited(answer, func(d bson.D) bson.D { return rs.member(door, d) })
	}
	number := ""
	if txn, err := body.LookupErr("txnNumber"); err == nil {
		number = fmt.Sprint(body.Lookup("lsid"), txn)
	}
	rs.mu.Lock()
	answer, again := rs.done[number]
	moments := rs.moments
	rs.mu.Unlock()
	if again && number != "" {
		answer = slices.Clone(answer)
		copy(answer[8:12], command[4:8]) // to which message this is the answer
		return answer, nil
	}
	plain, err := edited(command, func(d bson.D) bson.D {
		return without(d, "lsid", "txnNumber", "$clusterTime")
	})
	if err != nil {
		return nil, err
	}
	if moments != nil {
		answer, err = moments.relay(plain, ask)
	} else {
		answer, err = ask(plain)
	}
	if err == nil && number != "" {
		rs.mu.Lock()
		rs.done[number] = answer
		rs.mu.Unlock()
	}
	return answer, err
}

// member makes of a server's answer to a hello that of a member of the set.
func (rs *ReplicaSet) member(door int, d bson.D) bson.D {
	rs.mu.Lock()
	primary, term := rs.primary, rs.term
	rs.mu.Unlock()
	election := bson.ObjectID{}
	binary.BigEndian.PutUint32(election[8:], uint32(term))
	says := bson.D{
		{Key: "setName", Value: "rs0"},
		{Key: "setVersion", Value: int32(1)},
		{Key: "hosts", Value: rs.hosts()},
		{Key: "me", Value: rs.hosts()[door]},
		{Key: "primary", Value: rs.hosts()[primary]},
		{Key: "isWritablePrimary", Value: primary == door},
		{Key: "ismaster", Value: primary == door},
		{Key: "secondary", Value: primary != door},
		{Key: "logicalSessionTimeoutMinutes", Value: int32(30)},
	}
	if primary == door {
		says = append(says, bson.E{Key: "electionId", Value: election})
	}
	d = slices.DeleteFunc(d, func(e bson.E) bool {
		return e.Key == "topologyVersion" || slices.ContainsFunc(says, func(s bson.E) bool { return s.Key == e.Key })
	})
	return append(d, says...)
}

// opReply is the kind of message that answers the first of a connection.
const opReply = 1

// edited changes the document of a message, whatever kind of message it is.
func edited(m []byte, change func(bson.D) bson.D) ([]byte, error) {
	at := 0
	switch binary.LittleEndian.Uint32(m[12:]) {
	case opReply:
		at = 36 // behind head, flags, cursor, start and number of documents
	case opMsg:
		at = 21 // behind head, flags and the kind of section
		for at+4 <= len(m) && m[at-1] != 0 {
			at += 1 + int(binary.LittleEndian.Uint32(m[at:]))
		}
	}
	if at == 0 || at+4 > len(m) {
		return m, nil
	}
	size := int(binary.LittleEndian.Uint32(m[at:]))
	if size < 5 || at+size > len(m) {
		return m, nil
	}
	var d bson.D
	if err := bson.Unmarshal(m[at:at+size], &d); err != nil {
		return nil, err
	}
	body, err := bson.Marshal(change(d))
	if err != nil {
		return nil, err
	}
	out := slices.Concat(m[:at], body, m[at+size:])
	binary.LittleEndian.PutUint32(out, uint32(len(out)))
	return out, nil
}
