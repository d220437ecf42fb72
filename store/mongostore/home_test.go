package mongostore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/store"
)

// TestHomeIsInTheFilter holds that a query of a collection with a home names the
// range of ids that it is about, at the top of its filter, where a cluster that
// is sharded by id looks; and that a query about several homes doesn't.
func TestHomeIsInTheFilter(t *testing.T) {
	text := func(name string) store.Field { return store.Field{Name: name, Kind: store.KindString} }
	s := store.Schema{Name: "attempts", Home: "person", Indexes: []store.Index{
		{Name: "live", Fields: []store.Field{text("person"), text("state")}},
		{Name: "state", Fields: []store.Field{text("state")}},
	}}
	ann := []store.Key{store.String("ann")}
	const targeted = "{\"$and\":[{\"_id\":{\"$gte\":\"ann_\",\"$lt\":\"ann`\"}},"
	for _, c := range []struct {
		q    store.Query
		want bool
	}{
		{store.Query{Index: "live", Eq: ann, Limit: 1}, true},
		{store.Query{Index: "live", Eq: append(ann, store.String("open")), Limit: 1}, true},
		{store.Query{Index: "live", Eq: ann, After: store.Cursor{Keys: []store.Key{store.String("ann"), store.String("open")}, ID: "ann_1"}, Limit: 1}, true},
		{store.Query{Index: "live", In: append(ann, store.String("ben")), Limit: 1}, false},
		{store.Query{Index: "state", Eq: ann, Limit: 1}, false},
	} {
		ix, in, err := s.Plan(c.q, true)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(filterOf(s, ix, c.q, in)); strings.HasPrefix(got, targeted) != c.want {
			t.Errorf("%+v: the filter is %s, want the range of ids in it: %v", c.q, got, c.want)
		}
	}
}
