package mongostore

import (
	"context"
	"fmt"
	"math"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/insidebox/insidebox/store"
)

// Find reads along one index.
func (d *Driver) Find(ctx context.Context, coll string, q store.Query) ([]store.Doc, error) {
	c, err := d.collection(coll)
	if err != nil {
		return nil, err
	}
	ix, in, err := c.schema.Plan(q, true)
	if err != nil {
		return nil, err
	}
	var docs []store.Doc
	err = d.read(ctx, func(ctx context.Context) error {
		docs = nil
		filter := filterOf(c.schema, ix, q, in)
		if filter == nil {
			return nil
		}
		opts := options.Find().SetHint(hint(ix)).SetSort(order(ix, q.Desc)).
			SetLimit(int64(q.Limit)).SetBatchSize(int32(q.Limit) + 1)
		return d.atOneMoment(ctx, q.Limit > 1, func(ctx context.Context) error {
			return each(ctx, c.in, filter, opts, func(doc store.Doc) error {
				docs = append(docs, doc)
				return nil
			})
		})
	})
	if err != nil {
		return nil, err
	}
	return docs, nil
}

// Count counts along one index.
func (d *Driver) Count(ctx context.Context, coll string, q store.Query, most int) (n int, err error) {
	c, err := d.collection(coll)
	if err != nil {
		return 0, err
	}
	if most < 1 || most > store.MaxCount {
		return 0, fmt.Errorf("%w: count up to %d, want 1 to %d", store.ErrQuery, most, store.MaxCount)
	}
	q.After, q.Desc = store.Cursor{}, false
	ix, in, err := c.schema.Plan(q, false)
	if err != nil {
		return 0, err
	}
	err = d.read(ctx, func(ctx context.Context) error {
		n = 0
		filter := filterOf(c.schema, ix, q, in)
		if filter == nil {
			return nil
		}
		// Not the count command: on a sharded cluster that counts documents twice
		// while they move.
		cursor, err := c.in.Aggregate(ctx, mongo.Pipeline{
			{{Key: "$match", Value: filter}},
			{{Key: "$limit", Value: most}},
			{{Key: "$count", Value: "n"}},
		}, options.Aggregate().SetHint(hint(ix)))
		if err != nil {
			return err
		}
		var rows []struct {
			N int `bson:"n"`
		}
		if err := cursor.All(ctx, &rows); err != nil {
			return err
		}
		if len(rows) > 0 {
			n = rows[0].N
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// hint names the index by its key: which name it has in the database may have
// been decided by another index over the same fields.
func hint(ix store.Index) bson.D { return order(ix, false) }

// order is the whole key of the index, so that the server walks along it and
// never sorts.
func order(ix store.Index, desc bool) bson.D {
	way := 1
	if desc {
		way = -1
	}
	var keys bson.D
	for _, f := range ix.Fields {
		keys = append(keys, bson.E{Key: f.Name, Value: way})
	}
	return append(keys, bson.E{Key: "_id", Value: way})
}

// filterOf writes a query as a filter: one conjunction, or several under $or
// when it goes on behind a cursor. It is nil when nothing can be found.
func filterOf(schema store.Schema, ix store.Index, q store.Query, in []store.Key) bson.D {
	filter := filterAlong(ix, q, in)
	if filter == nil || schema.Home == "" || len(q.Eq) == 0 || ix.Fields[0].Name != schema.Home {
		return filter
	}
	// What all these documents have at the beginning of their ids. A cluster that
	// is sharded by id learns from it whom to ask.
	home, _ := value(q.Eq[0]).(string)
	from := store.HomeID(home)
	to := from[:len(from)-1] + string(from[len(from)-1]+1)
	return bson.D{{Key: "$and", Value: bson.A{
		bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: from}, {Key: "$lt", Value: to}}}},
		filter,
	}}}
}

func filterAlong(ix store.Index, q store.Query, in []store.Key) bson.D {
	if q.After.IsZero() {
		return conjunction(ix, q, in)
	}
	var ways bson.A
	for _, w := range behind(ix, q, in) {
		ways = append(ways, w)
	}
	switch len(ways) {
	case 0:
		return nil
	case 1:
		return ways[0].(bson.D)
	}
	return bson.D{{Key: "$or", Value: ways}}
}

// conjunction is a query without a cursor.
func conjunction(ix store.Index, q store.Query, in []store.Key) bson.D {
	filter := fixed(ix, q.Eq)
	switch {
	case q.In != nil && len(in) == 0:
		return nil
	case q.In != nil:
		values := make(bson.A, len(in))
		for i, k := range in {
			values[i] = value(k)
		}
		return append(filter, bson.E{Key: ix.Fields[len(q.Eq)].Name, Value: bson.D{{Key: "$in", Value: values}}})
	}
	var span bson.D
	if !q.From.IsZero() {
		span = append(span, bson.E{Key: "$gte", Value: value(q.From)})
	}
	if !q.To.IsZero() {
		span = append(span, bson.E{Key: "$lt", Value: value(q.To)})
	}
	switch {
	case span != nil:
		return append(filter, bson.E{Key: ix.Fields[len(q.Eq)].Name, Value: span})
	case len(filter) > 0:
		return filter
	case len(ix.Fields) == 0:
		return bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: ""}}}}
	}
	return bson.D{{Key: ix.Fields[0].Name, Value: bson.D{{Key: "$gte", Value: lowest(ix.Fields[0].Kind)}}}}
}

func fixed(ix store.Index, keys []store.Key) bson.D {
	var filter bson.D
	for i, k := range keys {
		filter = append(filter, bson.E{Key: ix.Fields[i].Name, Value: value(k)})
	}
	return filter
}

// lowest is what nothing of the kind lies below.
func lowest(k store.Kind) any {
	switch k {
	case store.KindString:
		return ""
	case store.KindBool:
		return false
	case store.KindTime:
		return bson.DateTime(math.MinInt64)
	}
	return int64(math.MinInt64)
}

// behind splits what lies behind the cursor into stretches of the index, each
// with its leading fields fixed and the next one bounded: first those that
// share all keys with the cursor, then all but the last, and so on out to the
// field that q bounds itself.
func behind(ix store.Index, q store.Query, in []store.Key) []bson.D {
	free := len(q.Eq) // the first field that Eq doesn't fix
	past, bounds := ahead(q, in)
	if !past { // the cursor stands before the range
		q.After = store.Cursor{}
		return whole(conjunction(ix, q, in))
	}
	beyond := "$gt"
	if q.Desc {
		beyond = "$lt"
	}
	var ways []bson.D
	if bounds.at { // the cursor's own value is one that q wants
		ways = append(ways, append(fixed(ix, q.After.Keys), bson.E{Key: "_id", Value: bson.D{{Key: beyond, Value: q.After.ID}}}))
		for n := len(ix.Fields) - 1; n > free; n-- {
			ways = append(ways, append(fixed(ix, q.After.Keys[:n]), bson.E{
				Key: ix.Fields[n].Name, Value: bson.D{{Key: beyond, Value: value(q.After.Keys[n])}},
			}))
		}
	}
	if len(ix.Fields) == free {
		return ways
	}
	rest := q
	rest.After = store.Cursor{}
	switch name, at := ix.Fields[free].Name, value(q.After.Keys[free]); {
	case q.In != nil:
		rest.In = bounds.in
		ways = append(ways, whole(conjunction(ix, rest, bounds.in))...)
	case q.Desc:
		span := bson.D{{Key: "$lt", Value: at}}
		if !q.From.IsZero() {
			span = append(span, bson.E{Key: "$gte", Value: value(q.From)})
		}
		ways = append(ways, append(fixed(ix, q.Eq), bson.E{Key: name, Value: span}))
	default:
		span := bson.D{{Key: "$gt", Value: at}}
		if !q.To.IsZero() {
			span = append(span, bson.E{Key: "$lt", Value: value(q.To)})
		}
		ways = append(ways, append(fixed(ix, q.Eq), bson.E{Key: name, Value: span}))
	}
	return ways
}

func whole(filter bson.D) []bson.D {
	if filter == nil {
		return nil
	}
	return []bson.D{filter}
}

// reach is what a cursor leaves of a query's bounds on the field behind Eq.
type reach struct {
	at bool        // the cursor's own value is within them
	in []store.Key // the values of In behind it
}

// ahead tells whether the cursor stands within or behind the query's bounds,
// and what is left of them.
func ahead(q store.Query, in []store.Key) (past bool, r reach) {
	if len(q.After.Keys) == len(q.Eq) {
		return true, reach{at: true}
	}
	at := q.After.Keys[len(q.Eq)]
	if q.In != nil {
		r.in = []store.Key{}
		for _, k := range in {
			c := k.Compare(at)
			if q.Desc {
				c = -c
			}
			if c == 0 {
				r.at = true
			} else if c > 0 {
				r.in = append(r.in, k)
			}
		}
		return true, r
	}
	below := !q.From.IsZero() && at.Compare(q.From) < 0
	above := !q.To.IsZero() && at.Compare(q.To) >= 0
	if q.Desc && above || !q.Desc && below {
		return false, r
	}
	return true, reach{at: !below && !above}
}
