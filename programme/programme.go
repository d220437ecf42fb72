// Package programme is what insidebox does, step by step: publish a library,
// start, save and submit an attempt, play a scenario, mark a lesson read, sign off, grant an
// attempt, certify, renew. It is the one room that joins the others, and the
// server, the command line and the jobs all go through it.
//
// # Documents
//
//	attempts      one a try at a quiz or scenario; id is a keyed hash of
//	              person, quiz, cycle and number, so two tabs can't start two;
//	              answers and choices live in it. A practice run of a scenario
//	              is one, too, but there is one a person and scenario, begun
//	              anew each time
//	records       one a person (id is the person's): lessons read, sign-offs,
//	              grants, renewals, and what was folded in from attempts and
//	              certificates
//	certificates  one a person, certification and cycle; id is a keyed hash
//	              of those; inserted, never changed
//	items, clauses, quizzes, scenarios, certifications
//	              revisions, id@hash; inserted if absent, never changed
//	releases      one a library state; its id is the library's hash; written
//	              last, so that its presence says all its revisions are there
//	accounts      one a customer; id is a keyed hash of the folded name, so
//	              that adding one twice gives one; who looked after it, notes
//	              and requirement sheets are lists in it that only grow
//	requests      one a need outside the box; id is a keyed hash of who raised
//	              it and of her form; voices, comments, the decision and who
//	              acknowledged it are in it, and only grow
//	rulings       one a decided request and place in which that counts (a
//	              limit, an offering, an account); inserted, never changed
//	tidings       one a decided request and person who must acknowledge it,
//	              and one a request and person whom comments name; open until
//	              she did, or knows, which stands in the request
//	asked         one a month and offering: every request that asks that one to
//	              bend (one that names none stands under none), with its limits, worth
//	              and outcome; an entry is put in its place, never added twice
//	months        one a month, by that name: sums of these by limit, each with the
//	              revision of what it was added up from, so that an older one never
//	              takes the place of a newer
//	doubts        one a clause that somebody found unclear (its id is a keyed hash of
//	              the clause's): what is open, and what was answered to whom
//	handoffs      one a form that began it (its id is a keyed hash); the sheet with
//	              its edition, and the rounds with their signatures, are in it
//	briefs        one a form that asked somebody along (its id is a keyed hash);
//	              all that the two said, and what the meeting was worth, are in it,
//	              and only grow
//	settings      the server's secret key
//
// # What a request waits for
//
// Every invariant rests on a single-document write or on a deterministic id.
// A start inserts the attempt. A save, or a choice in a scenario, replaces it.
// A submit, or the choice that ends a play, replaces it, graded; if that completes a certification, the certificate is inserted
// next. The same holds for a lesson read and for a sign-off, which replace
// the record. Nothing else is written before the answer goes out.
//
// A request waits for one write of its own document: whoever raises it, speaks,
// decides, comments, acknowledges. Of two who decide at once one does, and the other is told
// that she is overtaken. What others find it by (rulings, tidings) follows.
//
// What else follows is written down in the causing document itself, as
// Pending with PendingSince, in the same write. The outbox (Drain) does it,
// any number of times with one effect, and clears the flags: it issues
// certificates that a dying process left undone and folds attempts, when they
// are started and when they are graded, and certificates into the record, from
// which boards are read. Whoever writes a record asks whether it has earned a
// certificate, and leaves that as a duty in the same write: so of two things
// done at once, each of which lacked the other, the later one certifies.
//
// Until it is graded and folded an attempt is live, and Standing folds live
// attempts in memory; so what a person sees of her own standing is exact at
// once, and a team board may be behind by as long as the outbox needs.
//
// # Time, randomness, keys
//
// The clock and the random source are passed in. Times are kept in UTC
// milliseconds. Certificates end with the day, in the library's time zone.
//
// Clocks are set, and those of two servers differ. So nothing is dated before
// what it follows from: a submit before its start, a lesson, an attempt or a
// sign-off before the renewal that asks for it, a grant before the failure
// whose cool-down it lifts, an attempt before the grant that it uses. What was
// done by a clock that was ahead stays as it was dated: a cool-down is longer
// than its length by as much, and no more.
package programme

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
	"github.com/insidebox/insidebox/store"
)

// Errors that callers tell apart.
var (
	// ErrNotFound: there is no such thing, or not for this person.
	ErrNotFound = errors.New("not found")
	// ErrStale: what the form knew has changed meanwhile; nothing was done.
	ErrStale = errors.New("changed meanwhile")
	// ErrNotNow: the rules don't allow it at this time; nothing was done.
	ErrNotNow = errors.New("not allowed now")
	// ErrInvalid: the input can't be right; nothing was done.
	ErrInvalid = errors.New("invalid input")
	// ErrForbidden: somebody else may do this; nothing was done.
	ErrForbidden = errors.New("not for this person")
)

// A Programme joins the store, the people and the current library.
type Programme struct {
	People *people.Service
	Shelf  *Shelf

	attempts     *store.Collection[Attempt]
	records      *store.Collection[Record]
	certificates *store.Collection[Certificate]
	revisions    revisions
	settings     *store.Collection[settings]
	accounts     *store.Collection[Account]
	handoffs     *store.Collection[Handoff]
	briefs       *store.Collection[Brief]
	requests     *store.Collection[Request]
	rulings      *store.Collection[Ruling]
	tidings      *store.Collection[Tiding]
	asked        *store.Collection[askedIn]
	months       *store.Collection[MonthOfBends]
	doubts       *store.Collection[ClauseDoubts]

	now    func() time.Time
	seed   func() [32]byte
	log    *slog.Logger
	kick   atomic.Pointer[func()]
	key    []byte
	newKey []byte
	sweep  sweep

	items     *revisionCache[quiz.Item]
	scenarios *revisionCache[scenario.Scenario]
}

// Options are what a Programme depends on beside its store.
type Options struct {
	Now  func() time.Time // the clock
	Seed func() [32]byte  // fresh, unpredictable seeds for drawing and tokens
	Log  *slog.Logger

	// NewKey becomes the secret key when the store has none: for a company in
	// which nothing is secret, such as one that package bulk makes, so that its
	// documents are the same each time. Nil is a key that nobody can guess.
	NewKey []byte
}

// New declares the programme's collections on the store. Call Open before use.
func New(st *store.Store, pp *people.Service, shelf *Shelf, opt Options) *Programme {
	return &Programme{
		People: pp, Shelf: shelf,
		attempts:     store.NewCollection[Attempt](st, attemptSchema),
		records:      store.NewCollection[Record](st, recordSchema),
		certificates: store.NewCollection[Certificate](st, certificateSchema),
		revisions:    newRevisions(st),
		settings:     store.NewCollection[settings](st, store.Schema{Name: "settings"}),
		accounts:     store.NewCollection[Account](st, accountSchema),
		handoffs:     store.NewCollection[Handoff](st, handoffSchema),
		briefs:       store.NewCollection[Brief](st, briefSchema),
		requests:     store.NewCollection[Request](st, requestSchema),
		rulings:      store.NewCollection[Ruling](st, rulingSchema),
		tidings:      store.NewCollection[Tiding](st, tidingSchema),
		asked:        store.NewCollection[askedIn](st, store.Schema{Name: "asked"}),
		months:       store.NewCollection[MonthOfBends](st, store.Schema{Name: "months"}),
		doubts:       store.NewCollection[ClauseDoubts](st, doubtSchema),
		now:          func() time.Time { return opt.Now().UTC().Truncate(time.Millisecond) },
		seed:         opt.Seed, log: opt.Log, newKey: opt.NewKey,
		items: newRevisionCache[quiz.Item](), scenarios: newRevisionCache[scenario.Scenario](),
	}
}

// Open makes the programme ready: it reads or makes the server's secret key
// and publishes the shelf's library. The store's collections must be declared.
func (p *Programme) Open(ctx context.Context) error {
	if err := p.openKey(ctx); err != nil {
		return fmt.Errorf("read the server's key: %w", err)
	}
	p.useRevisions(p.Shelf.Library())
	return p.Publish(ctx, p.Shelf.Library())
}

// OnPending sets what is called when a document was left something to do.
func (p *Programme) OnPending(kick func()) { p.kick.Store(&kick) }

func (p *Programme) wake() {
	if kick := p.kick.Load(); kick != nil {
		(*kick)()
	}
}

// Records is the collection of learning records, for reading one together
// with its person in one transaction.
func (p *Programme) Records() *store.Collection[Record] { return p.records }

// Now is the programme's clock, in UTC, to the millisecond.
func (p *Programme) Now() time.Time { return p.now() }

func (p *Programme) random() *rand.Rand {
	return rand.New(rand.NewChaCha8(p.seed())) //nolint:gosec // seeded from the system's source
}

// library is the current one.
func (p *Programme) library() *content.Library { return p.Shelf.Library() }
