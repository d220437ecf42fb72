package content

import (
	"slices"
	"strings"

	yamlast "github.com/goccy/go-yaml/ast"

	"github.com/insidebox/insidebox/standard"
)

// figure reads what the box says in one dimension: one value, or a list of
// which all but the first entry are dated.
func (b *boxReader) figure(n yamlast.Node, dim standard.Dimension, where string) (standard.Figure, bool) {
	list, isList := n.(*yamlast.SequenceNode)
	if !isList || !hasDated(list) {
		value, ok := b.value(n, dim, where)
		return standard.Figure{{Value: value}}, ok
	}
	var figure standard.Figure
	for i, v := range list.Values {
		dated, ok := b.dated(v, dim, where, i)
		if !ok {
			return nil, false
		}
		figure = append(figure, dated)
	}
	return figure, true
}

// hasDated reports whether a list holds values with days rather than the
// names of a set.
func hasDated(list *yamlast.SequenceNode) bool {
	return slices.ContainsFunc(list.Values, func(v yamlast.Node) bool {
		_, group := v.(*yamlast.MappingNode)
		return group
	})
}

// dated reads one entry of a dated list: the value that holds at first, or
// {is: …, from: …}.
func (b *boxReader) dated(n yamlast.Node, dim standard.Dimension, where string, i int) (standard.Dated, bool) {
	group, isGroup := n.(*yamlast.MappingNode)
	switch {
	case isGroup && i == 0:
		b.fail(n, "bad-dated-figure", "%s: %s begins with a day; the first value holds from the beginning, so write it plainly: [24h, {is: 36h, from: 2027-01-04}]", where, dim.Name)
		return standard.Dated{}, false
	case !isGroup && i > 0:
		b.fail(n, "bad-dated-figure", "%s: %s has a further value without a day; write {is: %s, from: 2027-01-04}%s", where, dim.Name, strings.TrimSpace(n.String()), setHint(dim))
		return standard.Dated{}, false
	case !isGroup:
		value, ok := b.value(n, dim, where)
		return standard.Dated{Value: value}, ok
	}
	for _, kv := range group.Values {
		if key := keyText(kv); key != "is" && key != "from" {
			b.fail(kv.Key, "unknown-key", "%s: a dated figure has the keys is and from, not %s%s", where, quoted(key), didYouMean(key, []string{"is", "from"}))
			return standard.Dated{}, false
		}
	}
	is, from := child(n, "is"), child(n, "from")
	if is == nil || from == nil {
		b.fail(n, "bad-dated-figure", "%s: a dated figure of %s needs both its value and its day; write {is: 36h, from: 2027-01-04}", where, dim.Name)
		return standard.Dated{}, false
	}
	day, err := standard.ParseDay(scalarText(from))
	if err != nil {
		b.fail(from, "bad-date", "%s: %s: %v", where, dim.Name, err)
		return standard.Dated{}, false
	}
	value, ok := b.value(is, dim, where)
	return standard.Dated{From: day, Value: value}, ok
}

func setHint(dim standard.Dimension) string {
	if dim.Kind != standard.AllOf {
		return ""
	}
	return ", and the first set as a list of its own, [[in-state], {is: …}]"
}

// value reads one value: a scalar, or for a set a list of names.
func (b *boxReader) value(n yamlast.Node, dim standard.Dimension, where string) (standard.Value, bool) {
	var value standard.Value
	var err error
	switch x := n.(type) {
	case *yamlast.SequenceNode:
		names := make([]string, 0, len(x.Values))
		for _, v := range x.Values {
			names = append(names, scalarText(v))
		}
		value, err = standard.ParseSet(dim, names)
	case *yamlast.MappingNode:
		b.fail(n, "bad-figure", "%s: %s is a group of keys; write one value, or a list that begins with the value that holds now: [24h, {is: 36h, from: 2027-01-04}]", where, dim.Name)
		return value, false
	case *yamlast.NullNode:
		b.fail(n, "empty-value", "%s: %s has no value; give it one, or take it out: what a tier does not say is not in the standard", where, dim.Name)
		return value, false
	default:
		value, err = standard.ParseValue(dim, scalarText(n))
	}
	if err != nil {
		b.fail(n, "bad-figure", "%s: %v", where, err)
		return value, false
	}
	return value, true
}
