package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/insidebox/insidebox/store"
)

// testHome holds that a home binds the ids of what is inserted, and that every
// shape of query along it finds what the same query finds without one.
func testHome(t *testing.T, d store.Driver) {
	bound, free := visitSchema, visitSchema
	bound.Name, bound.Home, free.Name = "bound", "place", "free"
	s := store.New(d)
	homes := []*store.Collection[visit]{store.NewCollection[visit](s, bound), store.NewCollection[visit](s, free)}
	if err := s.Declare(t.Context()); err != nil {
		t.Fatal(err)
	}
	lost := at("a", "Oslo", 1)
	wantErr(t, "insert without its home", homes[0].Insert(t.Context(), &lost), store.ErrInvalid)
	// Places of which one begins like another, with the underscore and its neighbours.
	for i, place := range []string{"Oslo", "Oslo", "Oslo_", "Oslo_x", "Oslo`", "Oslo^", "Osl", "", "Oslo", "Oslo"} {
		for _, c := range homes {
			v := at(fmt.Sprintf("%s%d", store.HomeID(place), i), place, i/2)
			if err := c.Insert(t.Context(), &v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, q := range homeQueries() {
		got, want := numbersOf(t, homes[0], q), numbersOf(t, homes[1], q)
		if got != want || i == 0 && want != "0 0 4 4 " {
			t.Errorf("query %d %+v: with a home %q, without %q", i, q, got, want)
		}
	}
	moved, err := homes[0].Update(t.Context(), "Oslo_0", func(v *visit) error { v.Number = 7; return nil })
	if err != nil || moved.Rev != 2 {
		t.Errorf("update: %+v, %v", moved, err)
	}
}

// homeQueries are in every shape that begins with the place.
func homeQueries() (list []store.Query) {
	for _, place := range []string{"Oslo", "Oslo_", "Osl", "", "Bergen"} {
		eq := []store.Key{store.String(place)}
		for _, limit := range []int{10, 1} {
			for _, desc := range []bool{false, true} {
				list = append(list,
					store.Query{Index: "by_place_time", Eq: eq, Desc: desc, Limit: limit},
					store.Query{Index: "by_place", Eq: eq, Desc: desc, Limit: limit},
					store.Query{Index: "by_place_time", Eq: eq, From: store.Time(noon), To: store.Time(noon.Add(4 * time.Minute)), Desc: desc, Limit: limit},
					store.Query{Index: "by_place_time", Eq: eq, In: []store.Key{store.Time(noon), store.Time(noon.Add(4 * time.Minute))}, Desc: desc, Limit: limit},
				)
			}
		}
	}
	return append(list, store.Query{Index: "by_place", In: []store.Key{store.String("Oslo"), store.String("Oslo_")}, Limit: 2})
}

// numbersOf are the numbers of all that a query finds, page by page.
func numbersOf(t *testing.T, c *store.Collection[visit], q store.Query) (seen string) {
	t.Helper()
	for {
		found, next, err := c.Find(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range found {
			seen += fmt.Sprint(v.Number, " ")
		}
		if next.IsZero() {
			return seen
		}
		q.After = next
	}
}
