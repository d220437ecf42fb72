package programme_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// TestWake holds that whatever leaves something to do says so, and nothing
// else does.
func TestWake(t *testing.T) {
	p := newCompany(t).start(t)
	ann := p.rep("Ann")
	var woken atomic.Int64
	p.OnPending(func() { woken.Add(1) })
	for _, test := range []struct {
		name string
		do   func()
		want int64
	}{
		{"a lesson read", func() { p.read(ann, reading) }, 0},
		{"a start", func() { p.begin(ann, boxCheck) }, 1},
		{"a submit", func() { p.ok("submit", submitsAll(p, ann)) }, 1},
		{"the outbox itself", p.drain, 0},
		{"a sign-off of one of two", func() { p.ok("sign", signs(0, criteria[0])(p, ann)) }, 0},
		{"a sign-off", func() { p.ok("sign", signs(1, criteria...)(p, ann)) }, 0},
		{"the last lesson, which certifies", func() { p.read(ann, handoff) }, 1},
	} {
		before := woken.Load()
		if test.do(); woken.Load()-before != test.want {
			t.Errorf("%s: woken %d times, want %d", test.name, woken.Load()-before, test.want)
		}
	}
}

// TestDrainHoldsUpNobody lets one person's certificate be impossible to
// issue: hers waits, and everybody else's work is done.
func TestDrainHoldsUpNobody(t *testing.T) {
	p := newCompany(t).start(t)
	// Somebody whom the directory doesn't know sorts first: her attempt is the oldest.
	p.take("nobody", boxCheck, true)
	p.company.pass(day)
	var others []string
	for i := range 5 {
		others = append(others, p.rep(fmt.Sprint("rep", i)))
		p.take(others[i], boxCheck, true)
	}
	if more, err := p.Drain(p.ctx); more || err != nil {
		t.Fatalf("drain: more=%v, %v", more, err)
	}
	for _, person := range others {
		if got := p.recorded(person); len(got.Evidence.Held) != 1 {
			t.Errorf("%s: %+v, want to hold a certificate", person, got.Evidence)
		}
	}
	if log := p.log.String(); strings.Count(log, "left in the outbox") != 1 {
		t.Errorf("the log says %q, want one line", log)
	}
	// Nothing of hers is lost, and it is tried again each time.
	if st := p.standing("nobody"); len(st.Evidence.Tries[boxCheck]) != 1 || len(st.Evidence.Held) != 0 {
		t.Errorf("her standing is %+v", st)
	}
	p.drain()
	if log := p.log.String(); strings.Count(log, "left in the outbox") != 2 {
		t.Errorf("the log says %q, want two lines", log)
	}
}

// TestDrainMany empties an outbox of several batches, at the head of which
// stand more than one batch that can't be settled now.
func TestDrainMany(t *testing.T) {
	p := newCompany(t).start(t)
	const people, stuck = 230, 120
	name := func(i int) string { return fmt.Sprintf("person-%03d", i) }
	for i := range people {
		p.begin(name(i), boxCheck)
		p.company.pass(time.Second)
	}
	p.hooks.set(func(c store.Call) error {
		if c.Collection == "records" && c.Write && c.ID < name(stuck) {
			return store.ErrInvalid
		}
		return nil
	}, nil)
	p.drain()
	settled := func() (n int) {
		for i := range people {
			if r, err := p.Record(p.ctx, name(i)); err == nil && r != nil {
				n++
			}
		}
		return n
	}
	if n := settled(); n != people-stuck {
		t.Errorf("%d people are settled, want %d", n, people-stuck)
	}
	// When the store is gone, that is no document's fault, and soon said.
	p.hooks.set(func(c store.Call) error {
		if c.Write {
			return store.ErrUnavailable
		}
		return nil
	}, nil)
	writes, _ := p.counted(func() {
		if _, err := p.Drain(p.ctx); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("drain without a store: %v", err)
		}
	})
	if len(writes) != 1 {
		t.Errorf("it tried %d writes, want to stop after one", len(writes))
	}
	p.hooks.set(nil, nil)
	p.drain()
	if n := settled(); n != people {
		t.Errorf("%d people are settled in the end, want all %d", n, people)
	}
}

// TestDrainPastDamage: an attempt that can't be read any more is said, and keeps nothing
// else from being settled.
func TestDrainPastDamage(t *testing.T) {
	company := newCompany(t)
	c := newChannel(company.start(t))
	id := c.begin(c.ann.ID, boxCheck)
	q := c.raise("one", "")
	driver, err := sqlitestore.Open(c.ctx, company.path, sqlitestore.Options{})
	c.ok("open the file", err)
	c.ok("name the collection", driver.Declare(c.ctx, store.Schema{Name: "attempts"}))
	whole, err := driver.Get(c.ctx, "attempts", id)
	c.ok("read the attempt", err)
	var fields bson.D
	c.ok("take it apart", bson.Unmarshal(whole.Body, &fields))
	for i := range fields {
		switch fields[i].Key {
		case "questions":
			fields[i].Value = "gone"
		case "rev":
			fields[i].Value = whole.Rev + 1
		}
	}
	body, err := bson.Marshal(fields)
	c.ok("put it together", err)
	c.ok("damage it", driver.Replace(c.ctx, "attempts", store.Doc{ID: id, Rev: whole.Rev + 1, Body: body}))
	c.ok("close the file", driver.Close())
	if _, err := c.Drain(c.ctx); err == nil || !strings.Contains(err.Error(), id) {
		t.Errorf("an attempt that can't be read: %v, want an error that names it", err)
	}
	months, err := c.Months(c.ctx, 1)
	c.ok("read the month", err)
	stored, err := c.Request(c.ctx, q.ID)
	c.ok("read the request", err)
	if n := months[0].All().Requests; n != 1 || len(stored.Pending) > 0 {
		t.Errorf("%d requests are counted, and this one still has to cause %v", n, stored.Pending)
	}
}

// TestSweep holds that a new release is looked at once, everybody in turn, by
// each process, and that a failure begins the round again.
func TestSweep(t *testing.T) {
	c := newCompany(t)
	p := c.start(t)
	var reps []string
	for i := range 130 {
		reps = append(reps, fmt.Sprintf("person-%03d", i))
		p.ok("sign", signs(0, criteria[0])(p, reps[i]))
	}
	ann := p.rep("Ann")
	p.ok("sign", signs(0, criteria[0])(p, ann))
	p.read(ann, handoff)
	p.take(ann, boxCheck, true)
	p.drain()
	p.sweep()
	if _, reads := p.counted(p.sweep); reads != 0 {
		t.Errorf("sweeping again reads %d times", reads)
	}
	other := c.start(t)
	other.sweep()
	easier := library(t, edit{"certifications/sell-rush.md", ", Names the tier", ""})
	p.reload(easier)
	p.sweep()
	if got := p.certificates(ann); len(got) != 1 {
		t.Errorf("an old sign-off of one criterion that wasn't all: certificates %v", got)
	}
	easier = library(t, edit{"certifications/sell-rush.md", "  - signoff: {by: manager, criteria: [Asks for the aim, Names the tier]}\n", ""})
	p.reload(easier)
	// The first time, her record can't be written.
	p.hooks.set(func(c store.Call) error {
		if c.Write {
			return store.ErrConflict
		}
		return nil
	}, nil)
	var err error
	for more := true; more && err == nil; {
		more, err = p.Sweep(p.ctx)
	}
	if !errors.Is(err, store.ErrConflict) {
		t.Errorf("sweep with a failure: %v", err)
	}
	p.hooks.set(nil, nil)
	writes, reads := p.counted(p.sweep)
	if want := []string{"replace records", "insert certificates", "replace records"}; !slices.Equal(writes, want) || reads > 12 {
		t.Errorf("the sweep reads %d times and writes %v, want %v", reads, writes, want)
	}
	checkSettled(t, p, ann)
	if got := p.clearance(ann, sellRush); !got.Cleared() || got.Certificate == "" {
		t.Errorf("clearance %+v", got)
	}
	// The other process, which comes later, finds nothing left to do.
	if _, err := other.Reload(other.ctx); err != nil {
		t.Fatal(err)
	}
	if writes, _ := other.counted(other.sweep); len(writes) != 0 {
		t.Errorf("the other process writes %v", writes)
	}
}

// TestReloadWhileIssuing holds that a certification that goes while its
// certificate is being written is issued as it was decided.
func TestReloadWhileIssuing(t *testing.T) {
	p := newCompany(t).start(t)
	ann := p.rep("Ann")
	attempt := p.begin(ann, boxCheck)
	saves := p.answers(attempt, 0)
	gone := library(t, edit{File: "certifications/sell-rush.md"}, edit{"certifications/sell-searches.md", "id: sell-searches", "id: sell-all"},
		edit{"certifications/sell-searches.md", "[searches]", "[searches, rush]"})
	once := true
	p.hooks.set(func(c store.Call) error {
		if once && c.Collection == "people" && c.Op == "Get" {
			once = false
			p.company.edit(gone)
			_, err := p.Reload(p.ctx)
			return err
		}
		return nil
	}, nil)
	out, err := p.Submit(p.ctx, ann, attempt, saves)
	if err != nil || len(out.Issued) == 0 || out.Issued[0].Certification != sellSearches {
		t.Fatalf("submit: %+v, %v, want a certificate for %s", out, err, sellSearches)
	}
	if p.Shelf.Library().Certification(sellSearches) != nil {
		t.Fatal("the library did not change meanwhile")
	}
	p.drain()
	p.sweep()
	if got := p.certificates(ann); !slices.Equal(got, []string{"sell-all/1", "sell-searches/1"}) {
		t.Errorf("certificates %v", got)
	}
	checkSettled(t, p, ann)
}

// TestLateCertificate holds that a certificate that could not be written at
// once is announced as on its way, and in the end bears the date on which it
// was earned.
func TestLateCertificate(t *testing.T) {
	c := newCompany(t)
	p := c.start(t)
	ann := p.rep("Ann")
	p.ok("sign", signs(0, criteria...)(p, ann))
	refuse := func(call store.Call) error {
		if call.Collection == "certificates" && call.Write {
			return store.ErrUnavailable
		}
		return nil
	}
	p.hooks.set(refuse, nil)
	if out := p.take(ann, boxCheck, true); len(out.Issued) != 0 || p.clearance(ann, sellSearches).State != certify.Issuing {
		t.Errorf("without certificates: issued %v, %+v", named(out.Issued), p.clearance(ann, sellSearches))
	}
	c.pass(day)
	if issued := p.read(ann, handoff); len(issued) != 0 {
		t.Errorf("without certificates: issued %v", named(issued))
	}
	c.pass(3 * day)
	next := c.start(t)
	next.drain()
	list, err := next.CertificatesOf(next.ctx, ann)
	next.ok("certificates", err)
	dates := map[string]time.Time{}
	for _, certificate := range list {
		dates[certificate.Certification] = certificate.Issued
	}
	if want := map[string]time.Time{sellSearches: monday, sellRush: monday.Add(day)}; !maps.Equal(dates, want) {
		t.Errorf("issued on %v, want %v", dates, want)
	}
	checkSettled(t, next, ann)
}

// TestCertificateSaysWhy holds that a certificate names who, what, on which
// evidence and on which wording, and that no later edit changes it.
func TestCertificateSaysWhy(t *testing.T) {
	p := newCompany(t).start(t)
	ann := p.rep("Ann")
	lib := p.Shelf.Library()
	p.read(ann, reading, handoff)
	p.ok("sign", signs(0, criteria...)(p, ann))
	out := p.take(ann, boxCheck, true)
	if got := named(out.Issued); !slices.Equal(got, []string{"sell-rush/1", "sell-searches/1"}) {
		t.Fatalf("issued %v", got)
	}
	for _, c := range out.Issued {
		rule := lib.Certification(c.Certification)
		if c.Name != "Ann Berg" || c.Person != ann || c.Release != lib.Hash || c.CertificationRev != rule.Rev || len(c.Clauses) != len(rule.Covers) {
			t.Errorf("%s: %+v", c.Certification, c)
		}
		for _, covered := range c.Clauses {
			if covered.Rev == "" || covered.Rev != lib.Clause(covered.ID).Rev {
				t.Errorf("%s: clause %+v", c.Certification, covered)
			}
		}
		for _, proof := range c.Steps {
			byQuiz := proof.Kind == certify.PassQuiz || proof.Waived
			if proof.At.IsZero() || byQuiz != (proof.Attempt == out.Attempt.ID) || (proof.Kind == certify.SignOff) != (proof.By == "the-manager") {
				t.Errorf("%s: proof %+v", c.Certification, proof)
			}
		}
	}
	p.reload(library(t, edit{"certifications/sell-searches.md", "The holder reads a box.", "Something else."}, edit{"standard/searches.md", "We search", "They search"}))
	p.drain()
	for _, c := range out.Issued {
		again, err := p.Certificate(p.ctx, c.Meta.ID)
		if diff := cmp.Diff(c, again, emptyIsNil); err != nil || diff != "" {
			t.Errorf("%s: %v, -issued, +read later:\n%s", c.Certification, err, diff)
		}
	}
}
