package content

import (
	"reflect"
	"strconv"
	"strings"

	yamlast "github.com/goccy/go-yaml/ast"
)

// A shapeCheck compares front matter with the struct that it is read into,
// before it is read: so every unknown key and every value of another shape is
// found in one go, each at its own place, in words for authors.
type shapeCheck struct {
	l   *loader
	src *source
	ok  bool
}

// yamlNode is the type of struct fields that take any YAML as it stands.
var yamlNode = reflect.TypeFor[yamlast.Node]()

// node checks one value against the type that it is read into.
func (c *shapeCheck) node(n yamlast.Node, t reflect.Type, path []string) {
	if t == yamlNode {
		return
	}
	if _, null := n.(*yamlast.NullNode); null {
		c.fail(n, "empty-value", "%s has no value; give it one, or take the line out", name(path))
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		c.node(n, t.Elem(), path)
	case reflect.Struct:
		c.mapping(n, t, path)
	case reflect.Map:
		c.entries(n, t, path)
	case reflect.Slice:
		c.list(n, t, path)
	default:
		c.scalar(n, t, path)
	}
}

// mapping checks a set of keys: each must be a field of the struct.
func (c *shapeCheck) mapping(n yamlast.Node, t reflect.Type, path []string) {
	m, ok := n.(*yamlast.MappingNode)
	if !ok {
		c.fail(n, "value-shape", "%s must be a group of keys (%s), not %s", name(path), strings.Join(fieldNames(t), ", "), shapeOf(n))
		return
	}
	fields := map[string]reflect.Type{}
	for i := range t.NumField() {
		fields[yamlName(t.Field(i))] = t.Field(i).Type
	}
	for _, kv := range m.Values {
		key := keyText(kv)
		field, known := fields[key]
		if !known {
			c.fail(kv.Key, "unknown-key", "the key %s is not known here%s", quoted(key), didYouMean(key, fieldNames(t)))
			continue
		}
		kv.Value = asList(kv.Value, field)
		c.node(kv.Value, field, append(path, key))
		kv.Value = asText(kv.Value, field)
	}
}

// asList takes one word for a list of it, as in audience: rep. There is nothing
// else that it could mean.
func asList(n yamlast.Node, t reflect.Type) yamlast.Node {
	_, scalar := n.(yamlast.ScalarNode)
	if _, null := n.(*yamlast.NullNode); null || !scalar || t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.String {
		return n
	}
	list := yamlast.Sequence(n.GetToken(), true)
	list.Values = []yamlast.Node{n}
	return list
}

// entries checks a group of keys that authors choose themselves.
func (c *shapeCheck) entries(n yamlast.Node, t reflect.Type, path []string) {
	m, ok := n.(*yamlast.MappingNode)
	if !ok {
		c.fail(n, "value-shape", "%s must be a group of keys with values, such as {setup: onboarding}, not %s", name(path), shapeOf(n))
		return
	}
	for _, kv := range m.Values {
		c.node(kv.Value, t.Elem(), append(path, keyText(kv)))
		kv.Value = asText(kv.Value, t.Elem())
	}
}

// list checks a list and each entry of it.
func (c *shapeCheck) list(n yamlast.Node, t reflect.Type, path []string) {
	s, ok := n.(*yamlast.SequenceNode)
	if !ok {
		c.fail(n, "value-shape", "%s must be a list, even of one: write [%s]", name(path), strings.TrimSpace(firstLine(n.String())))
		return
	}
	for i, v := range s.Values {
		c.node(v, t.Elem(), append(path, strconv.Itoa(i)))
		s.Values[i] = asText(v, t.Elem())
	}
}

// scalar checks a single value: text takes anything that is one value;
// numbers and yes or no are strict.
func (c *shapeCheck) scalar(n yamlast.Node, t reflect.Type, path []string) {
	if _, ok := n.(yamlast.ScalarNode); !ok {
		c.fail(n, "value-shape", "%s must be one value, not %s", name(path), shapeOf(n))
		return
	}
	text := n.GetToken().Value
	switch t.Kind() {
	case reflect.Bool:
		if _, ok := n.(*yamlast.BoolNode); !ok {
			c.fail(n, "value-shape", "%s is %s; it must be true or false", name(path), quoted(text))
		}
	case reflect.Int:
		if _, ok := n.(*yamlast.IntegerNode); !ok || len(text) > 9 {
			c.fail(n, "value-shape", "%s is %s; it must be a whole number, such as 3", name(path), quoted(text))
		}
	}
}

// asText keeps a value that is read into text as it is written: 1.10 stays
// "1.10" and 007 stays "007", where YAML would make numbers of them.
func asText(n yamlast.Node, t reflect.Type) yamlast.Node {
	_, scalar := n.(yamlast.ScalarNode)
	if _, null := n.(*yamlast.NullNode); null || !scalar || t.Kind() != reflect.String {
		return n
	}
	if _, text := n.(*yamlast.StringNode); text {
		return n
	}
	text := yamlast.String(n.GetToken().Clone())
	text.Value = scalarText(n)
	return text
}

func (c *shapeCheck) fail(n yamlast.Node, rule, format string, args ...any) {
	c.ok = false
	c.l.report.errorf(c.src, c.l.nodeOffset(c.src, n), rule, format, args...)
}

// name says a path for people: "tiers 2: name"; the whole is "the front matter".
func name(path []string) string {
	var b strings.Builder
	for i, p := range path {
		if n, err := strconv.Atoi(p); err == nil {
			b.WriteString(" " + strconv.Itoa(n+1))
		} else {
			if i > 0 {
				b.WriteString(": ")
			}
			b.WriteString(p)
		}
	}
	if b.Len() == 0 {
		return "the front matter"
	}
	return b.String()
}

// shapeOf names the shape of a value for people.
func shapeOf(n yamlast.Node) string {
	switch n.(type) {
	case *yamlast.MappingNode:
		return "a group of keys"
	case *yamlast.SequenceNode:
		return "a list"
	}
	return "the single value " + quoted(n.GetToken().Value)
}

// yamlName is the key of a struct's field in front matter.
func yamlName(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key
}

// fieldNames lists the keys that a struct reads.
func fieldNames(t reflect.Type) []string {
	names := make([]string, 0, t.NumField())
	for i := range t.NumField() {
		names = append(names, yamlName(t.Field(i)))
	}
	return names
}
