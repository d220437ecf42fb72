package server

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/insidebox/insidebox/standard"
)

// strayNeeds are the names in the address that ask for nothing here, with their
// values: a slip in a name, or a dimension that the library no longer has. An answer
// that passed over one would promise more than was asked about.
func (r *request) strayNeeds() map[string]string {
	stray := map[string]string{}
	for name, values := range r.Request.URL.Query() {
		text := strings.ToValidUTF8(strings.Join(values, ", "), "")
		if strings.Trim(text, ", ") != "" && !r.asksNeed(name) && !slices.Contains([]string{"q", "on", "add", "account"}, name) {
			stray[strings.ToValidUTF8(name, "")] = text
		}
	}
	return stray
}

// asksNeed tells whether a field of that name is read.
func (r *request) asksNeed(field string) bool {
	if part, name, cut := strings.Cut(field, "."); cut {
		if n, err := strconv.Atoi(part); err != nil || n < 1 || n > standard.MaxParts || strconv.Itoa(n) != part {
			return false
		}
		field = name
	}
	return field == standard.OnlyField || slices.ContainsFunc(r.lib().Dimensions, func(d standard.Dimension) bool { return d.Name == field })
}

// strayText shows them beside what else was not read.
func strayText(unread string, stray map[string]string) string {
	for _, name := range slices.Sorted(maps.Keys(stray)) {
		unread = strings.TrimPrefix(unread+" … "+name+"="+stray[name], " … ")
	}
	return unread
}
