package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// module is the import path that all of our packages begin with.
const module = "github.com/insidebox/insidebox/"

// A room is a folder of the house. A package belongs to the room with the
// longest name that its path begins with, so store/sqlitestore is a room of
// its own and a folder under server/ is part of the server.
//
// rooms says which other rooms each may import. Imports go down only:
//
//	cmd -> server -> programme -> {content, certify, people, standard, jobs}
//	content -> {quiz, standard, certify}      certify -> quiz
//	any of these -> store                     quiz and standard import nothing else of ours
//
// A new folder has no place here until someone gives it one, and fails the
// test until then; docs/decisions/0001 says what to think of.
var rooms = map[string][]string{
	"cmd/insidebox": {
		"server", "programme", "content", "content/library", "certify", "people", "jobs",
		"standard", "quiz", "store", "store/sqlitestore", "store/mongostore", "store/archive", "templates", "templates/words", "static",
	},
	"server": {
		"programme", "content", "certify", "people", "jobs",
		"standard", "quiz", "store", "templates", "templates/words", "static",
	},
	"programme":         {"content", "certify", "people", "jobs", "standard", "quiz", "store"},
	"content":           {"certify", "standard", "quiz"}, // no database: not even the store
	"content/library":   {},
	"certify":           {"quiz", "store"},
	"people":            {"store"},
	"jobs":              {"store"},
	"quiz":              {},
	"standard":          {},
	"store":             {},
	"store/sqlitestore": {"store"},
	"store/mongostore":  {"store"},
	"store/archive":     {"store"},
	"store/storetest":   {"store"},
	"templates":         {},
	"templates/words":   {},
	"static":            {},
}

// testsMayImport lists what tests of every room may use besides: the real
// things, in place of imitations.
var testsMayImport = []string{"store", "store/sqlitestore", "store/mongostore", "store/storetest", "store/archive", "content/library"}

// kept lists packages of others that only the named rooms may import
// themselves. A name ending in / stands for all packages under it.
var kept = map[string][]string{
	"net/http":                               {"cmd/insidebox", "server"},
	"html/template":                          {"server", "templates", "templates/words"},
	"github.com/gin-gonic/gin/":              {"server"},
	"github.com/gorilla/sessions/":           {"server"},
	"github.com/yuin/goldmark/":              {"content"},
	"github.com/yuin/goldmark-highlighting/": {"content"},
	"github.com/goccy/go-yaml/":              {"content", "templates/words"},
	"github.com/nicksnyder/go-i18n/":         {"templates/words"},
	"github.com/spf13/cobra/":                {"cmd/insidebox"},
	"rsc.io/qr/":                             {"server"},
	"github.com/prometheus/":                 {"cmd/insidebox"},
	"github.com/alexedwards/argon2id/":       {"people"},
	"database/sql":                           {"store/sqlitestore"},
	"modernc.org/sqlite/":                    {"store/sqlitestore"},
	"zombiezen.com/go/sqlite/":               {"store/sqlitestore"},
	"go.mongodb.org/mongo-driver/v2/mongo/":  {"store/mongostore"},
	"go.mongodb.org/mongo-driver/":           {"store", "store/sqlitestore", "store/storetest", "store/mongostore", "store/archive"},
}

// below are the rooms that know nothing of HTTP or of a database's make: not
// even through a package that they import.
var (
	below    = []string{"programme", "content", "certify", "people", "jobs", "quiz", "standard", "store"}
	farAbove = []string{"github.com/gin-gonic/gin", "modernc.org/sqlite", "zombiezen.com/go/sqlite", "go.mongodb.org/mongo-driver/v2/mongo"}
)

// A listed package is what `go list -json` says of one.
type listed struct {
	ImportPath                         string
	Dir                                string
	Imports, TestImports, XTestImports []string
}

// TestImports holds the table against the code.
func TestImports(t *testing.T) {
	packages := list(t)
	for _, v := range violations(packages) {
		t.Error(v)
	}
	// go test remembers a result for as long as the files it saw opened stay
	// the same. It can't see what go list opens, so the folders are read here.
	for _, p := range packages {
		if _, ours := strings.CutPrefix(p.ImportPath, module); ours {
			if _, err := os.ReadDir(p.Dir); err != nil {
				t.Error(err)
			}
		}
	}
}

// list returns our packages and all that they depend on.
func list(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Dir,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = "../.." // the module's root
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, &stderr)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("read what %v printed: %v", cmd, err)
		}
		all = append(all, p)
	}
}

// violations returns one sentence for each import that the tables forbid.
func violations(packages []listed) []string {
	var found []string
	graph := map[string][]string{}
	for _, p := range packages {
		graph[p.ImportPath] = p.Imports
	}
	for _, p := range packages {
		path, ours := strings.CutPrefix(p.ImportPath, module)
		if !ours {
			continue
		}
		room := roomOf(path)
		if room == "" {
			found = append(found, fmt.Sprintf("%s belongs to no room; give it a place in the table, and a reason in docs/decisions", path))
			continue
		}
		for _, imported := range p.Imports {
			found = append(found, judge(path, room, imported, rooms[room])...)
		}
		allowed := slices.Concat(rooms[room], testsMayImport)
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			if target, ours := strings.CutPrefix(imported, module); ours {
				found = append(found, judgeOurs("the test of "+path, room, target, allowed)...)
			}
		}
		if slices.Contains(below, room) {
			found = append(found, reaches(graph, p.ImportPath)...)
		}
	}
	return found
}

// judge holds one import of a package against both tables.
func judge(path, room, imported string, allowed []string) []string {
	if target, ours := strings.CutPrefix(imported, module); ours {
		return judgeOurs(path, room, target, allowed)
	}
	keeper := ""
	for name := range kept {
		prefix, tree := strings.CutSuffix(name, "/")
		if (imported == prefix || tree && strings.HasPrefix(imported, name)) && len(name) > len(keeper) {
			keeper = name
		}
	}
	if keeper == "" || slices.Contains(kept[keeper], room) {
		return nil
	}
	return []string{fmt.Sprintf("%s imports %s, which is kept to %s", path, imported, strings.Join(kept[keeper], ", "))}
}

func judgeOurs(who, room, target string, allowed []string) []string {
	other := roomOf(target)
	if other == room || slices.Contains(allowed, other) {
		return nil
	}
	return []string{fmt.Sprintf("%s imports %s; the room %s may import %s of ours", who, target, room, orNothing(allowed))}
}

// roomOf returns the room that a path within the module belongs to, or "".
func roomOf(path string) string {
	for {
		if _, ok := rooms[path]; ok {
			return path
		}
		i := strings.LastIndexByte(path, '/')
		if i < 0 {
			return ""
		}
		path = path[:i]
	}
}

// reaches looks for packages of farAbove among all that a package depends on,
// and says by which way it gets there.
func reaches(graph map[string][]string, from string) []string {
	var found []string
	cameFrom := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, next := range graph[queue[0]] {
			if _, seen := cameFrom[next]; seen {
				continue
			}
			cameFrom[next] = queue[0]
			queue = append(queue, next)
			if slices.Contains(farAbove, next) {
				way := next
				for at := cameFrom[next]; at != ""; at = cameFrom[at] {
					way = strings.TrimPrefix(at, module) + " -> " + way
				}
				found = append(found, "too far down to know of it: "+way)
			}
		}
	}
	return found
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

// TestViolations shows that the check above sees what it is there to see.
func TestViolations(t *testing.T) {
	for _, test := range []struct {
		name     string
		packages []listed
		want     string // part of the only sentence; empty: none
	}{
		{"down is allowed", []listed{{ImportPath: module + "server", Imports: []string{module + "programme", "net/http"}}}, ""},
		{"within a room is allowed", []listed{{ImportPath: module + "server/forms", Imports: []string{module + "server"}}}, ""},
		{
			"up is not",
			[]listed{{ImportPath: module + "quiz", Imports: []string{module + "content"}}},
			"quiz imports content; the room quiz may import nothing of ours",
		},
		{
			"nor for a test",
			[]listed{{ImportPath: module + "quiz", TestImports: []string{module + "server"}}},
			"the test of quiz imports server",
		},
		{"a test may use the real store", []listed{{ImportPath: module + "people", XTestImports: []string{module + "store/sqlitestore"}}}, ""},
		{
			"the code above it may not",
			[]listed{{ImportPath: module + "programme", Imports: []string{module + "store/sqlitestore"}}},
			"programme imports store/sqlitestore",
		},
		{"a new room needs a place", []listed{{ImportPath: module + "util"}}, "util belongs to no room"},
		{
			"HTTP stays in the server",
			[]listed{{ImportPath: module + "programme", Imports: []string{"net/http"}}},
			"programme imports net/http, which is kept to cmd/insidebox, server",
		},
		{
			"a tree is kept whole",
			[]listed{{ImportPath: module + "certify", Imports: []string{"github.com/gorilla/sessions"}}},
			"kept to server",
		},
		{
			"the driver's bson is free to the store, its mongo is not",
			[]listed{{ImportPath: module + "store/sqlitestore", Imports: []string{"go.mongodb.org/mongo-driver/v2/bson", "go.mongodb.org/mongo-driver/v2/mongo/options"}}},
			"imports go.mongodb.org/mongo-driver/v2/mongo/options, which is kept to store/mongostore",
		},
		{
			"nor is it reached through others",
			[]listed{
				{ImportPath: module + "people", Imports: []string{"example.org/helper"}},
				{ImportPath: "example.org/helper", Imports: []string{"github.com/gin-gonic/gin"}},
			},
			"people -> example.org/helper -> github.com/gin-gonic/gin",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := violations(test.packages)
			if test.want == "" {
				if len(got) > 0 {
					t.Errorf("got %q, want nothing", got)
				}
				return
			}
			if len(got) != 1 || !strings.Contains(got[0], test.want) {
				t.Errorf("got %q, want one sentence with %q", got, test.want)
			}
		})
	}
}
