package sqlitestore

import (
	"sync"

	"zombiezen.com/go/sqlite"

	"github.com/insidebox/insidebox/store"
)

// How much is remembered, in bytes of documents, and how long one may be.
const (
	memoryBytes   = 8 << 20
	memoryLongest = 16 << 10
)

// A memory holds documents that were read, and gives them out for as long as the
// file is as it was then: see watch. What this process writes itself takes only
// what it changes from the memory; after a commit of another process, the memory
// begins anew. A memory without a watch holds nothing.
type memory struct {
	watch *watch

	mu         sync.RWMutex
	moment     moment // of all that is held
	docs       map[store.Ref]store.Doc
	bytes      int
	committing bool // the writer is about to change the moment, and will say what to

	// version is SQLite's data_version as the writer saw it last. It changes with
	// commits of other connections alone. Only the writer looks at it.
	version int64
}

// get returns two documents, if both are held.
func (m *memory) get(first, second store.Ref) (a, b store.Doc, ok bool) {
	if m.watch == nil {
		return a, b, false
	}
	now, ok := m.watch.now()
	m.mu.RLock()
	defer m.mu.RUnlock()
	if !ok || now != m.moment {
		return a, b, false
	}
	a, okA := m.docs[first]
	b, okB := m.docs[second]
	return a, b, okA && okB
}

// reading returns the moment before a read, to be given to put after it.
func (m *memory) reading() (before moment, ok bool) {
	if m.watch == nil {
		return moment{}, false
	}
	return m.watch.now()
}

// put holds what was read between the moment before and now, if they are one.
func (m *memory) put(before moment, refs []store.Ref, docs []store.Doc) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now, ok := m.watch.now(); !ok || now != before {
		return
	}
	if before != m.moment {
		if m.committing {
			return // what is held may be right still: the writer knows
		}
		m.begin(before)
	}
	for i, r := range refs {
		if len(docs[i].Body) <= memoryLongest {
			m.forget(r)
			m.docs[r] = docs[i]
			m.bytes += len(docs[i].Body)
		}
	}
	for r := range m.docs { // any others go where there are too many
		if m.bytes <= memoryBytes {
			break
		}
		m.forget(r)
	}
}

// begin forgets everything.
func (m *memory) begin(at moment) {
	m.moment, m.docs, m.bytes = at, map[store.Ref]store.Doc{}, 0
}

func (m *memory) forget(r store.Ref) {
	m.bytes -= len(m.docs[r].Body)
	delete(m.docs, r)
}

// commits says that the writer is about to commit.
func (m *memory) commits() {
	if m.watch == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.committing = true
}

// committed says that the writer has committed changes of these documents and no
// others, or has tried to; whole is false where it does not know what changed.
// What is held stays true if nobody else has committed anything between the
// writer's last commit and the moment that is noted now.
func (m *memory) committed(conn *sqlite.Conn, changed []store.Ref, whole bool) {
	if m.watch == nil {
		return
	}
	now, ok := m.watch.now()
	version, err := pragmaInt(conn, "data_version") // after now: it vouches for it
	m.mu.Lock()
	defer m.mu.Unlock()
	m.committing = false
	if !ok || err != nil || version != m.version || !whole {
		m.begin(now)
	}
	m.version = version
	for _, r := range changed {
		m.forget(r)
	}
	m.moment = now
}
