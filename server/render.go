package server

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/insidebox/insidebox/static"
	"github.com/insidebox/insidebox/templates/words"
)

// pages are the parsed templates: a set for each page, with the layout and
// those partials that it uses, and one with all partials. Parsing happens at
// start, so that a broken template stops the program and not a visitor.
type pages struct {
	sets     map[string]*template.Template
	partials *template.Template
}

// layoutFile is the template that every page is executed with.
const layoutFile = "layout.html"

// parsePages parses layout.html, partials/ and pages/, to speak one language;
// locale is that of what authors write.
func parsePages(fsys fs.FS, files *static.Files, say *words.Language, locale string) (*pages, error) {
	empty := func() *template.Template {
		return template.New("").Option("missingkey=zero").Funcs(funcs(files)).Funcs(wordFuncs(say, locale))
	}
	base, err := empty().ParseFS(fsys, layoutFile, "partials/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	names, err := fs.Glob(fsys, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("list pages: %w", err)
	}
	p := &pages{sets: map[string]*template.Template{}, partials: base}
	for _, name := range names {
		own, err := empty().ParseFS(fsys, name)
		set := empty()
		if err == nil {
			err = gather(set, own, base)
		}
		if err != nil {
			return nil, fmt.Errorf("parse template %s: %w", name, err)
		}
		p.sets[strings.TrimSuffix(path.Base(name), ".html")] = set
	}
	return p, nil
}

// gather fills the set with the layout and what it uses, and what that uses,
// from a page's own templates and else from a copy of the base: copies, since
// escaping changes trees as it learns where in a page they stand; and no more
// than is used, since a copy of all would be most of the program's memory.
func gather(set, own, base *template.Template) error {
	for open := []string{layoutFile}; len(open) > 0; {
		name := open[0]
		open = open[1:]
		if set.Lookup(name) != nil {
			continue
		}
		tree := treeOf(own, name)
		if tree == nil {
			tree = treeOf(base, name).Copy()
		}
		if tree == nil {
			return fmt.Errorf("no file defines %q", name)
		}
		if _, err := set.AddParseTree(name, tree); err != nil {
			return err
		}
		open = append(open, uses(tree.Root)...)
	}
	return nil
}

// treeOf is the parsed template of that name, nil when there is none.
func treeOf(set *template.Template, name string) *parse.Tree {
	if found := set.Lookup(name); found != nil {
		return found.Tree
	}
	return nil
}

// uses lists the templates that are called anywhere in the list.
func uses(list *parse.ListNode) (names []string) {
	if list == nil {
		return nil
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.TemplateNode:
			names = append(names, n.Name)
		case *parse.IfNode:
			names = append(append(names, uses(n.List)...), uses(n.ElseList)...)
		case *parse.RangeNode:
			names = append(append(names, uses(n.List)...), uses(n.ElseList)...)
		case *parse.WithNode:
			names = append(append(names, uses(n.List)...), uses(n.ElseList)...)
		}
	}
	return names
}

// root is what the layout is executed with.
type root struct {
	Layout layout
	Body   any
}

// execute renders a whole page into memory.
func (p *pages) execute(name string, data root) ([]byte, error) {
	set := p.sets[name]
	if set == nil {
		return nil, fmt.Errorf("render %s: there is no such page template", name)
	}
	var buf bytes.Buffer
	if err := set.ExecuteTemplate(&buf, layoutFile, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return buf.Bytes(), nil
}

// fragment renders one partial into memory.
func (p *pages) fragment(name string, data any) (template.HTML, error) {
	var buf bytes.Buffer
	if err := p.partials.ExecuteTemplate(&buf, name, data); err != nil {
		return "", fmt.Errorf("render %s: %w", name, err)
	}
	return template.HTML(buf.String()), nil //nolint:gosec // our own template's output
}

// sheets are the style sheets that a page needs between css/app.css and
// css/last.css (print, forced colours, motion), which every page has. app.css
// has what every page needs and what lessons do: whoever opens the first lesson on
// a phone waits for nothing else.
var sheets = func() map[string][]string {
	list := map[string][]string{}
	for sheet, pages := range map[string][]string{
		"css/assess.css":   {"quiz", "sheet", "review", "result", "scenario", "play", "debrief", "help-design"},
		"css/people.css":   {"can-sell", "team", "transcript", "certification", "certificates", "certificate", "verify", "author", "people", "profiles", "compare", "help-design", "accounts", "account", "requests", "request", "request-new", "handoffs", "handoff", "handoff-new", "briefs", "brief", "brief-new", "limits", "limit", "unclear", "promote"},
		"css/channel.css":  {"can-sell", "accounts", "account", "requests", "request", "request-new", "handoffs", "handoff", "handoff-new", "briefs", "brief", "brief-new", "limits", "limit", "unclear", "promote"},
		"css/standard.css": {"offerings", "offering", "can-sell", "compare", "practice", "changes", "help-design"},
		"css/gate.css":     {"login", "welcome"},
		"css/help.css":     {"help", "help-page", "help-design"},
		"css/charts.css":   {"help-design", "limits", "limit"},
	} {
		for _, page := range pages {
			list[page] = append(list[page], sheet)
		}
	}
	for _, own := range list {
		slices.Sort(own)
	}
	return list
}()

// page sends a page made of the layout and the named template.
func (r *request) page(status int, name, title, section string, body any) error {
	return r.framed(status, name, title, section, "", body)
}

// narrow is page with one calm column; wide is page with all the width.
func (r *request) narrow(status int, name, title, section string, body any) error {
	return r.framed(status, name, title, section, "narrow", body)
}

func (r *request) wide(status int, name, title, section string, body any) error {
	return r.framed(status, name, title, section, "wide", body)
}

func (r *request) framed(status int, name, title, section, width string, body any) error {
	lay, err := r.layout(title, section)
	if err != nil {
		return err
	}
	lay.Wide, lay.Sheets = width, sheets[name]
	out, err := r.pages().execute(name, root{lay, body})
	if err != nil {
		return err
	}
	r.send(status, out)
	return nil
}

// send writes a finished HTML page. Pages with a person in them are never
// stored by anyone between us and the browser.
func (r *request) send(status int, html []byte) {
	h := r.Writer.Header()
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-store")
	}
	r.Data(status, "text/html; charset=utf-8", html)
}

// see answers a form with 303 See Other.
func (r *request) see(path string) error {
	r.Header("Cache-Control", "private, no-store")
	r.Redirect(http.StatusSeeOther, path)
	return nil
}
