package quiz

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var cooldown = regexp.MustCompile(`^\s*(\d{1,6})\s*(min|h|d)\s*$`)

// MaxCooldown is the longest cool-down: a year and a day. More is a ban.
const MaxCooldown = 366 * 24 * time.Hour

// ParseCooldown reads a waiting time such as "30min", "24h" or "7d"; a day is
// 24 hours, for a cool-down runs from a moment, not from a day.
func ParseCooldown(text string) (time.Duration, error) {
	m := cooldown.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q is not a waiting time; write it as in 30min, 24h or 7d", text)
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("waiting time %q: %w", text, err)
	}
	unit := map[string]time.Duration{"min": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[m[2]]
	if d := time.Duration(n) * unit; d <= MaxCooldown {
		return d, nil
	}
	return 0, fmt.Errorf("waiting time %q is longer than a year; write at most 366d", text)
}
