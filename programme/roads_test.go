package programme_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/store"
)

// A road is a path through the programme that is broken off at every call of
// the store, and gone on with.
type road struct {
	content []edit // of the library under testdata
	prepare func(p *process, ann string)
	// walk does what is not done yet; ack hears of everything that somebody was
	// told is done.
	walk func(p *process, ann string, ack func(string)) error
	// check looks at what a walk that broke off has left, goes on, and looks
	// again.
	check func(t *testing.T, p *process, ann string, acks []string)
}

// roads are, together, every act that somebody is told is done: start, save,
// submit, choose, read and sign off, each of which certifies somewhere, what is
// said in a meeting brief, and the publishing of content.
var roads map[string]road

func init() { // a child finds its road here, and roads lead to what runs children
	roads = map[string]road{
		"quiz": {
			prepare: func(p *process, ann string) {
				p.read(ann, reading)
				p.ok("sign off", signs(0, criteria...)(p, ann))
			},
			walk: (*process).walk, check: checkPath,
		},
		"play": {
			content: withCalls,
			prepare: func(p *process, ann string) {
				p.take(ann, handoffCheck, true)
				p.drain()
			},
			walk: (*process).playWalk, check: checkPlayed,
		},
		"sign-off": {
			prepare: func(p *process, ann string) {
				p.take(ann, boxCheck, true)
				p.read(ann, reading, handoff)
			},
			walk: (*process).signWalk, check: checkSigned,
		},
		"brief": {
			prepare: func(p *process, _ string) { p.person("Olu", people.RoleOperations) },
			walk:    (*process).briefWalk, check: checkBriefed,
		},
		"publish": {
			prepare: func(p *process, ann string) {
				p.take(ann, boxCheck, true)
				p.read(ann, reading, handoff)
				p.drain()
			},
			walk: (*process).publishWalk, check: checkPublished,
		},
	}
}

// begun prepares a data file, and returns its folder and the person who walks
// the road from there.
func (r road) begun(t *testing.T) (folder, ann string) {
	t.Helper()
	folder = t.TempDir()
	c := companyAt(t, folder)
	c.edit(library(t, r.content...))
	p := c.startIn(t, t.Context())
	ann = p.rep("Ann")
	r.prepare(p, ann)
	p.stop()
	return folder, ann
}

// copied is the company on a copy of such a file, a day later.
func (r road) copied(t *testing.T, folder string) *company {
	t.Helper()
	c := copied(t, folder)
	c.edit(library(t, r.content...))
	return c
}

// calls counts the store's calls on the road.
func (r road) calls(t *testing.T, folder, ann string) int {
	t.Helper()
	p := r.copied(t, folder).start(t)
	writes, reads := p.counted(func() { p.ok("walk", r.walk(p, ann, func(string) {})) })
	if len(writes) < 3 {
		t.Fatalf("the path writes only %v", writes)
	}
	return len(writes) + reads
}

// signWalk is the path of a manager who signs off what alone is missing.
func (p *process) signWalk(ann string, ack func(string)) error {
	st, err := p.StandingOf(p.ctx, ann)
	if err != nil {
		return err
	}
	if len(st.Evidence.Signoffs) == 0 {
		if err := signs(0, criteria...)(p, ann); err != nil {
			return err
		}
		ack("signed")
	}
	_, err = p.Drain(p.ctx)
	return err
}

func checkSigned(t *testing.T, p *process, ann string, acks []string) {
	t.Helper()
	signed := func() {
		t.Helper()
		if n := len(p.standing(ann).Evidence.Signoffs); n > 1 || n == 0 && slices.Contains(acks, "signed") {
			t.Errorf("%d sign-offs after %v", n, acks)
		}
	}
	signed()
	p.drain()
	signed()
	checkSettled(t, p, ann)
	p.ok("go on", p.signWalk(ann, func(string) {}))
	checkCertified(t, p, ann)
}

// checkCertified holds that both certificates are there in the end, once.
func checkCertified(t *testing.T, p *process, ann string) {
	t.Helper()
	p.drain()
	checkSettled(t, p, ann)
	if got := p.certificates(ann); !slices.Equal(got, []string{"sell-rush/1", "sell-searches/1"}) {
		t.Errorf("in the end: certificates %v, want both", got)
	}
}

// newRule is content that asks for less: whoever lacks only the sign-off has
// earned the certificate when it is published.
var newRule = []edit{
	{"certifications/sell-rush.md", "  - signoff: {by: manager, criteria: [Asks for the aim, Names the tier]}\n", ""},
	{boxFile, "Until when is", "Up to when is"},
	{"standard/together.md", "both sign", "both sign it"},
}

// publishWalk is what a server does when its content has changed.
func (p *process) publishWalk(_ string, ack func(string)) error {
	tree, err := edited(newRule...)
	if err != nil {
		return err
	}
	p.company.edit(tree)
	if _, err := p.Reload(p.ctx); err != nil {
		return err
	}
	ack("published")
	for more := true; more; {
		if more, err = p.Sweep(p.ctx); err != nil {
			return err
		}
	}
	ack("swept")
	_, err = p.Drain(p.ctx)
	return err
}

func checkPublished(t *testing.T, p *process, ann string, acks []string) {
	t.Helper()
	checkRelease(t, p, slices.Contains(acks, "published"))
	if got := p.certificates(ann); slices.Contains(acks, "swept") && len(got) != 2 {
		t.Errorf("certificates %v after %v", got, acks)
	}
	p.ok("go on", p.publishWalk(ann, func(string) {}))
	checkRelease(t, p, true)
	checkCertified(t, p, ann)
}

// checkRelease holds that the new content's release, which must be there when
// it was acknowledged, never is there without all that it names.
func checkRelease(t *testing.T, p *process, must bool) {
	t.Helper()
	c := newCompany(t)
	c.edit(library(t, newRule...))
	lib := c.start(t).Shelf.Library()
	names := []string{"releases/" + lib.Hash}
	for name := range revisionsOf(lib) {
		names = append(names, name)
	}
	found := lookUp(t, p, names...)
	if found[names[0]] != nil && !must {
		return
	}
	for _, name := range names {
		if found[name] != nil {
			t.Errorf("the release is said to be published, and %s is not there: %v", name, found[name])
		}
	}
}

// TestFailures lets every single call of the store fail once, in two ways: it
// doesn't happen, or it happens and nobody hears of it.
func TestFailures(t *testing.T) {
	t.Parallel()
	kinds := map[string]func(*hooks, func() bool){
		"not done": func(h *hooks, now func() bool) { h.set(failing(now, store.ErrUnavailable), nil) },
		"unheard":  func(h *hooks, now func() bool) { h.set(nil, failing(now, store.ErrUnknown)) },
	}
	for name, way := range roads {
		for kind, breaks := range kinds {
			t.Run(name+", "+kind, func(t *testing.T) {
				t.Parallel()
				folder, ann := way.begun(t)
				total := way.calls(t, folder, ann)
				for call := 1; call <= total; call++ {
					p := way.copied(t, folder).start(t)
					var calls atomic.Int64
					breaks(p.hooks, func() bool { return calls.Add(1) == int64(call) })
					var acks []string
					err := way.walk(p, ann, func(what string) { acks = append(acks, what) })
					p.hooks.set(nil, nil)
					p.log.Reset()
					if way.check(t, p, ann, acks); t.Failed() {
						t.Fatalf("call %d of %d failed; the path ended with %v after %v", call, total, err, acks)
					}
				}
			})
		}
	}
}

func failing(now func() bool, err error) func(store.Call) error {
	return func(store.Call) error {
		if now() {
			return err
		}
		return nil
	}
}

// TestKilled kills a process before and after every call of the store, with a
// signal that it can't catch.
func TestKilled(t *testing.T) {
	t.Parallel()
	for name, way := range roads {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, after=%v", name, after), func(t *testing.T) {
				t.Parallel()
				folder, ann := way.begun(t)
				total := way.calls(t, folder, ann)
				for call := 1; call <= total; call++ {
					c := way.copied(t, folder)
					cmd := child(t, name, filepath.Dir(c.path), ann, call, after)
					out, err := cmd.Output()
					if err == nil || cmd.ProcessState.Exited() {
						t.Fatalf("call %d of %d: the child ended by itself: %v", call, total, err)
					}
					acks := strings.Split(string(bytes.TrimSpace(out)), "\n")
					if way.check(t, c.start(t), ann, acks); t.Failed() {
						t.Fatalf("killed at call %d of %d, after=%v, after %v", call, total, after, acks)
					}
				}
			})
		}
	}
}
