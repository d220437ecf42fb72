package content

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// Limits on front matter. They hold before the YAML parser sees a byte of
// it: nesting, long lines and many keys cost it memory and time out of all
// proportion (32 KB of "{}" took two seconds), and it can't be interrupted.
const (
	maxFrontBytes  = 12 << 10
	maxFrontLine   = 2000
	maxFrontNested = 16 // brackets in brackets
	maxFrontIndent = 64 // columns before the first letter of a line
)

// frontLimits holds size, bracket nesting and indentation of front matter
// under the limits, reading it once from front to back.
func (l *loader) frontLimits(src *source) bool {
	front := src.front()
	if len(front) > maxFrontBytes {
		l.report.errorf(src, src.Front.From, "front-limits", "the front matter has %d bytes; at most %d are read: move text into the body", len(front), maxFrontBytes)
		return false
	}
	depth, indent, line, atStart := 0, 0, 0, true
	for i, b := range front {
		switch {
		case b == '\n':
			indent, line, atStart = 0, i+1, true
			continue
		case i-line >= maxFrontLine:
			l.report.errorf(src, src.Front.From+line, "front-limits", "this line is longer than %d bytes; break it, or move text into the body", maxFrontLine)
			return false
		case atStart && b == '\t':
			l.report.errorf(src, src.Front.From+i, "tab", "a tab indents this line; YAML takes spaces only: replace it with two spaces")
			return false
		case b == '[' || b == '{':
			depth++
		case b == ']' || b == '}':
			depth = max(0, depth-1)
		}
		if atStart = atStart && strings.IndexByte(" -?", b) >= 0; atStart {
			indent++
		}
		if depth > maxFrontNested || indent > maxFrontIndent {
			l.report.errorf(src, src.Front.From+i, "front-limits", "the front matter is nested too deep here (brackets: at most %d, indentation: at most %d columns); write it flatter", maxFrontNested, maxFrontIndent)
			return false
		}
	}
	return true
}

// yamlError turns an error of the YAML library into a finding at its place.
func (l *loader) yamlError(src *source, err error) {
	offset, message := src.Front.From, err.Error()
	var detailed yaml.Error
	if errors.As(err, &detailed) {
		message = detailed.GetMessage()
		if t := detailed.GetToken(); t != nil && t.Position != nil {
			offset = src.frontPosition(t.Position.Line, t.Position.Column)
		}
	}
	if m := repeatedKey.FindStringSubmatch(message); m != nil {
		first, _ := strconv.Atoi(m[2]) // digits; counted from the line after ---
		l.report.errorf(src, offset, "repeated-key", "the key %s stands here a second time, after line %d; keep one of the two", m[1], first+1)
		return
	}
	l.report.errorf(src, offset, "yaml", "the front matter is not valid YAML here: %s%s", firstLine(message), yamlHint(message))
}

// repeatedKey is what the YAML library says of a key that is there twice.
var repeatedKey = regexp.MustCompile(`^mapping key ("[^"]*") already defined at \[(\d+):`)

// yamlHint says what an author most likely has to change.
func yamlHint(message string) string {
	hints := []struct{ sign, advice string }{
		{"mapping value is not allowed", "; a value that holds a colon and a space needs quotation marks, and every key of one list the same indentation"},
		{"tab character", "; indent with spaces"},
		{"'\t'", "; indent with spaces"},
		{"end character of", "; close the quotation mark"},
		{"reserved character", "; put the value in quotation marks"},
		{"unexpected directive", "; put the value in quotation marks"},
		{"must be specified", "; close the bracket"},
		{"end token", "; close the bracket"},
		{"value is not allowed", "; check the indentation, the brackets and the quotation marks of this line and the one above"},
	}
	for _, h := range hints {
		if strings.Contains(message, h.sign) {
			return h.advice
		}
	}
	return "; check the indentation, the brackets and the quotation marks of this line and the one above"
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
