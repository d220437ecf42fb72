package scenario

import (
	"testing"
	"time"
)

func TestRevisionCoversEveryField(t *testing.T) {
	base := func() *Scenario {
		s := write(t, firstCall)
		s.Intro, s.Attempts, s.Cooldown, s.Show = "<p>in</p>", 3, []time.Duration{time.Hour}, []string{"trust"}
		return s
	}
	seen := map[string]string{base().Revision(): "the scenario itself"}
	for name, change := range map[string]func(*Scenario){
		"id":            func(s *Scenario) { s.ID = "second" },
		"title":         func(s *Scenario) { s.Title = "T" },
		"intro":         func(s *Scenario) { s.Intro = "" },
		"start":         func(s *Scenario) { s.Start = "why" },
		"variable":      func(s *Scenario) { s.Variables[0].Name = "t" },
		"meter":         func(s *Scenario) { s.Variables[0].Meter = false },
		"start value":   func(s *Scenario) { s.Variables[0].Start++ },
		"maximum":       func(s *Scenario) { s.Variables[0].Max++ },
		"variables":     func(s *Scenario) { s.Variables = s.Variables[:2] },
		"show":          func(s *Scenario) { s.Show = nil },
		"pass":          func(s *Scenario) { s.Pass = "yes" },
		"ends":          func(s *Scenario) { delete(s.Ends, "lost") },
		"kind of end":   func(s *Scenario) { s.Ends["lost"] = EndPass },
		"attempts":      func(s *Scenario) { s.Attempts = 0 },
		"cool-down":     func(s *Scenario) { s.Cooldown[0]++ },
		"anchor":        func(s *Scenario) { s.Scenes[1].Anchor = "x" },
		"scene's title": func(s *Scenario) { s.Scenes[1].Title = "x" },
		"scene's text":  func(s *Scenario) { s.Scenes[1].HTML = "x" },
		"order":         func(s *Scenario) { s.Scenes[1], s.Scenes[2] = s.Scenes[2], s.Scenes[1] },
		"fewer choices": func(s *Scenario) { s.Scenes[1].Choices = s.Scenes[1].Choices[:1] },
		"text":          func(s *Scenario) { s.Scenes[0].Choices[0].Text = "x" },
		"target":        func(s *Scenario) { s.Scenes[0].Choices[0].Target = "x" },
		"effect":        func(s *Scenario) { s.Scenes[0].Choices[0].Effects[0].By = -1 },
		"set":           func(s *Scenario) { s.Scenes[0].Choices[0].Effects[0].Set = true },
		"fewer effects": func(s *Scenario) { s.Scenes[0].Choices[0].Effects = nil },
		"needs":         func(s *Scenario) { s.Scenes[0].Choices[0].Needs = "yes" },
		"hidden":        func(s *Scenario) { s.Scenes[0].Choices[0].Hidden = "yes" },
		"fatal":         func(s *Scenario) { s.Scenes[0].Choices[0].Fatal = false },
		"debrief":       func(s *Scenario) { s.Scenes[0].Choices[0].Debrief = "" },
		"clauses":       func(s *Scenario) { s.Scenes[0].Choices[0].Clauses = []string{"a/b"} },
	} {
		s := base()
		change(s)
		rev := s.Revision()
		if before, ok := seen[rev]; ok {
			t.Errorf("%s has the revision of %s", name, before)
		}
		seen[rev] = name
	}
	if s := base(); s.Seal().Rev != base().Revision() || s.Revision() != s.Rev {
		t.Error("sealing changes the revision")
	}
}

// The encoding is for ever, since records name revisions. The figure was
// worked out apart from this code, from the encoding as it is described.
func TestRevisionIsStable(t *testing.T) {
	s := &Scenario{
		ID: "s", Title: "T", Intro: "I", Start: "a", Variables: []Variable{{"trust", true, 5, 10}}, Show: []string{"trust"}, Pass: "trust > 5",
		Ends: map[string]EndKind{"b": EndPass, "c": EndFail}, Attempts: 2, Cooldown: []time.Duration{time.Hour},
		Scenes: []*Scene{{Anchor: "a", Title: "A", HTML: "<p>", Choices: []*Choice{{
			Text: "x", Target: "b", Effects: []Effect{{"trust", false, -1}}, Needs: "n", Hidden: "h", Fatal: true, Debrief: "d", Clauses: []string{"a/b"},
		}}}, {Anchor: "b", Title: "B"}, {Anchor: "c", Title: "C"}},
	}
	const want = "63e5fa96d705b86ab3f3dffe317bbaaf1b4f08c70f3bede61af66fd93f423509"
	if got := s.Revision(); got != want {
		t.Errorf("revision is %s, want %s", got, want)
	}
}
