package mongostore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/insidebox/insidebox/store"
)

const (
	layoutColl    = "_layout" // no collection of the store begins with _
	layoutID      = "insidebox"
	layoutVersion = 1
	layoutTries   = 40

	// fresh is how old a process's knowledge of the layout may be when it
	// writes. settling is how long after a field is declared no process can be
	// left that does not know of it: fresh, a write's deadline, and time enough
	// for clocks that differ.
	fresh    = 10 * time.Second
	settling = time.Minute
)

// layout is the one document of _layout: all that was ever declared.
type layout struct {
	ID          string             `bson:"_id"`
	Rev         int64              `bson:"rev"`
	Version     int                `bson:"layout"`
	Collections []layoutCollection `bson:"collections"`
}

type layoutCollection struct {
	Name    string        `bson:"name"`
	Fields  []layoutField `bson:"fields"`
	Indexes []layoutIndex `bson:"indexes"`
}

type layoutField struct {
	Name    string        `bson:"name"`
	Kind    string        `bson:"kind"`
	Since   bson.DateTime `bson:"since"`
	Settled bool          `bson:"settled"`
}

type layoutIndex struct {
	Name   string   `bson:"name"`
	Fields []string `bson:"fields"`
}

type fieldRef struct{ coll, field string }

func (f layoutField) kind() store.Kind {
	for k := store.KindString; k <= store.KindBool; k++ {
		if k.String() == f.Kind {
			return k
		}
	}
	return 0
}

// layoutCache is what this process knows of the layout.
type layoutCache struct {
	turn   chan struct{} // held by the one who reads or changes this
	fields map[string][]store.Field
	read   time.Time
}

// take waits for its turn, but no longer than the call may take.
func (c *layoutCache) take(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *layoutCache) give() { <-c.turn }

// fields returns the indexed fields of a collection, those that other
// processes have declared, too.
func (d *Driver) fields(ctx context.Context, coll string) ([]store.Field, error) {
	if err := d.layout.take(ctx); err != nil {
		return nil, err
	}
	defer d.layout.give()
	if d.layout.fields == nil || d.opts.Now().Sub(d.layout.read) >= fresh {
		asked := d.opts.Now()
		l, err := d.readLayout(ctx)
		if err != nil {
			return nil, err
		}
		d.layout.fields, d.layout.read = l.fields(), asked
	}
	return d.layout.fields[coll], nil
}

func (d *Driver) readLayout(ctx context.Context) (*layout, error) {
	l := &layout{}
	err := d.db.Collection(layoutColl).FindOne(ctx, bson.D{{Key: "_id", Value: layoutID}}).Decode(l)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return &layout{ID: layoutID, Version: layoutVersion}, nil
	}
	if err != nil {
		return nil, err
	}
	if l.Version > layoutVersion {
		return nil, fmt.Errorf("%w: the database %s was written by a newer insidebox (layout %d, this one knows %d); run that version or a newer one",
			store.ErrInvalid, d.address.database, l.Version, layoutVersion)
	}
	return l, nil
}

// note adds schemas to the layout, and returns it as it is then.
func (d *Driver) note(ctx context.Context, schemas []store.Schema) (*layout, error) {
	return d.amend(ctx, func(l *layout) error {
		for _, s := range schemas {
			if err := l.add(s, bson.NewDateTimeFromTime(d.opts.Now())); err != nil {
				return fmt.Errorf("collection %s: %w", s.Name, err)
			}
		}
		return nil
	})
}

// amend changes the layout, again and again until nobody was faster. A change
// that leaves it as it is writes nothing.
func (d *Driver) amend(ctx context.Context, change func(*layout) error) (*layout, error) {
	for range layoutTries {
		asked := d.opts.Now()
		l, err := d.readLayout(ctx)
		if err != nil {
			return nil, err
		}
		before, err := bson.Marshal(l)
		if err != nil {
			return nil, err
		}
		if err := change(l); err != nil {
			return nil, err
		}
		done, err := d.putLayout(ctx, l, before)
		if err != nil {
			return nil, err
		}
		if done {
			if err := d.layout.take(ctx); err != nil {
				return nil, err
			}
			d.layout.fields, d.layout.read = l.fields(), asked
			d.layout.give()
			return l, nil
		}
	}
	return nil, fmt.Errorf("%w: others changed the layout of the database %s %d times in a row", store.ErrUnavailable, d.address.database, layoutTries)
}

// putLayout writes a layout that was changed. False: somebody was faster.
func (d *Driver) putLayout(ctx context.Context, l *layout, before []byte) (bool, error) {
	after, err := bson.Marshal(l)
	if err != nil || string(after) == string(before) {
		return err == nil, err
	}
	in := d.db.Collection(layoutColl)
	l.Rev++
	if l.Rev == 1 {
		_, err := in.InsertOne(ctx, l)
		if mongo.IsDuplicateKeyError(err) {
			return false, nil
		}
		return err == nil, err
	}
	result, err := in.ReplaceOne(ctx, named(l.ID, l.Rev-1), l)
	return err == nil && result.MatchedCount == 1, err
}

func (l *layout) collection(name string) *layoutCollection {
	for i := range l.Collections {
		if l.Collections[i].Name == name {
			return &l.Collections[i]
		}
	}
	return nil
}

// add brings a schema in. Fields of a collection that is new are settled: no
// document can lack them.
func (l *layout) add(s store.Schema, now bson.DateTime) error {
	c := l.collection(s.Name)
	isNew := c == nil
	if isNew {
		l.Collections = append(l.Collections, layoutCollection{Name: s.Name, Fields: []layoutField{}, Indexes: []layoutIndex{}})
		slices.SortFunc(l.Collections, func(a, b layoutCollection) int { return cmp.Compare(a.Name, b.Name) })
		c = l.collection(s.Name)
	}
	for _, f := range s.Fields() {
		at := slices.IndexFunc(c.Fields, func(k layoutField) bool { return k.Name == f.Name })
		if at < 0 {
			c.Fields = append(c.Fields, layoutField{Name: f.Name, Kind: f.Kind.String(), Since: now, Settled: isNew})
		} else if known := c.Fields[at].Kind; known != f.Kind.String() {
			return fmt.Errorf("%w: the field %s was declared as a %s, now as a %s; give the new one another name", store.ErrInvalid, f.Name, known, f.Kind)
		}
	}
	for _, ix := range s.Indexes {
		names := make([]string, 0, len(ix.Fields))
		for _, f := range ix.Fields {
			names = append(names, f.Name)
		}
		at := slices.IndexFunc(c.Indexes, func(k layoutIndex) bool { return k.Name == ix.Name })
		if at < 0 {
			c.Indexes = append(c.Indexes, layoutIndex{ix.Name, names})
		} else if !slices.Equal(c.Indexes[at].Fields, names) {
			return fmt.Errorf("%w: index %s was declared over %q, now over %q; give the new one another name", store.ErrInvalid, ix.Name, c.Indexes[at].Fields, names)
		}
	}
	return nil
}

// fields returns the indexed fields of every collection.
func (l *layout) fields() map[string][]store.Field {
	all := map[string][]store.Field{}
	for _, c := range l.Collections {
		for _, f := range c.Fields {
			if k := f.kind(); k != 0 { // a kind of a newer program: it fills it in
				all[c.Name] = append(all[c.Name], store.Field{Name: f.Name, Kind: k})
			}
		}
	}
	return all
}

func (l *layout) unsettled(coll string) (fields []layoutField) {
	if c := l.collection(coll); c != nil {
		for _, f := range c.Fields {
			if !f.Settled && f.kind() != 0 {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

func (l *layout) settle(refs []fieldRef) {
	for _, r := range refs {
		c := l.collection(r.coll)
		for i := range c.Fields {
			if c.Fields[i].Name == r.field {
				c.Fields[i].Settled = true
			}
		}
	}
}
