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
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// storeFlags say where data lives.
type storeFlags struct{ data, store string }

func (f *storeFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.data, "data", "data", "`folder` for what the server keeps; made when missing")
	cmd.Flags().StringVar(&f.store, "store", "", "the data `file`, when it is to lie elsewhere\nthan in --data as insidebox.db")
}

// path is the data file. Addresses of databases are refused, without showing
// what may be secret in them.
func (f *storeFlags) path() (string, error) {
	switch scheme, _, address := strings.Cut(f.store, "://"); {
	case address:
		return "", fmt.Errorf("open the store %s://…: this version keeps its data in a file only; give --store the path of one, or leave it out", scheme)
	case f.store != "":
		return f.store, nil
	}
	return filepath.Join(f.data, "insidebox.db"), nil
}

// driver opens the data file, and makes it when there is none.
func (f *storeFlags) driver(ctx context.Context) (store.Driver, error) {
	path, err := f.path()
	if err != nil {
		return nil, err
	}
	return openFile(ctx, path)
}

// existing opens the data file, which must be there: to make one for somebody
// who only mistyped a path would hide the slip.
func (f *storeFlags) existing(ctx context.Context) (store.Driver, error) {
	path, err := f.path()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open the store: there is no data file %s; name the folder with --data, or the file with --store", path)
	}
	return openFile(ctx, path)
}

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
		return fmt.Errorf("the folder %s can't be made (%w); name another with --data, or make it for the user who runs this program", folder, err)
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
