package sqlitestore_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// card is a document of about 1 KB, as a person or an attempt is.
type card struct {
	store.Meta `bson:",inline"`
	Team       string    `bson:"team"`
	Due        time.Time `bson:"due"`
	Text       string    `bson:"text"`
	Answers    []string  `bson:"answers"`
}

var cardSchema = store.Schema{Name: "cards", Indexes: []store.Index{{Name: "by_team_due", Fields: []store.Field{
	{Name: "team", Kind: store.KindString}, {Name: "due", Kind: store.KindTime},
}}}}

func newCard(i int) *card {
	return &card{
		Meta: store.Meta{ID: fmt.Sprintf("card-%07d", i)}, Team: fmt.Sprintf("team-%03d", i%200),
		Due: time.UnixMilli(int64(i)), Text: strings.Repeat("text ", 160), Answers: []string{"one", "two", "three"},
	}
}

// cards opens a file with n cards, 200 teams.
func cards(b *testing.B, n int) *store.Collection[card] {
	b.Helper()
	d, err := sqlitestore.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"), sqlitestore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	s := store.New(d)
	b.Cleanup(func() { _ = s.Close() })
	c := store.NewCollection[card](s, cardSchema)
	if err := s.Declare(b.Context()); err != nil {
		b.Fatal(err)
	}
	var wg sync.WaitGroup
	for w := range 64 {
		wg.Go(func() {
			for i := w; i < n; i += 64 {
				if err := c.Insert(context.Background(), newCard(i)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	return c
}

func BenchmarkGet(b *testing.B) {
	c := cards(b, 10_000)
	i := 0
	for b.Loop() {
		i = (i + 7919) % 10_000
		if _, err := c.Get(context.Background(), fmt.Sprintf("card-%07d", i)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLook2(b *testing.B) {
	c := cards(b, 10_000)
	i := 0
	for b.Loop() {
		i = (i + 7919) % 10_000
		if _, _, err := store.Look2(context.Background(), c, fmt.Sprintf("card-%07d", i), c, "card-0000001"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGetParallel(b *testing.B) {
	c := cards(b, 10_000)
	var n atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(7919) % 10_000
			if _, err := c.Get(context.Background(), fmt.Sprintf("card-%07d", i)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkFind50 reads the 50 documents of one team out of 10,000.
func BenchmarkFind50(b *testing.B) {
	c := cards(b, 10_000)
	for b.Loop() {
		found, _, err := c.Find(context.Background(), store.Query{Index: "by_team_due", Eq: []store.Key{store.String("team-042")}, Limit: 100})
		if err != nil || len(found) != 50 {
			b.Fatal(len(found), err)
		}
	}
}

// BenchmarkWrite makes durable inserts from 1, 8 and 32 writers at once.
func BenchmarkWrite(b *testing.B) {
	for _, writers := range []int{1, 8, 32} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			c := cards(b, 1000)
			var next atomic.Int64
			next.Store(1_000_000)
			b.ResetTimer()
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					for i := w; i < b.N; i += writers {
						if err := c.Insert(context.Background(), newCard(int(next.Add(1)))); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}
