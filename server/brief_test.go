package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// briefWith is the demo's brief that has this in the goal of who sent it.
func briefWith(words string) func(*rig, string) string {
	return func(r *rig, _ string) string { return "/briefs/" + r.briefWith(words).ID }
}

func (r *rig) briefWith(words string) *programme.Brief {
	r.Helper()
	for _, over := range []bool{false, true} {
		list, _, err := r.Prog.Briefs(r.Context(), over, store.Cursor{}, 100)
		r.must(err)
		for _, b := range list {
			if strings.Contains(b.Invitation().Goal, words) {
				return b
			}
		}
	}
	r.Fatalf("there is no brief with %q in its goal; the demo has another story now", words)
	return nil
}

// newBriefOf is the form that asks somebody along, of a demo account.
func newBriefOf(r *rig, _ string) string {
	return "/briefs/new?account=" + r.briefWith("Peoria").Account
}

// askBadly sends the form that asks somebody along with nothing in it.
func (tb *tab) askBadly() {
	tb.expect("Failed to load resource")
	tb.follow(".raise .actions .button", "")
}

// lackSomething says that something is missing, so that what it is can be written.
func (tb *tab) lackSomething() {
	tb.click(`.brief-answer input[name="comes"][value="no"]`, "")
	tb.sees(".brief-answer .for-missing")
}

// openCompletion opens the form that says all of it anew.
func (tb *tab) openCompletion() {
	tb.click("#complete > details > summary", "")
	tb.sees("#complete .actions")
}

// TestBriefWithoutClause: where the library names no clause for it, the pages lead to
// none.
func TestBriefWithoutClause(t *testing.T) {
	t.Parallel()
	bare := newRig(t, withTree(sampleWith(t, change{"library.md", "pages:\n  brief: working-together/bring-operations\n", ""})))
	for _, at := range []string{"/briefs", "/briefs/new", briefWith("Peoria")(bare, "")} {
		bare.as("rep2@demo.test").get(at).want(200).silent("How we do it")
	}
}

// TestBriefMeetingFile reads a meeting back, as a calendar does: with both goals, the
// whole day where no time is known, and gone when it is not on any more.
func TestBriefMeetingFile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	b := r.briefWith("They stay")
	read := func() map[string]string {
		return readCalendar(t, "brief", r.as("care@demo.test").get("/briefs/"+b.ID+"/meeting.ics").want(200).Body)
	}
	first := read()
	start, err := time.Parse("20060102T150405Z", first["DTSTART"])
	r.must(err)
	end, err := time.Parse("20060102T150405Z", first["DTEND"])
	r.must(err)
	if v := b.Invitation(); !start.Equal(v.Start) || end.Sub(start) != standard.MeetingTakes {
		t.Errorf("from %s to %s, want an hour from %s", start, end, v.Start)
	}
	for _, want := range []string{"Ben Osei’s goal: They stay, although", "Carla Benedetti’s goal: They know whom to call", "/briefs/" + b.ID} {
		if !strings.Contains(first["DESCRIPTION"], want) {
			t.Errorf("the description lacks %q:\n%s", want, first["DESCRIPTION"])
		}
	}
	rep, care, loc := r.person("rep3@demo.test"), r.person("care@demo.test"), r.Prog.Shelf.Library().Location
	change := func(do func(*standard.Brief, standard.Actor, time.Time) error, who string) {
		t.Helper()
		p := rep
		if who == "care" {
			p = care
		}
		r.must(r.Prog.ChangeBrief(r.Context(), p, b.ID, do))
	}
	change(func(b *standard.Brief, a standard.Actor, at time.Time) error {
		v := *b.Invitation()
		v.Start, v.On = time.Time{}, standard.Day{Year: 2027, Month: 1, Date: 22}
		return b.Send(a, v, len(b.Said), at, loc)
	}, "rep")
	r.as("care@demo.test").get("/briefs/" + b.ID + "/meeting.ics").want(404)
	change(func(b *standard.Brief, a standard.Actor, at time.Time) error {
		return b.Answer(a, *b.Said[1].Response, len(b.Said), at)
	}, "care")
	if moved := read(); moved["DTSTART;VALUE=DATE"] != "20270122" || moved["DTEND"] != "" || moved["UID"] != first["UID"] || moved["SUMMARY"] != "Meeting with a customer" {
		t.Errorf("moved to a day: %q", moved)
	}
}
