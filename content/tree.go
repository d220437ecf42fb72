package content

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// A fileKind says what a Markdown file is; its place and name decide.
type fileKind int

const (
	noKind            fileKind = iota
	libraryKind                // library.md
	changesKind                // CHANGES.md
	standardKind               // standard/*.md
	courseKind                 // courses/C/index.md
	moduleKind                 // courses/C/M/index.md
	lessonKind                 // courses/C/M/*.md
	quizKind                   // courses/C/M/*.quiz.md
	certificationKind          // certifications/*.md
	scenarioKind               // courses/C/M/*.scenario.md
)

const libraryFileName = "library.md"

// walk lists the tree: Markdown files become sources, in the order in which
// learners meet them; all other files are remembered by path.
func (l *loader) walk() {
	files := 0
	err := fs.WalkDir(l.fsys, ".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			l.fileError(file, "unreadable", "the file can't be read: %v", err)
			return nil
		case file != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		if files++; files > maxFiles {
			l.fileError(file, "limit", "the content folder holds more than %d files; this one and those after it were not read", maxFiles)
			return fs.SkipAll
		}
		l.walkFile(file, d)
		return nil
	})
	if err != nil {
		l.fileError(".", "unreadable", "the content folder can't be read: %v", err)
	}
	keys := make(map[*source]string, len(l.sources))
	for _, src := range l.sources {
		keys[src] = sortKey(src.File)
	}
	slices.SortFunc(l.sources, func(a, b *source) int { return strings.Compare(keys[a], keys[b]) })
	l.requireIndexes()
}

// fileError reports what is wrong with a file as a whole.
func (l *loader) fileError(file, rule, format string, args ...any) {
	l.report.errorf(&source{File: file, Draft: isDraft(file)}, 0, rule, format, args...)
}

func (l *loader) walkFile(file string, d fs.DirEntry) {
	kind, problem := kindOf(file)
	switch {
	case !d.Type().IsRegular():
		l.fileError(file, "not-a-file", "this is a symbolic link or a device; content is made of plain files only, so copy the file here")
	case strings.EqualFold(path.Base(file), "readme.md"):
		// for whoever opens the folder on a code host
	case otherEnding(file):
		l.fileError(file, "bad-name", "this is no page, because only names that end in .md are; rename it to %s", quoted(strings.TrimSuffix(path.Base(file), path.Ext(file))+".md"))
	case path.Ext(file) != ".md":
		l.others[file] = true
	case kind == noKind && isDraft(file):
		// notes
	case kind == noKind:
		l.fileError(file, "misplaced-file", "%s", problem)
	default:
		l.readSource(file, kind)
	}
}

// otherEnding tells whether a file is Markdown to other programs, but not here.
func otherEnding(file string) bool {
	return path.Ext(file) != ".md" && slices.Contains([]string{".md", ".markdown", ".mdown", ".mkd"}, strings.ToLower(path.Ext(file)))
}

// readSource reads one Markdown file, no more of it than the limit.
func (l *loader) readSource(file string, kind fileKind) {
	f, err := l.fsys.Open(file)
	if err != nil {
		l.fileError(file, "unreadable", "the file can't be opened: %v", err)
		return
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		l.fileError(file, "unreadable", "the file can't be read: %v", err)
		return
	}
	src := newSource(file, raw)
	src.Kind, src.Draft = kind, isDraft(file)
	l.sources = append(l.sources, src)
	l.files[file] = src
}

// kindOf tells what a Markdown file is, or why it is nothing.
func kindOf(file string) (fileKind, string) {
	parts := strings.Split(file, "/")
	name := parts[len(parts)-1]
	switch depth := len(parts); {
	case file == libraryFileName:
		return libraryKind, ""
	case file == "CHANGES.md":
		return changesKind, ""
	case depth == 2 && parts[0] == "standard":
		return standardKind, ""
	case depth == 2 && parts[0] == "certifications":
		return certificationKind, ""
	case depth == 3 && parts[0] == "courses" && name == "index.md":
		return courseKind, ""
	case depth == 4 && parts[0] == "courses":
		return moduleFileKind(name), ""
	}
	return noKind, misplaced(parts)
}

func moduleFileKind(name string) fileKind {
	switch {
	case name == "index.md":
		return moduleKind
	case strings.HasSuffix(name, ".quiz.md"):
		return quizKind
	case strings.HasSuffix(name, ".scenario.md"):
		return scenarioKind
	}
	return lessonKind
}

func misplaced(parts []string) string {
	if parts[0] == "courses" && len(parts) < 4 {
		return "a lesson, quiz or scenario stands in a module's folder, as in courses/onboarding/10-the-box/10-reading-a-box.md; directly in a course there is only index.md"
	}
	if parts[0] == "courses" {
		return "folders stand two deep under courses/: a course, and in it modules; move the file up"
	}
	known := []string{libraryFileName, "CHANGES.md", "standard", "courses", "certifications"}
	return fmt.Sprintf("no kind of file has this place; the layout is library.md, CHANGES.md, standard/*.md, courses/COURSE/MODULE/*.md and certifications/*.md%s",
		didYouMean(parts[0], known))
}

// requireIndexes sees that library.md and the pages of courses and modules
// are there.
func (l *loader) requireIndexes() {
	if l.files[libraryFileName] == nil {
		l.fileError(libraryFileName, "missing-file", "the content folder has no library.md; it holds the company, the calendar and the dimensions, and nothing can be read without it")
	}
	reported := map[string]bool{}
	for _, src := range l.sources {
		if !strings.HasPrefix(src.File, "courses/") {
			continue
		}
		parts := strings.Split(src.File, "/")
		for n := 2; n < len(parts); n++ {
			index := path.Join(path.Join(parts[:n]...), "index.md")
			if l.files[index] == nil && !reported[index] {
				reported[index] = true
				l.fileError(index, "missing-file", "the folder has no index.md; it needs one with a title: and a summary: in its front matter, and an introduction")
			}
		}
	}
}
