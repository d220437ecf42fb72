package mongostore

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/insidebox/insidebox/store"
)

var _ store.Source = (*Driver)(nil)

// snapshot is a session of the server that sees one moment.
type snapshot struct {
	driver  *Driver
	session *mongo.Session // nil on a standalone server, which has no snapshots
	layout  *layout
}

// Snapshot begins a session that sees one moment. The server keeps that for
// minSnapshotHistoryWindowInSeconds, five minutes unless it is set; reading it
// all must not take longer. A standalone server has no snapshots: what is
// written meanwhile may come along or not.
func (d *Driver) Snapshot(ctx context.Context) (store.Snapshot, error) {
	s := &snapshot{driver: d}
	err := d.read(ctx, func(ctx context.Context) (err error) {
		if d.snapshot {
			if s.session, err = d.client.StartSession(options.Session().SetSnapshot(true)); err != nil {
				return err
			}
		}
		s.layout, err = d.readLayout(s.in(ctx))
		return err
	})
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// in puts the session into a context.
func (s *snapshot) in(ctx context.Context) context.Context {
	if s.session == nil {
		return ctx
	}
	return mongo.NewSessionContext(ctx, s.session)
}

// Schemas returns what was declared.
func (s *snapshot) Schemas() []store.Schema { return s.layout.schemas() }

// Walk reads a collection along its ids.
func (s *snapshot) Walk(ctx context.Context, coll string, do func(store.Doc) error) error {
	var own error // of do, which comes back as it is
	err := s.driver.reading(ctx, buildTime, func(ctx context.Context) error {
		byID := bson.D{{Key: "_id", Value: 1}}
		return each(s.in(ctx), s.driver.db.Collection(coll), bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: ""}}}},
			options.Find().SetHint(byID).SetSort(byID), func(doc store.Doc) error {
				own = do(doc)
				return own
			})
	})
	if own != nil {
		return own
	}
	return err
}

// Close ends the session.
func (s *snapshot) Close() error {
	if s.session != nil {
		s.session.EndSession(context.Background())
		s.session = nil
	}
	return nil
}

// Empty looks for a document in every collection of the layout.
func (d *Driver) Empty(ctx context.Context) (empty bool, err error) {
	err = d.read(ctx, func(ctx context.Context) error {
		l, err := d.readLayout(ctx)
		if err != nil {
			return err
		}
		for _, c := range l.Collections {
			n, err := d.db.Collection(c.Name).CountDocuments(ctx, bson.D{}, options.Count().SetLimit(1))
			if err != nil {
				return fmt.Errorf("collection %s: %w", c.Name, err)
			}
			if n > 0 {
				return nil
			}
		}
		empty = true
		return nil
	})
	return empty, err
}

// schemas returns every collection, in the order of names.
func (l *layout) schemas() []store.Schema {
	fields := l.fields()
	var all []store.Schema
	for _, c := range l.Collections {
		s := store.Schema{Name: c.Name}
		for _, ix := range c.Indexes {
			one := store.Index{Name: ix.Name}
			for _, name := range ix.Fields {
				at := slices.IndexFunc(fields[c.Name], func(f store.Field) bool { return f.Name == name })
				if at >= 0 {
					one.Fields = append(one.Fields, fields[c.Name][at])
				}
			}
			s.Indexes = append(s.Indexes, one)
		}
		slices.SortFunc(s.Indexes, func(a, b store.Index) int { return cmp.Compare(a.Name, b.Name) })
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b store.Schema) int { return cmp.Compare(a.Name, b.Name) })
	return all
}
