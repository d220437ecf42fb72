// Package static holds the style sheet, the scripts, the icons and the fonts
// that pages refer to, and serves them under names that carry a hash of their
// content, so that a browser may keep every one of them for ever.
//
// # Files
//
// A static file is any file below the root whose ending is .css, .js, .svg,
// .woff2 or .txt. Other files (Go sources, tests, package.json) are passed
// over, so that the root may be this package's folder itself while somebody
// works on it.
//
// A style sheet that grows may be kept in parts: the files of a folder
// css/app/ are joined, in the order of their names, into css/app.css, and are
// no files of their own.
//
// # Names
//
// A file's name is its path below the root: "css/app.css". Its URL is
// "/static/" + the path with the first ten hexadecimal digits of the SHA-256
// of the bytes that are served before the ending:
// "/static/css/app.1f0c2a9b3d.css". A changed file has another URL; nothing is
// found under a URL with an old or invented hash, nor under the bare name.
//
// # References
//
// A style sheet may refer to other static files by url(…) and @import, a
// script by import and export … from, always relative to the referring file:
// url("../fonts/inter-latin.woff2"), import "./save-queue.js". Such a
// reference is rewritten to the URL with the hash, keeping a fragment
// (#symbol). The hash of a file therefore covers what it refers to as well.
// References to data: URLs and to mere fragments stay as they are. A
// reference to a missing file, to another host, or in a circle is an error
// that names file and line: pages load nothing from third parties.
//
// # Comments
//
// Comments of style sheets and scripts, and the indentation of style sheets,
// are not sent (lean.go). A comment behind code in a script stays, and so do
// all of a script with text in backquotes over several lines.
//
// # What is kept of a file
//
// Load does all work once: bytes, media type, strong ETag, and the same bytes
// compressed with gzip where that saves at least a tenth. Serving is a lookup
// of the request's path. The package knows nothing of HTTP beyond these data;
// whoever serves them sends "Cache-Control: public, max-age=31536000,
// immutable" and picks Gzip when the client accepts it.
package static

import (
	"embed"
	"io/fs"
)

//go:embed css js/*.js fonts/*.woff2 fonts/*.txt *.svg
var embedded embed.FS

// Embedded is the tree of static files built into the program, for Load.
func Embedded() fs.FS { return embedded }
