package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Prefix begins the URL of every static file.
const Prefix = "/static/"

// ErrUnknown is returned by Find for a name that no static file has.
var ErrUnknown = errors.New("no such static file")

// A File is one static file, ready to be sent. Its slices are shared: callers
// must not change them.
type File struct {
	Name      string // path below the root: "css/app.css"
	URL       string // "/static/css/app.1f0c2a9b3d.css"
	MediaType string // value for Content-Type
	ETag      string // strong, with its quotes; the same bytes have the same tag
	Body      []byte // bytes with references rewritten
	Gzip      []byte // Body compressed, or nil where that does not pay
}

// Files are all static files of one tree. It never changes after Load and may
// be used by any number of goroutines.
type Files struct {
	byName map[string]File
	byURL  map[string]File
}

// mediaTypes lists the endings of static files with what is sent for them.
var mediaTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

// Load reads every static file below the root of tree, rewrites references
// and hashes the result. It fails on the first file that cannot be read or
// that refers to something it must not; the error names file and line.
func Load(tree fs.FS) (*Files, error) {
	sources, err := readSources(tree)
	if err != nil {
		return nil, err
	}
	l := &linker{sources: sources, done: map[string]File{}, parts: join(sources), zip: newCompressor()}
	for _, name := range sortedNames(sources) {
		if _, err := l.file(name); err != nil {
			return nil, err
		}
	}
	files := &Files{byName: l.done, byURL: make(map[string]File, len(l.done))}
	for _, f := range l.done {
		files.byURL[f.URL] = f
	}
	return files, nil
}

// Lookup returns the file that is served under the path of a request.
func (f *Files) Lookup(urlPath string) (File, bool) {
	file, ok := f.byURL[urlPath]
	return file, ok
}

// Find returns the file of that name, or an error that wraps ErrUnknown and
// lists the names there are.
func (f *Files) Find(name string) (File, error) {
	file, ok := f.byName[name]
	if !ok {
		return File{}, fmt.Errorf("looking for static file %q: %w; there are %s",
			name, ErrUnknown, strings.Join(f.Names(), ", "))
	}
	return file, nil
}

// URL returns the URL of the file of that name. It panics when there is none,
// because names are written in templates and code, never taken from input;
// html/template turns the panic of a function into an error of execution.
func (f *Files) URL(name string) string {
	file, err := f.Find(name)
	if err != nil {
		panic(err)
	}
	return file.URL
}

// Names returns the names of all files in order.
func (f *Files) Names() []string { return sortedNames(f.byName) }

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func readSources(tree fs.FS) (map[string][]byte, error) {
	sources := map[string][]byte{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if _, static := mediaTypes[path.Ext(name)]; !static || d.IsDir() {
			return nil
		}
		sources[name], err = fs.ReadFile(tree, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading static files: %w", err)
	}
	return sources, nil
}

// join takes the parts of style sheets out of the sources, enters the sheets
// that they are joined into, and returns the parts by sheet, in order.
func join(sources map[string][]byte) map[string][]part {
	parts := map[string][]part{}
	for _, name := range sortedNames(sources) {
		if dir := path.Dir(name); path.Ext(name) == ".css" && strings.Count(name, "/") == 2 {
			parts[dir+".css"] = append(parts[dir+".css"], part{name, sources[name]})
			delete(sources, name)
		}
	}
	for sheet := range parts {
		sources[sheet] = nil
	}
	return parts
}

// A part of a style sheet.
type part struct {
	name string
	text []byte
}

// newFile hashes and compresses the final bytes of a file.
func newFile(name string, body []byte, zip compressor) (File, error) {
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:])
	ext := path.Ext(name)
	f := File{
		Name:      name,
		URL:       Prefix + strings.TrimSuffix(name, ext) + "." + digest[:10] + ext,
		MediaType: mediaTypes[ext],
		ETag:      `"` + digest[:32] + `"`,
		Body:      body,
	}
	var err error
	f.Gzip, err = zip.compress(body)
	if err != nil {
		return File{}, fmt.Errorf("compressing static file %q: %w", name, err)
	}
	return f, nil
}

// A compressor is used for one file after the other: by itself it takes more
// memory than all files.
type compressor struct{ w *gzip.Writer }

func newCompressor() compressor {
	w, err := gzip.NewWriterLevel(nil, gzip.BestCompression)
	if err != nil {
		panic("make a compressor: " + err.Error()) // the level is a known one
	}
	return compressor{w}
}

// compress returns nil where gzip saves less than a tenth (fonts, tiny files):
// unpacking would cost the reader more than the bytes do.
func (c compressor) compress(body []byte) ([]byte, error) {
	var out bytes.Buffer
	c.w.Reset(&out)
	if _, err := c.w.Write(body); err != nil {
		return nil, err
	}
	if err := c.w.Close(); err != nil {
		return nil, err
	}
	if out.Len()*10 > len(body)*9 {
		return nil, nil
	}
	return bytes.Clone(out.Bytes()), nil // without the room that the buffer grew
}
