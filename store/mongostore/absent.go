package mongostore

import (
	"encoding/binary"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
)

// absent is the element that lists the fields which a document lacked.
const absent = "_absent"

// value is a key as BSON.
func value(k store.Key) any {
	switch k.Kind() {
	case store.KindString:
		return k.Text()
	case store.KindTime:
		return bson.DateTime(k.Num())
	case store.KindBool:
		return k.Num() != 0
	}
	return k.Num()
}

// filled adds to a document the zero values of the fields that it lacks, and
// the list of what was added.
func filled(body bson.Raw, fields []store.Field) (bson.Raw, error) {
	var added bson.D
	var names bson.A
	for _, f := range fields {
		if _, err := body.LookupErr(f.Name); err != nil {
			added = append(added, bson.E{Key: f.Name, Value: value(f.Kind.Zero())})
			names = append(names, f.Name)
		}
	}
	if names == nil {
		return body, nil
	}
	tail, err := bson.Marshal(append(added, bson.E{Key: absent, Value: names}))
	if err != nil {
		return nil, err
	}
	return sized(slices.Concat(body[:len(body)-1], tail[4:])), nil
}

// bare takes out of a stored document what filled has added. The memory is the
// caller's.
func bare(stored bson.Raw) (bson.Raw, error) {
	list := stored.Lookup(absent)
	if list.IsZero() {
		return slices.Clone(stored), nil
	}
	gone := map[string]bool{absent: true}
	names, ok := list.ArrayOK()
	if !ok {
		return nil, fmt.Errorf("its element %s is not a list", absent)
	}
	values, err := names.Values()
	if err != nil {
		return nil, err
	}
	for _, v := range values {
		gone[v.StringValue()] = true
	}
	elements, err := stored.Elements()
	if err != nil {
		return nil, err
	}
	body := make(bson.Raw, 4, len(stored))
	for _, e := range elements {
		if !gone[e.Key()] {
			body = append(body, e...)
		}
	}
	return sized(append(body, 0)), nil
}

// sized writes a document's length into its head.
func sized(body bson.Raw) bson.Raw {
	binary.LittleEndian.PutUint32(body, uint32(len(body)))
	return body
}

// stored reads a document as it came from the server.
func stored(raw bson.Raw) (store.Doc, error) {
	body, err := bare(raw)
	id, isText := raw.Lookup("_id").StringValueOK()
	rev, isLong := raw.Lookup("rev").AsInt64OK()
	if err != nil || !isText || !isLong {
		return store.Doc{}, fmt.Errorf("%w: the document %s is none of ours (its _id is no text, or its rev no number); another program writes into this database", store.ErrUnavailable, raw.Lookup("_id"))
	}
	return store.Doc{ID: id, Rev: rev, Body: body}, nil
}
