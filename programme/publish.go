package programme

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
	"github.com/insidebox/insidebox/store"
)

// revisions are the immutable, content-addressed states of what a library
// holds. A document's id is the thing's id, "@" and its hash; an item's is its
// hash alone, which covers the id.
type revisions struct {
	items          *store.Collection[itemRevision]
	clauses        *store.Collection[clauseRevision]
	quizzes        *store.Collection[quizRevision]
	scenarios      *store.Collection[scenarioRevision]
	certifications *store.Collection[certificationRevision]
	releases       *store.Collection[Release]
}

type itemRevision struct {
	store.Meta `bson:",inline"`
	Item       quiz.Item
}

// clauseRevision keeps what a clause said and the box figures it states.
type clauseRevision struct {
	store.Meta `bson:",inline"`
	Clause     string
	Title      string
	Text       string
	HTML       string
	Figures    []string
}

type quizRevision struct {
	store.Meta `bson:",inline"`
	Quiz       quiz.Quiz // without its items
	Items      []string  // their document ids, in order
}

type scenarioRevision struct {
	store.Meta `bson:",inline"`
	Scenario   scenario.Scenario
}

type certificationRevision struct {
	store.Meta    `bson:",inline"`
	Certification certify.Certification
}

// A Release names all revisions of one library state. Its id is the hash of
// the sources; where items or quizzes show a dated figure, it names their
// revisions for every day on which it was published.
type Release struct {
	store.Meta     `bson:",inline"`
	At             time.Time
	Items          []string // document ids of the revisions, sorted
	Clauses        []string
	Quizzes        []string
	Scenarios      []string `bson:",omitempty"`
	Certifications []string
}

func newRevisions(st *store.Store) revisions {
	return revisions{
		items:          store.NewCollection[itemRevision](st, store.Schema{Name: "items"}),
		clauses:        store.NewCollection[clauseRevision](st, store.Schema{Name: "clauses"}),
		quizzes:        store.NewCollection[quizRevision](st, store.Schema{Name: "quizzes"}),
		scenarios:      store.NewCollection[scenarioRevision](st, store.Schema{Name: "scenarios"}),
		certifications: store.NewCollection[certificationRevision](st, store.Schema{Name: "certifications"}),
		releases:       store.NewCollection[Release](st, store.Schema{Name: "releases"}),
	}
}

// revisionID names a revision. A thing's own id that is too long for that, as
// a heading makes one, is hashed.
func revisionID(id, rev string) string {
	if name := id + "@" + rev; len(name) <= store.MaxID {
		return name
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:]) + "@" + rev
}

// Publish makes every revision of the library known to the store, so that
// attempts can pin them; the release document comes last. Publishing a
// library again reads one document and writes none. On a day on which its
// items read otherwise, it adds their revisions to the release.
func (p *Programme) Publish(ctx context.Context, lib *content.Library) error {
	known, err := p.revisions.releases.Get(ctx, lib.Hash)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("look up release %s: %w", lib.Hash, err)
	}
	list := partsOf(lib)
	rel := list.release(lib.Hash, p.now())
	if known != nil && known.names(rel) {
		return nil
	}
	if err := p.insertParts(ctx, list); err != nil {
		return fmt.Errorf("publish release %s: %w", lib.Hash, err)
	}
	if known == nil {
		err = p.revisions.releases.Insert(ctx, rel)
	}
	if known != nil || errors.Is(err, store.ErrExists) {
		_, err = p.revisions.releases.Update(ctx, lib.Hash, func(r *Release) error { return r.add(rel) })
	}
	if err != nil {
		return fmt.Errorf("publish release %s: %w", lib.Hash, err)
	}
	return nil
}

// names reports whether the release names every revision of the other.
func (r *Release) names(other *Release) bool {
	return containsAll(r.Items, other.Items) && containsAll(r.Clauses, other.Clauses) &&
		containsAll(r.Quizzes, other.Quizzes) && containsAll(r.Scenarios, other.Scenarios) && containsAll(r.Certifications, other.Certifications)
}

// containsAll reports whether a sorted list holds all ids.
func containsAll(sorted, ids []string) bool {
	for _, id := range ids {
		if _, found := slices.BinarySearch(sorted, id); !found {
			return false
		}
	}
	return true
}

// add adds the revisions of the other release.
func (r *Release) add(other *Release) error {
	if r.names(other) {
		return store.ErrNoChange
	}
	r.Items, r.Clauses = union(r.Items, other.Items), union(r.Clauses, other.Clauses)
	r.Quizzes, r.Scenarios = union(r.Quizzes, other.Quizzes), union(r.Scenarios, other.Scenarios)
	r.Certifications = union(r.Certifications, other.Certifications)
	return nil
}

func union(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.Compact(all)
}

// parts are all revisions of one library.
type parts struct {
	items          []*itemRevision
	clauses        []*clauseRevision
	quizzes        []*quizRevision
	scenarios      []*scenarioRevision
	certifications []*certificationRevision
}

func partsOf(lib *content.Library) (list parts) {
	for _, q := range lib.Quizzes() {
		rules := q.Quiz
		rules.Items = nil
		rev := &quizRevision{Meta: store.Meta{ID: revisionID(q.ID, q.Rev)}, Quiz: rules}
		for _, it := range q.Items {
			list.items = append(list.items, &itemRevision{Meta: store.Meta{ID: it.Rev}, Item: *it})
			rev.Items = append(rev.Items, it.Rev)
		}
		list.quizzes = append(list.quizzes, rev)
	}
	for _, s := range lib.Scenarios() {
		list.scenarios = append(list.scenarios, &scenarioRevision{Meta: store.Meta{ID: revisionID(s.ID, s.Rev)}, Scenario: s.Scenario})
	}
	for _, c := range lib.Clauses() {
		list.clauses = append(list.clauses, &clauseRevision{
			Meta: store.Meta{ID: revisionID(c.ID, c.Rev)}, Clause: c.ID,
			Title: c.Title, Text: c.Text, HTML: c.HTML, Figures: c.Figures,
		})
	}
	for _, c := range lib.Certifications {
		list.certifications = append(list.certifications,
			&certificationRevision{Meta: store.Meta{ID: revisionID(c.ID, c.Rev)}, Certification: *c})
	}
	return list
}

func (l parts) release(hash string, at time.Time) *Release {
	rel := &Release{Meta: store.Meta{ID: hash}, At: at}
	for _, it := range l.items {
		rel.Items = append(rel.Items, it.ID)
	}
	for _, c := range l.clauses {
		rel.Clauses = append(rel.Clauses, c.ID)
	}
	for _, q := range l.quizzes {
		rel.Quizzes = append(rel.Quizzes, q.ID)
	}
	for _, s := range l.scenarios {
		rel.Scenarios = append(rel.Scenarios, s.ID)
	}
	for _, c := range l.certifications {
		rel.Certifications = append(rel.Certifications, c.ID)
	}
	rel.Items, rel.Clauses, rel.Quizzes = union(rel.Items), union(rel.Clauses), union(rel.Quizzes)
	rel.Scenarios, rel.Certifications = union(rel.Scenarios), union(rel.Certifications)
	return rel
}

func (p *Programme) insertParts(ctx context.Context, list parts) error {
	return errors.Join(insertAbsent(ctx, p.revisions.items, list.items), insertAbsent(ctx, p.revisions.clauses, list.clauses),
		insertAbsent(ctx, p.revisions.quizzes, list.quizzes), insertAbsent(ctx, p.revisions.scenarios, list.scenarios),
		insertAbsent(ctx, p.revisions.certifications, list.certifications))
}

// insertAbsent inserts many documents side by side, so that they share
// commits; one that exists already is the same by its hash.
func insertAbsent[T any](ctx context.Context, c *store.Collection[T], docs []*T) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	slots := make(chan struct{}, 64)
	for _, doc := range docs {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if err := c.Insert(ctx, doc); err != nil && !errors.Is(err, store.ErrExists) {
				mu.Lock()
				failed = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return failed
}
