package demo

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// A world is the real services on the store, with a clock of their own.
type world struct {
	store   *store.Store
	people  *people.Service
	prog    *programme.Programme
	markers *store.Collection[marker]
	shelf   *programme.Shelf
	today   time.Time
	now     time.Time
}

func newWorld(driver store.Driver, shelf *programme.Shelf, today time.Time, seed func() [32]byte) *world {
	w := &world{store: store.New(driver), shelf: shelf, today: today, now: today.AddDate(-2, 0, 0)}
	clock := func() time.Time { return w.now }
	w.people = people.New(w.store, people.Options{Now: clock})
	w.prog = programme.New(w.store, w.people, shelf, programme.Options{Now: clock, Seed: seed, Log: slog.New(slog.DiscardHandler)})
	w.markers = newMarkers(w.store)
	return w
}

// add adds one person and plays the story. Somebody who is there already was
// added by a seeding that was interrupted: what she has done stays done, and
// she does the rest.
func (w *world) add(ctx context.Context, c character, hash string) error {
	w.now = w.today.AddDate(-2, 0, 0)
	p, err := w.people.Add(ctx, people.NewPerson{
		Email: c.email, First: c.first, Last: c.last, Roles: c.roles,
		Team: c.team, PasswordHash: hash,
	})
	if errors.Is(err, people.ErrEmailTaken) {
		p, err = w.people.ByEmail(ctx, c.email)
	}
	if err == nil && c.manages != "" {
		_, err = w.people.AddManager(ctx, c.manages, p.ID)
	}
	if err != nil || c.story == nil {
		return err
	}
	a := &actor{world: w, ctx: ctx, person: p.ID}
	c.story(a)
	a.settle()
	return a.err
}

// settle empties the outbox.
func (a *actor) settle() {
	for more := true; more && a.err == nil; {
		more, a.err = a.prog.Drain(a.ctx)
	}
}

// An actor does what a rep does, at times in the past. After the first
// error it does nothing more.
type actor struct {
	*world
	ctx    context.Context
	person string
	taken  int // how many attempts the story has told of
	err    error
}

// at sets the clock to ten in the morning, so many days ago.
func (a *actor) at(days int) {
	day := a.today.In(a.shelf.Library().Location).AddDate(0, 0, -days)
	a.now = time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, day.Location())
}

// module is the one whose lessons and quiz the stories are about.
func (a *actor) module() *content.Module {
	for _, c := range a.shelf.Library().Courses {
		for _, m := range c.Modules {
			if len(m.Lessons) > 0 && len(m.Quizzes) > 0 {
				return m
			}
		}
	}
	return nil
}

// read marks the first n lessons read.
func (a *actor) read(days, n int) {
	a.at(days)
	m := a.module()
	for i := 0; a.err == nil && m != nil && i < min(n, len(m.Lessons)); i++ {
		a.now = a.now.Add(time.Duration(m.Lessons[i].Minutes) * time.Minute)
		_, a.err = a.prog.MarkRead(a.ctx, a.person, m.Lessons[i].ID, false)
	}
}

// take takes the quiz, answering as told.
func (a *actor) take(days int, answer func(number int, it *quiz.Item) []int) {
	a.at(days)
	a.sit(answer)
}

func (a *actor) takeHours(hours int, answer func(int, *quiz.Item) []int) {
	a.now = a.today.Add(-time.Duration(hours) * time.Hour)
	a.sit(answer)
}

func (a *actor) sit(answer func(int, *quiz.Item) []int) {
	if a.taken++; a.sat() {
		return
	}
	id := a.begin()
	saves := a.answers(id, answer)
	if a.err == nil && id != "" {
		a.now = a.now.Add(12 * time.Minute)
		_, a.err = a.prog.Submit(a.ctx, a.person, id, saves)
	}
}

// sat reports whether this attempt of the story was submitted before.
func (a *actor) sat() bool {
	m := a.module()
	if a.err != nil || m == nil {
		return true
	}
	st, err := a.prog.StandingOf(a.ctx, a.person)
	if err != nil {
		a.err = err
		return true
	}
	graded := 0
	for _, t := range st.Evidence.Tries[m.Quizzes[0].ID] {
		if t.State == quiz.Graded {
			graded++
		}
	}
	return graded >= a.taken
}

// start starts the quiz and answers the first third of it.
func (a *actor) start(days int) {
	a.at(days)
	id := a.begin()
	saves := a.answers(id, a.well)
	if a.err == nil && id != "" {
		a.now = a.now.Add(4 * time.Minute)
		_, _, a.err = a.prog.Save(a.ctx, a.person, id, saves[:len(saves)/3])
	}
}

// renew opens the renewal of every certificate that is near its end. One that
// the outbox still owes comes first.
func (a *actor) renew(days int) {
	a.at(days)
	if a.settle(); a.err != nil {
		return
	}
	for _, c := range a.shelf.Library().Certifications {
		err := a.prog.Renew(a.ctx, a.person, c.ID)
		if err != nil && !errors.Is(err, programme.ErrNotNow) {
			a.err = errors.Join(a.err, err)
		}
	}
}

func (a *actor) begin() (id string) {
	m := a.module()
	if a.err != nil || m == nil {
		return ""
	}
	record, err := a.prog.Record(a.ctx, a.person)
	if err == nil {
		id, err = a.prog.Start(a.ctx, a.person, record, m.Quizzes[0].ID)
	}
	return a.begun(id, err)
}

// begun is what was started, or nothing where the library's rules don't let the
// person start now: it may be another one than the stories were written for.
func (a *actor) begun(id string, err error) string {
	if errors.Is(err, programme.ErrNotNow) {
		return ""
	}
	a.err = err
	return id
}

// answers makes an answer to every question.
func (a *actor) answers(id string, answer func(int, *quiz.Item) []int) []quiz.Save {
	if a.err != nil || id == "" {
		return nil
	}
	attempt, err := a.prog.Attempt(a.ctx, id)
	if err != nil {
		a.err = err
		return nil
	}
	items, err := a.prog.Items(a.ctx, attempt)
	if err != nil {
		a.err = err
		return nil
	}
	var saves []quiz.Save
	for i := range attempt.Questions {
		q := &attempt.Questions[i]
		s := quiz.Save{Item: q.Item}
		for _, option := range answer(i, items[i]) {
			s.Tokens = append(s.Tokens, q.Tokens[slices.Index(q.Order, option)])
		}
		saves = append(saves, s)
	}
	return saves
}

// well answers everything right but one ordinary question.
func (a *actor) well(number int, it *quiz.Item) []int {
	if number == 4 && !it.Critical {
		return wrong(it)
	}
	return it.Key()
}

// badly answers every other question wrong, so that no draw passes.
func (a *actor) badly(number int, it *quiz.Item) []int {
	if number%2 == 0 {
		return wrong(it)
	}
	return it.Key()
}

func wrong(it *quiz.Item) []int {
	for i, o := range it.Options {
		if !o.Right {
			return []int{i}
		}
	}
	return nil
}
