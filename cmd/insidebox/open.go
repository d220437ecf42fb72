package main

import (
	"context"
	crand "crypto/rand"
	"fmt"
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
	cmd.Flags().StringVar(&f.data, "data", "data", "folder for data")
	cmd.Flags().StringVar(&f.store, "store", "", "database file (default DATA/insidebox.db)")
}

// driver opens the database.
func (f *storeFlags) driver(ctx context.Context) (store.Driver, error) {
	if strings.Contains(f.store, "://") {
		return nil, fmt.Errorf("open the store: %s is an address, and this version keeps its data in a file only; give --store a path: %w", scheme(f.store), errUsage)
	}
	path := f.store
	if path == "" {
		path = filepath.Join(f.data, "insidebox.db")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	driver, err := sqlitestore.Open(ctx, path, sqlitestore.Options{Readers: runtime.NumCPU()})
	if err != nil {
		return nil, fmt.Errorf("open the store %s: %w", path, err)
	}
	return driver, nil
}

// scheme is an address without what could be secret in it.
func scheme(address string) string {
	name, _, _ := strings.Cut(address, "://")
	return name + "://…"
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
