package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/insidebox/insidebox/store"
)

// applyAtOnce is how many rows are written at the same time, so that they share
// the store's commits: one after the other, 50,000 rows take minutes.
const applyAtOnce = 16

// Apply does what a diff says and reports on every row. progress, if not nil,
// is called after each row, never twice at once, with how many of total are
// done. Rows are made so as they ask for, whatever happened since Plan; applying
// a diff twice, or two at once, does no harm.
//
// What is refused on the way (the address was taken meanwhile, the last admin
// would go) is a rejected row. When the store fails or the context ends, Apply
// stops with that error; the report says which rows were not tried. Importing
// the file again then does the rest.
func (s *Service) Apply(ctx context.Context, d *Diff, progress func(done, total int)) (*Report, error) {
	ap := &applier{s: s, rep: &Report{Rows: slices.Clone(d.Rows), roster: d.roster}, progress: progress}
	ap.tried = make([]bool, len(d.Rows))
	for _, t := range d.Teams {
		if !t.New {
			continue
		}
		if _, err := s.addTeam(ctx, t.ID, t.Name); err != nil && !errors.Is(err, ErrTeamTaken) {
			return ap.stopped(err)
		}
	}
	if err := ap.rows(ctx); err != nil {
		return ap.stopped(err)
	}
	if err := ap.managers(ctx); err != nil {
		return ap.stopped(err)
	}
	return ap.rep, nil
}

// applier is an Apply under way.
type applier struct {
	s        *Service
	rep      *Report
	tried    []bool // each row's is written by the one who does the row
	progress func(done, total int)

	mu   sync.Mutex
	done int
}

// rows does the rows: first, one by one, those that may make admins, then those
// that may take some away, because there the order decides who is the last one;
// then all others.
func (ap *applier) rows(ctx context.Context) error {
	for _, now := range []func(*Row) bool{mayAddAdmin, mayRemoveAdmin} {
		for i := range ap.rep.Rows {
			if ap.tried[i] || !now(&ap.rep.Rows[i]) {
				continue
			}
			if err := ap.row(ctx, i); err != nil {
				return err
			}
		}
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(applyAtOnce)
	for i := range ap.rep.Rows {
		if ap.tried[i] {
			continue
		}
		if inner.Err() != nil {
			break
		}
		group.Go(func() error { return ap.row(inner, i) })
	}
	return errors.Join(group.Wait(), ctx.Err())
}

func mayAddAdmin(r *Row) bool {
	return r.Action == Enabled || r.Action != Disabled && slices.Contains(r.want.roles, RoleAdmin)
}

func mayRemoveAdmin(r *Row) bool {
	return r.Action == Disabled || r.Action == Changed && r.want.roles != nil
}

// row does one row and notes what came of it. The error is one that ends all.
func (ap *applier) row(ctx context.Context, i int) error {
	row := &ap.rep.Rows[i]
	if row.Action != Rejected && row.Action != Unchanged {
		id, err := ap.s.applyRow(ctx, row)
		if fatal(ctx, err) {
			return fmt.Errorf("import line %d: %w", row.Line, err)
		}
		if err != nil {
			*row = row.reject(refusal(err))
		} else {
			row.Person = id
		}
	}
	ap.tried[i] = true
	ap.mu.Lock()
	defer ap.mu.Unlock()
	ap.done++
	if ap.progress != nil {
		ap.progress(ap.done, len(ap.rep.Rows))
	}
	return nil
}

// fatal tells whether an error would hit the other rows as well.
func fatal(ctx context.Context, err error) bool {
	return err != nil && (ctx.Err() != nil || errors.Is(err, store.ErrUnavailable))
}

// refusal is an error without the steps that led to it, where it is one of
// those that people understand.
func refusal(err error) error {
	var in *InputError
	if errors.As(err, &in) {
		return in
	}
	for _, known := range []error{ErrEmailTaken, ErrLastAdmin, ErrTeamTaken} {
		if errors.Is(err, known) {
			return known
		}
	}
	return err
}

// applyRow makes it so, and returns the person's id.
func (s *Service) applyRow(ctx context.Context, row *Row) (string, error) {
	id := row.Person
	if id == "" {
		p, err := s.Add(ctx, row.newPerson())
		if err == nil {
			return p.ID, nil
		}
		if !errors.Is(err, ErrEmailTaken) {
			return "", err
		}
		// Somebody else added her since the plan was made: bring her up to date.
		if p, err = s.ByEmail(ctx, row.want.email); err != nil {
			return "", err
		}
		id = p.ID
	} else if slices.ContainsFunc(row.Changes, func(c FieldChange) bool { return c.Field == "email" }) {
		if _, err := s.SetEmail(ctx, id, row.want.email); err != nil {
			return "", err
		}
	}
	_, err := s.change(ctx, "import", id, func(p *Person) error {
		if len(row.want.apply(p)) == 0 {
			return store.ErrNoChange
		}
		return nil
	})
	return id, err
}

// newPerson is the row as a person to add.
func (r *Row) newPerson() NewPerson {
	w := r.want
	return NewPerson{
		Email: w.email, First: w.first, Last: w.last, Roles: w.roles, Team: w.team,
		Disabled: w.disabled != nil && *w.disabled,
		Username: w.username, IDNumber: w.idnumber, Department: w.department,
	}
}

// managers gives the teams their managers, who are all there now.
func (ap *applier) managers(ctx context.Context) error {
	for i := range ap.rep.Rows {
		row := &ap.rep.Rows[i]
		if row.want.manager == "" {
			continue
		}
		// Even if this row was refused meanwhile: others of the team rely on it.
		err := ap.s.addManagerByEmail(ctx, row.want.team, row.want.manager)
		if fatal(ctx, err) {
			return fmt.Errorf("import line %d: %w", row.Line, err)
		}
		if err != nil && row.Action != Rejected {
			row.Reason = fmt.Sprintf("She is in the team, but %s could not be made its manager: %v", row.want.manager, refusal(err))
		}
	}
	return nil
}

func (s *Service) addManagerByEmail(ctx context.Context, team, email string) error {
	p, err := s.ByEmail(ctx, email)
	if err == nil {
		_, err = s.AddManager(ctx, team, p.ID)
	}
	return err
}

// stopped marks the rows that were not tried.
func (ap *applier) stopped(err error) (*Report, error) {
	for i := range ap.rep.Rows {
		if a := ap.rep.Rows[i].Action; !ap.tried[i] && a != Rejected && a != Unchanged {
			ap.rep.Rows[i] = ap.rep.Rows[i].reject(errNotTried)
		}
	}
	return ap.rep, err
}

var errNotTried = errors.New("not done, because the import was stopped; import the file again")
