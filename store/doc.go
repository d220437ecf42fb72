// Package store keeps documents in named collections, durably, and says
// exactly what it promises. Everything that insidebox must not lose goes
// through here. Backends ("drivers") are thin: package sqlitestore keeps a
// single file, package mongostore a MongoDB database, and package storetest
// proves that a driver keeps the promises. Package archive moves whole stores.
//
// # Documents
//
// A document is a Go struct that embeds [Meta] as its first field, encoded as
// BSON in every backend as go.mongodb.org/mongo-driver/v2/bson does it; by a codec
// of our own where the type is plain enough for it, which gives the same bytes in
// half the time, and by that package otherwise. It has an id
// and a revision: 1 when inserted, one more at each replacement. At most
// [MaxDoc] bytes encoded. An id is not empty, at most [MaxID] bytes of valid
// UTF-8, without control characters.
//
// Times are kept as UTC milliseconds. What is finer is cut off on the way in,
// in the caller's document too, so that what was written equals what is read:
// Insert and Replace set every time.Time that they can reach (through structs,
// pointers, slices, arrays and maps; not through fields of an interface type)
// to its millisecond, in UTC.
//
// To prove that a document is unchanged, hash the stored bytes or a canonical
// encoding of your own: package bson encodes a Go map in another order each time.
//
// # Writes
//
// There are three: [Collection.Insert] (if the id is absent),
// [Collection.Replace] (if the stored revision is the one that was read) and
// [Collection.Delete] (likewise). Each touches one document and is atomic and
// durable: when it has returned nil, the document survives a killed process
// and a power cut. There are no upserts, no unique secondary indexes and no
// transactions over several documents, because backends differ most in these.
// Every rule that must hold rests on one document or on an id that is computed
// from its cause. [Collection.Update] reads, changes and replaces, again and
// again until nobody was faster.
//
// # Reads
//
// Reads see every write that was acknowledged before they began, in whichever
// process. [Collection.GetAll], [Look2] and one Find each see one moment in
// time.
//
// [Collection.Find] goes through a declared [Index] and nothing else: a scan
// of a whole collection can't be written. Documents come in the order of the
// index's fields, then of their ids; strings compare by their bytes, false
// before true. A [Query] fixes leading fields with Eq; then it may list values
// of the next field with In, or bound it with From (inclusive) and To
// (exclusive). It returns at most Limit documents and a [Cursor] to go on
// behind the last of them, or the zero Cursor when nothing follows. Cursors
// name a position, not a count: documents that come or go meanwhile make no
// other document appear twice or be left out, unless its own keys change.
//
// A document's type has no lists of lists, because not every server that speaks
// MongoDB's protocol keeps them; [NewCollection] refuses such a type.
//
// Indexed fields are top-level, present in every document (no omitempty) and
// of the declared [Kind]. When an index over a new field is declared, older
// documents are found by what they hold under its name, or by the kind's zero
// value (which is what Go reads from such a document) when they hold nothing.
//
// A [Schema] may name a home: then the ids of its documents begin with what that
// field holds. It changes no answer; it tells a backend that is spread over
// machines by id which of them to ask.
//
// # Errors
//
// [ErrNotFound], [ErrExists] and [ErrConflict] are answers. [ErrInvalid] and
// [ErrQuery] are mistakes of the caller. [ErrUnavailable] means that nothing
// happened and that it may work later. [ErrUnknown] means that the write may
// or may not have happened: read again before you tell anyone anything.
//
// # Memory
//
// Documents that are returned belong to the caller; the store keeps no
// reference to them, nor to those passed in once the call has returned.
package store
