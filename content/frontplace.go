package content

import (
	"bytes"
	"reflect"
	"slices"
	"strconv"

	yamlast "github.com/goccy/go-yaml/ast"
)

// frontPosition turns a line and column (in characters, both from 1) within
// the front matter into an offset into the file.
func (s *source) frontPosition(line, column int) int {
	rest := s.front()
	offset := s.Front.From
	for ; line > 1; line-- {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return s.Front.To
		}
		offset, rest = offset+i+1, rest[i+1:]
	}
	for i := range firstLine(string(rest)) {
		if column--; column <= 0 {
			return offset + i
		}
	}
	return offset
}

// nodeOffset is where a YAML value (or key) begins in the file.
func (l *loader) nodeOffset(src *source, n yamlast.Node) int {
	for n != nil {
		switch x := n.(type) {
		case *yamlast.MappingNode:
			if !x.IsFlowStyle && len(x.Values) > 0 {
				n = x.Values[0].Key
				continue
			}
		case *yamlast.MappingValueNode:
			n = x.Key
			continue
		}
		break
	}
	if n == nil || reflect.ValueOf(n).IsNil() || n.GetToken() == nil || n.GetToken().Position == nil {
		return src.Front.From
	}
	p := n.GetToken().Position
	return src.frontPosition(p.Line, p.Column)
}

// frontOffset is where the value at a path of keys (and, in lists, of indices
// written as numbers) begins: the place of a finding about it. Where the path
// ends early, it is the place of the last part that exists; in a file without
// front matter, the beginning.
func (l *loader) frontOffset(src *source, path ...string) int {
	if src.yaml == nil || src.yaml.root == nil {
		return src.Front.From
	}
	var at yamlast.Node = src.yaml.root
	for _, key := range path {
		next := child(at, key)
		if next == nil {
			break
		}
		at = next
	}
	if at == yamlast.Node(src.yaml.root) {
		return src.Front.From
	}
	return l.nodeOffset(src, at)
}

// child is the value of a key in a mapping, or of an index in a list; nil
// where there is none.
func child(n yamlast.Node, key string) yamlast.Node {
	switch x := n.(type) {
	case *yamlast.MappingNode:
		for _, kv := range x.Values {
			if keyText(kv) == key {
				return kv.Value
			}
		}
	case *yamlast.SequenceNode:
		for i, v := range x.Values {
			if itoa(i) == key {
				return v
			}
		}
	}
	return nil
}

// keyText is the text of a mapping's key, without quotation marks.
func keyText(kv *yamlast.MappingValueNode) string { return kv.Key.GetToken().Value }

// keysOf lists the keys of a mapping in the file's order.
func keysOf(n yamlast.Node) []string {
	m, ok := n.(*yamlast.MappingNode)
	if !ok {
		return nil
	}
	keys := make([]string, 0, len(m.Values))
	for _, kv := range m.Values {
		keys = append(keys, keyText(kv))
	}
	return slices.Clip(keys)
}

func itoa(n int) string { return strconv.Itoa(n) }
