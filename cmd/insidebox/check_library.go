package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// libraryMark is the file that makes a folder a content folder.
const libraryMark = "library.md"

// A checkedLibrary is what check was asked to look at.
type checkedLibrary struct {
	tree   fs.FS
	dir    string // of the library; "" for the one that is built in
	named  string // as it was named on the command line
	only   string // slash path in the library of the file or folder that was named; "" for all
	advice string // what else to say, such as what to do when the folder is no library
}

// holds reports whether the file is part of what was named.
func (c checkedLibrary) holds(file string) bool {
	return c.only == "" || file == c.only || strings.HasPrefix(file, c.only+"/")
}

// findLibrary finds the library that a folder is, or that a file or folder is
// part of.
func findLibrary(named string) (checkedLibrary, error) {
	info, err := os.Stat(named)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return checkedLibrary{}, fmt.Errorf("there is no folder %s; name the one that holds library.md", named)
	case err != nil:
		return checkedLibrary{}, fmt.Errorf("%w; name the folder that holds library.md", err)
	case info.IsDir() && isLibrary(named):
		return checkedLibrary{tree: os.DirFS(named), dir: named, named: named}, nil
	}
	dir, only, err := libraryAround(named)
	switch {
	case err != nil:
		return checkedLibrary{}, fmt.Errorf("find the library around %s: %w", named, err)
	case dir != "":
		return checkedLibrary{tree: os.DirFS(dir), dir: dir, named: named, only: only, advice: notRead(only)}, nil
	case info.IsDir():
		return checkedLibrary{tree: os.DirFS(named), dir: named, named: named, advice: noLibrary(named)}, nil
	}
	return checkedLibrary{}, fmt.Errorf("%s is a file, and no folder above it holds library.md; name the folder of a library, or a file in it", named)
}

func isLibrary(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, libraryMark))
	return err == nil && info.Mode().IsRegular()
}

// libraryAround goes up from a file or folder to the library that it is in;
// dir is "" where there is none.
func libraryAround(named string) (dir, only string, err error) {
	whole, err := filepath.Abs(named)
	if err != nil {
		return "", "", err
	}
	for dir = filepath.Dir(whole); !isLibrary(dir); dir = filepath.Dir(dir) {
		if dir == filepath.Dir(dir) {
			return "", "", nil
		}
	}
	if only, err = filepath.Rel(dir, whole); err != nil {
		return "", "", err
	}
	return fromHere(dir), filepath.ToSlash(only), nil
}

// notRead says why nothing is ever found in a file that is no content.
func notRead(only string) string {
	hidden := strings.HasPrefix(only, ".") || strings.Contains(only, "/.")
	if hidden || strings.EqualFold(path.Base(only), "readme.md") {
		return only + " is not read: README.md and names that begin with a dot are no content"
	}
	return ""
}

// fromHere is the path of a folder as one would write it here.
func fromHere(dir string) string {
	here, err := os.Getwd()
	if err != nil {
		return dir
	}
	if relative, err := filepath.Rel(here, dir); err == nil {
		return relative
	}
	return dir
}

// noLibrary says what to do about a folder that is no library: name the one
// that lies in it, or begin one.
func noLibrary(dir string) string {
	for _, pattern := range []string{"*", "*/*"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern, libraryMark))
		if err == nil && len(found) > 0 {
			return fmt.Sprintf("%s is no content folder; perhaps you mean %s", dir, filepath.Dir(found[0]))
		}
	}
	return dir + " is no content folder; to begin one, write library.md in it with company, title,\n" +
		"time-zone, calendar and dimensions (docs/authors.md shows each)"
}
