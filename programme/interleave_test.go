package programme_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// The acts that are put into one another. Each does what it can and takes
// what another one left.

func submitsAll(p *process, ann string) error {
	st, err := p.StandingOf(p.ctx, ann)
	if err != nil {
		return err
	}
	for _, open := range st.Open {
		saves, err := p.answersTo(open, 0)
		if err != nil {
			return err
		}
		if _, err := p.Submit(p.ctx, ann, open, saves); err != nil {
			return err
		}
	}
	return nil
}

func readsHandoff(p *process, ann string) error {
	_, err := p.MarkRead(p.ctx, ann, handoff, false)
	return err
}

func drains(p *process, _ string) error {
	_, err := p.Drain(p.ctx)
	return err
}

func allOf(list ...step) step {
	return func(p *process, ann string) error {
		for _, do := range list {
			if err := do(p, ann); err != nil {
				return err
			}
		}
		return nil
	}
}

// interleaved runs outer on one server again and again, on a copy of the data
// file each: right before its first call of the store, its second and so on
// the whole of inner is done on another server. check looks at the result.
func interleaved(t *testing.T, folder, ann string, tree fs.FS, outer, inner step, check func(p *process)) {
	t.Helper()
	for call := 1; ; call++ {
		c := copied(t, folder)
		c.edit(tree)
		p, other := c.startIn(t, t.Context()), c.startIn(t, t.Context())
		calls, innerErr := 0, error(nil)
		p.hooks.set(func(store.Call) error {
			if calls++; calls == call {
				innerErr = inner(other, ann)
			}
			return nil
		}, nil)
		err := outer(p, ann)
		p.hooks.set(nil, nil)
		p.ok("act", errors.Join(err, innerErr))
		if calls >= call {
			check(p)
		}
		p.stop()
		other.stop()
		if t.Failed() {
			t.Fatalf("the inner act came before call %d of %d", call, calls)
		}
		if calls < call {
			if call < 3 {
				t.Fatalf("the outer act makes only %d calls", calls)
			}
			return
		}
	}
}

// TestEachLacksTheOther puts every act that a certificate waits for into
// every other one, at each call of the store: each has seen only what was
// there before, and yet the certificates are there in the end, once.
func TestEachLacksTheOther(t *testing.T) {
	folder := t.TempDir()
	c := companyAt(t, folder)
	p := c.startIn(t, t.Context())
	ann := p.rep("Ann")
	p.begin(ann, boxCheck)
	p.drain()
	p.stop()
	acts := map[string]step{
		"submit": submitsAll, "read": readsHandoff, "sign": signs(0, criteria...), "drain": drains,
	}
	const searches, rush = "certifications/sell-searches.md", "certifications/sell-rush.md"
	// As it is, the quiz brings one certificate, and with all else another.
	both := library(t)
	// Here the quiz alone brings nothing.
	one := library(t, edit{rush, "after: [sell-searches]\n", ""},
		edit{searches, "  - quiz: box-check\n", "  - quiz: box-check\n  - signoff: {by: manager, criteria: [Never given]}\n"})
	// Here the lesson brings the first and the sign-off the second.
	apart := library(t, edit{searches, "module: onboarding/the-box", "module: onboarding/together"}, edit{rush, "  - module: onboarding/together\n", ""})
	for name, test := range map[string]struct {
		tree                fs.FS
		first, outer, inner []string
	}{
		"a submit and a read":                        {one, []string{"sign"}, []string{"read"}, []string{"submit"}},
		"a read and a settled submit":                {one, []string{"sign"}, []string{"read"}, []string{"submit", "drain"}},
		"a submit and a settled read":                {one, []string{"sign"}, []string{"submit"}, []string{"read", "drain"}},
		"the settling of a submit, and a read":       {one, []string{"sign", "submit"}, []string{"drain"}, []string{"read"}},
		"the settling twice":                         {both, []string{"sign", "submit", "read"}, []string{"drain"}, []string{"drain"}},
		"a sign-off and a read":                      {both, []string{"submit"}, []string{"sign"}, []string{"read"}},
		"a sign-off and all else":                    {both, nil, []string{"sign"}, []string{"submit", "drain", "read", "drain"}},
		"the settling of a start, and a submit":      {both, nil, []string{"drain"}, []string{"submit", "read", "sign"}},
		"the settling of a read, and a sign-off":     {apart, []string{"submit", "drain", "read"}, []string{"drain"}, []string{"sign"}},
		"the settling of a sign-off, and a read":     {apart, []string{"submit", "drain", "sign"}, []string{"drain"}, []string{"read"}},
		"a read, and a sign-off, which waits for it": {apart, []string{"submit", "drain"}, []string{"read"}, []string{"sign", "drain"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chosen := func(names []string) step {
				var list []step
				for _, n := range names {
					list = append(list, acts[n])
				}
				return allOf(list...)
			}
			c := copied(t, folder)
			c.edit(test.tree)
			first := c.startIn(t, t.Context())
			first.ok("prepare", chosen(test.first)(first, ann))
			want := []string{"sell-rush/1", "sell-searches/1"}
			if first.Shelf.Library().Certification(sellRush).After == nil {
				want = want[:1]
			}
			first.stop()
			interleaved(t, filepath.Dir(c.path), ann, test.tree, chosen(test.outer), chosen(test.inner), func(p *process) {
				p.drain()
				if got := p.certificates(ann); !cmp.Equal(got, want) {
					t.Errorf("certificates %v, want %v", got, want)
				}
				checkSettled(t, p, ann)
			})
		})
	}
}

// TestLookIsOfOneMoment holds that a standing, read while another server
// grades and settles, is that of before or of after: nothing is out of sight
// on its way from the attempt into the record.
func TestLookIsOfOneMoment(t *testing.T) {
	folder := t.TempDir()
	p := companyAt(t, folder).startIn(t, t.Context())
	ann := p.rep("Ann")
	p.ok("sign off", signs(0, criteria...)(p, ann))
	p.read(ann, handoff)
	p.begin(ann, boxCheck)
	p.stop()
	graded := copied(t, folder)
	p = graded.startIn(t, t.Context())
	p.ok("submit", submitsAll(p, ann))
	p.stop()
	for name, test := range map[string]struct {
		folder string
		inner  step
	}{
		"submit":            {folder, submitsAll},
		"submit and settle": {folder, allOf(submitsAll, drains)},
		"settle":            {filepath.Dir(graded.path), drains},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := copied(t, test.folder).start(t)
			before := saidOf(p, p.standing(ann))
			p.ok("the inner act", test.inner(p, ann))
			after := saidOf(p, p.standing(ann))
			var saw []string
			look := func(p *process, ann string) error {
				saw = saidOf(p, p.standing(ann))
				return nil
			}
			interleaved(t, test.folder, ann, library(t), look, test.inner, func(*process) {
				if !slices.Equal(saw, before) && !slices.Equal(saw, after) {
					t.Errorf("saw %q\nbefore %q\nafter  %q", saw, before, after)
				}
			})
		})
	}
}

// TestStartWithOldRecord holds that a start whose page read the record before
// an attempt was settled goes by what is true now.
func TestStartWithOldRecord(t *testing.T) {
	p := newCompany(t).start(t)
	ann := p.rep("Ann")
	p.drain()
	old, err := p.Record(p.ctx, ann)
	p.ok("record", err)
	p.take(ann, boxCheck, false)
	p.drain()
	if id, err := p.Start(p.ctx, ann, old, boxCheck); !errors.Is(err, programme.ErrNotNow) {
		t.Errorf("start: %q, %v, want to be cooling down", id, err)
	}
	p.company.pass(day)
	id, err := p.Start(p.ctx, ann, old, boxCheck)
	p.ok("start", err)
	if a, err := p.Attempt(p.ctx, id); err != nil || a.Number != 2 || a.State != quiz.Open {
		t.Errorf("started %+v, %v, want the second attempt", a, err)
	}
}

// TestRenewalContinuesWhatIsOpen holds that an attempt which is open when a
// renewal opens a new cycle is continued, and counts for it.
func TestRenewalContinuesWhatIsOpen(t *testing.T) {
	p := newCompany(t).start(t)
	ann := p.rep("Ann")
	p.ok("sign", signs(0, criteria...)(p, ann))
	p.read(ann, handoff)
	p.take(ann, boxCheck, true)
	open := p.begin(ann, handoffCheck)
	p.drain()
	p.company.pass(170 * day)
	p.ok("renew", p.Renew(p.ctx, ann, sellRush))
	if again := p.begin(ann, handoffCheck); again != open {
		t.Errorf("a second attempt %s beside %s", again, open)
	}
	if adm := p.Admission(p.recorded(ann), p.Shelf.Library().Quiz(handoffCheck).Rules()); adm.Open != open {
		t.Errorf("as boards see it: %+v, want %s to be open", adm, open)
	}
	p.ok("submit", submitsAll(p, ann))
	if cl := p.clearance(ann, sellRush); cl.Cycle != 2 || cl.Done != 1 || !cl.Renewing {
		t.Errorf("clearance %+v, want the reading of cycle 2 to be waived", cl)
	}
}
