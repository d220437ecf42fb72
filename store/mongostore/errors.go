package mongostore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/insidebox/insidebox/store"
)

var errClosed = fmt.Errorf("%w: the connection to MongoDB was closed", store.ErrUnavailable)

// A trip is one call of ours on its way through the driver: it counts how
// often a command that writes was sent, retries included.
type trip struct{ sent atomic.Int32 }

type tripKey struct{}

// started is the driver's command monitor. It is called before a command is
// sent, with the context of the call.
func started(ctx context.Context, e *event.CommandStartedEvent) {
	if t, ok := ctx.Value(tripKey{}).(*trip); ok && slices.Contains([]string{"insert", "update", "delete"}, e.CommandName) {
		t.sent.Add(1)
	}
}

// call runs do with the deadline, counted as under way. It returns do's error
// as it is, or why do was not run.
func (d *Driver) call(ctx context.Context, deadline time.Duration, do func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.mu.RLock()
	if d.closed {
		d.mu.RUnlock()
		return errClosed
	}
	d.calls.Add(1)
	d.mu.RUnlock()
	defer d.calls.Done()
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	defer context.AfterFunc(d.alive, cancel)()
	return do(ctx)
}

// read runs what changes nothing. An error is the context's own, or
// store.ErrUnavailable.
func (d *Driver) read(ctx context.Context, do func(context.Context) error) error {
	return d.reading(ctx, d.deadline, do)
}

func (d *Driver) reading(ctx context.Context, deadline time.Duration, do func(context.Context) error) error {
	err := d.call(ctx, deadline, do)
	if err == nil || ours(err) {
		return err
	}
	return d.nothing(ctx, err)
}

// write runs a command that changes one document, and says what its error
// means; see the package comment.
func (d *Driver) write(ctx context.Context, do func(context.Context) error) error {
	t := &trip{}
	err := d.call(context.WithValue(ctx, tripKey{}, t), d.deadline, do)
	switch {
	case err == nil || ours(err):
		return err
	case t.sent.Load() == 0:
		return d.nothing(ctx, err)
	case mongo.IsDuplicateKeyError(err) && !confirmFailed(err):
		return store.ErrExists
	case t.sent.Load() == 1 && answered(err, tooLarge):
		return fmt.Errorf("%w: %s", store.ErrInvalid, d.text(err))
	case t.sent.Load() == 1 && answered(err, notDone):
		return d.nothing(ctx, err)
	}
	return &failure{kind: store.ErrUnknown, cause: ctx.Err(), text: d.text(err)}
}

// nothing is the error of a call that changed nothing: the caller's context,
// when that was over, or else store.ErrUnavailable.
func (d *Driver) nothing(ctx context.Context, err error) error {
	if own := ctx.Err(); own != nil {
		return own
	}
	if d.alive.Err() != nil {
		return errClosed
	}
	return &failure{kind: store.ErrUnavailable, text: d.text(err), refused: isRefusal(err)}
}

// A failure is an error of MongoDB as the store says it: what is secret in the
// address is not in its text, and the driver's own error not behind it.
type failure struct {
	kind    error // store.ErrUnavailable or store.ErrUnknown
	cause   error // the context's, when that is why nobody waited any longer
	text    string
	refused bool // the credentials are wrong
}

// Error returns the kind and what MongoDB or its driver said.
func (f *failure) Error() string { return f.kind.Error() + ": MongoDB: " + f.text }

// Unwrap returns the store's error, and the context's if there is one.
func (f *failure) Unwrap() []error {
	if f.cause == nil {
		return []error{f.kind}
	}
	return []error{f.kind, f.cause}
}

// ours tells whether an error is one of the store's already.
func ours(err error) bool {
	for _, known := range []error{
		store.ErrNotFound, store.ErrConflict, store.ErrExists, store.ErrUnknown,
		store.ErrUnavailable, store.ErrQuery, store.ErrInvalid,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// Codes with which a server says that it did not do what it was asked.
var (
	notDone = []int{
		13, 18, 8000, // not authorised
		10107, 13435, 13436, // not the primary, refused at the door
		26, 59, 11, // no such namespace, command, user
	}
	tooLarge = []int{10334, 17419, 17420}
	// not authorised, not authenticated
	refusals = []int{13, 18, 8000}
	// no such user, mechanism, command or option, for who signs in
	mechanisms = []int{11, 334, 59, 2}
)

// answered tells whether an error is the server's own answer with one of the
// codes, and not in doubt for another reason.
func answered(err error, codes []int) bool {
	if mongo.IsNetworkError(err) || confirmFailed(err) {
		return false
	}
	var said mongo.ServerError
	return errors.As(err, &said) && slices.ContainsFunc(codes, said.HasErrorCode)
}

// confirmFailed tells whether the server did something that the majority has
// not confirmed.
func confirmFailed(err error) bool {
	var w mongo.WriteException
	return errors.As(err, &w) && w.WriteConcernError != nil
}

// isRefusal tells whether the server refuses the credentials. That it went away
// while somebody signed in, or that it can't now, is no refusal.
func isRefusal(err error) bool {
	if mongo.IsNetworkError(err) || mongo.IsTimeout(err) {
		return false
	}
	signing := strings.Contains(err.Error(), "auth error:")
	var said mongo.ServerError
	if errors.As(err, &said) {
		return slices.ContainsFunc(refusals, said.HasErrorCode) || signing && slices.ContainsFunc(mechanisms, said.HasErrorCode)
	}
	return signing // the server did not prove that it knows the password
}

// text is an error's text without what is secret, and not too long.
func (d *Driver) text(err error) string {
	var f *failure
	if errors.As(err, &f) {
		return f.text
	}
	return d.address.tidy(d.address.say(err))
}

// tidy is one line without what is secret, and not too long.
func (a *address) tidy(s string) string {
	s = strings.Join(strings.Fields(a.hide(s)), " ")
	if len(s) > 600 {
		s = strings.ToValidUTF8(s[:600], "") + "…"
	}
	return s
}
