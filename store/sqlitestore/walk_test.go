package sqlitestore

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/insidebox/insidebox/store"
)

// everyQuery is each shape of query that the rules allow.
func everyQuery() (all []store.Query) {
	zero := []store.Key{store.String("x"), store.Int(1), store.Time(time.UnixMilli(1)), store.Bool(true)}
	for _, ix := range things.Indexes {
		n := len(ix.Fields)
		for eq := 0; eq <= n; eq++ {
			one := store.Query{Index: ix.Name, Eq: zero[:eq], Limit: 10}
			bounded := []store.Query{one}
			if eq < n {
				in, from, to, both := one, one, one, one
				in.In = zero[eq : eq+1]
				from.From, to.To, both.From, both.To = zero[eq], zero[eq], zero[eq], zero[eq]
				bounded = append(bounded, in, from, to, both)
			}
			for _, q := range bounded {
				for _, desc := range []bool{false, true} {
					for _, after := range []store.Cursor{{}, {Keys: zero[:n], ID: "a"}} {
						q.Desc, q.After = desc, after
						all = append(all, q)
					}
				}
			}
		}
	}
	return all
}

// TestEveryQuerySeeks asks SQLite how it would go about each query: it must
// seek in the named index, with the cursor as a bound, and must not sort.
func TestEveryQuerySeeks(t *testing.T) {
	d := openThings(t, filepath.Join(t.TempDir(), "x.db"), Options{})
	tab, err := d.table("things")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, q := range everyQuery() {
		walks, err := plan(tab, q, true)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range walks {
			for _, columns := range []string{findDocs, countDocs} {
				sql := d.sql(w, columns)
				checkPlan(t, sql, explainPlan(t, d, sql), w)
				checked++
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d statements were checked", checked)
	}
}

func explainPlan(t *testing.T, d *Driver, sql string) (lines []string) {
	t.Helper()
	stmt, _, err := d.writer.conn.PrepareTransient("EXPLAIN QUERY PLAN " + sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer stmt.Finalize()
	for {
		row, err := stmt.Step()
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		if !row {
			return lines
		}
		lines = append(lines, stmt.ColumnText(3))
	}
}

func checkPlan(t *testing.T, sql string, lines []string, w walk) {
	t.Helper()
	seeks := 0
	for _, line := range lines {
		switch {
		case strings.HasPrefix(line, "SEARCH c_things USING") && strings.Contains(line, strings.Trim(w.index, `"`)):
			seeks++
			if width := w.lower.width() + w.upper.width(); len(w.eq)+width > 0 && strings.Count(line, "?") != len(w.eq)+width {
				t.Errorf("%s\nuses only part of its bounds: %s", sql, line)
			}
		case strings.HasPrefix(line, "CO-ROUTINE"), strings.HasPrefix(line, "SCAN (subquery"):
			// Counting runs over what the seek inside has found.
		default:
			t.Errorf("%s\ndoes more than seek: %s", sql, line)
		}
	}
	if seeks != 1 {
		t.Errorf("%s\nseeks %d times, want once: %q", sql, seeks, lines)
	}
}
