package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// handoffWith is the demo's handoff that has this in its title.
func handoffWith(words string) func(*rig, string) string {
	return func(r *rig, _ string) string { return "/handoffs/" + r.handoffWith(words).ID }
}

func (r *rig) handoffWith(words string) *programme.Handoff {
	r.Helper()
	for _, open := range []bool{true, false} {
		list, _, err := r.Prog.Handoffs(r.Context(), open, store.Cursor{}, 100)
		r.must(err)
		for _, h := range list {
			if strings.Contains(h.Title, words) {
				return h
			}
		}
	}
	r.Fatalf("there is no handoff with %q in its title; the demo has another story now", words)
	return nil
}

// newHandoff is the form that begins one, of a demo account.
func newHandoff(r *rig, _ string) string {
	return "/handoffs/new?account=" + r.handoffWith("Thursdays").Account
}

// signable is a handoff that sales has signed, and operations may sign now.
func signable(r *rig, _ string) string {
	r.Helper()
	ctx, sales := r.Context(), r.person("rep2@demo.test")
	h, err := r.Prog.BeginHandoff(ctx, sales, programme.NewHandoff{
		Account: r.handoffWith("Thursdays").Account, Title: "In-state searches for the second desk", Signed: standard.Day{Year: 2027, Month: 1, Date: 4}, Once: "signable",
		Parts: []standard.Asked{
			{Lines: []standard.AskedLine{{Dimension: "turnaround", Value: "12 h"}, {Dimension: "scope", Value: "in-state"}}},
			{Lines: []standard.AskedLine{{Dimension: "turnaround", Value: "24 h"}, {Dimension: "scope", Value: "nationwide"}, {Dimension: "customisation", Value: "own-portal"}}},
		},
	})
	r.must(err)
	r.must(r.Prog.SignHandoff(ctx, sales, h.ID, standard.Sales, h.Edition))
	return "/handoffs/" + h.ID
}

// beginBadly sends the form that begins a handoff without a title or days.
func (tb *tab) beginBadly() {
	tb.expect("Failed to load resource")
	tb.follow(".raise .button", "")
}

// openRequirements opens the form of what the customer requires.
func (tb *tab) openRequirements() {
	tb.click("#needs > details > summary", "")
	tb.sees("#need .actions")
}

// TestMeetingFile reads the meeting back, as a calendar does: what is open stands
// in it, whatever was written, and the next round is another meeting.
func TestMeetingFile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ops := r.person("ops@demo.test")
	h := r.handoffWith("Thursdays")
	const written = "Do they read \\n as a break; or \"not\", \r\nwhen it comes — über die Anfrage 📦?"
	r.must(r.Prog.ChangeHandoff(r.Context(), ops, h.ID, func(h *standard.Handoff, at time.Time) error {
		return h.Ask(standard.Question{Owner: standard.Operations, Line: standard.Line{Text: written, By: ops.ID, At: at}}, h.Edition)
	}))
	read := func() map[string]string {
		return readCalendar(t, "handoff", r.as("ops@demo.test").get("/handoffs/"+h.ID+"/meeting.ics").want(200).Body)
	}
	first := read()
	start, err := time.Parse("20060102T150405Z", first["DTSTART"])
	r.must(err)
	end, err := time.Parse("20060102T150405Z", first["DTEND"])
	r.must(err)
	if !start.Equal(h.Round().Meet) || end.Sub(start) != 30*time.Minute {
		t.Errorf("from %s to %s, want thirty minutes from %s", start, end, h.Round().Meet)
	}
	if first["SUMMARY"] != "Handoff: Larkspur Lending (invented)" || first["URL"] != r.Base.String()+"/handoffs/"+h.ID || first["DTSTAMP"] == "" {
		t.Errorf("the event: %q", first)
	}
	for _, want := range []string{strings.ReplaceAll(written, "\r\n", "\n"), "Turnaround: not decided", h.Title, "10 min: Requirements"} {
		if !strings.Contains(first["DESCRIPTION"], want) {
			t.Errorf("the description lacks %q:\n%s", want, first["DESCRIPTION"])
		}
	}
	if again := read(); again["UID"] != first["UID"] {
		t.Errorf("the same meeting has another UID: %s, %s", first["UID"], again["UID"])
	}
	r.must(r.Prog.RepeatHandoff(r.Context(), ops, h.ID, "A question is open", start.AddDate(0, 0, 7), 1))
	if next := read(); next["UID"] == first["UID"] || next["DTSTART"] != start.AddDate(0, 0, 7).Format("20060102T150405Z") {
		t.Errorf("the next meeting: %q", next)
	}
}

// readCalendar reads the one event of an iCalendar file (RFC 5545) strictly: lines
// end in CRLF and have 75 octets at most, folded ones are put together, and the
// escapes of text are undone. of is the kind of meeting.
func readCalendar(t *testing.T, of, file string) map[string]string {
	t.Helper()
	if !strings.HasSuffix(file, "\r\n") || strings.Contains(strings.ReplaceAll(file, "\r\n", ""), "\n") {
		t.Fatalf("lines that don't end in CRLF:\n%q", file)
	}
	for _, line := range strings.Split(file, "\r\n") {
		if len(line) > 75 || strings.ToValidUTF8(line, "?") != line {
			t.Errorf("a line of %d octets, or cut inside a character: %q", len(line), line)
		}
	}
	event, path := map[string]string{}, []string{}
	for _, line := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(file, "\r\n ", ""), "\r\n"), "\r\n") {
		name, value, found := strings.Cut(line, ":")
		switch {
		case !found:
			t.Fatalf("no property: %q", line)
		case name == "BEGIN":
			path = append(path, value)
		case name == "END":
			if len(path) == 0 || path[len(path)-1] != value {
				t.Fatalf("END:%s within %v", value, path)
			}
			path = path[:len(path)-1]
		case strings.Join(path, "/") == "VCALENDAR/VEVENT":
			if _, twice := event[name]; twice {
				t.Errorf("%s is there twice", name)
			}
			event[name] = unescape(t, value)
		default:
			event["/"+name] = value
		}
	}
	want := map[string]string{"/VERSION": "2.0", "/PRODID": "-//insidebox//" + of + "//EN", "/METHOD": "PUBLISH"}
	for name, value := range want {
		if diff := cmp.Diff(value, event[name]); diff != "" || len(path) > 0 {
			t.Errorf("%s: %s", name, diff)
		}
	}
	return event
}

// unescape undoes the escapes of a TEXT value.
func unescape(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			b.WriteByte(text[i])
			continue
		}
		if i++; i == len(text) {
			t.Fatalf("ends in an escape: %q", text)
		}
		switch text[i] {
		case 'n', 'N':
			b.WriteByte('\n')
		case '\\', ';', ',':
			b.WriteByte(text[i])
		default:
			t.Errorf("unknown escape %q in %q", text[i-1:i+1], text)
		}
	}
	return b.String()
}
