// Package templates holds the pages' html/template files: layout.html, the
// frame of every page; partials/, pieces that several pages use; pages/, one
// file a page, named as the server names it, each defining "main".
//
// A page's data is a struct of package server: {Layout, Body}. Nothing in
// here is inline style or script, because the content security policy allows
// neither.
package templates

import "embed"

//go:embed layout.html partials pages
var files embed.FS

// FS returns the embedded tree.
func FS() embed.FS { return files }
