package static

import (
	"bytes"
	"path"
	"regexp"
)

// Comments are for those who work on a file; readers pay for them on every
// first visit. What they take is a tenth of a style sheet as sent, and a
// quarter of a script.
var (
	// styleToken is a string or a comment, whichever comes first.
	styleToken = regexp.MustCompile(`(?s)"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|/\*.*?\*/`)
	// styleIndent is what stands between the lines of a sheet.
	styleIndent = regexp.MustCompile(`\s*\n\s*`)
	// scriptComment is a comment that has its lines for itself. One that
	// follows code stays: telling it from a string takes a whole parser.
	scriptComment = regexp.MustCompile(`(?m)^[ \t]*(?:/\*\*(?s:.*?)\*/[ \t]*|//[^\n]*)\n`)
)

// lean takes the comments out of a style sheet or a script.
func lean(name string, body []byte) []byte {
	switch path.Ext(name) {
	case ".css":
		bare := styleToken.ReplaceAllFunc(body, func(token []byte) []byte {
			if token[0] == '/' {
				return nil
			}
			return token
		})
		return styleIndent.ReplaceAll(bare, []byte("\n"))
	case ".js":
		if linesInTemplates(body) {
			return body
		}
		return scriptComment.ReplaceAll(body, nil)
	}
	return body
}

// linesInTemplates reports whether a script may have text between backquotes
// that goes over several lines: what looks like a comment there is text.
func linesInTemplates(script []byte) bool {
	for line := range bytes.Lines(script) {
		if bytes.Count(line, []byte("`"))%2 != 0 {
			return true
		}
	}
	return false
}
