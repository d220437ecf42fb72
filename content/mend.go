package content

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// inHeading tells whether a link stands in a heading.
func inHeading(n ast.Node) bool {
	for ; n != nil; n = n.Parent() {
		if n.Kind() == ast.KindHeading {
			return true
		}
	}
	return false
}

// mendFigure is the change to the file that makes the text of a link the
// figure. It is the zero Mend in a heading, whose anchor would change, and
// where the text is more than text: the name of a reference, or an image.
func mendFigure(src *source, n *ast.Link, written, figure string) Mend {
	from, to, code, ok := linkTextSpan(src, n)
	if !ok || inHeading(n) {
		return Mend{}
	}
	text := figure
	switch special := markdownSigns.MatchString(figure); {
	case code && special:
		return Mend{} // in code, signs can't be written out
	case special:
		text = markdownSigns.ReplaceAllString(figure, `\$0`)
	}
	from, to = src.Body.From+from, src.Body.From+to
	return Mend{Old: written, New: figure, from: from, to: to, before: string(src.Bytes[from:to]), text: text}
}

// markdownSigns are what would not stand for itself in the text of a link.
var markdownSigns = regexp.MustCompile("[\\\\`*_\\[\\]<>&|~]")

// linkTextSpan is where the text of a link stands in the body: within its
// emphasis or backticks where all of it is emphasised, or code.
func linkTextSpan(src *source, n *ast.Link) (from, to int, code, ok bool) {
	var texts []*ast.Text
	plain := true
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		switch c := c.(type) {
		case *ast.Text:
			if entering {
				texts = append(texts, c)
			}
		case *ast.Link, *ast.Emphasis, *ast.CodeSpan, *east.Strikethrough:
		default:
			plain = false
		}
		return ast.WalkContinue, nil
	})
	body, from := src.body(), n.Pos()+1
	if !plain || from < 1 || body[from-1] != '[' {
		return 0, 0, false, false
	}
	to = from
	if len(texts) > 0 {
		to = texts[len(texts)-1].Segment.Stop
	}
	to += len(body[to:]) - len(bytes.TrimLeft(body[to:], "*_~` \n"))
	if !bytes.HasPrefix(body[to:], []byte("](")) && (!bytes.HasPrefix(body[to:], []byte("][")) || bytes.HasPrefix(body[to:], []byte("][]"))) {
		return 0, 0, false, false
	}
	if len(texts) == 1 {
		return texts[0].Segment.Start, texts[0].Segment.Stop, texts[0].Parent().Kind() == ast.KindCodeSpan, true
	}
	return from, to, false, true
}

// Mended makes the mends of findings about one file in its bytes: nothing
// else in them changes, a byte-order mark and line ends included. It returns
// the findings that it mended; one whose place reads otherwise than when the
// file was loaded is left alone.
func Mended(raw []byte, findings []Finding) ([]byte, []Finding) {
	findings = slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return !f.Fixable() })
	slices.SortFunc(findings, func(a, b Finding) int { return cmp.Compare(a.Mend.from, b.Mend.from) })
	var out []byte
	var mended []Finding
	in := newRawPlaces(raw)
	done := 0 // so many bytes of raw are in out
	for _, f := range findings {
		from, to := in.of(f.Mend.from), in.of(f.Mend.to)
		if from < done || to < from || strings.ReplaceAll(string(raw[from:to]), "\r\n", "\n") != f.Mend.before {
			continue
		}
		out = append(append(out, raw[done:from]...), f.Mend.text...)
		done, mended = to, append(mended, f)
	}
	return append(out, raw[done:]...), mended
}

// rawPlaces finds in a file's own bytes what source.Bytes has at an offset.
type rawPlaces struct {
	raw []byte
	at  int // in raw
	was int // in source.Bytes
}

func newRawPlaces(raw []byte) *rawPlaces {
	return &rawPlaces{raw: raw, at: len(raw) - len(bytes.TrimPrefix(raw, []byte(byteOrderMark)))}
}

// of takes offsets in ascending order; behind the end it is the end.
func (p *rawPlaces) of(offset int) int {
	for ; p.was < offset && p.at < len(p.raw); p.was++ {
		if bytes.HasPrefix(p.raw[p.at:], []byte("\r\n")) {
			p.at++
		}
		p.at++
	}
	return p.at
}
