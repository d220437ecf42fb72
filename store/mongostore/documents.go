package mongostore

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/insidebox/insidebox/store"
)

// Get reads one document.
func (d *Driver) Get(ctx context.Context, coll, id string) (doc store.Doc, err error) {
	c, err := d.collection(coll)
	if err != nil {
		return doc, err
	}
	err = d.read(ctx, func(ctx context.Context) error {
		if store.CheckID(id) != nil {
			return store.ErrNotFound
		}
		raw, err := c.in.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Raw()
		if errors.Is(err, mongo.ErrNoDocuments) {
			return store.ErrNotFound
		}
		if err != nil {
			return err
		}
		doc, err = stored(raw)
		return err
	})
	return doc, err
}

// GetMany reads documents in one snapshot, with one command for each
// collection.
func (d *Driver) GetMany(ctx context.Context, refs ...store.Ref) ([]store.Doc, error) {
	if len(refs) > store.MaxMany {
		return nil, fmt.Errorf("%w: %d documents at once, %d is the most", store.ErrQuery, len(refs), store.MaxMany)
	}
	colls := map[string]*collection{}
	ids := map[string]bson.A{}
	for _, r := range refs {
		c, err := d.collection(r.Collection)
		if err != nil {
			return nil, err
		}
		colls[r.Collection] = c
		if store.CheckID(r.ID) == nil {
			ids[r.Collection] = append(ids[r.Collection], r.ID)
		}
	}
	found := map[store.Ref]store.Doc{}
	err := d.read(ctx, func(ctx context.Context) error {
		clear(found)
		return d.atOneMoment(ctx, len(refs) > 1, func(ctx context.Context) error {
			for coll, list := range ids {
				err := each(ctx, colls[coll].in, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: list}}}},
					options.Find().SetBatchSize(int32(len(list))+1), func(doc store.Doc) error {
						found[store.Ref{Collection: coll, ID: doc.ID}] = doc
						return nil
					})
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return inOrder(refs, found), nil
}

// inOrder puts what was found in the order of the refs. One that is asked for
// twice comes in memory of its own.
func inOrder(refs []store.Ref, found map[store.Ref]store.Doc) []store.Doc {
	docs := make([]store.Doc, len(refs))
	taken := map[store.Ref]bool{}
	for i, r := range refs {
		docs[i] = found[r]
		if taken[r] {
			docs[i].Body = append(bson.Raw(nil), docs[i].Body...)
		}
		taken[r] = true
	}
	return docs
}

// atOneMoment runs reads in a session that sees one snapshot, where more than
// one document is read and the server can do it.
func (d *Driver) atOneMoment(ctx context.Context, several bool, do func(context.Context) error) error {
	if !several || !d.snapshot {
		return do(ctx)
	}
	session, err := d.client.StartSession(options.Session().SetSnapshot(true))
	if err != nil {
		return err
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	return do(mongo.NewSessionContext(ctx, session))
}

// each runs a find and hands on every document.
func each(ctx context.Context, in *mongo.Collection, filter bson.D, opts *options.FindOptionsBuilder, do func(store.Doc) error) error {
	cursor, err := in.Find(ctx, filter, opts)
	if err != nil {
		return err
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	for cursor.Next(ctx) {
		doc, err := stored(cursor.Current)
		if err == nil {
			err = do(doc)
		}
		if err != nil {
			return err
		}
	}
	return cursor.Err()
}

// Insert adds a document.
func (d *Driver) Insert(ctx context.Context, coll string, doc store.Doc) error {
	return d.change(ctx, coll, doc, func(ctx context.Context, c *collection, body bson.Raw) error {
		_, err := c.in.InsertOne(ctx, body)
		return err
	})
}

// Replace puts a document in the place of the revision before it.
func (d *Driver) Replace(ctx context.Context, coll string, doc store.Doc) error {
	return d.change(ctx, coll, doc, func(ctx context.Context, c *collection, body bson.Raw) error {
		result, err := c.in.ReplaceOne(ctx, named(doc.ID, doc.Rev-1), body)
		if err != nil || result.MatchedCount == 1 {
			return err
		}
		return missed(ctx, c, doc.ID)
	})
}

// Delete removes a document of this revision.
func (d *Driver) Delete(ctx context.Context, coll, id string, rev int64) error {
	c, err := d.collection(coll)
	if err != nil {
		return err
	}
	return d.write(ctx, func(ctx context.Context) error {
		if store.CheckID(id) != nil {
			return store.ErrNotFound
		}
		result, err := c.in.DeleteOne(ctx, named(id, rev))
		if err != nil || result.DeletedCount == 1 {
			return err
		}
		return missed(ctx, c, id)
	})
}

func named(id string, rev int64) bson.D {
	return bson.D{{Key: "_id", Value: id}, {Key: "rev", Value: rev}}
}

// change checks a document, adds what others have declared and it lacks, and
// writes it.
func (d *Driver) change(ctx context.Context, coll string, doc store.Doc, do func(context.Context, *collection, bson.Raw) error) error {
	c, err := d.collection(coll)
	if err != nil {
		return err
	}
	if err := c.schema.CheckDoc(doc); err != nil {
		return err
	}
	return d.write(ctx, func(ctx context.Context) error {
		fields, err := d.fields(ctx, coll)
		if err != nil {
			return err
		}
		body, err := filled(doc.Body, fields)
		if err != nil {
			return fmt.Errorf("%w: %w", store.ErrInvalid, err)
		}
		return do(ctx, c, body)
	})
}

// missed tells why a write that named a revision found nothing. The write was
// answered, so nothing is in doubt: when the question fails, the answer is
// that the document was changed meanwhile, and the caller reads again.
func missed(ctx context.Context, c *collection, id string) error {
	raw, err := c.in.FindOne(ctx, bson.D{{Key: "_id", Value: id}}, options.FindOne().SetProjection(bson.D{{Key: "rev", Value: 1}})).Raw()
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return store.ErrNotFound
	case err != nil:
		return fmt.Errorf("%w (which revision it has could not be read)", store.ErrConflict)
	}
	rev, _ := raw.Lookup("rev").AsInt64OK()
	return fmt.Errorf("%w: it has revision %d", store.ErrConflict, rev)
}
