package server_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

const (
	submitsAtOnce  = 32
	submitsPerTurn = 60 * submitsAtOnce
	turns          = 6 // each is a fifth of a second, in which a checkpoint may fall or not
)

// A scrap is a document as plain as can be: what the store writes when nobody
// grades anything.
type scrap struct {
	store.Meta `bson:",inline"`
	Person     string `bson:"person"`
	Text       string `bson:"text"`
}

// BenchmarkSubmits submits whole sheets of nine answers, 32 at a time, through
// the programme and through HTTP, and in turns with them makes the store's own
// durable writes of one document, as many at a time: inserts of 1 KB, and
// replacements of a document as long as the attempt. Each submit is another
// rep's; the outbox works behind the requests and is not counted.
func BenchmarkSubmits(b *testing.B) {
	site := newRig(b)
	scraps := store.NewCollection[scrap](site.Store, store.Schema{Name: "scraps", Indexes: []store.Index{
		{Name: "person", Fields: []store.Field{{Name: "person", Kind: store.KindString}}},
	}})
	site.must(site.Store.Declare(b.Context()))
	w := &submitters{rig: site, scraps: scraps}
	var small, large, direct, http time.Duration
	conns := dial(b, site.URL, submitsAtOnce, "")
	for _, c := range conns {
		c.status = "HTTP/1.1 303"
	}
	for b.Loop() {
		for range turns {
			w.prepare(b)
			small += sharedOut(b, func(i int) error {
				return scraps.Insert(b.Context(), &scrap{Meta: store.Meta{ID: rand.Text()}, Person: w.sheets[i].person, Text: strings.Repeat("text ", 200)})
			})
			large += sharedOut(b, func(i int) error { return scraps.Replace(b.Context(), w.long[i]) })
			direct += sharedOut(b, func(i int) error {
				out, err := site.Prog.Submit(b.Context(), w.sheets[i].person, w.sheets[i].attempt, w.sheets[i].saves)
				if err == nil && (out.Attempt.Result == nil || !out.Attempt.Result.Passed) {
					err = errors.New("the attempt has not passed")
				}
				return err
			})
			w.prepare(b)
			http += conns.submit(b, w.sheets)
		}
	}
	all := float64(b.N * turns * submitsPerTurn)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(all/small.Seconds(), "writes/s")
	b.ReportMetric(all/direct.Seconds(), "submits/s")
	b.ReportMetric(all/http.Seconds(), "http-submits/s")
	b.ReportMetric(small.Seconds()/direct.Seconds(), "ratio-to-writes")
	b.ReportMetric(large.Seconds()/direct.Seconds(), "ratio-to-writes-as-long")
	b.ReportMetric(small.Seconds()/http.Seconds(), "ratio-http-to-writes")
}

// submitters are reps in front of sheets that they have filled in.
type submitters struct {
	*rig
	scraps *store.Collection[scrap]
	sheets []sheet
	long   []*scrap
	n      int
}

// A sheet is an attempt with all answers, as calls and as a form post them.
type sheet struct {
	person, attempt, cookie string
	saves                   []quiz.Save
	form                    string
}

// prepare has new reps start the quiz, and puts a scrap beside each attempt.
func (w *submitters) prepare(b *testing.B) {
	b.StopTimer()
	defer b.StartTimer()
	w.sheets, w.long = make([]sheet, submitsPerTurn), make([]*scrap, submitsPerTurn)
	w.n++
	sharedOut(b, func(i int) error {
		email := fmt.Sprintf("submits%d-%d@demo.test", w.n, i)
		p, err := w.People.Seat(b.Context(), people.NewPerson{Email: email, First: "B", Last: email, Roles: []people.Role{people.RoleRep}}, w.Clock.Now(), rand.Reader)
		if err != nil {
			return err
		}
		if err := w.fillIn(b.Context(), p.ID, &w.sheets[i]); err != nil {
			return err
		}
		w.long[i] = &scrap{Meta: store.Meta{ID: rand.Text()}, Person: p.ID, Text: strings.Repeat("text ", 900)}
		return w.scraps.Insert(b.Context(), w.long[i])
	})
	w.calls.take()
}

func (w *submitters) fillIn(ctx context.Context, person string, s *sheet) error {
	id, err := w.Prog.Start(ctx, person, nil, "together-check")
	if err != nil {
		return err
	}
	a, err := w.Prog.Attempt(ctx, id)
	if err != nil {
		return err
	}
	_, s.cookie, err = w.People.OpenSession(ctx, person, "Firefox/140 Linux")
	s.person, s.attempt = person, id
	form := url.Values{}
	items, err2 := w.Prog.Items(ctx, a)
	for i, it := range items {
		q := a.Questions[i]
		save := quiz.Save{Item: q.Item}
		for shown, option := range q.Order {
			if it.Options[option].Right {
				save.Tokens = append(save.Tokens, q.Tokens[shown])
			}
		}
		s.saves = append(s.saves, save)
		form["q."+q.Item] = save.Tokens
		form.Set("rev."+q.Item, "0")
		form.Set("seen."+q.Item, "1")
	}
	s.form = form.Encode()
	return errors.Join(err, err2)
}

// sharedOut does something for each sheet, 32 at a time, and returns how long all
// took.
func sharedOut(b *testing.B, do func(i int) error) time.Duration {
	b.Helper()
	errs := make([]error, submitsAtOnce)
	var wg sync.WaitGroup
	began := time.Now()
	for worker := range submitsAtOnce {
		wg.Go(func() {
			for i := worker; i < submitsPerTurn && errs[worker] == nil; i += submitsAtOnce {
				errs[worker] = do(i)
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	if err := errors.Join(errs...); err != nil {
		b.Fatal(err)
	}
	return took
}

// submit posts the sheets, each connection its part.
func (list callers) submit(b *testing.B, sheets []sheet) time.Duration {
	b.Helper()
	requests := make([][]byte, len(sheets))
	for i, s := range sheets {
		requests[i] = fmt.Appendf(nil, "POST /attempts/%s/submit HTTP/1.1\r\nHost: x\r\nOrigin: %s\r\nCookie: insidebox=%s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
			s.attempt, "http://x", s.cookie, len(s.form), s.form)
	}
	return sharedOut(b, func(i int) error {
		c := list[i%submitsAtOnce]
		c.request = requests[i]
		return c.once()
	})
}
