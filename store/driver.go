package store

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Doc is a document as drivers see it: bytes with an id and a revision. Body
// is the whole document; its elements "_id" (string, first) and "rev" (64-bit)
// say the same as ID and Rev.
type Doc struct {
	ID   string
	Rev  int64
	Body bson.Raw
}

// Ref names one document.
type Ref struct {
	Collection string
	ID         string
}

// Driver is a backend. It keeps the promises of the package comment for bytes;
// the typed [Collection] sits above. All methods may be called concurrently.
// Package storetest has the same promises as tests.
//
// Memory: a driver keeps no reference to a Doc after the call that passed it,
// and the Docs that it returns belong to the caller; but the bodies of GetMany's
// may be shared with others, and nobody changes them.
//
// Every method but Declare and Close returns [ErrQuery] for a collection that
// was not declared through this driver, the context's error when that was over
// before anything was done, and [ErrUnavailable] after Close.
type Driver interface {
	// Declare makes the collections and indexes ready, those that exist too;
	// it adds what is new and fills it from the documents that are there, and
	// leaves alone what isn't named. It returns [ErrInvalid] when a field
	// changed its kind or an index its fields: such an index needs a new name.
	Declare(ctx context.Context, schemas ...Schema) error

	// Get returns the document, or ErrNotFound.
	Get(ctx context.Context, coll, id string) (Doc, error)

	// GetMany returns one Doc for each ref, in their order, all from one moment
	// in time. A missing one is the zero Doc. At most [MaxMany] refs.
	GetMany(ctx context.Context, refs ...Ref) ([]Doc, error)

	// Insert adds a document whose id is absent, or returns ErrExists.
	Insert(ctx context.Context, coll string, d Doc) error

	// Replace puts d in the place of the document with its id and the revision
	// d.Rev-1. It returns ErrNotFound or ErrConflict otherwise.
	Replace(ctx context.Context, coll string, d Doc) error

	// Delete removes the document with this id and revision. It returns
	// ErrNotFound or ErrConflict otherwise.
	Delete(ctx context.Context, coll, id string, rev int64) error

	// Find returns what the query asks for, all from one moment in time. Its
	// Limit may be [MaxLimit]+1, so that one can see whether anything follows.
	Find(ctx context.Context, coll string, q Query) ([]Doc, error)

	// Count returns how many documents the query finds, counting no further
	// than max (1 to [MaxCount]). After, Desc and Limit are not looked at.
	Count(ctx context.Context, coll string, q Query, max int) (int, error)

	// Ping returns nil when the store can be used, ErrUnavailable otherwise.
	Ping(ctx context.Context) error

	// Close ends what is under way and frees everything. Calls that were
	// waiting have returned when it returns. A second Close returns nil.
	Close() error
}

// Limits that hold in every backend.
const (
	MaxDoc   = 16 << 20 // bytes of an encoded document; MongoDB's limit
	MaxID    = 200      // bytes of an id
	MaxLimit = 1000     // documents from one Find
	MaxIn    = 500      // values in Query.In
	MaxMany  = 1000     // documents from one GetMany
	MaxCount = 100_000  // how far Count counts
)
