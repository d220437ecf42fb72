package content

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// withoutExample are the rules and sentences that no example can show, and
// why.
var withoutExample = map[string]string{
	"render":                                    "goldmark's renderers fail only when the buffer that they write to does",
	"the content folder can't be read: %v":      "walking ends with an error only when it is made to",
	"the front matter could not be checked: %v": "the validator fails so only on what is no struct",
	"the content folder holds more than %d files; this one and those after it were not read": "TestTooManyFiles shows it",
}

// TestEveryRuleHasAnExample reads the source of this package and of package
// scenario for the names of rules, and wants an example in testdata/broken for
// each and a word in the guide for authors; and for each folder there a rule.
// Rules are found by how they are written: as the argument for a parameter
// named rule, as the Rule of a composite literal, as what a function whose name ends in Rule or is ruleOf
// returns, and as the constants of package scenario. What is written in any
// other way fails the test.
func TestEveryRuleHasAnExample(t *testing.T) {
	rules := map[string]string{}
	for _, call := range ruleCalls(t) {
		for _, rule := range call.rules {
			rules[rule] = call.place
		}
	}
	maps.Copy(rules, scenarioRules(t))
	guide, err := os.ReadFile("../docs/authors.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) < 100 {
		t.Fatalf("found %d rules only; the test no longer reads the source right", len(rules))
	}
	for _, rule := range slices.Sorted(maps.Keys(rules)) {
		examples, _ := filepath.Glob("testdata/broken/" + rule + "/*.txtar")
		if len(examples) == 0 && withoutExample[rule] == "" {
			t.Errorf("%s: the rule %s has no example in testdata/broken/%s", rules[rule], rule, rule)
		}
		if !strings.Contains(string(guide), "`"+rule+"`") {
			t.Errorf("docs/authors.md doesn't say what %s is; add it to \"Every rule\"", rule)
		}
	}
	folders, err := os.ReadDir("testdata/broken")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if rules[folder.Name()] == "" {
			t.Errorf("testdata/broken/%s: there is no rule of that name", folder.Name())
		}
	}
}

// TestEverySentenceHasAnExample wants an example for each sentence that a rule
// is reported with, so that none points to a wrong place or reads wrong
// unnoticed.
func TestEverySentenceHasAnExample(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	examples, err := filepath.Glob("testdata/broken/*/*.txtar")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples found: %v", err)
	}
	var said []string
	for _, example := range examples {
		_, files := archive(t, example)
		_, findings := loadExample(t, base, files)
		for _, f := range findings {
			said = append(said, f.Rule+": "+f.Message)
		}
	}
	all := strings.Join(said, "\n")
	verb := regexp.MustCompile(`%[a-z]`)
	for _, call := range ruleCalls(t) {
		if call.sentence == "" || len(call.rules) != 1 || withoutExample[call.rules[0]]+withoutExample[call.sentence] != "" {
			continue
		}
		pattern := verb.ReplaceAllString(regexp.QuoteMeta(strings.ReplaceAll(call.sentence, "%%", "%")), "(?s:.*?)")
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(call.rules[0]+": ") + pattern).MatchString(all) {
			t.Errorf("%s: no example shows the sentence %q of the rule %s", call.place, call.sentence, call.rules[0])
		}
	}
}

// A ruleCall is one place in the source that reports something.
type ruleCall struct {
	place    string // file:line
	rules    []string
	sentence string // its format; "" when it is made elsewhere
}

var ruleName = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// ruleCalls lists the places in this package that report something.
func ruleCalls(t *testing.T) []ruleCall {
	t.Helper()
	fset := token.NewFileSet()
	var files []*ast.File
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	r := &ruleReader{t: t, fset: fset, argument: map[string]int{}, returned: map[string][]string{}}
	for _, file := range files {
		ast.Inspect(file, r.declarations)
	}
	for _, file := range files {
		ast.Inspect(file, r.uses)
	}
	return r.calls
}

// A ruleReader goes over the source twice: for the functions, then for their
// uses.
type ruleReader struct {
	t        *testing.T
	fset     *token.FileSet
	argument map[string]int      // which argument of a function is a rule
	returned map[string][]string // which rules a function returns
	calls    []ruleCall
}

func (r *ruleReader) declarations(n ast.Node) bool {
	f, ok := n.(*ast.FuncDecl)
	if !ok {
		return true
	}
	i := 0
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			if before, known := r.argument[f.Name.Name]; name.Name == "rule" && known && before != i {
				r.t.Fatalf("two functions %s take the rule at different places", f.Name.Name)
			} else if name.Name == "rule" {
				r.argument[f.Name.Name] = i
			}
			i++
		}
	}
	if f.Name.Name == "ruleOf" || strings.HasSuffix(f.Name.Name, "Rule") {
		ast.Inspect(f, func(n ast.Node) bool {
			if ret, ok := n.(*ast.ReturnStmt); ok && len(ret.Results) == 1 {
				if rule, ok := literal(ret.Results[0]); ok {
					r.returned[f.Name.Name] = append(r.returned[f.Name.Name], rule)
				}
			}
			return true
		})
	}
	return true
}

func (r *ruleReader) uses(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		if i, ok := r.argument[called(n)]; ok && i < len(n.Args) {
			call := r.call(n.Args[i])
			if i+1 < len(n.Args) {
				call.sentence, _ = literal(n.Args[i+1])
			}
			r.calls = append(r.calls, call)
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Rule" {
			r.calls = append(r.calls, r.call(n.Value))
		}
	}
	return true
}

// call reads which rules an expression stands for.
func (r *ruleReader) call(e ast.Expr) ruleCall {
	call := ruleCall{place: r.fset.Position(e.Pos()).String()}
	rule, isLiteral := literal(e)
	switch inner, isCall := e.(*ast.CallExpr); {
	case isLiteral && ruleName.MatchString(rule):
		call.rules = []string{rule}
	case isCall && r.returned[called(inner)] != nil:
		call.rules = r.returned[called(inner)]
	case isCall && called(inner) == "string": // of package scenario
	case !isCall && !isLiteral && strings.HasSuffix(strings.ToLower(exprName(e)), "rule"): // handed on
	default:
		r.t.Errorf("%s: this test can't tell which rule is reported here", call.place)
	}
	return call
}

func called(call *ast.CallExpr) string { return exprName(call.Fun) }

// exprName is the last name of a.b.c.
func exprName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// scenarioRules lists the rules that package scenario declares.
func scenarioRules(t *testing.T) map[string]string {
	t.Helper()
	const dir = "../quiz/scenario"
	files, err := filepath.Glob(dir + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]string{}
	fset := token.NewFileSet()
	for _, name := range files {
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && exprName(spec.Type) == "Rule" {
				for _, value := range spec.Values {
					if rule, ok := literal(value); ok {
						rules[rule] = fset.Position(value.Pos()).String()
					}
				}
			}
			return true
		})
	}
	if len(rules) == 0 {
		t.Fatalf("%s declares no rules; the test no longer reads the source right", dir)
	}
	return rules
}
