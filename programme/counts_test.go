package programme_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestForegroundWrites counts what each operation writes before it answers,
// and how often it reads.
func TestForegroundWrites(t *testing.T) {
	p := newCompany(t).start(t)
	ann, ben := p.rep("Ann"), p.rep("Ben")
	var attempt string
	start := func() { attempt = p.begin(ann, boxCheck) }
	save := func() {
		_, _, err := p.Save(p.ctx, ann, attempt, p.answers(attempt, 0)[:1])
		p.ok("save", err)
	}
	submit := func() {
		_, err := p.Submit(p.ctx, ann, attempt, p.answers(attempt, 0))
		p.ok("submit", err)
	}
	drain := func() { p.drain() }
	for _, test := range []struct {
		name   string
		do     func()
		reads  int // at most; what the test itself reads included
		writes []string
	}{
		{"mark read, the first of all", func() { p.read(ann, reading) }, 5, []string{"insert records"}},
		{"mark read", func() { p.read(ann, handoff) }, 4, []string{"replace records"}},
		{"mark read again", func() { p.read(ann, handoff) }, 4, nil},
		{"sign off", func() { p.ok("sign", signs(0, criteria[0])(p, ann)) }, 4, []string{"replace records"}},
		{"start", start, 2, []string{"insert attempts"}},
		{"start again", start, 2, nil},
		{"save", save, 2, []string{"replace attempts"}},
		{"save the same", save, 2, nil},
		{"settle the start", drain, 12, []string{"replace records", "replace attempts"}},
		{"submit, which certifies", submit, 8, []string{"replace attempts", "insert certificates"}},
		{"submit again", submit, 2, nil},
		{"settle the submit", drain, 12, []string{"replace records", "replace attempts"}},
		{"settle nothing", drain, 3, nil},
		{
			"sign off, which certifies", func() { p.ok("sign", signs(1, criteria...)(p, ann)) }, 6,
			[]string{"replace records", "insert certificates"},
		},
		{"settle the sign-off", drain, 10, []string{"replace records"}},
		{"submit, failed", func() { p.take(ben, boxCheck, false) }, 8, []string{"insert attempts", "replace attempts"}},
		{"grant", func() { p.ok("grant", grants(boxCheck, 0)(p, ben)) }, 5, []string{"insert records"}},
		{"look", func() { p.standing(ann) }, 2, nil},
		{"look at somebody who is pending", func() { p.standing(ben) }, 2, nil},
	} {
		writes, reads := p.counted(test.do)
		if !slices.Equal(writes, test.writes) || reads > test.reads {
			t.Errorf("%s: %d reads, %v\nwant at most %d, %v", test.name, reads, cmp.Diff(test.writes, writes), test.reads, test.writes)
		}
	}
}

// TestReadThatCertifies counts the writes of a lesson that is the last step.
func TestReadThatCertifies(t *testing.T) {
	p := newCompany(t).start(t)
	ann := p.rep("Ann")
	p.ok("sign off", signs(0, criteria...)(p, ann))
	p.take(ann, boxCheck, true)
	p.drain()
	var issued []string
	writes, _ := p.counted(func() { issued = named(p.read(ann, handoff)) })
	if want := []string{"replace records", "insert certificates"}; !slices.Equal(writes, want) || !slices.Equal(issued, []string{"sell-rush/1"}) {
		t.Errorf("writes %v, issued %v, want %v and sell-rush/1", writes, issued, want)
	}
}
