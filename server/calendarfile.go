package server

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// A calendarEvent is a meeting for people's calendars.
type calendarEvent struct {
	Of          string // what kind of meeting it is, for the program's name in the file
	UID         string // the same for the same meeting, so that a later file moves it
	Stamp       time.Time
	Start       time.Time
	Length      time.Duration
	Day         standard.Day // the whole day, when there is no Start
	Summary     string
	Description string
	URL         string
}

// calendarFile writes an event as iCalendar (RFC 5545): lines end in CRLF and are
// folded at 75 octets, never inside a character; times are in UTC, so that no time
// zone has to be described.
func calendarFile(e calendarEvent) []byte {
	var b strings.Builder
	line := func(name, value string) { foldLine(&b, name+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//insidebox//"+e.Of+"//EN")
	line("METHOD", "PUBLISH")
	line("BEGIN", "VEVENT")
	line("UID", calendarText(e.UID))
	line("DTSTAMP", calendarTime(e.Stamp))
	if e.Start.IsZero() {
		line("DTSTART;VALUE=DATE", strings.ReplaceAll(e.Day.String(), "-", ""))
	} else {
		line("DTSTART", calendarTime(e.Start))
		line("DTEND", calendarTime(e.Start.Add(e.Length)))
	}
	line("SUMMARY", calendarText(e.Summary))
	line("DESCRIPTION", calendarText(e.Description))
	if e.URL != "" {
		line("URL", e.URL) // a URI is not escaped
	}
	line("END", "VEVENT")
	line("END", "VCALENDAR")
	return []byte(b.String())
}

func calendarTime(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// calendarText escapes a TEXT value. Control characters can't be written in one;
// a line break is \n.
func calendarText(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "\uFFFD")
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text)
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(text)
}

// maxOctets is how long a line may be, without its end.
const maxOctets = 75

// foldLine writes a content line, and goes on in the next one, behind a space,
// where it is too long.
func foldLine(b *strings.Builder, line string) {
	room := maxOctets
	for len(line) > room {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		b.WriteString(line[:cut] + "\r\n ")
		line, room = line[cut:], maxOctets-1 // the space counts
	}
	b.WriteString(line + "\r\n")
}

// handoffLength is how long a handoff's meeting takes.
const handoffLength = 30 * time.Minute

// handoffMeeting is the meeting of the round under way, for a calendar.
func (s *Server) handoffMeeting(r *request) error {
	h, err := s.prog.Handoff(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	meet := h.Round().Meet
	if meet.IsZero() {
		return errNoPage
	}
	a, err := s.prog.Account(r.Request.Context(), h.Account)
	if err != nil {
		return err
	}
	file, err := s.meetingOf(r, h, a.Name)
	if err != nil {
		return err
	}
	r.sendCalendar("handoff.ics", file)
	return nil
}

// sendCalendar sends a calendar file, to be kept under a name.
func (r *request) sendCalendar(name string, file []byte) {
	header := r.Writer.Header()
	header.Set("Cache-Control", "private, no-store")
	header.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	r.Data(http.StatusOK, "text/calendar; charset=utf-8", file)
}

func (s *Server) meetingOf(r *request, h *programme.Handoff, account string) ([]byte, error) {
	undecided, err := s.prog.Undecided(r.Request.Context(), &h.Handoff)
	if err != nil {
		return nil, err
	}
	page := s.cfg.BaseURL.JoinPath(handoffURL(h.ID)).String()
	says := []string{h.Title, page, "", r.t("handoff.agenda.title")}
	for _, item := range r.agenda(&h.Handoff, undecided) {
		says = append(says, "- "+r.t("handoff.agenda.item", "Minutes", item.Minutes, "Title", item.Title, "Now", item.Now))
	}
	if open := h.Unanswered(); len(open)+len(undecided) > 0 {
		says = append(says, "", r.t("handoff.agenda.open-items"))
		for _, u := range undecided {
			says = append(says, "- "+r.t("handoff.agenda.undecided-item", "Label", r.undecidedWords(u)))
		}
		for _, q := range open {
			says = append(says, "- "+q)
		}
	}
	return calendarFile(calendarEvent{
		Of: "handoff", UID: "handoff-" + h.ID + "-" + strconv.Itoa(len(h.Rounds)) + "@" + s.cfg.BaseURL.Hostname(), Stamp: r.now, Start: h.Round().Meet, Length: handoffLength,
		Summary: r.t("handoff.agenda.summary", "Account", account), Description: strings.Join(says, "\n"), URL: page,
	}), nil
}
