package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/insidebox/insidebox/store"
)

// Options change how a file is used. The zero value is right for a server.
type Options struct {
	// BusyTimeout is how long a write waits for another process; 5 s when 0.
	BusyTimeout time.Duration
	// CloseTimeout is how long Close waits for calls that are under way before
	// it breaks them off; 5 s when 0.
	CloseTimeout time.Duration
	// Readers is how many reads run at once; one a core, at least 2, when 0.
	Readers int
	// Jitter is where waiting times get their randomness: numbers from 0 up to
	// 1, from any goroutine; math/rand/v2 when nil.
	Jitter func() float64
}

func (o Options) withDefaults() Options {
	if o.BusyTimeout == 0 {
		o.BusyTimeout = 5 * time.Second
	}
	if o.CloseTimeout == 0 {
		o.CloseTimeout = 5 * time.Second
	}
	if o.Readers == 0 {
		o.Readers = max(2, runtime.GOMAXPROCS(0))
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return o
}

// Driver is a store.Driver on one SQLite file.
type Driver struct {
	path string
	file fs.FileInfo // what was opened, to notice when it is taken away
	opts Options

	tables  atomic.Pointer[map[string]*table] // the declared collections
	queries sync.Map                          // shape -> SQL
	readers chan *sqlite.Conn                 // those that are free
	writer  *writer
	memory  memory

	mu     sync.RWMutex // guards closed, and calls.Add against calls.Wait
	closed bool
	calls  sync.WaitGroup // calls under way
	kill   chan struct{}  // closed when they are broken off
}

var _ store.Driver = (*Driver)(nil)

// Open opens the file, or creates it together with its folder. The error wraps
// store.ErrUnavailable and says what to do.
func Open(ctx context.Context, path string, opts Options) (*Driver, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	info, err := prepareFile(path)
	if err != nil {
		return nil, err
	}
	opts = opts.withDefaults()
	d := &Driver{path: path, file: info, opts: opts, kill: make(chan struct{}), readers: make(chan *sqlite.Conn, opts.Readers)}
	d.tables.Store(&map[string]*table{})
	if err := d.checkLog(); err != nil {
		return nil, err
	}
	if err := d.connect(ctx); err != nil {
		return nil, errors.Join(err, d.closeConns())
	}
	go d.writer.run()
	return d, nil
}

// connect opens the writing connection, which settles the file's layout, then
// the reading ones.
func (d *Driver) connect(ctx context.Context) error {
	conn, err := d.openConn(ctx, true)
	if err != nil {
		return err
	}
	d.writer = newWriter(d, conn)
	for range d.opts.Readers {
		conn, err := d.openConn(ctx, false)
		if err != nil {
			return err
		}
		d.readers <- conn
	}
	// Where the file can't be watched, every read asks SQLite.
	d.memory.watch, _ = newWatch(d.path)
	return nil
}

// prepareFile makes folder and file when they are missing, and proves that the
// file can be written.
func prepareFile(path string) (fs.FileInfo, error) {
	if path == "" || path == ":memory:" {
		return nil, fmt.Errorf("%w: the data file needs a path, got %q", store.ErrUnavailable, path)
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("%w: the folder for the data file can't be made: %w", store.ErrUnavailable, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%w: the data file %s can't be written; make it and its folder belong to the user who runs this program: %w", store.ErrUnavailable, path, err)
	case err != nil:
		return nil, fmt.Errorf("%w: the data file %s can't be opened for writing: %w", store.ErrUnavailable, path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("%w: the data file %s: %w", store.ErrUnavailable, path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: %s is not a file; give the path of the data file itself", store.ErrUnavailable, path)
	}
	if info.Size() == 0 { // perhaps just made: its name must survive a power cut
		err = syncFolder(folder)
	}
	return info, err
}

func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return fmt.Errorf("%w: the folder of the data file can't be read: %w", store.ErrUnavailable, err)
	}
	defer f.Close()
	// Some systems can't sync a folder; there is nothing to be done then.
	_ = f.Sync()
	return nil
}

// Ping tells whether the file is still where it was and can be read.
func (d *Driver) Ping(ctx context.Context) error {
	info, err := os.Stat(d.path)
	if err != nil || !os.SameFile(info, d.file) {
		return fmt.Errorf("%w: the data file %s was moved, deleted or replaced while it was in use; restart the program", store.ErrUnavailable, d.path)
	}
	if err := d.writer.failure(); err != nil {
		return err
	}
	return d.read(ctx, func(c *sqlite.Conn) error {
		_, err := pragmaInt(c, "user_version")
		return d.explain(err)
	})
}
