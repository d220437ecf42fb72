package server_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// guardedRooms are the rooms in which it is decided who may do what.
var guardedRooms = []string{"server", "programme", "people"}

// A goFile is one file of a room, read for its conditions.
type goFile struct {
	path  string // from the module's root: "programme/take.go"
	text  string
	funcs []goFunc
}

// A goFunc is a function with its expressions.
type goFunc struct {
	name  string // without its receiver
	exprs []goExpr
}

// A goExpr is an expression; text begins with the statement before the
// condition when an if has one: "_, err := s.managed(r, id); err != nil".
type goExpr struct {
	text, with string
	from, to   int  // of the expression itself
	cond       bool // it is a condition or a part of one
	node       ast.Expr
}

// readRooms parses what the rooms are built from, tests left out.
func readRooms(t testing.TB) []*goFile {
	t.Helper()
	var files []*goFile
	for _, room := range guardedRooms {
		paths, err := filepath.Glob(filepath.Join("..", room, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if !strings.HasSuffix(path, "_test.go") {
				files = append(files, readGo(t, path))
			}
		}
	}
	if len(files) < 60 {
		t.Fatalf("%d files of Go were found in %v, want 60 or more", len(files), guardedRooms)
	}
	return files
}

func readGo(t testing.TB, path string) *goFile {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	file := &goFile{path: strings.TrimPrefix(filepath.ToSlash(path), "../"), text: string(text)}
	at := func(p token.Pos) int { return set.Position(p).Offset }
	for _, d := range parsed.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		f := goFunc{name: fn.Name.Name}
		with, conds := map[ast.Expr]string{}, conditions(fn.Body)
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if branch, ok := n.(*ast.IfStmt); ok && branch.Init != nil {
				with[branch.Cond] = file.text[at(branch.Init.Pos()):at(branch.Cond.End())]
			}
			if e, ok := n.(ast.Expr); ok {
				cond := slices.ContainsFunc(conds, func(c ast.Expr) bool { return c.Pos() <= e.Pos() && e.End() <= c.End() })
				f.exprs = append(f.exprs, goExpr{file.text[at(e.Pos()):at(e.End())], with[e], at(e.Pos()), at(e.End()), cond, e})
			}
			return true
		})
		slices.SortStableFunc(f.exprs, func(a, b goExpr) int { return cmp.Compare(a.from, b.from) })
		file.funcs = append(file.funcs, f)
	}
	return file
}

// start is where the expression begins, or the statement before it.
func (e goExpr) start() int { return e.to - max(len(e.text), len(e.with)) }

// conditions are those of all branches and cases.
func conditions(body ast.Node) (list []ast.Expr) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			list = append(list, n.Cond)
		case *ast.CaseClause:
			list = append(list, n.List...)
		}
		return true
	})
	return list
}

// find returns the expressions of a function that read so.
func (f *goFile) find(function, text string) (found []goExpr) {
	for _, fn := range f.funcs {
		if fn.name != function {
			continue
		}
		for _, e := range fn.exprs {
			if text != "" && (e.text == text || e.with == text) {
				found = append(found, e)
			}
		}
	}
	return found
}

// decisive are the calls by which it is asked who somebody is or what she may.
var decisive = []string{"allows", "has", "Has", "MayManage", "ManagedBy", "Managed", "managed", "Lookup", "Live", "matches", "opens", "ConstantTimeCompare"}

// decides tells whether an expression asks whose something is, what somebody
// may, or whether a session or link still holds.
func decides(e goExpr) bool {
	switch n := e.node.(type) {
	case *ast.BinaryExpr:
		return (n.Op == token.EQL || n.Op == token.NEQ) && (isPersons(n.X) || isPersons(n.Y))
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.SelectorExpr:
			name = f.Sel.Name
		case *ast.Ident:
			name = f.Name
		}
		return slices.Contains(decisive, name)
	case *ast.SelectorExpr:
		return n.Sel.Name == "Disabled"
	case *ast.Ident:
		return n.Name == "mine" && e.cond
	}
	return false
}

// isPersons tells whether an expression is the id of whose something is.
func isPersons(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	if s.Sel.Name == "Person" {
		return true
	}
	of, ok := s.X.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "ID" && of.Sel.Name == "who"
}
