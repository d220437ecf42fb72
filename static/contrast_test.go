package static_test

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// # Contrast
//
// docs/design.md has a table of the colours that may meet, with the contrast
// that they need. Every pair is computed from the tokens, in both schemes, by
// the formulas of CSS (OKLCH to sRGB) and WCAG 2.2 (contrast ratio).

// schemes are the two values of light-dark().
var schemes = []string{"light", "dark"}

var (
	tokenLine   = regexp.MustCompile(`(?m)^\s+(--[a-z0-9-]+): (.*?);`)
	oklch       = regexp.MustCompile(`^oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)$`)
	bothSchemes = regexp.MustCompile(`^light-dark\((.*\)), (.*\))\)$`)
	pairRow     = regexp.MustCompile("(?m)^\\| `--([a-z-]+)` \\| (`--[^|]*) \\| ([\\d.]+) \\|")
	tokenName   = regexp.MustCompile("`--([a-z0-9-]+)`")
)

// colours are the values of the colour tokens by scheme, and those for
// browsers that don't know light-dark() as the scheme "fallback".
func colours(t *testing.T) map[string]map[string]string {
	t.Helper()
	text, err := os.ReadFile("css/app/01-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]string{"light": {}, "dark": {}, "fallback": {}}
	for _, m := range tokenLine.FindAllStringSubmatch(string(text), -1) {
		if both := bothSchemes.FindStringSubmatch(m[2]); both != nil {
			found["light"][m[1]], found["dark"][m[1]] = both[1], both[2]
		} else if strings.HasPrefix(m[2], "oklch(") || strings.HasPrefix(m[2], "rgb(") {
			found["fallback"][m[1]] = m[2]
		}
	}
	if len(found["light"]) < 20 {
		t.Fatalf("only %d colours were found among the tokens", len(found["light"]))
	}
	return found
}

func design(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/design.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPairsHaveContrast computes every documented pair in both schemes.
func TestPairsHaveContrast(t *testing.T) {
	values := colours(t)
	rows := pairRow.FindAllStringSubmatch(design(t), -1)
	if len(rows) < 10 {
		t.Fatalf("docs/design.md has %d pairs of colours, fewer than there must be", len(rows))
	}
	for _, row := range rows {
		least, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, ground := range tokenName.FindAllStringSubmatch(row[2], -1) {
			for _, scheme := range schemes {
				front, back := luminance(t, values[scheme], row[1]), luminance(t, values[scheme], ground[1])
				if got := ratio(front, back); got < least {
					t.Errorf("%s: --%s on --%s has a contrast of %.2f, less than %.1f", scheme, row[1], ground[1], got, least)
				}
			}
		}
	}
}

// TestEveryColourIsDocumented: no token without a word about what it is for,
// and no word about a token that is not there.
func TestEveryColourIsDocumented(t *testing.T) {
	values, text := colours(t), design(t)
	for name := range values["light"] {
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("docs/design.md does not say what %s is for", name)
		}
	}
	css, err := os.ReadFile("css/app/01-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range tokenName.FindAllStringSubmatch(text, -1) {
		if !strings.Contains(string(css), "--"+m[1]+":") && !strings.HasPrefix(m[1], "tone") {
			t.Errorf("docs/design.md names --%s, which is no token", m[1])
		}
	}
}

// TestFallbackIsTheLightScheme: who does not know light-dark() sees the same
// light colours as everybody else.
func TestFallbackIsTheLightScheme(t *testing.T) {
	values := colours(t)
	for name, want := range values["light"] {
		if got := values["fallback"][name]; got != want {
			t.Errorf("%s is %q for older browsers and %q for others", name, got, want)
		}
	}
}

// TestRatio holds the formulas against values that anybody can look up.
func TestRatio(t *testing.T) {
	for _, x := range []struct {
		front, back string
		want        float64
	}{
		{"oklch(0% 0 0)", "oklch(100% 0 0)", 21},
		{"oklch(59.99% 0 0)", "oklch(100% 0 0)", 4.0},        // #808080 on white is 3.95
		{"oklch(62.8% .2577 29.23)", "oklch(100% 0 0)", 4.0}, // pure red on white is 4.00
	} {
		values := map[string]string{"--a": x.front, "--b": x.back}
		got := ratio(luminance(t, values, "a"), luminance(t, values, "b"))
		if math.Abs(got-x.want) > .06 {
			t.Errorf("%s on %s: %.3f, want %.2f", x.front, x.back, got, x.want)
		}
	}
}

func ratio(a, b float64) float64 {
	return (max(a, b) + .05) / (min(a, b) + .05)
}

// luminance is the relative luminance of a token.
func luminance(t *testing.T, values map[string]string, name string) float64 {
	t.Helper()
	m := oklch.FindStringSubmatch(values["--"+name])
	if m == nil {
		t.Fatalf("--%s is %q, no colour that can be computed", name, values["--"+name])
	}
	var n [3]float64
	for i := range n {
		v, err := strconv.ParseFloat(m[i+1], 64)
		if err != nil {
			t.Fatal(fmt.Errorf("--%s: %w", name, err))
		}
		n[i] = v
	}
	l, a, b := n[0]/100, n[1]*math.Cos(n[2]*math.Pi/180), n[1]*math.Sin(n[2]*math.Pi/180)
	cube := func(x float64) float64 { return x * x * x }
	long := cube(l + .3963377774*a + .2158037573*b)
	medium := cube(l - .1055613458*a - .0638541728*b)
	short := cube(l - .0894841775*a - 1.2914855480*b)
	linear := []float64{
		4.0767416621*long - 3.3077115913*medium + .2309699292*short,
		-1.2684380046*long + 2.6097574011*medium - .3413193965*short,
		-.0041960863*long - .7034186147*medium + 1.7076147010*short,
	}
	// A screen shows what it can of a colour beyond its reach.
	for i := range linear {
		linear[i] = min(max(linear[i], 0), 1)
	}
	weights := []float64{.2126, .7152, .0722}
	sum := 0.0
	for i, v := range linear {
		sum += weights[i] * v
	}
	if slices.ContainsFunc(linear, math.IsNaN) {
		t.Fatalf("--%s: %v", name, linear)
	}
	return sum
}
