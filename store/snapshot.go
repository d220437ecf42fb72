package store

import "context"

// Source is a driver that can be read as a whole: for copies, backups and
// moving to another backend.
type Source interface {
	Driver

	// Snapshot returns all that is in the store, from one moment in time, while
	// others go on writing.
	Snapshot(ctx context.Context) (Snapshot, error)

	// Empty tells whether the store holds no document at all.
	Empty(ctx context.Context) (bool, error)
}

// Snapshot is a store at one moment.
type Snapshot interface {
	// Schemas returns every collection that was ever declared, by this program
	// or another, in the order of their names; the indexes of each likewise.
	Schemas() []Schema

	// Walk hands over every document of a collection, in the order of ids. It
	// ends with the first error of do.
	Walk(ctx context.Context, coll string, do func(Doc) error) error

	// Close frees everything. A second Close returns nil.
	Close() error
}
