package content

import (
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// The sample library as a code host shows it: its files on disk, plain
// goldmark, and the host's rule for anchors written down once more. Nothing
// here uses this package's own reading of the files, so that a mistake there
// can't hide one in them.

// A hostPage is one Markdown file on a code host.
type hostPage struct {
	front    string
	anchors  map[string]bool
	sections []*hostSection // begun by the headings of the second level
	links    []string       // of the whole file, images included
}

// A hostSection is a heading of the second level with the links under it.
type hostSection struct {
	anchor, title string
	choices       []hostLink // each the first thing of a list item
	links         []string
}

type hostLink struct{ text, to string }

var hostFiles = os.DirFS("library")

func hostPages(t *testing.T) map[string]*hostPage {
	t.Helper()
	pages := map[string]*hostPage{}
	err := fs.WalkDir(hostFiles, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		raw, err := fs.ReadFile(hostFiles, name)
		if err != nil {
			return err
		}
		pages[name] = readHostPage(raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

func readHostPage(raw []byte) *hostPage {
	p := &hostPage{anchors: map[string]bool{}}
	body := string(raw)
	if rest, ok := strings.CutPrefix(body, "---\n"); ok {
		p.front, body, _ = strings.Cut(rest, "\n---\n")
	}
	src := []byte(body)
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote)).Parser().Parse(text.NewReader(src))
	for block := doc.FirstChild(); block != nil; block = block.NextSibling() {
		if h, ok := block.(*ast.Heading); ok {
			title := hostText(h, src)
			anchor := p.newAnchor(title)
			if h.Level == 2 {
				p.sections = append(p.sections, &hostSection{anchor: anchor, title: title})
			}
		}
		p.collect(block, src)
	}
	return p
}

func (p *hostPage) collect(block ast.Node, src []byte) {
	section := &hostSection{}
	if len(p.sections) > 0 {
		section = p.sections[len(p.sections)-1]
	}
	_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			to := string(n.Destination)
			p.links, section.links = append(p.links, to), append(section.links, to)
			if parent := n.Parent(); parent.FirstChild() == n && parent.Parent().Kind() == ast.KindListItem && parent.PreviousSibling() == nil {
				section.choices = append(section.choices, hostLink{hostText(n, src), to})
			}
		case *ast.Image:
			p.links, section.links = append(p.links, string(n.Destination)), append(section.links, string(n.Destination))
		}
		return ast.WalkContinue, nil
	})
}

// hostText is what a reader sees of a node.
func hostText(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(src))
			if t.SoftLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// newAnchor gives a heading its anchor: in small letters, words joined by
// hyphens, without punctuation; the second of a name gets "-1".
func (p *hostPage) newAnchor(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(title)) {
		if r == ' ' {
			r = '-'
		}
		if r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	anchor := b.String()
	for i := 1; p.anchors[anchor]; i++ {
		anchor = b.String() + "-" + strconv.Itoa(i)
	}
	p.anchors[anchor] = true
	return anchor
}

// TestSampleLinksOnACodeHost follows every link of every file: to a place in
// the same file, to another file and a place in it, or to an image.
func TestSampleLinksOnACodeHost(t *testing.T) {
	pages := hostPages(t)
	if len(pages) < 40 {
		t.Fatalf("found %d files", len(pages))
	}
	followed := 0
	for name, p := range pages {
		for _, link := range p.links {
			followed++
			if problem := followOnHost(pages, name, link); problem != "" {
				t.Errorf("%s: the link %s %s", name, link, problem)
			}
		}
	}
	if followed < 500 {
		t.Errorf("followed %d links", followed)
	}
}

func followOnHost(pages map[string]*hostPage, from, link string) string {
	if strings.Contains(link, "//") {
		return "leaves the library"
	}
	file, anchor, hasAnchor := strings.Cut(link, "#")
	target := from
	if file != "" {
		target = path.Join(path.Dir(from), file)
	}
	if info, err := fs.Stat(hostFiles, target); err != nil || info.IsDir() {
		return "leads to no file"
	}
	if hasAnchor && (pages[target] == nil || !pages[target].anchors[anchor]) {
		return "leads to no heading"
	}
	return ""
}
