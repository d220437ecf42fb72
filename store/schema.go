package store

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Schema declares a collection and how it can be searched.
type Schema struct {
	Name    string // of the collection: small letters, digits and _
	Indexes []Index

	// Home is an indexed text field, or "": the id of a document that is inserted
	// begins with what the field holds, and an underscore. A backend that is spread over
	// several machines by id then knows from an id, and from a query whose Eq
	// begins with the field, which machine to ask.
	Home string
}

// Index is a named order of a collection: by its fields, then by id. An index
// without fields orders by id alone.
type Index struct {
	Name   string
	Fields []Field
}

// Field is an indexed field, by its name in BSON. Two indexes that name the
// same field declare the same kind.
type Field struct {
	Name string
	Kind Kind
}

const maxFields = 8

var nameRE = regexp.MustCompile(`^[a-z][a-z0-9_]{0,47}$`)

// Check returns ErrInvalid and the reason when the schema breaks the rules.
func (s Schema) Check() error {
	if !nameRE.MatchString(s.Name) {
		return fmt.Errorf("%w: collection name %q: want small letters, digits and _, at most 48", ErrInvalid, s.Name)
	}
	names := map[string]bool{}
	kinds := map[string]Kind{}
	for _, ix := range s.Indexes {
		if !nameRE.MatchString(ix.Name) || names[ix.Name] {
			return fmt.Errorf("%w: collection %s: index name %q: want small letters, digits and _, at most 48, each name once", ErrInvalid, s.Name, ix.Name)
		}
		names[ix.Name] = true
		if err := ix.check(kinds); err != nil {
			return fmt.Errorf("%w: collection %s, index %s: %w", ErrInvalid, s.Name, ix.Name, err)
		}
	}
	if s.Home != "" && kinds[s.Home] != KindString {
		return fmt.Errorf("%w: collection %s: the home field %q is no indexed text", ErrInvalid, s.Name, s.Home)
	}
	return nil
}

// HomeID begins the ids of the documents whose home field holds this.
func HomeID(home string) string { return home + "_" }

// check looks at the index's fields; kinds collects those of the collection.
func (ix Index) check(kinds map[string]Kind) error {
	if len(ix.Fields) > maxFields {
		return fmt.Errorf("%d fields, %d is the most", len(ix.Fields), maxFields)
	}
	seen := map[string]bool{}
	for _, f := range ix.Fields {
		switch {
		case !nameRE.MatchString(f.Name) || f.Name == "rev":
			return fmt.Errorf("field name %q: want small letters, digits and _, at most 48, and not rev", f.Name)
		case seen[f.Name]:
			return fmt.Errorf("field %s is named twice", f.Name)
		case f.Kind < KindString || f.Kind > KindBool:
			return fmt.Errorf("field %s has no kind", f.Name)
		case kinds[f.Name] != 0 && kinds[f.Name] != f.Kind:
			return fmt.Errorf("field %s is a %s here and a %s in another index", f.Name, f.Kind, kinds[f.Name])
		}
		seen[f.Name], kinds[f.Name] = true, f.Kind
	}
	return nil
}

// Fields returns every indexed field once, in the order of declaration.
func (s Schema) Fields() []Field {
	var all []Field
	seen := map[string]bool{}
	for _, ix := range s.Indexes {
		for _, f := range ix.Fields {
			if !seen[f.Name] {
				seen[f.Name] = true
				all = append(all, f)
			}
		}
	}
	return all
}

// Index returns the index of that name, or ErrQuery.
func (s Schema) Index(name string) (Index, error) {
	for _, ix := range s.Indexes {
		if ix.Name == name {
			return ix, nil
		}
	}
	return Index{}, fmt.Errorf("%w: collection %s has no index %q", ErrQuery, s.Name, name)
}

// CheckDoc returns ErrInvalid and the reason when a document breaks the rules.
// Drivers call it before they write.
func (s Schema) CheckDoc(d Doc) error {
	if err := CheckID(d.ID); err != nil {
		return err
	}
	if len(d.Body) > MaxDoc {
		return fmt.Errorf("%w: document %s %q has %d bytes, %d is the most", ErrInvalid, s.Name, d.ID, len(d.Body), MaxDoc)
	}
	id, _ := d.Body.Lookup("_id").StringValueOK()
	rev, _ := d.Body.Lookup("rev").Int64OK()
	if id != d.ID || rev != d.Rev || rev < 1 {
		return fmt.Errorf("%w: document %s %q, revision %d, says of itself that it is %q, revision %d", ErrInvalid, s.Name, d.ID, d.Rev, id, rev)
	}
	for _, f := range s.Fields() {
		if _, err := f.Key(d.Body); err != nil {
			return fmt.Errorf("%w: document %s %q: %w", ErrInvalid, s.Name, d.ID, err)
		}
	}
	if s.Home != "" && d.Rev == 1 {
		if home, _ := d.Body.Lookup(s.Home).StringValueOK(); !strings.HasPrefix(d.ID, HomeID(home)) {
			return fmt.Errorf("%w: document %s %q: its %s is %q, so its id begins with %q", ErrInvalid, s.Name, d.ID, s.Home, home, HomeID(home))
		}
	}
	return nil
}

// CheckID returns ErrInvalid and the reason when an id breaks the rules.
func CheckID(id string) error {
	switch {
	case id == "":
		return fmt.Errorf("%w: the id is empty", ErrInvalid)
	case len(id) > MaxID:
		return fmt.Errorf("%w: the id %.40q… has %d bytes, %d is the most", ErrInvalid, id, len(id), MaxID)
	case !utf8.ValidString(id):
		return fmt.Errorf("%w: the id %q is not valid UTF-8", ErrInvalid, id)
	case strings.IndexFunc(id, isControl) >= 0:
		return fmt.Errorf("%w: the id %q contains a control character", ErrInvalid, id)
	}
	return nil
}

func isControl(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }

// Key returns what the document holds under the field's name. The error says
// what is wrong with it: missing, of another kind, or not fit for an index.
func (f Field) Key(body bson.Raw) (Key, error) {
	v, err := body.LookupErr(f.Name)
	if err != nil {
		return Key{}, fmt.Errorf("the indexed field %s is missing", f.Name)
	}
	k, ok := keyOf(f.Kind, v)
	if !ok {
		return Key{}, fmt.Errorf("the indexed field %s should hold a %s, but holds a BSON %s", f.Name, f.Kind, v.Type)
	}
	if err := k.check(); err != nil {
		return Key{}, fmt.Errorf("the indexed field %s: %w", f.Name, err)
	}
	return k, nil
}

// keyOf reads a BSON value as a key of the kind.
func keyOf(kind Kind, v bson.RawValue) (Key, bool) {
	switch kind {
	case KindString:
		s, ok := v.StringValueOK()
		return String(s), ok
	case KindTime:
		ms, ok := v.DateTimeOK()
		return Key{kind: KindTime, num: ms}, ok
	case KindBool:
		b, ok := v.BooleanOK()
		return Bool(b), ok
	case KindInt:
		if n, ok := v.Int32OK(); ok {
			return Int(n), true
		}
		n, ok := v.Int64OK()
		return Int(n), ok
	}
	return Key{}, false
}
