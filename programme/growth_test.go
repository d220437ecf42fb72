package programme_test

import (
	"fmt"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// TestManyLive holds that a standing is exact however many attempts wait to
// be folded in.
func TestManyLive(t *testing.T) {
	p := newCompany(t).start(t)
	ann := p.rep("Ann")
	const tries = 130
	for range tries {
		p.take(ann, handoffCheck, false)
	}
	p.take(ann, handoffCheck, true)
	last := p.standing(ann).Evidence.Tries[handoffCheck]
	if len(last) != tries+1 || !last[tries].Passed || last[tries].Number != tries+1 {
		t.Fatalf("%d tries, the last %+v", len(last), last[len(last)-1])
	}
	if adm := p.admission(ann, handoffCheck); adm.Reason != quiz.AlreadyPassed {
		t.Errorf("admission %+v, want passed", adm)
	}
	p.drain()
	checkSettled(t, p, ann)
}

// TestEndlessTries holds that where the author sets no limit there is one all
// the same, that a grant goes beyond it, and that the record stays small.
func TestEndlessTries(t *testing.T) {
	p := newCompany(t).start(t)
	ann := p.rep("Ann")
	const most = 500
	record := &programme.Record{
		Meta: store.Meta{ID: ann}, Person: ann, PendingSince: programme.Never,
		Evidence: certify.Evidence{Tries: map[string][]quiz.Try{}},
	}
	for n := 1; n < most; n++ {
		record.Tries[handoffCheck] = append(record.Tries[handoffCheck], quiz.Try{
			Attempt: fmt.Sprintf("attempt-%018d", n),
			Cycle:   1, Number: n, State: quiz.Graded, Started: monday, Submitted: monday,
		})
	}
	p.ok("insert", p.Records().Insert(p.ctx, record))
	p.take(ann, handoffCheck, false)
	p.drain()
	if adm := p.admission(ann, handoffCheck); adm.Reason != quiz.UsedUp || adm.Left != 0 || adm.Used != most {
		t.Errorf("after %d attempts: %+v, want used up", most, adm)
	}
	if adm := p.Admission(p.recorded(ann), p.Shelf.Library().Quiz(handoffCheck).Rules()); adm.Reason != quiz.UsedUp {
		t.Errorf("as boards see it: %+v, want used up", adm)
	}
	p.ok("grant", grants(handoffCheck, 0)(p, ann))
	p.take(ann, handoffCheck, false)
	if adm := p.admission(ann, handoffCheck); adm.Reason != quiz.UsedUp {
		t.Errorf("after the granted attempt: %+v, want used up", adm)
	}
	p.ok("grant", grants(handoffCheck, 1)(p, ann))
	p.take(ann, handoffCheck, true)
	p.drain()
	r, err := p.Record(p.ctx, ann)
	p.ok("read", err)
	text, err := bson.Marshal(r)
	if err != nil || len(text) > 128<<10 {
		t.Errorf("a record with %d attempts has %d bytes, %v, want at most 128 KB", most+2, len(text), err)
	}
	checkSettled(t, p, ann)
}
