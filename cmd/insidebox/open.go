package main

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// storeFlags say where data lives.
type storeFlags struct {
	data, store string
	standalone  bool
}

func (f *storeFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.data, "data", "data", "`folder` of the data, which serve makes when missing")
	cmd.Flags().StringVar(&f.store, "store", "", "the data `file`, when it is to lie elsewhere than in\n--data as insidebox.db; or the address of a MongoDB,\nmongodb://… or mongodb+srv://…")
	cmd.Flags().BoolVar(&f.standalone, "allow-standalone", false, "with a MongoDB: accept one that is no replica set,\nfor a trial; it can lose what it has confirmed")
}

// errNoData says that nothing was ever kept where somebody looks for it.
var errNoData = errors.New("there are no data")

// remote tells whether the data live in a MongoDB.
func (f *storeFlags) remote() bool { return mongostore.IsAddress(f.store) }

// path is the data file. Addresses of other databases are refused, without
// showing what may be secret in them.
func (f *storeFlags) path() (string, error) {
	switch scheme, _, address := strings.Cut(f.store, "://"); {
	case address:
		return "", fmt.Errorf("open the store %s://…: want the path of a file, or the address of a MongoDB: mongodb://… or mongodb+srv://…", scheme)
	case f.store != "":
		return f.store, nil
	}
	return filepath.Join(f.data, "insidebox.db"), nil
}

// driver opens the store. A data file is made when there is none.
func (f *storeFlags) driver(ctx context.Context) (store.Driver, error) {
	if f.remote() {
		return f.mongo(ctx)
	}
	path, err := f.path()
	if err != nil {
		return nil, err
	}
	return openFile(ctx, path)
}

// existing opens a store that holds something: to begin a new one for somebody
// who only mistyped a path would hide the slip.
func (f *storeFlags) existing(ctx context.Context) (store.Driver, error) {
	if f.remote() {
		return f.existingMongo(ctx)
	}
	path, err := f.path()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		way := "name the folder with --data, or the file with --store"
		if f.data == "" { // copy has neither flag
			way = "name one that is there"
		}
		return nil, &noDataError{fmt.Sprintf("open the store: there is no data file %s; %s", path, way)}
	}
	return openFile(ctx, path)
}

func (f *storeFlags) mongo(ctx context.Context) (*mongostore.Driver, error) {
	driver, err := mongostore.Open(ctx, f.store, mongostore.Options{AllowStandalone: f.standalone, Now: time.Now})
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	return driver, nil
}

func (f *storeFlags) existingMongo(ctx context.Context) (store.Driver, error) {
	driver, err := f.mongo(ctx)
	if err != nil {
		return nil, err
	}
	used, err := driver.Used(ctx)
	if err == nil && !used {
		err = &noDataError{fmt.Sprintf("open the store: the database %s holds nothing of insidebox; name the right one behind the host: mongodb://…/NAME", driver.Database())}
	}
	if err != nil {
		return nil, errors.Join(err, driver.Close())
	}
	return driver, nil
}

// noDataError is errNoData with what to do.
type noDataError struct{ text string }

func (e *noDataError) Error() string { return e.text }
func (e *noDataError) Unwrap() error { return errNoData }

func openFile(ctx context.Context, path string) (store.Driver, error) {
	if err := makeRoom(path); err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	driver, err := sqlitestore.Open(ctx, path, sqlitestore.Options{Readers: runtime.NumCPU()})
	if errors.Is(err, store.ErrUnavailable) {
		// The sentence behind it says why, and what to do.
		err = errors.New(strings.TrimPrefix(err.Error(), store.ErrUnavailable.Error()+": "))
	}
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	return driver, nil
}

// makeRoom makes the folder for a data file, for the user's eyes only, and
// refuses a path where no file can be.
func makeRoom(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder; give --store the path of a file in it, such as %s", path, filepath.Join(path, "insidebox.db"))
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("the folder %s can't be made (%w); name another place, or make it for the user who runs this program", folder, err)
	}
	return nil
}

// newPeople wires the people room.
func newPeople(st *store.Store) *people.Service {
	return people.New(st, people.Options{Now: time.Now, Random: crand.Reader, Cores: runtime.NumCPU()})
}

// seed draws a fresh seed for drawing and shuffling.
func seed() (s [32]byte) {
	_, _ = crand.Read(s[:]) // never fails
	return s
}

// readBase reads the value of a --base-url: scheme and host, nothing else.
func readBase(cmd *cobra.Command, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil ||
		u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return nil, wrong(cmd, "read --base-url %q: want https://host or http://host:port, and nothing behind it", shown(text))
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}
