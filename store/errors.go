package store

import "errors"

// The store's errors. What comes back wraps one of these, so ask with
// errors.Is. A cancelled or expired context comes back as its own error when
// nothing was done.
var (
	// ErrNotFound: there is no document with this id.
	ErrNotFound = errors.New("no such document")
	// ErrConflict: the stored revision is another one; somebody was faster.
	ErrConflict = errors.New("the document was changed meanwhile")
	// ErrExists: an insert found a document with this id.
	ErrExists = errors.New("a document with this id exists already")
	// ErrUnknown: the write may or may not have happened. Read again.
	ErrUnknown = errors.New("the write may or may not have happened")
	// ErrUnavailable: the store can't do this now, and nothing was changed.
	ErrUnavailable = errors.New("the store is not available")
	// ErrQuery: the query breaks the rules, or names what was not declared.
	ErrQuery = errors.New("bad query")
	// ErrInvalid: the document or the schema breaks the rules.
	ErrInvalid = errors.New("refused by the store's rules")
	// ErrNoChange is returned by the function passed to [Collection.Update] to
	// leave the document as it is. Update then returns no error.
	ErrNoChange = errors.New("leave the document as it is")
)
