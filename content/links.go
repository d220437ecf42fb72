package content

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// A target is what a link, an image or a bare address leads to. It hangs on
// the node, and the renderer writes nothing else.
type target struct {
	href     string // safe; "" shows the text without a link
	external bool
	title    string
	clause   *Clause // where the link names one
	quoted   bool    // the paragraph becomes a quotation of the clause

	figure    bool   // the link's text is a figure of a box
	figureKey string // which figure, with all its dates: for revisions

	image *loadedAsset // also a download
	alt   string
}

var targetKey = []byte("target")

func targetOf(n ast.Node) *target {
	if value, ok := n.Attribute(targetKey); ok {
		return value.(*target)
	}
	return &target{}
}

// A badLink is what is wrong with a link, as a finding will say it.
type badLink struct{ rule, message string }

func (b *badLink) Error() string { return b.message }

func bad(rule, format string, args ...any) error {
	return &badLink{rule: rule, message: fmt.Errorf(format, args...).Error()}
}

// resolve gives every link, image and bare address of a file its target.
// All files must have been declared.
func (l *loader) resolve(src *source) {
	if src.resolved {
		return
	}
	src.resolved = true
	_ = ast.Walk(src.Doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		var t *target
		var err error
		switch n := n.(type) {
		case *ast.Link:
			t, err = l.link(src, n)
		case *ast.Image:
			t, err = l.image(src, n)
		case *ast.AutoLink:
			t, err = l.address(src, n)
		default:
			return ast.WalkContinue, nil
		}
		if err != nil {
			l.linkError(src, n, err)
			t = &target{}
		}
		n.SetAttribute(targetKey, t)
		if src.links++; src.links > maxLinks {
			l.linkError(src, n, bad("limit", "more than %d links in one file; split it", maxLinks))
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
}

func (l *loader) linkError(src *source, n ast.Node, err error) {
	rule := "forbidden-link"
	var b *badLink
	if errors.As(err, &b) {
		rule = b.rule
	}
	l.report.errorf(src, l.offset(src, n), rule, "%s", err.Error())
}

// address judges <https://…>, <name@host> and bare addresses.
func (l *loader) address(src *source, n *ast.AutoLink) (*target, error) {
	href := string(n.URL(src.body()))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(href), "mailto:") {
		href = "mailto:" + href
	}
	ok, err := external(href)
	if err == nil && !ok {
		err = errScheme
	}
	if err != nil {
		return nil, bad("forbidden-link", "the address %s is not allowed: %w", quoted(href), err)
	}
	return &target{href: href, external: true}, nil
}

func (l *loader) link(src *source, n *ast.Link) (*target, error) {
	if len(n.Destination)+len(n.Title) > maxLinkBytes {
		return nil, bad("limit", "the link's address and title have more than %d bytes", maxLinkBytes)
	}
	destination := linkText(n.Destination)
	leaves, err := external(destination)
	if err != nil {
		return nil, bad("forbidden-link", "the link goes to %s, which is not allowed: %w", quoted(destination), err)
	}
	title := unescapeText(n.Title)
	if leaves {
		return &target{href: destination, external: true, title: string(title)}, nil
	}
	t, to, err := l.relative(src, destination)
	if err != nil {
		return nil, err
	}
	t.title = string(title)
	if err := l.figureLink(src, n, t, to); err != nil {
		return nil, err
	}
	t.quoted = t.clause != nil && !t.figure && src.Kind != standardKind &&
		n.Parent().Kind() == ast.KindParagraph && onlyChild(n.Parent()) != nil
	if t.quoted {
		if src.quotations++; src.quotations > maxQuotations {
			return nil, bad("limit", "more than %d quotations of clauses in one file; split it", maxQuotations)
		}
	}
	return t, nil
}

// clauseLink tells which clause a link refers to; ok is false when it refers
// to none, which has then been reported.
func (l *loader) clauseLink(src *source, n *ast.Link) (clauseID string, ok bool) {
	l.resolve(src)
	t := targetOf(n)
	switch {
	case t.clause != nil:
		return t.clause.ID, true
	case t.href != "":
		l.linkError(src, n, bad("not-a-clause", "the link goes to %s, which is no clause; a clause is a second-level heading of a file under standard/, such as records-search.md#turnaround",
			quoted(linkText(n.Destination))))
	}
	return "", false
}

// escapeURL makes an address that was judged before safe within a quoted
// attribute: letters outside ASCII and spaces become %-sequences.
func escapeURL(address string) string {
	return escape(string(bytes.Clone(util.URLEscape([]byte(address), false))))
}
