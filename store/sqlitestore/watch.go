package sqlitestore

import (
	"errors"
	"fmt"
	"sync/atomic"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// A watch says whether anybody, in this process or another, has committed
// something to the file since it was looked at last. It looks where SQLite itself
// does at the begin of each read: at the header of the log's index, which all
// processes that have the file open share in memory, and which is written last
// when a transaction is committed. Where that is the same, so is what a read would
// find. The layout is SQLite's for all its versions, as they work on one file
// together: https://sqlite.org/walformat.html#the_wal_index_header. SQLite gives
// the address by the methods of its file, https://sqlite.org/c3ref/io_methods.html:
// a mapping of our own would be a trap, since closing it would drop SQLite's locks.
type watch struct {
	tls    *libc.TLS
	db     uintptr
	header *[2][words]uint32 // the header stands there twice
}

// words are the 48 bytes of a header. They count the changes, name the log by two
// random numbers, and hold how long it is and a checksum of all of it.
const words = 12

// initialised is the word of a header whose first byte says that it is one.
const initialised = 3

// A moment is the header as it was when something was read. Two that are equal
// name the same content.
type moment [words]uint32

// mapped is how much of the index SQLite maps at a time.
const mapped = 32 << 10

// newWatch opens the file once more, with the name that it has for the others.
func newWatch(path string) (*watch, error) {
	w := &watch{tls: libc.NewTLS()}
	if err := w.open(path); err != nil {
		w.close()
		return nil, fmt.Errorf("watch the data file %s: %w", path, err)
	}
	return w, nil
}

func (w *watch) open(path string) error {
	const pointer = unsafe.Sizeof(uintptr(0))
	place := libc.Xmalloc(w.tls, libc.Tsize_t(pointer))
	if place == 0 {
		return errMemory
	}
	defer libc.Xfree(w.tls, place)
	name, err := libc.CString(path)
	if err != nil {
		return err
	}
	defer libc.Xfree(w.tls, name)
	rc := lib.Xsqlite3_open_v2(w.tls, name, place, lib.SQLITE_OPEN_READWRITE|lib.SQLITE_OPEN_NOMUTEX, 0)
	w.db = *at[uintptr](place)
	if rc != lib.SQLITE_OK {
		return w.failure("open", rc)
	}
	// The index is there as soon as something was read.
	if err := w.run("PRAGMA query_only=1; PRAGMA busy_timeout=5000; PRAGMA cache_size=1; SELECT count(*) FROM sqlite_schema"); err != nil {
		return err
	}
	main, err := libc.CString("main")
	if err != nil {
		return err
	}
	defer libc.Xfree(w.tls, main)
	if rc := lib.Xsqlite3_file_control(w.tls, w.db, main, lib.SQLITE_FCNTL_FILE_POINTER, place); rc != lib.SQLITE_OK {
		return w.failure("find the file", rc)
	}
	file := *at[uintptr](place)
	method := (*at[lib.Tsqlite3_io_methods]((*at[lib.Tsqlite3_file](file)).FpMethods)).FxShmMap
	shmMap := *(*func(tls *libc.TLS, file uintptr, region, size, extend int32, place uintptr) int32)(unsafe.Pointer(&struct{ uintptr }{method})) //nolint:gosec // how SQLite itself, translated to Go, calls a method
	if rc := shmMap(w.tls, file, 0, mapped, 0, place); rc != lib.SQLITE_OK {
		return w.failure("find the index of the log", rc)
	}
	if w.header = at[[2][words]uint32](*at[uintptr](place)); w.header == nil {
		return w.failure("find the index of the log", lib.SQLITE_PROTOCOL)
	}
	return nil
}

var errMemory = errors.New("there is no memory left")

// at is what stands at an address of SQLite's own memory.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) } //nolint:gosec // it is not the collector's

func (w *watch) run(sql string) error {
	text, err := libc.CString(sql)
	if err != nil {
		return err
	}
	defer libc.Xfree(w.tls, text)
	if rc := lib.Xsqlite3_exec(w.tls, w.db, text, 0, 0, 0); rc != lib.SQLITE_OK {
		return w.failure("read", rc)
	}
	return nil
}

func (w *watch) failure(what string, code int32) error {
	return fmt.Errorf("%s: SQLite answers %d", what, code)
}

// close ends the watch: nobody may look any more.
func (w *watch) close() {
	if w.db != 0 {
		lib.Xsqlite3_close_v2(w.tls, w.db)
	}
	w.tls.Close()
}

// now is the present moment, and false while somebody writes the header. Like
// SQLite it reads the first header before the second; they are written in the
// other order.
func (w *watch) now() (m moment, ok bool) {
	for i := range m {
		m[i] = atomic.LoadUint32(&w.header[0][i])
	}
	for i := range m {
		if atomic.LoadUint32(&w.header[1][i]) != m[i] {
			return m, false
		}
	}
	return m, m[initialised] != 0
}
