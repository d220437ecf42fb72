package server

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync"
	"text/template/parse"

	"github.com/insidebox/insidebox/static"
	"github.com/insidebox/insidebox/templates/words"
)

// pages are the parsed templates, to speak one language: all in one set, the
// layout, the partials, and what each page puts into the layout. One set for each
// page, with copies of what it uses, would be most of the program's memory.
type pages struct {
	layout *template.Template
	mains  map[string]*template.Template // by page: what goes into the layout's <main>
	err    error                         // why there are none
}

// layoutFile is the template that every page is executed with; mainPart is what
// each page defines to be put into it.
const (
	layoutFile = "layout.html"
	mainPart   = "main"
)

// A templateFile is one file of templates, as it was read.
type templateFile struct{ name, text string }

// page is the name of the page that the file is for, "" when it is for all.
func (f templateFile) page() string {
	if path.Dir(f.name) != "pages" {
		return ""
	}
	return strings.TrimSuffix(path.Base(f.name), ".html")
}

// readTemplates reads the layout, partials/ and pages/, in this order. Parsed
// templates refer to the texts: they are in memory once, whatever the languages.
func readTemplates(fsys fs.FS) ([]templateFile, error) {
	names := []string{layoutFile}
	for _, pattern := range []string{"partials/*.html", "pages/*.html"} {
		found, err := fs.Glob(fsys, pattern)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", pattern, err)
		}
		names = append(names, found...)
	}
	var files []templateFile
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read templates: %w", err)
		}
		files = append(files, templateFile{name, string(text)})
	}
	return files, nil
}

// parsePages parses the files, to speak one language; locale is that of what
// authors write.
func parsePages(files []templateFile, static *static.Files, say *words.Language, locale string) (*pages, error) {
	functions := funcs(static)
	maps.Copy(functions, wordFuncs(say, locale))
	empty := func(name string) *template.Template { return template.New(name).Funcs(functions) }
	p := &pages{layout: empty(layoutFile).Option("missingkey=zero"), mains: map[string]*template.Template{}}
	in := map[string]string{} // template -> the file that defines it
	for _, file := range files {
		own, err := empty(file.name).Parse(file.text)
		if err != nil {
			return nil, fmt.Errorf("parse template %s: %w", file.name, err)
		}
		if err := p.add(file, own, in); err != nil {
			return nil, err
		}
		if page := file.page(); page != "" && p.mains[page] == nil {
			return nil, fmt.Errorf("parse template %s: it does not define %q", file.name, mainPart)
		}
	}
	for _, t := range p.layout.Templates() {
		for _, name := range uses(t.Tree.Root) {
			if in[name] == "" {
				return nil, fmt.Errorf("parse template %s: no file defines %q", in[t.Name()], name)
			}
		}
	}
	return p, nil
}

// parseLater parses the same files for another language when somebody first reads
// it. Where they could be parsed for one, they can for all: only what the functions
// say differs.
func parseLater(files []templateFile, static *static.Files, say *words.Language, locale string) func() *pages {
	return sync.OnceValue(func() *pages {
		p, err := parsePages(files, static, say, locale)
		if err != nil {
			return &pages{err: err}
		}
		return p
	})
}

// add takes what a file defines into the set.
func (p *pages) add(file templateFile, own *template.Template, in map[string]string) error {
	for _, t := range own.Templates() {
		name := t.Name()
		switch {
		case name == file.name && name != layoutFile:
			continue // what stands outside of all definitions
		case name == mainPart && file.page() != "":
			name = file.name
		case in[name] != "":
			return fmt.Errorf("parse template %s: %q is defined in %s, too", file.name, name, in[name])
		}
		in[name] = file.name
		added, err := p.layout.AddParseTree(name, t.Tree)
		if err != nil {
			return fmt.Errorf("parse template %s: %w", file.name, err)
		}
		if name == file.name && file.page() != "" {
			p.mains[file.page()] = added
		}
		if name == layoutFile {
			p.layout = added
		}
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

// root is what a page is executed with, and then the layout around it.
type root struct {
	Layout layout
	Body   any
	Main   template.HTML // the page without its layout
}

// execute renders a whole page into memory.
func (p *pages) execute(name string, data root) ([]byte, error) {
	if p.err != nil {
		return nil, p.err
	}
	main := p.mains[name]
	if main == nil {
		return nil, fmt.Errorf("render %s: there is no such page template", name)
	}
	var buf bytes.Buffer
	if err := main.Execute(&buf, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	data.Main = template.HTML(buf.String()) //nolint:gosec // our own template's output
	buf.Reset()
	if err := p.layout.Execute(&buf, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return buf.Bytes(), nil
}

// fragment renders one partial into memory.
func (p *pages) fragment(name string, data any) (template.HTML, error) {
	if p.err != nil {
		return "", p.err
	}
	var buf bytes.Buffer
	if err := p.layout.ExecuteTemplate(&buf, name, data); err != nil {
		return "", fmt.Errorf("render %s: %w", name, err)
	}
	return template.HTML(buf.String()), nil //nolint:gosec // our own template's output
}
