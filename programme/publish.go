package programme

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// revisions are the immutable, content-addressed states of what a library
// holds. A document's id is the thing's id, "@" and its hash; an item's is its
// hash alone, which covers the id.
type revisions struct {
	items          *store.Collection[itemRevision]
	clauses        *store.Collection[clauseRevision]
	quizzes        *store.Collection[quizRevision]
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

type certificationRevision struct {
	store.Meta    `bson:",inline"`
	Certification certify.Certification
}

// A Release names all revisions of one library state. Its id is the hash.
type Release struct {
	store.Meta     `bson:",inline"`
	At             time.Time
	Items          []string // document ids of the revisions, sorted
	Clauses        []string
	Quizzes        []string
	Certifications []string
}

func newRevisions(st *store.Store) revisions {
	return revisions{
		items:          store.NewCollection[itemRevision](st, store.Schema{Name: "items"}),
		clauses:        store.NewCollection[clauseRevision](st, store.Schema{Name: "clauses"}),
		quizzes:        store.NewCollection[quizRevision](st, store.Schema{Name: "quizzes"}),
		certifications: store.NewCollection[certificationRevision](st, store.Schema{Name: "certifications"}),
		releases:       store.NewCollection[Release](st, store.Schema{Name: "releases"}),
	}
}

func revisionID(id, rev string) string { return id + "@" + rev }

// Publish makes every revision of the library known to the store, so that
// attempts can pin them; the release document comes last. Publishing a
// library again reads one document and writes none.
func (p *Programme) Publish(ctx context.Context, lib *content.Library) error {
	_, err := p.revisions.releases.Get(ctx, lib.Hash)
	if err == nil {
		return nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("look up release %s: %w", lib.Hash, err)
	}
	rel := &Release{Meta: store.Meta{ID: lib.Hash}, At: p.now()}
	if err := p.publishParts(ctx, lib, rel); err != nil {
		return fmt.Errorf("publish release %s: %w", lib.Hash, err)
	}
	if err := p.revisions.releases.Insert(ctx, rel); err != nil && !errors.Is(err, store.ErrExists) {
		return fmt.Errorf("publish release %s: %w", lib.Hash, err)
	}
	return nil
}

func (p *Programme) publishParts(ctx context.Context, lib *content.Library, rel *Release) error {
	var items []*itemRevision
	var quizzes []*quizRevision
	for _, q := range lib.Quizzes() {
		rules := q.Quiz
		rules.Items = nil
		rev := &quizRevision{Meta: store.Meta{ID: revisionID(q.ID, q.Rev)}, Quiz: rules}
		for _, it := range q.Items {
			items = append(items, &itemRevision{Meta: store.Meta{ID: it.Rev}, Item: *it})
			rev.Items, rel.Items = append(rev.Items, it.Rev), append(rel.Items, it.Rev)
		}
		quizzes, rel.Quizzes = append(quizzes, rev), append(rel.Quizzes, rev.ID)
	}
	var clauses []*clauseRevision
	for _, c := range lib.Clauses() {
		rev := &clauseRevision{Meta: store.Meta{ID: revisionID(c.ID, c.Rev)}, Clause: c.ID,
			Title: c.Title, Text: c.Text, HTML: c.HTML, Figures: c.Figures}
		clauses, rel.Clauses = append(clauses, rev), append(rel.Clauses, rev.ID)
	}
	var certifications []*certificationRevision
	for _, c := range lib.Certifications {
		rev := &certificationRevision{Meta: store.Meta{ID: revisionID(c.ID, c.Rev)}, Certification: *c}
		certifications, rel.Certifications = append(certifications, rev), append(rel.Certifications, rev.ID)
	}
	return errors.Join(insertAbsent(ctx, p.revisions.items, items), insertAbsent(ctx, p.revisions.clauses, clauses),
		insertAbsent(ctx, p.revisions.quizzes, quizzes), insertAbsent(ctx, p.revisions.certifications, certifications))
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
