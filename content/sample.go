package content

import (
	"embed"
	"io/fs"
)

//go:embed all:library
var sample embed.FS

// Sample is the tree of the sample library, rooted where library.md lies: a
// whole programme of an invented company, that a new installation shows and
// that companies copy to write their own.
func Sample() fs.FS {
	tree, err := fs.Sub(sample, "library")
	if err != nil {
		panic(err) // the path is a constant
	}
	return tree
}
