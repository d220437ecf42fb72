package standard

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// weekdays are the names of days in a calendar, from Sunday as in package time.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseWeek reads the working days of a week: "mon-fri", "sun-thu",
// "mon-wed, fri". It returns them in the order of the week from Monday.
func ParseWeek(text string) ([]time.Weekday, error) {
	var works [7]bool
	for part := range strings.SplitSeq(text, ",") {
		first, last, ranged := strings.Cut(part, "-")
		from, err := parseWeekday(first)
		if err != nil {
			return nil, fmt.Errorf("week %q: %w", text, err)
		}
		to := from
		if ranged {
			if to, err = parseWeekday(last); err != nil {
				return nil, fmt.Errorf("week %q: %w", text, err)
			}
		}
		for day := from; ; day = (day + 1) % 7 {
			works[day] = true
			if day == to {
				break
			}
		}
	}
	var week []time.Weekday
	for i := range works {
		if day := time.Weekday((i + 1) % 7); works[day] {
			week = append(week, day)
		}
	}
	return week, nil
}

func parseWeekday(text string) (time.Weekday, error) {
	name := strings.ToLower(strings.TrimSpace(text))
	for i, short := range weekdays {
		if name == short || name == strings.ToLower(time.Weekday(i).String()) {
			return time.Weekday(i), nil
		}
	}
	return 0, fmt.Errorf("%q is not a day of the week; write mon, tue, wed, thu, fri, sat or sun", strings.TrimSpace(text))
}

var hours = regexp.MustCompile(`^\s*(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)\s*$`)

// ParseHours reads opening hours such as "08:00-18:00" as durations since
// midnight. "24:00" is the end of the day.
func ParseHours(text string) (opens, closes time.Duration, err error) {
	m := hours.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, fmt.Errorf("hours %q: write opening and closing time as in 08:00-18:00", text)
	}
	if opens, err = clock(m[1], m[2]); err != nil {
		return 0, 0, fmt.Errorf("hours %q: %w", text, err)
	}
	if closes, err = clock(m[3], m[4]); err != nil {
		return 0, 0, fmt.Errorf("hours %q: %w", text, err)
	}
	if closes <= opens {
		return 0, 0, fmt.Errorf("hours %q: closing time must be after opening time on the same day", text)
	}
	return opens, closes, nil
}

// clock reads a time of day that is two times two digits.
func clock(hour, minute string) (time.Duration, error) {
	d, err := time.ParseDuration(hour + "h" + minute + "m")
	if err != nil || minute >= "60" || d > 24*time.Hour {
		return 0, fmt.Errorf("%s:%s is not a time of day", hour, minute)
	}
	return d, nil
}

// ParseCalendar reads a calendar from its three parts; holidays may come in
// any order and are sorted.
func ParseCalendar(week, hours string, holidays []string) (Calendar, error) {
	var c Calendar
	var err error
	if c.Week, err = ParseWeek(week); err != nil {
		return Calendar{}, err
	}
	if c.Opens, c.Closes, err = ParseHours(hours); err != nil {
		return Calendar{}, err
	}
	for _, text := range holidays {
		day, err := ParseDay(text)
		if err != nil {
			return Calendar{}, fmt.Errorf("holidays: %w", err)
		}
		c.Holidays = append(c.Holidays, day)
	}
	slices.SortFunc(c.Holidays, Day.Compare)
	c.Holidays = slices.Compact(c.Holidays)
	return c, nil
}

// Works reports whether the day is a business day.
func (c Calendar) Works(day Day) bool {
	return slices.Contains(c.Week, day.Weekday()) && !slices.Contains(c.Holidays, day)
}
