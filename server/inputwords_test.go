package server

import (
	"errors"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/people"
)

// TestInputErrorsAreSaid: what the people room finds wrong with a field of a
// form is said in English as on the command line, and in another language
// with what was filled in.
func TestInputErrorsAreSaid(t *testing.T) {
	t.Parallel()
	catalogue := theWords(t)
	english, german := &request{say: catalogue.Match("en")}, &request{say: catalogue.Match("de")}
	roles := func(text string) error { _, err := people.ParseRoles(text); return err }
	email := func(text string) error { _, err := people.CheckEmail(text); return err }
	password := func(text string) error {
		return people.CheckPassword(text, &people.Person{First: "Wilhelmina", Email: "w@demo.test"})
	}
	for code, err := range map[string]error{
		"email-missing":  email(" "),
		"email-long":     email(strings.Repeat("a", 300) + "@demo.test"),
		"email-wrong":    email("no address"),
		"zone-unknown":   people.CheckZone("Mars/Olympus"),
		"role-unknown":   roles("emperor"),
		"password-short": password("short"),
		"password-long":  password(strings.Repeat("a long one ", 400)),
		"password-known": password("1234567890"),
		"password-name":  password("wilhelmina"),
	} {
		var in *people.InputError
		if !errors.As(err, &in) {
			t.Errorf("%s: %v is no InputError", code, err)
			continue
		}
		if in.Code != code {
			t.Errorf("%q has the code %q, want %q", in.Sentence, in.Code, code)
		}
		field := in.Field
		if got := english.problemOf(in)[field]; got != in.Sentence {
			t.Errorf("%s: the page says %q, the command line %q", code, got, in.Sentence)
		}
		got := german.problemOf(in)[field]
		if got == in.Sentence || strings.Contains(got, "{{") {
			t.Errorf("%s: in German it is %q", code, got)
		}
		for i := 1; i < len(in.Args); i += 2 {
			if said, ok := in.Args[i].(string); ok && !strings.Contains(got, said) {
				t.Errorf("%s: in German %q does not say %q", code, got, said)
			}
		}
	}
	if got := english.problemOf(&people.InputError{Field: "row", Sentence: "As it is."})["row"]; got != "As it is." {
		t.Errorf("what has no code is said as %q", got)
	}
}

// TestErrorsAreSaid: every error that has an answer has its words, and there
// are no words for any other.
func TestErrorsAreSaid(t *testing.T) {
	t.Parallel()
	english := theWords(t).Match("en")
	known := map[string]bool{unexpected.id: true, linkIsOver.id: true}
	for _, a := range answers {
		known[a.id] = true
	}
	for id := range known {
		if !english.Has("error."+id+".title") || !english.Has("error."+id+".why") {
			t.Errorf("error.%s has no title or no sentence", id)
		}
	}
	for _, id := range english.IDs() {
		if parts := strings.Split(id, "."); parts[0] == "error" && len(parts) == 3 && !known[parts[1]] {
			t.Errorf("nobody ever says %s", id)
		}
	}
}
