package content

import (
	"slices"
	"testing"

	"github.com/insidebox/insidebox/certify"
)

// Certifications stand as learners come to them, whatever their ids.
func TestCertificationsInOrder(t *testing.T) {
	step := func(ref string) certify.Step { return certify.Step{Ref: ref} }
	early, late := &Lesson{ID: "c/m/early"}, &Lesson{ID: "c/m/late"}
	m := &Module{Lessons: []*Lesson{early, late}}
	lib := &Library{
		Courses: []*Course{{Modules: []*Module{m}}},
		Certifications: []*certify.Certification{
			{ID: "a", Steps: []certify.Step{step(late.ID)}},
			{ID: "b", After: []string{"d"}, Steps: []certify.Step{step(early.ID)}},
			{ID: "c", Steps: []certify.Step{step("signoff")}},
			{ID: "d", Steps: []certify.Step{step(late.ID), step(early.ID)}},
		},
		certifications: map[string]*certify.Certification{},
	}
	for _, c := range lib.Certifications {
		lib.certifications[c.ID] = c
	}
	var ids []string
	for _, c := range lib.certificationsInOrder() {
		ids = append(ids, c.ID)
	}
	if want := []string{"d", "b", "a", "c"}; !slices.Equal(ids, want) {
		t.Errorf("the order is %v, want %v", ids, want)
	}
}

// Quizzes and scenarios of a module stand in the order of their files, and
// are found by the keys that attempts have for them.
func TestExercises(t *testing.T) {
	lib, _ := Load(Sample(), Options{Now: testNow})
	seen := map[string]bool{}
	for _, e := range lib.Exercises() {
		found := lib.Exercise(e.Key())
		if found == nil || found.URL() != e.URL() || seen[e.Key()] || e.Title() == "" || e.Module() == nil {
			t.Errorf("%s is found as %+v", e.Key(), found)
		}
		seen[e.Key()] = true
	}
	if len(seen) != len(lib.Quizzes())+len(lib.Scenarios()) {
		t.Errorf("the courses hold %d of %d quizzes and %d scenarios", len(seen), len(lib.Quizzes()), len(lib.Scenarios()))
	}
	if lib.Exercise("first-call") != nil || lib.Exercise("scenario/the-box-check") != nil {
		t.Error("a scenario is found by a quiz's key, or a quiz by a scenario's")
	}
	for _, c := range lib.Courses {
		for _, m := range c.Modules {
			var files []string
			for _, e := range m.Exercises() {
				files = append(files, e.File())
			}
			if !slices.IsSorted(files) { // all of the sample's carry numbers of two digits
				t.Errorf("%s has its exercises in the order %v", m.ID, files)
			}
		}
	}
}
