// Package archive writes a whole store into one stream and reads it back, into
// the same backend or another.
//
// # The format
//
// A gzip stream of records: one letter, then one BSON document.
//
//	A  the head: format and version
//	C  a collection: its name, its indexes with the fields and their kinds
//	D  a document of it, byte for byte as it is stored, in the order of ids
//	E  the collection's end: how many documents, and their SHA-256
//	Z  the end: how many collections and documents, and the SHA-256 of all
//	   that came before
//
// Collections and indexes come in the order of their names, and there is no
// time and no machine in it: the same data give the same bytes, whichever
// backend they come from. An archive that is cut off or changed is refused
// before anything is written.
package archive

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
)

const (
	format  = "insidebox archive"
	version = 1
)

// ErrDamaged: the archive is cut off, was changed, or is something else.
var ErrDamaged = errors.New("this is no whole archive of insidebox")

// Summary is what an archive or a store holds.
type Summary struct {
	Collections, Documents int
	Hash                   string // SHA-256 of all records but the last
}

// Progress is told how many documents of a collection went by; last says that
// these were all.
type Progress func(coll string, documents int, last bool)

type head struct {
	Format  string `bson:"format"`
	Version int    `bson:"version"`
}

type collection struct {
	Name    string  `bson:"name"`
	Indexes []index `bson:"indexes"`
}

type index struct {
	Name   string  `bson:"name"`
	Fields []field `bson:"fields"`
}

type field struct {
	Name string `bson:"name"`
	Kind string `bson:"kind"`
}

type ending struct {
	Name      string `bson:"name"`
	Documents int    `bson:"documents"`
	Hash      string `bson:"sha256"`
}

type tail struct {
	Collections int    `bson:"collections"`
	Documents   int    `bson:"documents"`
	Hash        string `bson:"sha256"`
}

// Write writes a snapshot as an archive.
func Write(ctx context.Context, s store.Snapshot, w io.Writer, progress Progress) (Summary, error) {
	zip := gzip.NewWriter(w)
	sum, err := write(ctx, s, zip, progress)
	if err != nil {
		return sum, err
	}
	if err := zip.Close(); err != nil {
		return sum, fmt.Errorf("write the archive: %w", err)
	}
	return sum, nil
}

func write(ctx context.Context, s store.Snapshot, w io.Writer, progress Progress) (all Summary, err error) {
	out := &writer{to: bufio.NewWriterSize(w, 1<<16), all: sha256.New()}
	if err := out.record('A', head{format, version}); err != nil {
		return all, err
	}
	for _, schema := range s.Schemas() {
		n, err := out.collection(ctx, s, schema, progress)
		if err != nil {
			return all, fmt.Errorf("collection %s: %w", schema.Name, err)
		}
		all.Collections++
		all.Documents += n
	}
	all.Hash = hex.EncodeToString(out.all.Sum(nil))
	if err := out.record('Z', tail(all)); err != nil {
		return all, err
	}
	if err := out.to.Flush(); err != nil {
		return all, fmt.Errorf("write the archive: %w", err)
	}
	return all, nil
}

type writer struct {
	to  *bufio.Writer
	all hash.Hash
}

func (w *writer) collection(ctx context.Context, s store.Snapshot, schema store.Schema, progress Progress) (n int, err error) {
	if err := w.record('C', describe(schema)); err != nil {
		return 0, err
	}
	e, err := sum(ctx, s, schema.Name, func(d store.Doc, n int) error {
		if n%1000 == 0 {
			progress(schema.Name, n, false)
		}
		return w.raw('D', d.Body)
	})
	if err != nil {
		return e.Documents, err
	}
	progress(schema.Name, e.Documents, true)
	return e.Documents, w.record('E', e)
}

// sum walks through a collection, and says how many documents there are and
// what their hash is. do gets each with its number.
func sum(ctx context.Context, s store.Snapshot, coll string, do func(store.Doc, int) error) (ending, error) {
	e, docs := ending{Name: coll}, sha256.New()
	err := s.Walk(ctx, coll, func(d store.Doc) error {
		docs.Write(d.Body)
		e.Documents++
		return do(d, e.Documents)
	})
	e.Hash = hex.EncodeToString(docs.Sum(nil))
	return e, err
}

func (w *writer) record(kind byte, v any) error {
	body, err := bson.Marshal(v)
	if err != nil {
		return err
	}
	return w.raw(kind, body)
}

func (w *writer) raw(kind byte, body []byte) error {
	w.all.Write([]byte{kind})
	w.all.Write(body)
	if err := w.to.WriteByte(kind); err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	if _, err := w.to.Write(body); err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	return nil
}

func describe(s store.Schema) collection {
	c := collection{Name: s.Name, Indexes: []index{}}
	for _, ix := range s.Indexes {
		one := index{Name: ix.Name, Fields: []field{}}
		for _, f := range ix.Fields {
			one.Fields = append(one.Fields, field{f.Name, f.Kind.String()})
		}
		c.Indexes = append(c.Indexes, one)
	}
	return c
}

func (c collection) schema() (store.Schema, error) {
	s := store.Schema{Name: c.Name}
	for _, ix := range c.Indexes {
		one := store.Index{Name: ix.Name}
		for _, f := range ix.Fields {
			k := store.KindString
			for ; k <= store.KindBool && k.String() != f.Kind; k++ {
			}
			one.Fields = append(one.Fields, store.Field{Name: f.Name, Kind: k})
		}
		s.Indexes = append(s.Indexes, one)
	}
	if err := s.Check(); err != nil {
		return s, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return s, nil
}

// reader hands on the records of an archive, and checks every sum.
type reader struct {
	from *bufio.Reader
	all  hash.Hash
}

// record reads one record. The hash of all is that before an end.
func (r *reader) record() (kind byte, body bson.Raw, before string, err error) {
	if kind, err = r.from.ReadByte(); err != nil {
		return 0, nil, "", cutOff(err)
	}
	size, err := r.from.Peek(4)
	if err != nil {
		return 0, nil, "", cutOff(err)
	}
	n := binary.LittleEndian.Uint32(size)
	if n < 5 || n > store.MaxDoc+1024 {
		return 0, nil, "", fmt.Errorf("%w: a record of %d bytes", ErrDamaged, n)
	}
	body = make(bson.Raw, n)
	if _, err := io.ReadFull(r.from, body); err != nil {
		return 0, nil, "", cutOff(err)
	}
	if err := body.Validate(); err != nil {
		return 0, nil, "", fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	before = hex.EncodeToString(r.all.Sum(nil))
	r.all.Write([]byte{kind})
	r.all.Write(body)
	return kind, body, before, nil
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it is cut off", ErrDamaged)
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// A visitor takes what an archive holds.
type visitor struct {
	begin    func(store.Schema) error
	document func(store.Doc) error
	end      func(ending) error
}

// walk reads a whole archive.
func walk(r io.Reader, v visitor) (sum Summary, err error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return sum, cutOff(err)
	}
	in := &reader{from: bufio.NewReaderSize(zip, 1<<16), all: sha256.New()}
	kind, body, _, err := in.record()
	if err != nil {
		return sum, err
	}
	var h head
	if kind != 'A' || bson.Unmarshal(body, &h) != nil || h.Format != format {
		return sum, fmt.Errorf("%w: it begins with something else", ErrDamaged)
	}
	if h.Version > version {
		return sum, fmt.Errorf("this archive was written by a newer insidebox (version %d, this one knows %d); use that one or a newer one", h.Version, version)
	}
	for {
		kind, body, before, err := in.record()
		if err != nil {
			return sum, err
		}
		if kind == 'Z' {
			return sum, in.finish(body, before, &sum)
		}
		if kind != 'C' {
			return sum, fmt.Errorf("%w: a record of the kind %q where a collection begins", ErrDamaged, kind)
		}
		n, err := in.collection(body, v)
		if err != nil {
			return sum, err
		}
		sum.Collections++
		sum.Documents += n
	}
}

// finish compares the end with what came, and wants nothing behind it.
func (r *reader) finish(body bson.Raw, before string, sum *Summary) error {
	sum.Hash = before
	var z tail
	if bson.Unmarshal(body, &z) != nil || Summary(z) != *sum {
		return fmt.Errorf("%w: its sums do not fit", ErrDamaged)
	}
	if _, err := r.from.ReadByte(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something stands behind its end", ErrDamaged)
	}
	return nil
}

func (r *reader) collection(body bson.Raw, v visitor) (n int, err error) {
	var c collection
	if bson.Unmarshal(body, &c) != nil {
		return 0, fmt.Errorf("%w: a collection can't be read", ErrDamaged)
	}
	schema, err := c.schema()
	if err != nil {
		return 0, err
	}
	if err := v.begin(schema); err != nil {
		return 0, err
	}
	docs := sha256.New()
	for {
		kind, body, _, err := r.record()
		if err != nil {
			return n, err
		}
		switch kind {
		case 'D':
			docs.Write(body)
			n++
			id, _ := body.Lookup("_id").StringValueOK()
			rev, _ := body.Lookup("rev").Int64OK()
			if err := v.document(store.Doc{ID: id, Rev: rev, Body: body}); err != nil {
				return n, fmt.Errorf("collection %s, document %q: %w", c.Name, id, err)
			}
		case 'E':
			var e ending
			if bson.Unmarshal(body, &e) != nil || e != (ending{c.Name, n, hex.EncodeToString(docs.Sum(nil))}) {
				return n, fmt.Errorf("%w: the sums of the collection %s do not fit", ErrDamaged, c.Name)
			}
			return n, v.end(e)
		default:
			return n, fmt.Errorf("%w: a record of the kind %q in the collection %s", ErrDamaged, kind, c.Name)
		}
	}
}

// Check reads a whole archive and compares its sums.
func Check(r io.Reader) (Summary, error) {
	return walk(r, visitor{
		begin:    func(store.Schema) error { return nil },
		document: func(store.Doc) error { return nil },
		end:      func(ending) error { return nil },
	})
}
