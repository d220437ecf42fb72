package content

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// nodeRenderer writes the nodes whose HTML differs from goldmark's: whatever
// leads somewhere is written from its target alone, raw HTML is never
// written, and what scrolls can be reached with the keyboard.
type nodeRenderer struct{ say remarks }

// RegisterFuncs is called by goldmark once.
func (r nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, renderLink)
	reg.Register(ast.KindAutoLink, renderAutoLink)
	reg.Register(ast.KindImage, renderImage)
	reg.Register(ast.KindParagraph, renderParagraph)
	reg.Register(ast.KindBlockquote, r.blockquote)
	reg.Register(ast.KindRawHTML, renderNothing)
	reg.Register(ast.KindHTMLBlock, renderNothing)
	reg.Register(ast.KindCodeBlock, renderCode)
	reg.Register(ast.KindFencedCodeBlock, renderCode)
	reg.Register(east.KindTable, renderTable)
	reg.Register(east.KindTaskCheckBox, r.task)
}

func renderNothing(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkSkipChildren, nil
}

func renderLink(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	t := targetOf(n)
	if !entering {
		if t.href != "" {
			_, _ = w.WriteString("</a>")
		}
		return ast.WalkContinue, nil
	}
	openLink(w, t)
	return ast.WalkContinue, nil
}

func openLink(w util.BufWriter, t *target) {
	if t.href == "" {
		return
	}
	_, _ = w.WriteString(`<a href="` + escapeURL(t.href) + `"`)
	if t.external {
		_, _ = w.WriteString(` rel="external noreferrer"`)
	}
	switch {
	case t.figure:
		_, _ = w.WriteString(` class="figure"`)
	case t.title != "":
		_, _ = w.WriteString(` title="` + escape(t.title) + `"`)
	}
	_ = w.WriteByte('>')
}

func renderAutoLink(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	t := targetOf(n)
	openLink(w, t)
	_, _ = w.WriteString(escape(string(n.(*ast.AutoLink).Label(source))))
	if t.href != "" {
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func renderImage(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	t := targetOf(n)
	if !entering || t.image == nil {
		return ast.WalkSkipChildren, nil
	}
	_, _ = w.WriteString(`<img src="` + escapeURL(t.image.URL) + `" alt="` + escape(t.alt) + `"`)
	if t.image.width > 0 {
		_, _ = w.WriteString(` width="` + strconv.Itoa(t.image.width) + `" height="` + strconv.Itoa(t.image.height) + `"`)
	}
	_, _ = w.WriteString(` loading="lazy">`)
	return ast.WalkSkipChildren, nil
}

// renderParagraph makes a figure of an image that stands alone and a
// quotation of a link to a clause that stands alone.
func renderParagraph(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if only := onlyChild(n); only != nil {
		t := targetOf(only)
		switch {
		case t.quoted:
			return quote(w, t.clause, entering), nil
		case t.image != nil && only.Kind() == ast.KindImage:
			figure(w, t, entering)
			return ast.WalkContinue, nil
		}
	}
	if entering {
		_, _ = w.WriteString("<p>")
	} else {
		_, _ = w.WriteString("</p>\n")
	}
	return ast.WalkContinue, nil
}

func figure(w util.BufWriter, t *target, entering bool) {
	if entering {
		_, _ = w.WriteString("<figure>")
		return
	}
	if t.title != "" {
		_, _ = w.WriteString("<figcaption>" + escape(t.title) + "</figcaption>")
	}
	_, _ = w.WriteString("</figure>\n")
}

// quote writes a clause as it stands, and where it is from.
func quote(w util.BufWriter, c *Clause, entering bool) ast.WalkStatus {
	if entering {
		_, _ = w.WriteString(`<figure class="clause-quote"><blockquote cite="` + escapeURL(c.URL) + "\">\n")
		_, _ = w.WriteString(withoutIDs(c.HTML))
		_, _ = w.WriteString(`</blockquote><figcaption><a href="` + escapeURL(c.URL) + `">` +
			escape(c.OfTitle) + ": " + escape(c.Title) + "</a></figcaption></figure>\n")
	}
	return ast.WalkSkipChildren
}

func (r nodeRenderer) blockquote(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	word, isAlert := n.AttributeString("alert")
	switch {
	case isAlert && entering:
		kind := word.(string)
		_, _ = w.WriteString(`<div class="alert alert-` + strings.ToLower(kind) + `" role="note"><p class="alert-title">` + r.say.alerts[kind] + "</p>\n")
	case isAlert:
		_, _ = w.WriteString("</div>\n")
	case entering:
		_, _ = w.WriteString("<blockquote>\n")
	default:
		_, _ = w.WriteString("</blockquote>\n")
	}
	return ast.WalkContinue, nil
}

// renderTable lets a wide table scroll by itself.
func renderTable(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString("<div class=\"table\" tabindex=\"0\"><table>\n")
	} else {
		_, _ = w.WriteString("</table></div>\n")
	}
	return ast.WalkContinue, nil
}

// task shows a task's mark; it is nothing to click on.
func (r nodeRenderer) task(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch {
	case !entering:
	case n.(*east.TaskCheckBox).IsChecked:
		_, _ = w.WriteString(`<span class="task" role="img" aria-label="` + r.say.done + `">☑</span> `)
	default:
		_, _ = w.WriteString(`<span class="task" role="img" aria-label="` + r.say.open + `">☐</span> `)
	}
	return ast.WalkContinue, nil
}
