package mongostore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/insidebox/insidebox/store"
)

// buildTime is how long it may take to make an index or to fill one.
const buildTime = time.Hour

// Declare notes what is declared in the layout, makes and compares indexes,
// and fills fields that are new. It may be broken off anywhere and done again.
func (d *Driver) Declare(ctx context.Context, schemas ...store.Schema) error {
	for _, s := range schemas {
		if err := s.Check(); err != nil {
			return err
		}
	}
	return d.reading(ctx, buildTime, func(ctx context.Context) error {
		lay, err := d.note(ctx, schemas)
		if err != nil {
			return err
		}
		for _, s := range schemas {
			if err := d.index(ctx, s); err != nil {
				return fmt.Errorf("collection %s: %w", s.Name, err)
			}
		}
		if err := d.fill(ctx, lay, schemas); err != nil {
			return err
		}
		d.know(schemas)
		return nil
	})
}

// know adds collections to those that may be used.
func (d *Driver) know(schemas []store.Schema) {
	for {
		old := d.colls.Load()
		all := maps.Clone(*old)
		for _, s := range schemas {
			all[s.Name] = &collection{schema: s, in: d.db.Collection(s.Name)}
		}
		if d.colls.CompareAndSwap(old, &all) {
			return
		}
	}
}

// index makes the indexes of a collection that are missing, and compares the
// others. MongoDB keeps no two over the same fields: whatever its name, one
// that is there will do.
func (d *Driver) index(ctx context.Context, s store.Schema) error {
	there, err := d.indexes(ctx, s.Name)
	if err != nil {
		return err
	}
	for _, ix := range s.Indexes {
		want := definition(ix)
		switch got := there[ix.Name]; {
		case got == want, got == "" && len(ix.Fields) == 0:
			continue
		case got == "" && holds(there, want):
			continue
		case got != "":
			return fmt.Errorf("%w: index %s: the database has %s, this version wants %s; give the new one another name, or drop the one in the database when nothing else uses it",
				store.ErrInvalid, ix.Name, got, want)
		}
		model := mongo.IndexModel{Keys: order(ix, false), Options: options.Index().SetName(ix.Name)}
		if _, err := d.db.Collection(s.Name).Indexes().CreateOne(ctx, model); err != nil {
			return fmt.Errorf("make the index %s: %w", ix.Name, err)
		}
		there[ix.Name] = want
	}
	return nil
}

func holds(there map[string]string, want string) bool {
	for _, got := range there {
		if got == want {
			return true
		}
	}
	return false
}

// definition is an index as it stands in messages.
func definition(ix store.Index) string {
	names := make([]string, 0, len(ix.Fields)+1)
	for _, f := range ix.Fields {
		names = append(names, f.Name)
	}
	return "(" + strings.Join(append(names, "_id"), ", ") + ")"
}

// indexes returns the definitions of the indexes that a collection has. What
// is not as definition writes it comes out as another text.
func (d *Driver) indexes(ctx context.Context, coll string) (map[string]string, error) {
	cursor, err := d.db.Collection(coll).Indexes().List(ctx)
	var said mongo.ServerError
	if errors.As(err, &said) && said.HasErrorCode(26) { // no such collection yet
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, err
	}
	var rows []bson.D
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, row := range rows {
		name, text := "", ""
		for _, e := range row {
			switch e.Key {
			case "v", "ns", "background":
			case "name":
				name, _ = e.Value.(string)
			case "key":
				text = keyText(e.Value) + text
			default:
				text += fmt.Sprintf(" with %s: %v", e.Key, e.Value)
			}
		}
		found[name] = text
	}
	return found, nil
}

// keyText is the key of an index of the database, such as (team, due, _id).
func keyText(key any) string {
	fields, _ := key.(bson.D)
	var names []string
	for _, f := range fields {
		switch way := fmt.Sprint(f.Value); way {
		case "1":
			names = append(names, f.Key)
		case "-1":
			names = append(names, f.Key+" descending")
		default:
			names = append(names, f.Key+" "+way)
		}
	}
	return "(" + strings.Join(names, ", ") + ")"
}

// fill gives the zero value to documents that lack a field which is not known
// to be everywhere, and notes which fields are settled now.
func (d *Driver) fill(ctx context.Context, lay *layout, schemas []store.Schema) error {
	var settled []fieldRef
	for _, s := range schemas {
		for _, f := range lay.unsettled(s.Name) {
			_, err := d.db.Collection(s.Name).UpdateMany(ctx,
				bson.D{{Key: f.Name, Value: bson.D{{Key: "$exists", Value: false}}}},
				bson.D{
					{Key: "$set", Value: bson.D{{Key: f.Name, Value: value(f.kind().Zero())}}},
					{Key: "$push", Value: bson.D{{Key: absent, Value: f.Name}}},
				})
			if err != nil {
				return fmt.Errorf("fill the field %s of %s: %w", f.Name, s.Name, err)
			}
			if d.opts.Now().Sub(f.Since.Time()) >= settling {
				settled = append(settled, fieldRef{s.Name, f.Name})
			}
		}
	}
	settled = slices.Compact(settled)
	if len(settled) == 0 {
		return nil
	}
	_, err := d.amend(ctx, func(l *layout) error { l.settle(settled); return nil })
	return err
}
