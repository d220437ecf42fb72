package standard

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestDoubts plays random questions and answers against the plainest account of
// them: who finds it unclear now, and what each was answered last.
func TestDoubts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var d Doubts
		open, told := map[string]string{}, map[string]string{}
		now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
		seen := now
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Minute)
			who := rapid.SampledFrom([]string{"ann", "ben", "cat"}).Draw(t, "who")
			switch rapid.SampledFrom([]string{"ask", "withdraw", "look", "answer"}).Draw(t, "step") {
			case "ask":
				words := rapid.SampledFrom([]string{"", "why?", "how long?"}).Draw(t, "text")
				before, asked := open[who]
				err := d.Ask(Doubt{By: who, At: now, Rev: "r", Text: words})
				if again := asked && before == words; again != errors.Is(err, ErrAgain) || err != nil && !again {
					t.Fatalf("%s asks %q after %q: %v", who, words, before, err)
				}
				open[who] = words
			case "withdraw":
				_, asked := open[who]
				if err := d.Withdraw(who); asked != (err == nil) || err != nil && !errors.Is(err, ErrAgain) {
					t.Fatalf("%s withdraws: %v", who, err)
				}
				delete(open, who)
			case "look":
				seen = now
			case "answer":
				note := rapid.SampledFrom([]string{"so", "or so"}).Draw(t, "note")
				late := slices.ContainsFunc(d.Open, func(o Doubt) bool { return o.At.After(seen) })
				err := d.Answer(Answering{Note: note, By: "olu", At: now}, seen)
				switch {
				case len(open) > 0 && late:
					if !errors.Is(err, ErrOvertaken) {
						t.Fatalf("answered what was not read: %v", err)
					}
				case len(open) > 0:
					if err != nil {
						t.Fatalf("not answered: %v", err)
					}
					for person := range open {
						told[person] = note
					}
					clear(open)
				case err == nil:
					t.Fatal("answered where nobody asks")
				}
			}
			if len(d.Open) != len(open) {
				t.Fatalf("%d are open, want %d", len(d.Open), len(open))
			}
			for _, person := range []string{"ann", "ben", "cat"} {
				words, asks := open[person]
				if mine := d.Of(person); asks != (mine != nil) || asks && mine.Text != words {
					t.Fatalf("%s asks %+v, want %q", person, mine, words)
				}
				answer := d.AnswerTo(person)
				if asks && answer != nil || !asks && told[person] != "" && (answer == nil || answer.Note != told[person]) && len(d.Answers) < keptAnswers {
					t.Fatalf("%s is told %+v, want %q", person, answer, told[person])
				}
			}
		}
	})
}

func TestDoubtsRefuse(t *testing.T) {
	t.Parallel()
	var d Doubts
	var i *Invalid
	if err := d.Ask(Doubt{By: "a", Text: string(make([]rune, MaxDoubt+1))}); !errors.As(err, &i) || i.Field != "text" {
		t.Errorf("a long doubt: %v", err)
	}
	for n := range maxDoubts {
		if err := d.Ask(Doubt{By: string(rune('a' + n))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Ask(Doubt{By: "one more"}); !errors.As(err, &i) || i.Code != "full" {
		t.Errorf("one doubt too many: %v", err)
	}
	if err := d.Answer(Answering{}, time.Now()); !errors.As(err, &i) || i.Code != "missing" || len(d.Open) != maxDoubts {
		t.Errorf("an empty answer: %v", err)
	}
}
