package static

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// ErrReference is wrapped by every error about a reference inside a style
// sheet or a script: missing target, other host, circle.
var ErrReference = errors.New("bad reference")

// references finds what a file of that ending refers to; the first group that
// matched is the target.
var references = map[string]*regexp.Regexp{
	".css": regexp.MustCompile(`url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^"'()\s]+))\s*\)|@import\s+(?:"([^"\n]*)"|'([^'\n]*)')`),
	".js": regexp.MustCompile(`(?m)^\s*import\s*["']([^"'\n]+)["']` +
		`|^\s*(?:import|export)\b[^"'\n;=]*\bfrom\s*["']([^"'\n]+)["']` +
		`|^\s*\}\s*from\s*["']([^"'\n]+)["']` +
		`|\bimport\(\s*["']([^"'\n]+)["']\s*\)`),
}

// A linker turns sources into files, targets of references first.
type linker struct {
	sources map[string][]byte
	parts   map[string][]part // of the sheets that are joined
	done    map[string]File
	open    []string // names being linked, outermost first
	zip     compressor
}

// file returns the finished file of that name, linking it when needed.
func (l *linker) file(name string) (File, error) {
	if f, ok := l.done[name]; ok {
		return f, nil
	}
	if slices.Contains(l.open, name) {
		return File{}, fmt.Errorf("static files %s refer to each other in a circle: %w",
			strings.Join(append(l.open, name), " -> "), ErrReference)
	}
	l.open = append(l.open, name)
	body, err := l.body(name)
	if err != nil {
		return File{}, err
	}
	l.open = l.open[:len(l.open)-1]
	f, err := newFile(name, lean(name, body), l.zip)
	if err != nil {
		return File{}, err
	}
	l.done[name] = f
	return f, nil
}

// body is a file's text with its references rewritten; of a sheet in parts,
// of all parts.
func (l *linker) body(name string) ([]byte, error) {
	parts, joined := l.parts[name]
	if !joined {
		return l.rewrite(name, l.sources[name])
	}
	var all []byte
	for _, p := range parts {
		text, err := l.rewrite(p.name, p.text)
		if err != nil {
			return nil, err
		}
		all = append(all, text...)
	}
	return all, nil
}

// rewrite replaces every reference in src by the URL of its target.
func (l *linker) rewrite(name string, src []byte) ([]byte, error) {
	pattern := references[path.Ext(name)]
	if pattern == nil {
		return src, nil
	}
	var out bytes.Buffer
	last := 0
	for _, m := range pattern.FindAllSubmatchIndex(src, -1) {
		from, to := firstGroup(m)
		url, err := l.resolve(name, string(src[from:to]))
		if err != nil {
			line := 1 + bytes.Count(src[:from], []byte("\n"))
			return nil, fmt.Errorf("static file %s:%d: %w", name, line, err)
		}
		out.Write(src[last:from])
		out.WriteString(url)
		last = to
	}
	out.Write(src[last:])
	return out.Bytes(), nil
}

func firstGroup(match []int) (from, to int) {
	for i := 2; i < len(match); i += 2 {
		if match[i] >= 0 {
			return match[i], match[i+1]
		}
	}
	return match[0], match[0]
}

// resolve returns what to write for the reference ref in the file from.
func (l *linker) resolve(from, ref string) (string, error) {
	if strings.HasPrefix(ref, "data:") || strings.HasPrefix(ref, "#") {
		return ref, nil
	}
	target, fragment, hasFragment := strings.Cut(ref, "#")
	if strings.HasPrefix(target, "/") || strings.Contains(target, ":") {
		return "", fmt.Errorf("%q is not a path relative to the file, such as ../fonts/name.woff2: %w", ref, ErrReference)
	}
	target = path.Join(path.Dir(from), target)
	if _, ok := l.sources[target]; !ok {
		return "", fmt.Errorf("it refers to %q, but there is no file %s: %w", ref, target, ErrReference)
	}
	f, err := l.file(target)
	if err != nil {
		return "", err
	}
	if hasFragment {
		return f.URL + "#" + fragment, nil
	}
	return f.URL, nil
}
