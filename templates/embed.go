// Package templates holds the pages' html/template files: layout.html, the
// frame of every page; partials/, pieces that several pages use; pages/, one
// file a page, named as the server names it, each defining "main"; words/, all
// sentences, one folder a language (see package words). A template asks for a
// sentence by {{t "id" "Name" .Value}}, for one with tags in it by {{th …}}.
//
// A page's data is a struct of package server: {Layout, Body}. Nothing in
// here is inline style or script, because the content security policy allows
// neither.
package templates

import "embed"

//go:embed layout.html partials pages words/*/*.yaml
var files embed.FS

// FS returns the embedded tree.
func FS() embed.FS { return files }
