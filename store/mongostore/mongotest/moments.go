package mongotest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// moments let the doors of a [ReplicaSet] keep what MongoDB's manual says of read
// concern "snapshot": the first such read of a session picks a moment and is told
// which, as atClusterTime; a read that names it sees all as it was then, whatever was
// written since, and so is what its cursor still gives; a moment that nobody has picked
// is refused, and so is every other command.
//
// What is seen is a copy of the whole database, made while the writes that come by way
// of these doors wait. So a test shows that a store asks for one moment and sees one,
// and not how MongoDB keeps it, nor for how long.
type moments struct {
	client  *mongo.Client
	writing sync.RWMutex // held for reading by whatever may write, and by who copies

	mu     sync.Mutex
	copies map[string]string         // of "database at time", the database that is a copy of it
	still  map[string]bson.Timestamp // by database, the latest moment, if nothing was written since
	latest uint32
}

// KeepMoments gives the set snapshots, for databases that are written by way of its
// doors alone.
func (rs *ReplicaSet) KeepMoments(t testing.TB, s *Server) *ReplicaSet {
	t.Helper()
	m := &moments{client: s.Client(t), copies: map[string]string{}, still: map[string]bson.Timestamp{}}
	t.Cleanup(m.drop)
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.moments = m
	return rs
}

// concern is what a command says of the moment that it reads.
type concern struct {
	Level string         `bson:"level"`
	At    bson.Timestamp `bson:"atClusterTime"`
}

// snapshotReads are the commands that may ask for a moment.
var snapshotReads = []string{"find", "aggregate", "distinct"}

// reads are all the commands that change nothing.
var reads = append([]string{"getMore", "killCursors", "count", "listCollections", "listIndexes", "ping", "endSessions"}, snapshotReads...)

// MongoDB's codes for a moment that a command can't have.
const (
	invalidOptions      = 72
	snapshotUnavailable = 246
)

// relay answers a command: from a copy, if it asks for a moment.
func (m *moments) relay(command []byte, ask func([]byte) ([]byte, error)) ([]byte, error) {
	name, body := read(command)
	var asked struct {
		Concern  concern `bson:"readConcern"`
		Database string  `bson:"$db"`
	}
	if err := bson.Unmarshal(body, &asked); err != nil {
		return nil, err
	}
	if name == "getMore" { // reads on in the copy, which the first answer has named
		if command, err := edited(command, func(d bson.D) bson.D { return without(d, "readConcern") }); err == nil {
			return ask(command)
		}
	}
	if asked.Concern.Level != "snapshot" {
		if slices.Contains(reads, name) {
			return ask(command)
		}
		m.writing.RLock()
		answer, err := ask(command)
		m.writing.RUnlock()
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.still, asked.Database) // before the writer hears of it
		return answer, err
	}
	if !slices.Contains(snapshotReads, name) {
		return refusal(command, invalidOptions, "InvalidOptions"), nil
	}
	at, seen, err := m.moment(asked.Database, asked.Concern.At)
	if err != nil {
		return nil, err
	}
	if seen == "" {
		return refusal(command, snapshotUnavailable, "SnapshotUnavailable"), nil
	}
	there, err := edited(command, func(d bson.D) bson.D {
		d = without(d, "readConcern", "$db", "hint") // the copy has no indexes
		return append(d, bson.E{Key: "$db", Value: seen})
	})
	if err != nil {
		return nil, err
	}
	answer, err := ask(there)
	if err != nil {
		return nil, err
	}
	return edited(answer, func(d bson.D) bson.D { return told(d, at) })
}

// told is an answer that names its moment: beside the cursor, if it has one.
func told(d bson.D, at bson.Timestamp) bson.D {
	for i, e := range d {
		if cursor, ok := e.Value.(bson.D); ok && e.Key == "cursor" {
			d[i].Value = append(cursor, bson.E{Key: "atClusterTime", Value: at})
			return d
		}
	}
	return append(d, bson.E{Key: "atClusterTime", Value: at})
}

// without takes fields out of a document.
func without(d bson.D, keys ...string) bson.D {
	return slices.DeleteFunc(d, func(e bson.E) bool { return slices.Contains(keys, e.Key) })
}

// moment finds the copy of a database at a time, or makes one of it as it is now
// when no time is named; the copy is "" for a time of which there is none.
func (m *moments) moment(database string, at bson.Timestamp) (bson.Timestamp, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := func() string { return fmt.Sprint(database, " ", at.T) }
	if was, ok := m.still[database]; ok && at.IsZero() {
		at = was
	}
	if !at.IsZero() {
		return at, m.copies[key()], nil
	}
	m.latest++
	at = bson.Timestamp{T: m.latest, I: 1}
	made := fmt.Sprint(database, "_", m.latest)
	m.copies[key()], m.still[database] = made, at
	return at, made, m.copy(database, made)
}

// copy copies the documents of a database while nothing is written, and no index: they
// would only make it faster to read.
func (m *moments) copy(database, into string) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	ctx := context.Background()
	names, err := m.client.Database(database).ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return err
	}
	for _, name := range names {
		var docs []bson.Raw
		if cursor, err := m.client.Database(database).Collection(name).Find(ctx, bson.D{}); err != nil {
			return err
		} else if err := cursor.All(ctx, &docs); err != nil {
			return err
		}
		if len(docs) == 0 {
			continue
		}
		if _, err := m.client.Database(into).Collection(name).InsertMany(ctx, docs); err != nil {
			return err
		}
	}
	return nil
}

// drop removes every copy.
func (m *moments) drop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, one := range m.copies {
		_ = m.client.Database(one).Drop(context.Background())
	}
}
