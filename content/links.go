package content

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
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

// relative finds the page or download behind a path that is written from
// the file src. The second result is the file, nil for a download.
func (l *loader) relative(src *source, destination string) (*target, *source, error) {
	rest, anchor, hasAnchor := strings.Cut(destination, "#")
	file, err := l.pathFrom(src, rest, destination)
	if err != nil {
		return nil, nil, err
	}
	to := l.files[file]
	if to == nil {
		return l.download(src, file, destination)
	}
	if to.Draft && !src.Draft {
		return nil, nil, bad("draft-link", "the link goes to %s, a draft that readers never see; take the \"_\" out of its name, or the link out of this file", quoted(destination))
	}
	t := &target{href: to.URL}
	if !hasAnchor {
		return t, to, nil
	}
	if anchor, err = l.anchorIn(to, anchor, destination); err != nil {
		return nil, nil, err
	}
	t.clause = to.clauses[anchor]
	if t.clause != nil {
		anchor = t.clause.Anchor
	}
	t.href += "#" + anchor
	return t, to, nil
}

// pathFrom turns the path in a link into one in the content folder.
func (l *loader) pathFrom(src *source, rest, destination string) (string, error) {
	if destination == "" || destination == "#" {
		return "", bad("broken-link", "the link goes nowhere; write a path between its round brackets")
	}
	if strings.Contains(rest, "?") {
		return "", bad("forbidden-link", "the link goes to %s; a link to a file takes no \"?\"", quoted(destination))
	}
	if rest == "" {
		return src.File, nil
	}
	rest, err := url.PathUnescape(rest)
	if err != nil || strings.ContainsFunc(rest, strange) {
		return "", bad("forbidden-link", "the link goes to %s, whose %% signs don't stand for letters of a file name", quoted(destination))
	}
	file := path.Join(path.Dir(src.File), rest)
	if file == ".." || strings.HasPrefix(file, "../") {
		return "", bad("broken-link", "the link goes to %s, which lies outside the content folder", quoted(destination))
	}
	return file, nil
}

// anchorIn finds the heading that a link names; an old anchor leads to the
// one that has taken its place.
func (l *loader) anchorIn(to *source, anchor, destination string) (string, error) {
	if a, err := url.PathUnescape(anchor); err == nil {
		anchor = a
	}
	if !to.Kind.hasAnchors() {
		return "", bad("broken-anchor", "the link goes to a heading in %s, whose page doesn't show its headings one by one; take the # and what follows out", quoted(destination))
	}
	if now, old := to.Aliases[anchor]; old {
		anchor = now
	}
	if to.headings[anchor] != nil || to.Refused {
		return anchor, nil
	}
	known := slices.Sorted(maps.Keys(to.headings))
	for i := range known {
		known[i] = "#" + known[i]
	}
	return "", bad("broken-anchor", "the link goes to %s, but the file has no heading with that anchor%s", quoted(destination), didYouMean("#"+anchor, known))
}

// download finds a file that is not Markdown.
func (l *loader) download(src *source, file, destination string) (*target, *source, error) {
	if !l.others[file] {
		return nil, nil, l.broken(src, "link", file, destination)
	}
	asset, err := l.asset(src, file)
	if err != nil {
		return nil, nil, err
	}
	return &target{href: asset.URL, image: asset}, nil, nil
}

// broken says that there is no such file, and which one may be meant.
func (l *loader) broken(src *source, what, file, destination string) error {
	if l.files[path.Join(file, "index.md")] != nil {
		return bad("broken-link", "the %s goes to the folder %s; write %s", what, quoted(destination), quoted(relativePath(src.File, path.Join(file, "index.md"))))
	}
	hint := ""
	if meant := l.nearestFile(src, file); meant != "" {
		hint = "; did you mean " + quoted(relativePath(src.File, meant)) + "?"
	}
	return bad("broken-link", "the %s goes to %s, which does not exist%s", what, quoted(destination), hint)
}

// nearestFile looks for a mistyped name in the folder, then for the name in
// another folder, then for a like path anywhere.
func (l *loader) nearestFile(src *source, file string) string {
	var here, all []string
	named := ""
	for _, candidate := range slices.Sorted(l.paths()) {
		if candidate == src.File || isDraft(candidate) && !src.Draft {
			continue
		}
		all = append(all, candidate)
		if path.Dir(candidate) == path.Dir(file) {
			here = append(here, path.Base(candidate))
		}
		if path.Base(candidate) == path.Base(file) && named == "" && path.Base(file) != "index.md" {
			named = candidate
		}
	}
	if n := nearest(path.Base(file), here); n != "" {
		return path.Join(path.Dir(file), n)
	}
	if named != "" {
		return named
	}
	return nearest(file, all)
}

func (l *loader) paths() func(func(string) bool) {
	return func(yield func(string) bool) {
		for file := range l.files {
			if !yield(file) {
				return
			}
		}
		for file := range l.others {
			if !yield(file) {
				return
			}
		}
	}
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
