package content

import (
	"io/fs"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/standard"
)

// Options are what a Library depends on beside its files.
type Options struct {
	// Now picks the day for dated figures, in the library's time zone.
	Now time.Time
	// Since is the state that was published last, for findings about what has
	// changed since; nil leaves these out. The library doesn't depend on it.
	Since *Library
}

// A loader is the state of one Load. Between the passes one goroutine writes
// it. While lessons and quizzes are rendered, files are shared out among
// goroutines, and whoever handles a file writes nothing but findings, what
// hangs on that file's source, and what it returns.
type loader struct {
	fsys    fs.FS
	now     time.Time
	since   *Library // published before; may be nil
	report  *report
	lib     *Library // being filled
	sources []*source
	files   map[string]*source // by path, drafts too
	others  map[string]bool    // paths of all files that are not Markdown
	assets  assetCache

	location   *time.Location // of the library, never nil
	today      standard.Day   // in location
	dimensions []standard.Dimension
	pages      pagesFront
}

// Load reads a whole content tree. The library is nil when any finding is
// an error; findings are sorted by file, line and column.
func Load(fsys fs.FS, opt Options) (*Library, []Finding) {
	l := newLoader(fsys, opt)
	l.walk()
	if l.files[libraryFileName] != nil {
		l.parse()
		l.declare()
		l.standardFiles()
		l.courseFiles()
		l.otherFiles()
		l.unusedAssets()
		l.crossRules()
	}
	findings := l.report.sorted()
	if l.files[libraryFileName] == nil { // most likely another folder was meant, so the rest says nothing
		findings = slices.DeleteFunc(findings, func(f Finding) bool { return f.File != libraryFileName && f.Rule != "unreadable" })
	}
	if slices.ContainsFunc(findings, func(f Finding) bool { return f.Error }) {
		return nil, findings
	}
	l.freeze()
	return l.lib, findings
}

func newLoader(fsys fs.FS, opt Options) *loader {
	l := &loader{
		fsys: fsys, now: opt.Now, since: opt.Since, report: &report{}, files: map[string]*source{},
		others: map[string]bool{}, location: time.UTC,
		lib: &Library{
			Location: time.UTC,
			clauses:  map[string]*Clause{}, oldClauses: map[string]*Clause{}, quizzes: map[string]*Quiz{}, scenarios: map[string]*Scenario{}, lessons: map[string]*Lesson{},
			modules: map[string]*Module{}, courses: map[string]*Course{}, offerings: map[string]*Offering{},
			practices: map[string]*Practice{}, certifications: map[string]*certify.Certification{}, assets: map[string]*Asset{},
		},
	}
	l.assets.byPath, l.assets.failed = map[string]*loadedAsset{}, map[string]error{}
	return l
}

// parse is the first half of every file: limits, then goldmark, then what
// can be said of a file alone.
func (l *loader) parse() {
	each(len(l.sources), func(i int) { l.parseFile(l.sources[i]) })
}

func (l *loader) parseFile(src *source) {
	src.Doc, src.Refused = emptyDocument(), true
	if !l.isText(src) {
		return
	}
	if src.Kind != changesKind && l.frontMatter(src) == nil && src.Body.From == 0 && src.Front.To == 0 && src.opensFront() {
		return // nothing closes the front matter: none of it is Markdown
	}
	if !l.withinLimits(src) {
		return
	}
	src.Refused = false
	src.Doc = parseMarkdown(src.body())
	l.prepare(src)
}

// otherFiles reads the files that only refer to others: certifications, the
// changes and the library's own text.
func (l *loader) otherFiles() {
	for _, src := range l.sources {
		switch src.Kind {
		case certificationKind:
			l.certificationFile(src)
		case changesKind:
			l.changesFile(src)
		case libraryKind:
			l.lib.About = l.render(src, blocks(src.Doc)...)
		}
	}
}

// each calls do for 0..n-1 from as many goroutines as there are processors.
func each(n int, do func(int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
}
