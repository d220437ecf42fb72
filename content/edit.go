package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing/fstest" // a tree of files in memory

	yamlast "github.com/goccy/go-yaml/ast"
	"github.com/yuin/goldmark/ast"

	"github.com/aymanbagabas/go-udiff"

	"github.com/insidebox/insidebox/standard"
)

// An Editable is a clause as it stands in its file: what an edit begins with.
type Editable struct {
	Clause  *Clause
	File    string
	Front   string // the file's front matter, without the lines that enclose it
	Section string // the clause, from its heading to the next one
	Known   string // names the file's bytes: an edit of other ones is refused
}

// An Edit is a clause as somebody wants it, with the entry of CHANGES.md that says so.
type Edit struct {
	Editable
	Day   standard.Day // from which the change holds
	Class string       // editorial, material, critical
	What  string       // what changes, in a line
	Why   string       // in a line
	Link  string       // what led to it; an address, or empty
	Named string       // how that is called
}

// A Trial is what would come of an edit.
type Trial struct {
	Library  *Library  // nil when it holds errors
	Findings []Finding // those that were not there before
	Files    []string  // that change, sorted
	Patch    []byte    // of all of them, for git apply or patch -p1
}

// Errors of edits.
var (
	// ErrEdited: the file is another one than the edit began with.
	ErrEdited = errors.New("the file has changed meanwhile")
	// ErrNoSource: the clause's file can't be read.
	ErrNoSource = errors.New("the clause has no source")
)

const changesFileName = "CHANGES.md"

// FileOf is the file in which a clause stands.
func (l *Library) FileOf(c *Clause) string {
	if o := l.offerings[c.Of]; o != nil {
		return o.File
	}
	if p := l.practices[c.Of]; p != nil {
		return p.File
	}
	return ""
}

// Editable is the clause as it stands in the tree of which the library was loaded.
func (l *Library) Editable(tree fs.FS, c *Clause) (Editable, error) {
	file := l.FileOf(c)
	src, err := sourceOf(tree, file)
	if err != nil {
		return Editable{}, err
	}
	from, to, ok := sectionOf(src, c.Anchor)
	if !ok {
		return Editable{}, fmt.Errorf("%w: %s has no heading for %s", ErrNoSource, file, c.Anchor)
	}
	return Editable{c, file, string(src.front()), string(src.Bytes[from:to]), hashOf(src.Bytes)}, nil
}

func sourceOf(tree fs.FS, file string) (*source, error) {
	raw, err := fs.ReadFile(tree, file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoSource, err)
	}
	if len(raw) > maxFileBytes {
		return nil, fmt.Errorf("%w: %s is too large", ErrNoSource, file)
	}
	src := newSource(file, raw)
	l := newLoader(tree, Options{})
	if !l.isText(src) || l.frontMatter(src) == nil || !l.withinLimits(src) {
		return nil, fmt.Errorf("%w: %s can't be read as content", ErrNoSource, file)
	}
	src.Doc = parseMarkdown(src.body())
	return src, nil
}

// sectionOf is where a second-level section lies in the file, its heading included.
func sectionOf(src *source, anchor string) (from, to int, ok bool) {
	anchors, to := slugger{}, len(src.Bytes)
	for _, n := range blocks(src.Doc) {
		h, isHeading := n.(*ast.Heading)
		if !isHeading {
			continue
		}
		name := anchors.anchor(inlineText(src, h))
		if h.Level != 2 || h.Lines().Len() == 0 {
			continue
		}
		at := src.Body.From + h.Lines().At(0).Start
		at = bytes.LastIndexByte(src.Bytes[:at], '\n') + 1
		if ok {
			return from, at, true
		}
		if name == anchor {
			from, ok = at, true
		}
	}
	return from, to, ok
}

// Try tells what would come of an edit, and changes nothing: the tree is loaded with
// it, and with the figures that it makes stale in other files mended as check --fix
// does. before is what is found in the tree as it is: that is not among the findings of
// the trial.
func (l *Library) Try(tree fs.FS, e Edit, before []Finding, opt Options) (Trial, error) {
	now, err := l.Editable(tree, e.Clause)
	if err != nil {
		return Trial{}, err
	}
	if now.Known != e.Known {
		return Trial{}, fmt.Errorf("edit %s: %w", now.File, ErrEdited)
	}
	changed := editedTree{tree, fstest.MapFS{}}
	src, err := sourceOf(tree, now.File)
	if err != nil {
		return Trial{}, err
	}
	from, to, _ := sectionOf(src, e.Clause.Anchor)
	front, section := normalised(e.Front), normalised(e.Section)
	if rest := src.Bytes[to:]; len(rest) > 0 {
		section = strings.TrimRight(section, "\n") + "\n\n"
	}
	text := slices.Concat([]byte("---\n"+front+"---\n"), src.Bytes[src.Body.From:from], []byte(section), src.Bytes[to:])
	changed.files[now.File] = &fstest.MapFile{Data: text}
	entry, err := withEntry(tree, e, now.File)
	if err != nil {
		return Trial{}, err
	}
	changed.files[changesFileName] = &fstest.MapFile{Data: entry}
	lib, findings := Load(changed, opt)
	if changed.mend(findings) {
		lib, findings = Load(changed, opt)
	}
	t := Trial{Library: lib, Findings: newFindings(before, findings)}
	t.Files, t.Patch = changed.patch()
	return t, nil
}

// newFindings are those that say something which was not said before.
func newFindings(before, after []Finding) (list []Finding) {
	type said struct{ file, rule, message string }
	known := map[said]int{}
	for _, f := range before {
		known[said{f.File, f.Rule, f.Message}]++
	}
	for _, f := range after {
		if key := (said{f.File, f.Rule, f.Message}); known[key] > 0 {
			known[key]--
			continue
		}
		list = append(list, f)
	}
	return list
}

// normalised is text from a form as it stands in a file: ending with one line end.
func normalised(text string) string {
	return strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n \t") + "\n"
}

// withEntry is CHANGES.md with the edit's entry in its place: above the first that
// takes effect no later.
func withEntry(tree fs.FS, e Edit, file string) ([]byte, error) {
	raw, err := fs.ReadFile(tree, changesFileName)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", ErrNoSource, err)
	}
	text := newSource(changesFileName, raw).Bytes
	var b strings.Builder
	fmt.Fprintf(&b, "## %s: %s\n- %s: [%s](%s#%s): %s\n", e.Day, escaped(e.Clause.OfTitle+": "+e.What), e.Class, escaped(e.Clause.Title), file, e.Clause.Anchor, escaped(e.What))
	why := escaped(e.Why)
	if e.Link != "" {
		why = strings.TrimSpace(why + " [" + escaped(e.Named) + "](" + e.Link + ")")
	}
	if why != "" {
		fmt.Fprintf(&b, "\nWhy: %s\n", why)
	}
	at := len(text)
	for offset := 0; offset < len(text); {
		line, _, _ := bytes.Cut(text[offset:], []byte("\n"))
		if date, found := bytes.CutPrefix(line, []byte("## ")); found {
			date, _, _ := bytes.Cut(date, []byte(":"))
			if day, err := standard.ParseDay(string(bytes.TrimSpace(date))); err == nil && !day.After(e.Day) {
				at = offset
				break
			}
		}
		offset += len(line) + 1
	}
	above, below := bytes.TrimRight(text[:at], "\n"), text[at:]
	var parts []string
	for _, part := range []string{string(above), b.String()[:b.Len()-1], strings.TrimRight(string(below), "\n")} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return []byte(strings.Join(parts, "\n\n") + "\n"), nil
}

// An editedTree is a tree in which some files read otherwise.
type editedTree struct {
	fs.FS
	files fstest.MapFS
}

// Open opens a file as it would read.
func (o editedTree) Open(name string) (fs.File, error) {
	if o.files[name] != nil {
		return o.files.Open(name)
	}
	return o.FS.Open(name)
}

// ReadDir lists a folder. CHANGES.md may be new in it; other files are there already.
func (o editedTree) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(o.FS, name)
	there := slices.ContainsFunc(list, func(e fs.DirEntry) bool { return e.Name() == changesFileName })
	if name != "." || err != nil || there {
		return list, err
	}
	info, err := fs.Stat(o.files, changesFileName)
	return append(list, fs.FileInfoToDirEntry(info)), err
}

// mend makes the mends of findings; it reports whether there were any.
func (o editedTree) mend(findings []Finding) (mended bool) {
	byFile := map[string][]Finding{}
	for _, f := range findings {
		if f.Fixable() {
			byFile[f.File] = append(byFile[f.File], f)
		}
	}
	for file, list := range byFile {
		raw, err := fs.ReadFile(o, file)
		if err != nil {
			continue
		}
		if text, did := Mended(raw, list); len(did) > 0 {
			o.files[file], mended = &fstest.MapFile{Data: text}, true
		}
	}
	return mended
}

// patch is what changes, as a unified diff.
func (o editedTree) patch() (files []string, patch []byte) {
	for file, now := range o.files {
		if before, err := fs.ReadFile(o.FS, file); err != nil || !bytes.Equal(before, now.Data) {
			files = append(files, file)
		}
	}
	slices.Sort(files)
	for _, file := range files {
		from := "a/" + file
		before, err := fs.ReadFile(o.FS, file)
		if err != nil {
			from = "/dev/null"
		}
		after := string(o.files[file].Data)
		if bytes.Contains(before, []byte("\r\n")) {
			after = strings.ReplaceAll(strings.ReplaceAll(after, "\r\n", "\n"), "\n", "\r\n")
		}
		if bytes.HasPrefix(before, []byte(byteOrderMark)) && !strings.HasPrefix(after, byteOrderMark) {
			after = byteOrderMark + after
		}
		patch = append(patch, udiff.Unified(from, "b/"+file, string(before), after)...)
	}
	return files, patch
}

// Moved is a front matter in which a figure of the box is another one: where it
// stands in common or in the first tier of which it is the figure now, as plain text
// in one line. ok is false where there is no such place; then it is for the author.
func Moved(front string, dim standard.Dimension, now, to standard.Value, day standard.Day) (text string, ok bool) {
	src := newSource("moved.md", []byte("---\n"+front+"---\n"))
	l := newLoader(nil, Options{})
	root := l.frontMatter(src)
	if root == nil {
		return front, false
	}
	places := []yamlast.Node{child(child(root, "common"), dim.Name)}
	if tiers, isList := child(root, "tiers").(*yamlast.SequenceNode); isList {
		for _, tier := range tiers.Values {
			places = append(places, child(tier, dim.Name))
		}
	}
	for _, n := range places {
		from, end, ok := figureSpan(l, src, n)
		if !ok {
			continue
		}
		written := strings.TrimSpace(strings.Trim(string(src.Bytes[from:end]), "[]"))
		if v, err := standard.ParseValue(dim, written); err != nil || !v.Equal(now) {
			continue
		}
		text := slices.Concat(src.Bytes[src.Front.From:from], []byte(figureText(to)), src.Bytes[end:src.Front.To])
		return string(text), true
	}
	return front, false
}

// figureText writes a figure as front matter holds it, within brackets too.
func figureText(v standard.Value) string {
	if len(v.Set) > 0 {
		return "[" + strings.Join(v.Set, ", ") + "]"
	}
	return strings.ReplaceAll(v.String(), ",", "")
}

// figureSpan is where a figure that is one plain value, or one set in brackets,
// stands in the file.
func figureSpan(l *loader, src *source, n yamlast.Node) (from, end int, ok bool) {
	if n == nil {
		return 0, 0, false
	}
	from = l.nodeOffset(src, n)
	line := src.Bytes[from:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	switch x := n.(type) {
	case *yamlast.SequenceNode:
		size := bytes.IndexByte(line, ']')
		if !x.IsFlowStyle || !bytes.HasPrefix(line, []byte("[")) || size < 0 || bytes.ContainsAny(line[1:size], "{[") {
			return 0, 0, false
		}
		return from, from + size + 1, true
	case yamlast.ScalarNode:
		written := n.GetToken().Value
		if !bytes.HasPrefix(line, []byte(written)) {
			return 0, 0, false
		}
		return from, from + len(written), true
	}
	return 0, 0, false
}

// hashOf names bytes.
func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
