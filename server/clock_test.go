package server_test

import (
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// negative finds a number below zero in a page's text.
var negative = regexp.MustCompile(`(^|[\s(])[-−–]\d`)

// TestClockIsSet: in the middle of an attempt the clock is set back by an hour
// or a year, or forward: answers are taken and graded once, and no page says
// that something is to come in less than no time.
func TestClockIsSet(t *testing.T) {
	t.Parallel()
	for _, by := range []time.Duration{-time.Second, -time.Hour, -366 * 24 * time.Hour, 366 * 24 * time.Hour} {
		site := newRig(t)
		page := site.as("rep@demo.test").post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
		failed := site.as("rep3@demo.test").post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
		site.as("rep3@demo.test").post(failed+"/submit", site.answersTo(failed, false)).leadsTo(failed + "/result")
		site.Clock.Advance(by)
		rep := site.as("rep@demo.test")
		rep.post(page+"/answers?then=review", site.answersTo(page, true)).leadsTo(page + "/review")
		rep.get(page).says("17 of 17 answered")
		site.Clock.Advance(-by / 2)
		rep = site.as("rep@demo.test")
		for range 2 {
			rep.post(page+"/submit", nil).leadsTo(page + "/result")
		}
		rep.get(page + "/result").says("Passed with 100 %")
		site.drain()
		if st := site.standing("rep@demo.test"); len(st.Evidence.Tries["the-box-check"]) != 1 || len(st.Evidence.Held) != 1 {
			t.Errorf("%v: the tries %+v and %d certificates, want one of each", by, st.Evidence.Tries["the-box-check"], len(st.Evidence.Held))
		}
		for who, paths := range map[string][]string{
			"rep@demo.test":     {"/", "/me", page + "/result", "/certificates", "/quizzes/the-box-check", "/offerings"},
			"rep3@demo.test":    {"/", failed + "/result", "/quizzes/the-box-check"},
			"manager@demo.test": {"/", "/team"},
		} {
			for _, path := range paths {
				if text := site.as(who).get(path).want(http.StatusOK).text(); negative.MatchString(text) {
					t.Errorf("%v: %s says %q", by, path, negative.FindString(text))
				}
			}
		}
	}
}

// TestHardDays lives through days that are shorter or longer than others, or
// have no midnight: a cool-down of a day is 24 hours, and a certificate holds
// until its last day is over.
func TestHardDays(t *testing.T) {
	t.Parallel()
	for zone, night := range map[string]time.Time{
		"America/Sao_Paulo": time.Date(2018, 11, 4, 2, 30, 0, 0, time.UTC), // half an hour before a midnight that is left out
		"Europe/Berlin":     time.Date(2027, 10, 30, 20, 0, 0, 0, time.UTC),
		"America/New_York":  time.Date(2027, 3, 14, 4, 30, 0, 0, time.UTC),
		"Africa/Cairo":      time.Date(2027, 4, 29, 21, 30, 0, 0, time.UTC), // as São Paulo
		"Pacific/Apia":      time.Date(2011, 12, 30, 9, 30, 0, 0, time.UTC), // half an hour before a day that is left out
	} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			site := newRig(t, withTree(inZone(t, zone)), func(s *settings) { s.at = night })
			loc, err := time.LoadLocation(zone)
			site.must(err)
			const quizPage = "/quizzes/the-box-check"
			failed := site.as("rep@demo.test").post(quizPage+"/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
			site.as("rep@demo.test").post(failed+"/submit", site.answersTo(failed, false)).leadsTo(failed + "/result")
			site.Clock.Advance(24*time.Hour - time.Second)
			site.as("rep@demo.test").post(quizPage+"/attempts", nil).want(http.StatusConflict)
			site.Clock.Advance(time.Second)
			page := site.as("rep@demo.test").post(quizPage+"/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
			site.as("rep@demo.test").post(page+"/submit", site.answersTo(page, true)).leadsTo(page + "/result")
			held := site.standing("rep@demo.test").Evidence.Held
			if len(held) != 1 {
				t.Fatalf("%d certificates, want one", len(held))
			}
			last, next := held[0].Until.In(loc), held[0].Until.Add(time.Millisecond).In(loc)
			if last.Day() == next.Day() || last.Month() != held[0].Issued.In(loc).Month() || last.Day() != held[0].Issued.In(loc).Day() {
				t.Errorf("issued %v, it holds until %v", held[0].Issued.In(loc), last)
			}
			site.as("rep@demo.test").get("/certificates").says(strings.TrimLeft(last.Format("2 January 2006"), "0"))
		})
	}
}

// inZone is the sample library of a company in that time zone.
func inZone(t *testing.T, zone string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	for name, file := range sampleFiles(t) {
		files[name] = file
	}
	text := string(files["library.md"].Data)
	changed := regexp.MustCompile(`(?m)^time-zone:.*$`).ReplaceAllString(text, "time-zone: "+zone)
	if changed == text {
		t.Fatal("library.md names no time zone")
	}
	files["library.md"] = &fstest.MapFile{Data: []byte(changed)}
	return files
}
