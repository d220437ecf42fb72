package mongostore_test

import (
	"fmt"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store/mongostore"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

// An election in the middle of a call goes unnoticed: the driver finds the new
// primary and sends the call again, under the number that it had, and it is done
// once, whether the old primary had done it or not.
func TestElections(t *testing.T) {
	uri := server.Database(t)
	direct := openAt(t, uri)
	declare(t, direct, indexed)
	for name, fault := range map[string]mongotest.Fault{
		"before": mongotest.NotPrimary, "after": mongotest.SteppedDown, "gone before": mongotest.CutBefore, "gone after": mongotest.CutAfter,
	} {
		set := server.NewReplicaSet(t)
		d := openWith(t, set.Through(t, uri), mongostore.Options{})
		declare(t, d, indexed)
		elect := func(command string) *int {
			var once sync.Once
			seen := 0
			set.Judge(func(now string, _ bson.Raw) (met mongotest.Fault) {
				if now == command {
					seen++
					once.Do(func() {
						set.Elect()
						met = fault
					})
				}
				return met
			})
			return &seen
		}
		for kind, w := range writes {
			t.Run(kind+", "+name, func(t *testing.T) {
				id := kind + " " + name
				if kind != "insert" {
					if err := direct.Insert(t.Context(), "cards", red(t, id, 1, 1)); err != nil {
						t.Fatal(err)
					}
				}
				came := elect(w.command)
				if err := w.do(t, d, id); err != nil {
					t.Errorf("with an election %s it: %v", name, err)
				}
				if rev := revision(t, direct, id); rev != w.after {
					t.Errorf("the document has revision %d, want %d", rev, w.after)
				}
				if *came != 2 {
					t.Errorf("it was sent %d times, want twice", *came)
				}
			})
		}
		t.Run("get, "+name, func(t *testing.T) {
			id := fmt.Sprint("get ", name)
			if err := direct.Insert(t.Context(), "cards", red(t, id, 1, 1)); err != nil {
				t.Fatal(err)
			}
			elect("find")
			if rev := revision(t, d, id); rev != 1 {
				t.Errorf("read revision %d, want 1", rev)
			}
		})
	}
}
