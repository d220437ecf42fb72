package scenario

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestEffects(t *testing.T) {
	for text, want := range map[string]Choice{
		"":                          {},
		"  ":                        {},
		"fatal":                     {Fatal: true},
		"trust +2":                  {Effects: []Effect{{Name: "trust", By: 2}}},
		"trust - 1":                 {Effects: []Effect{{Name: "trust", By: -1}}},
		"trust-1":                   {Effects: []Effect{{Name: "trust", By: -1}}},
		"trust = 0":                 {Effects: []Effect{{Name: "trust", Set: true}}},
		"homework=yes":              {Effects: []Effect{{Name: "homework", Set: true, By: 1}}},
		"load-on-operations +1":     {Effects: []Effect{{Name: "load-on-operations", By: 1}}},
		"needs: trust>=6":           {Needs: "trust >= 6"},
		"needs  hidden : (homework": {},
		"trust +2; homework = no; needs: trust >= 6; needs hidden: (homework); fatal": {
			Effects: []Effect{{Name: "trust", By: 2}, {Name: "homework", Set: true}}, Needs: "trust >= 6", Hidden: "homework", Fatal: true,
		},
	} {
		got, err := ParseEffects(text, callState)
		if strings.HasSuffix(text, "(homework") {
			if err == nil {
				t.Errorf("%q was read", text)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q is %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestEffectErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		offset int
		says   string
	}{
		{"trust +1; trsut -1", 10, `there is no "trsut" in the state`},
		{"trsut", 0, `there is no "trsut" in the state`},
		{"trust", 0, `"trust" is no effect; write trust +1 or margin +1, needs: …`},
		{"trust +1 fatal", 0, "is no effect"},
		{"trust +1; Fatal", 10, "fatal stands alone and in lower case"},
		{"fatal trust +1", 0, "fatal stands alone"},
		{"fatal; fatal", 7, "fatal stands here a second time"},
		{"trust +1;", 9, "an effect is missing here"},
		{"trust +1;; fatal", 9, "an effect is missing here"},
		{"trust +1; trust -2", 10, "trust changes here a second time"},
		{"trust +0", 7, "trust +0 changes nothing"},
		{"trust = 11", 8, "trust is a meter from 0 to 10"},
		{"trust +11", 7, "trust is a meter from 0 to 10"},
		{"trust = yes", 8, "trust is a meter from 0 to 10"},
		{"homework +1", 0, "homework is a flag, which can't rise or fall"},
		{"homework = 1", 11, "homework is a flag; write homework = yes or homework = no"},
		{"needs trust >= 6", 0, "with a colon, as in needs: trust >= 5"},
		{"hidden: homework", 0, "is written needs hidden: trust >= 5"},
		{"needs:", 6, "needs: asks nothing"},
		{"needs hidden: ; fatal", 13, "needs hidden: asks nothing"},
		{"fatal; needs: trust >= 6 and", 28, "ends too early"},
		{"needs: homework; needs: homework", 24, "needs: stands here a second time"},
		{"needs: trsut > 1", 7, `there is no "trsut" in the state`},
	} {
		_, err := ParseEffects(c.text, callState)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || syntax.Offset != c.offset || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %+v, want at %d: %s", c.text, err, c.offset, c.says)
		}
	}
	if _, err := ParseEffects("nothing", nil); err == nil || !strings.Contains(err.Error(), `"nothing"`) {
		t.Errorf("without a state: %v", err)
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{
		"trust": true, "load-on-operations": true, "t2": true, "": false, "Trust": false, "a_b": false, "2nd": false, "a-2": false,
		"a-": false, "-a": false, "and": false, "needs": false, "fatal": false, "yes": false, "a b": false, "größe": false,
	} {
		if IsName(name) != want {
			t.Errorf("%q is a name: %v", name, !want)
		}
	}
}

func FuzzEffects(f *testing.F) {
	for _, text := range []string{"trust +2; homework = yes; needs: trust >= 6; needs hidden: homework; fatal", ";;", "needs:", "trust -", "needs hidden : (a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseEffects(text, callState)
		if syntax := (*SyntaxError)(nil); err != nil {
			if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(text) || syntax.Message == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		values := Values{5, 5, 0, 3}
		l := link{}
		for _, e := range c.Effects {
			i := find(callState, e.Name)
			l.effects = append(l.effects, change{i, e.Set, e.By, callState[i].Max})
		}
		l.apply(values)
		for i, v := range callState {
			if values[i] < 0 || values[i] > v.Max {
				t.Fatalf("%q brings %s to %d", text, v.Name, values[i])
			}
		}
	})
}
