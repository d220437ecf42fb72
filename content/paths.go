package content

import (
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
)

// relative finds the page or download behind a path that is written from
// the file src. The second result is the file, nil for a download.
func (l *loader) relative(src *source, destination string) (*target, *source, error) {
	rest, anchor, hasAnchor := strings.Cut(destination, "#")
	file, err := l.pathFrom(src, rest, destination)
	if err != nil {
		return nil, nil, err
	}
	to := l.files[file]
	if to == nil {
		return l.download(src, file, destination)
	}
	if to.Draft && !src.Draft {
		return nil, nil, bad("draft-link", "the link goes to %s, a draft that readers never see; take the \"_\" out of its name, or the link out of this file", quoted(destination))
	}
	t := &target{href: to.URL}
	if !hasAnchor {
		return t, to, nil
	}
	if to.Kind == scenarioKind && to != src {
		return nil, nil, bad("broken-anchor", "the link goes to a scene in %s, which only a play leads to; take the # and what follows out", quoted(destination))
	}
	if anchor, err = l.anchorIn(to, anchor, destination); err != nil {
		return nil, nil, err
	}
	t.clause = to.clauses[anchor]
	if t.clause != nil {
		anchor = t.clause.Anchor
	}
	t.href += "#" + anchor
	return t, to, nil
}

// pathFrom turns the path in a link into one in the content folder.
func (l *loader) pathFrom(src *source, rest, destination string) (string, error) {
	if destination == "" || destination == "#" {
		return "", bad("broken-link", "the link goes nowhere; write a path between its round brackets")
	}
	if strings.Contains(rest, "?") {
		return "", bad("forbidden-link", "the link goes to %s; a link to a file takes no \"?\"", quoted(destination))
	}
	if rest == "" {
		return src.File, nil
	}
	rest, err := url.PathUnescape(rest)
	if err != nil || strings.ContainsFunc(rest, strange) {
		return "", bad("forbidden-link", "the link goes to %s, whose %% signs don't stand for letters of a file name", quoted(destination))
	}
	file := path.Join(path.Dir(src.File), rest)
	if file == ".." || strings.HasPrefix(file, "../") {
		return "", bad("broken-link", "the link goes to %s, which lies outside the content folder", quoted(destination))
	}
	return file, nil
}

// anchorIn finds the heading that a link names; an old anchor leads to the
// one that has taken its place.
func (l *loader) anchorIn(to *source, anchor, destination string) (string, error) {
	if a, err := url.PathUnescape(anchor); err == nil {
		anchor = a
	}
	if !to.Kind.hasAnchors() {
		return "", bad("broken-anchor", "the link goes to a heading in %s, whose page doesn't show its headings one by one; take the # and what follows out", quoted(destination))
	}
	if now, old := to.Aliases[anchor]; old {
		anchor = now
	}
	if to.headings[anchor] != nil || to.Refused {
		return anchor, nil
	}
	known := slices.Sorted(maps.Keys(to.headings))
	for i := range known {
		known[i] = "#" + known[i]
	}
	return "", bad("broken-anchor", "the link goes to %s, but the file has no heading with that anchor%s", quoted(destination), didYouMean("#"+anchor, known))
}

// download finds a file that is not Markdown.
func (l *loader) download(src *source, file, destination string) (*target, *source, error) {
	if !l.others[file] {
		return nil, nil, l.broken(src, "link", file, destination)
	}
	asset, err := l.asset(src, file)
	if err != nil {
		return nil, nil, err
	}
	return &target{href: asset.URL, image: asset}, nil, nil
}

// broken says that there is no such file, and which one may be meant.
func (l *loader) broken(src *source, what, file, destination string) error {
	if l.files[path.Join(file, "index.md")] != nil {
		return bad("broken-link", "the %s goes to the folder %s; write %s", what, quoted(destination), quoted(relativePath(src.File, path.Join(file, "index.md"))))
	}
	hint := ""
	if meant := l.nearestFile(src, file, what == "image"); meant != "" {
		hint = "; did you mean " + quoted(relativePath(src.File, meant)) + "?"
	}
	return bad("broken-link", "the %s goes to %s, which does not exist%s", what, quoted(destination), hint)
}

// nearestFile looks for a mistyped name in the folder, then for the name in
// another folder, then for a like path anywhere; for an image among files
// that are not Markdown.
func (l *loader) nearestFile(src *source, file string, image bool) string {
	var here, all []string
	named := ""
	for _, candidate := range slices.Sorted(l.paths()) {
		if candidate == src.File || isDraft(candidate) && !src.Draft || image && !l.others[candidate] {
			continue
		}
		all = append(all, candidate)
		if path.Dir(candidate) == path.Dir(file) {
			here = append(here, path.Base(candidate))
		}
		if path.Base(candidate) == path.Base(file) && named == "" && path.Base(file) != "index.md" {
			named = candidate
		}
	}
	if n := nearest(path.Base(file), here); n != "" {
		return path.Join(path.Dir(file), n)
	}
	if named != "" {
		return named
	}
	return nearest(file, all)
}

func (l *loader) paths() func(func(string) bool) {
	return func(yield func(string) bool) {
		for file := range l.files {
			if !yield(file) {
				return
			}
		}
		for file := range l.others {
			if !yield(file) {
				return
			}
		}
	}
}
