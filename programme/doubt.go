package programme

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// ClauseDoubts is the document of what people find unclear about a clause.
type ClauseDoubts struct {
	store.Meta      `bson:",inline"`
	standard.Doubts `bson:",inline"`
	Clause          string
	Waits           bool // there are open ones
	Latest          time.Time
}

var doubtSchema = store.Schema{Name: "doubts", Indexes: []store.Index{
	{Name: "waits", Fields: []store.Field{{Name: "waits", Kind: store.KindBool}, {Name: "latest", Kind: store.KindTime}}},
}}

// MostDoubts is how many clauses with open doubts are listed.
const MostDoubts = 300

func (p *Programme) doubtsID(clause string) string { return p.id("doubts", clause) }

// DoubtsOf is what people find unclear about these clauses, by clause; one read.
// Nobody has asked about one that is missing.
func (p *Programme) DoubtsOf(ctx context.Context, clauses []*content.Clause) (map[string]*ClauseDoubts, error) {
	ids := make([]string, len(clauses))
	for i, c := range clauses {
		ids[i] = p.doubtsID(c.ID)
	}
	found, err := p.doubts.GetAll(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read what is unclear about %d clauses: %w", len(clauses), err)
	}
	list := make(map[string]*ClauseDoubts, len(found))
	for _, d := range found {
		list[d.Clause] = d
	}
	return list, nil
}

// Doubted reports whether anybody ever asked about a clause, which the library may
// have lost since.
func (p *Programme) Doubted(ctx context.Context, clause string) (bool, error) {
	_, err := read(ctx, p.doubts, p.doubtsID(clause))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// OpenDoubts are the clauses that somebody finds unclear, what most do first; up to
// MostDoubts of those of which that was last said.
func (p *Programme) OpenDoubts(ctx context.Context) ([]*ClauseDoubts, error) {
	list, _, err := p.doubts.Find(ctx, store.Query{Index: "waits", Eq: []store.Key{store.Bool(true)}, Desc: true, Limit: MostDoubts})
	if err != nil {
		return nil, fmt.Errorf("list unclear clauses: %w", err)
	}
	slices.SortStableFunc(list, func(x, y *ClauseDoubts) int { return cmp.Compare(len(y.Open), len(x.Open)) })
	return list, nil
}

// AskClause says that somebody finds a clause unclear, and if she likes, what.
func (p *Programme) AskClause(ctx context.Context, by *people.Person, c *content.Clause, text string) error {
	doubt := standard.Doubt{By: by.ID, At: p.now(), Rev: c.Rev, Text: text}
	return p.changeDoubts(ctx, c.ID, func(d *ClauseDoubts) error { return d.Ask(doubt) })
}

// WithdrawDoubt takes back that somebody finds a clause unclear.
func (p *Programme) WithdrawDoubt(ctx context.Context, by *people.Person, clause string) error {
	return p.changeDoubts(ctx, clause, func(d *ClauseDoubts) error { return d.Withdraw(by.ID) })
}

// MayAnswer reports whether somebody may answer what is unclear about a clause:
// authors, and reviewers for the function that owns it.
func (p *Programme) MayAnswer(who *people.Person, clause string) bool {
	if who.Has(people.RoleAuthor) || who.Has(people.RoleAdmin) {
		return true
	}
	owner := ""
	if c := p.library().Clause(clause); c != nil {
		if o := p.library().Offering(c.Of); o != nil {
			owner = o.Owner
		} else if practice := p.library().Practice(c.Of); practice != nil {
			owner = practice.Owner
		}
	}
	return ActorOf(who).Speaks(standard.OwnerOf(owner))
}

// AnswerDoubts answers all that is unclear about a clause. seen is when the latest
// doubt came that the page showed.
func (p *Programme) AnswerDoubts(ctx context.Context, by *people.Person, clause, note string, seen time.Time) error {
	if !p.MayAnswer(by, clause) {
		return ErrForbidden
	}
	a := standard.Answering{Note: note, By: by.ID, At: p.now()}
	return p.changeDoubts(ctx, clause, func(d *ClauseDoubts) error { return d.Answer(a, seen) })
}

// changeDoubts changes what is kept of a clause by one write; done again is done.
func (p *Programme) changeDoubts(ctx context.Context, clause string, change func(*ClauseDoubts) error) error {
	id := p.doubtsID(clause)
	fresh := func() *ClauseDoubts { return &ClauseDoubts{Meta: store.Meta{ID: id}, Clause: clause} }
	_, err := put(ctx, p.doubts, id, fresh, func(d *ClauseDoubts) error {
		err := change(d)
		switch {
		case errors.Is(err, standard.ErrAgain):
			return store.ErrNoChange
		case errors.Is(err, standard.ErrOvertaken):
			return ErrStale
		case err != nil:
			return err
		}
		d.Waits, d.Latest = len(d.Open) > 0, d.Last()
		if !d.Waits {
			d.Latest = Never
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("say what is unclear about %s: %w", clause, err)
	}
	return nil
}
