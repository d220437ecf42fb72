// Package sqlitestore keeps a store in one SQLite file: the backend that needs
// no server. It keeps all promises of package store.
//
// # The file
//
// The file is created with mode 0600, its folder with 0700. It is stamped as
// ours (application id "InBx") with the number of its layout (user version 1);
// a file of another program or of a newer layout is refused and left alone.
// Beside it stand its write-ahead log and shared memory (-wal, -shm), which
// belong to it: never copy or delete one without the others. It must lie on a
// local disk; SQLite's log doesn't work over network file systems.
//
// Each collection is a table c_NAME: id, rev, one column f_FIELD for each
// indexed field, and the document's bytes last, so that the columns can be
// read without them. Whole numbers, times (UTC milliseconds) and truth values
// are INTEGER, strings TEXT compared by bytes. Go fills the columns from the
// document; an indexed field that a document lacks counts as its kind's zero.
// The tables insidebox_fields and insidebox_indexes say what was declared;
// insidebox_file holds a random id of the file, so that the log of another one
// is noticed and refused.
// Ids have a unique index and rows a hidden number: appending is faster than
// with the id as the primary key.
//
// # Several processes
//
// may open one file. Fields that a newer program has declared are filled by an
// older one, too: each commit first looks whether the layout has changed.
//
// # Writing
//
// All writes of a process go through one goroutine with one connection. It
// takes what waits (up to 128 writes or 8 MB) into one transaction, so that
// they share the one wait for the disk; that is the whole cost of a write. A
// write that fails (conflict, exists) is undone alone: each is a single
// statement, which SQLite undoes by itself. synchronous=FULL is asserted on
// every connection: an acknowledged write survives a power cut.
//
// A write waits up to Options.BusyTimeout for another process's lock. While it
// waits, its caller may give up, and nothing has happened; from the moment it
// is in a transaction, giving up means store.ErrUnknown.
//
// # Failures
//
// A full disk fails the commit before its last page is written, so nothing has
// happened: store.ErrUnavailable. Any other disk error in a commit leaves
// doubt: store.ErrUnknown. After a failed fsync nothing more is written until
// the program is restarted, because the kernel may have dropped the pages.
//
// # Reading
//
// Reads have a connection for each core, and look at the context once, before
// they start: watching it costs more than the read. Every Find and Count names
// its index and seeks in it. What GetMany reads of two documents is remembered,
// and given out for as long as SQLite would find the same: nobody has committed
// anything since, or this process has, and knows what.
package sqlitestore
