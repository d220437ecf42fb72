package content

import (
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"
)

// isDraft tells whether a file, or a folder that it lies in, starts with "_".
func isDraft(file string) bool {
	return strings.HasPrefix(file, "_") || strings.Contains(file, "/_")
}

// splitName takes a file or folder name apart: the number that orders
// siblings (math.MaxInt32 when there is none), and the slug that is left
// without number, draft mark and ending.
func splitName(name string) (order int, slug string) {
	slug = strings.TrimPrefix(name, "_")
	slug = strings.TrimSuffix(strings.TrimSuffix(slug, ".md"), ".quiz")
	digits, rest, found := strings.Cut(slug, "-")
	if n, err := strconv.ParseUint(digits, 10, 31); found && err == nil {
		return int(n), rest
	}
	return math.MaxInt32, slug
}

// sortKey orders paths as learners meet them: numbered siblings by number,
// then the others by name; a folder's index.md before its neighbours.
func sortKey(file string) string {
	var key strings.Builder
	for part := range strings.SplitSeq(file, "/") {
		order, slug := splitName(part)
		if part == "index.md" {
			order = -1
		}
		fmt.Fprintf(&key, "%010d %s %s\x00", order+1, slug, part)
	}
	return key.String()
}

// coursePath is the path of course, module and lesson in URLs and ids, such
// as "onboarding/the-box/reading-a-box", for a file under courses/.
func coursePath(file string) string {
	parts := strings.Split(strings.TrimPrefix(file, "courses/"), "/")
	if parts[len(parts)-1] == "index.md" {
		parts = parts[:len(parts)-1]
	}
	for i, part := range parts {
		_, parts[i] = splitName(part)
	}
	return path.Join(parts...)
}

// relativePath writes the path of a file as a link in another file would.
func relativePath(from, to string) string {
	dir := strings.Split(path.Dir(from), "/")
	if dir[0] == "." {
		dir = nil
	}
	parts := strings.Split(to, "/")
	for len(dir) > 0 && len(parts) > 1 && dir[0] == parts[0] {
		dir, parts = dir[1:], parts[1:]
	}
	return strings.Repeat("../", len(dir)) + strings.Join(parts, "/")
}
