package content

import (
	"bytes"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	yamlast "github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// A frontMatter is the parsed YAML of one file: kept with the source, so that
// a finding about a value can point at it.
type frontMatter struct {
	root *yamlast.MappingNode // nil when there is none, or none that parses
}

// decode reads the file's front matter into a struct, whose fields carry
// `yaml` names and `validate` rules. Everything that is wrong becomes a
// finding at its true place: YAML that does not parse, keys that the struct
// does not know, values of another shape, rules not kept. It reports whether
// all was well; only then is the struct filled.
func (l *loader) decode(src *source, into any) bool {
	root := l.frontMatter(src)
	return root != nil && l.decodeNode(src, root, into)
}

// decodeNode does the same for the part of the front matter at a path.
func (l *loader) decodeNode(src *source, n yamlast.Node, into any, path ...string) bool {
	return l.readNode(src, n, into, path...) && l.validateFront(src, into, path)
}

// readNode is decodeNode for what is no struct, and so has no rules.
func (l *loader) readNode(src *source, n yamlast.Node, into any, path ...string) bool {
	shape := shapeCheck{l: l, src: src, ok: true}
	shape.node(n, reflect.TypeOf(into).Elem(), path)
	if !shape.ok {
		return false
	}
	if err := yaml.NewDecoder(bytes.NewReader(nil), yaml.Strict()).DecodeFromNode(n, into); err != nil {
		l.yamlError(src, err)
		return false
	}
	return true
}

// frontText is the text of a single value in the front matter, however wrong
// the rest of it may be; "" when it is not there. It records no findings.
func (l *loader) frontText(src *source, key string) string {
	if src.yaml == nil || src.yaml.root == nil {
		return ""
	}
	return scalarText(child(src.yaml.root, key))
}

// scalarText is the text of a single value; "" for anything else.
func scalarText(n yamlast.Node) string {
	switch x := n.(type) {
	case nil, *yamlast.NullNode:
		return ""
	case *yamlast.StringNode:
		return x.Value
	case *yamlast.LiteralNode:
		return strings.TrimSpace(x.Value.Value)
	case yamlast.ScalarNode:
		return x.GetToken().Value
	}
	return ""
}

// frontMatter parses the YAML of a file once, and records what is wrong with
// it once.
func (l *loader) frontMatter(src *source) *yamlast.MappingNode {
	if src.yaml != nil {
		return src.yaml.root
	}
	src.yaml = &frontMatter{}
	switch {
	case src.opensFront() && src.Body.From == 0:
		l.report.errorf(src, 0, "front-matter", "the front matter that opens here has no end; close it with a line that holds --- and nothing else")
		return nil
	case src.Front.To == 0 && looseMark(src.Bytes):
		l.report.errorf(src, 0, "front-matter", "the front matter must begin on the first line of the file, with --- and nothing before it")
		return nil
	case len(bytes.TrimSpace(src.front())) == 0:
		l.report.errorf(src, 0, "front-matter", "the file has no front matter; open it with a line ---, then its keys (such as title: …), then another line ---")
		return nil
	case !l.frontLimits(src):
		return nil
	}
	file, err := parser.ParseBytes(src.front(), 0)
	if err != nil {
		l.yamlError(src, err)
		return nil
	}
	src.yaml.root = l.frontRoot(src, file)
	return src.yaml.root
}

// looseMark reports whether a file begins with a line that was meant to open
// front matter, but has white space before it.
func looseMark(text []byte) bool {
	line, _, _ := bytes.Cut(bytes.TrimLeft(text, " \t\n"), []byte("\n"))
	return string(bytes.TrimSpace(line)) == "---"
}

// frontRoot takes the mapping out of the parsed YAML and refuses what front
// matter does not use: several documents, anchors, aliases, merges, tags.
func (l *loader) frontRoot(src *source, file *yamlast.File) *yamlast.MappingNode {
	if len(file.Docs) != 1 {
		l.report.errorf(src, src.Front.From, "front-matter", "the front matter holds %d YAML documents; it must be one: take out the line ... or ---", len(file.Docs))
		return nil
	}
	body := file.Docs[0].Body
	root, ok := body.(*yamlast.MappingNode)
	if !ok {
		l.report.errorf(src, l.nodeOffset(src, body), "front-matter", "the front matter must be a list of keys with values, such as title: Records search")
		return nil
	}
	var special yamlast.Node
	yamlast.Walk(visitor(func(n yamlast.Node) {
		switch n.Type() {
		case yamlast.AnchorType, yamlast.AliasType, yamlast.MergeKeyType, yamlast.TagType, yamlast.DirectiveType, yamlast.MappingKeyType:
			if special == nil {
				special = n
			}
		}
	}), root)
	if special != nil {
		l.report.errorf(src, l.nodeOffset(src, special), "front-matter", "front matter is plain YAML without anchors (&), aliases (*), merges (<<), tags (!) and ? keys; write the value out, or put it in quotation marks when it begins with such a sign")
		return nil
	}
	return root
}

// visitor lets a function walk a YAML tree.
type visitor func(yamlast.Node)

// Visit calls the function and goes on to the children.
func (v visitor) Visit(n yamlast.Node) yamlast.Visitor { v(n); return v }
