package mongostore_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
)

// The benchmarks are those of sqlitestore: documents of about 1 KB. On the wire
// server of the tests they say nothing about MongoDB.

// cards fills a database with n cards of 200 colours.
func cards(b *testing.B, n int) store.Driver {
	b.Helper()
	server.Need(b)
	d := openAt(b, server.Database(b))
	declare(b, d, indexed)
	var wg sync.WaitGroup
	for w := range 32 {
		wg.Go(func() {
			for i := w; i < n; i += 32 {
				if err := d.Insert(context.Background(), "cards", kilobyte(b, i)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	return d
}

func kilobyte(b *testing.B, i int) store.Doc {
	return card(b, fmt.Sprintf("card-%07d", i), 1, bson.E{Key: "colour", Value: fmt.Sprintf("c%03d", i%200)},
		bson.E{Key: "size", Value: i}, bson.E{Key: "text", Value: strings.Repeat("text ", 190)})
}

func BenchmarkGet(b *testing.B) {
	d, i := cards(b, 2000), 0
	for b.Loop() {
		i = (i + 7919) % 2000
		if _, err := d.Get(context.Background(), "cards", fmt.Sprintf("card-%07d", i)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFind10 reads the 10 documents of one colour out of 2,000.
func BenchmarkFind10(b *testing.B) {
	d := cards(b, 2000)
	for b.Loop() {
		docs, err := d.Find(context.Background(), "cards", store.Query{Index: "by_colour", Eq: []store.Key{store.String("c042")}, Limit: 100})
		if err != nil || len(docs) != 10 {
			b.Fatal(len(docs), err)
		}
	}
}

// BenchmarkWrite makes durable inserts from 1 and 32 writers at once.
func BenchmarkWrite(b *testing.B) {
	for _, writers := range []int{1, 32} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			d := cards(b, 100)
			var next atomic.Int64
			next.Store(1_000_000)
			b.ResetTimer()
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					for i := w; i < b.N; i += writers {
						if err := d.Insert(context.Background(), "cards", kilobyte(b, int(next.Add(1)))); err != nil {
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
