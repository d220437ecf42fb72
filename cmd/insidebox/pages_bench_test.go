package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/insidebox/insidebox/programme/demo"
)

// BenchmarkPagesOnMongo reads a lesson, and saves an answer and shows the sheet
// again, at a server on a MongoDB and at one on a file, in turns: how many
// times as long the first one takes, at the median. On the wire server of the
// tests, which keeps its documents in SQLite itself, that is the price of the
// protocol and of that server, and says nothing about MongoDB.
func BenchmarkPagesOnMongo(b *testing.B) {
	mongoServer.Need(b)
	file := signedIn(b, serve(b, "--demo", "--data", b.TempDir()), "rep@demo.test", demo.Password)
	mongo := signedIn(b, onMongo(b, patient(b, demoInMongo(b))), "rep@demo.test", demo.Password)
	took := map[string][]time.Duration{}
	measure := func(what string, call func()) {
		began := time.Now()
		call()
		took[what] = append(took[what], time.Since(began))
	}
	attempts := map[*visitor]string{file: file.begin(), mongo: mongo.begin()}
	names := map[*visitor]string{file: "file", mongo: "mongo"}
	for b.Loop() {
		for _, v := range []*visitor{file, mongo} {
			measure("lesson "+names[v], func() {
				if status, _ := v.get(lesson); status != http.StatusOK {
					b.Fatalf("the lesson: %d", status)
				}
			})
			measure("save "+names[v], func() {
				form, _ := v.fill(attempts[v], 0)
				if a := v.send(attempts[v]+"/answers", form); a.status != http.StatusSeeOther {
					b.Fatalf("save an answer: %d", a.status)
				}
			})
		}
	}
	median := func(what string) float64 {
		list := took[what]
		slices.Sort(list)
		return float64(list[len(list)/2])
	}
	for _, what := range []string{"lesson", "save"} {
		b.ReportMetric(median(what+" mongo")/1e6, "ms-"+what)
		b.ReportMetric(median(what+" mongo")/median(what+" file"), "ratio-"+what+"-to-file")
	}
	b.ReportMetric(0, "ns/op") // it would add up both
}
