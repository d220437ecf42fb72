package content

import (
	"sync"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
	"github.com/insidebox/insidebox/standard"
)

// A Library is one loaded, validated and rendered state of all content, as
// it reads on one day. It never changes; many goroutines may read it. HTML in it is safe to send.
type Library struct {
	Hash       string       // of all source bytes: names the release
	Day        standard.Day // the day for which dated figures were resolved
	NextChange standard.Day // the next day on which a dated figure changes; zero if none

	Title, Company, Note, Locale string // Note: such as "a sample; no such company exists"
	About                        string // HTML of library.md's body
	Currency                     string // of sums: as declared, else the first that a dimension states; may be empty
	Location                     *time.Location
	Calendar                     standard.Calendar
	Dimensions                   []standard.Dimension // in the declared order
	BriefClause                  *Clause              // how operations is brought along to a meeting; nil where library.md names none

	Offerings      []*Offering // by file order
	Practices      []*Practice
	Courses        []*Course
	Certifications []*certify.Certification // as learners come to them
	Changes        []*Change                // newest first

	clauses        map[string]*Clause
	oldClauses     map[string]*Clause // by ids that they had before a heading was reworded
	quizzes        map[string]*Quiz
	scenarios      map[string]*Scenario
	lessons        map[string]*Lesson
	modules        map[string]*Module
	courses        map[string]*Course
	offerings      map[string]*Offering
	practices      map[string]*Practice
	certifications map[string]*certify.Certification
	assets         map[string]*Asset

	searchOnce  sync.Once
	index       *index
	books       books
	lexiconOnce sync.Once
	lexicon     *standard.Lexicon
}

// An Offering is an offering's box with its text.
type Offering struct {
	standard.Offering
	Summary       string // first paragraph, plain text
	Intro         string // HTML before the first clause
	Clauses       []*Clause
	Fits, History string // HTML; not clauses; may be empty
	URL           string
	File          string // path in the content tree
	Rev           string // hash of box and clause revisions
}

// A Practice is a set of rules of conduct: clauses without a box.
type Practice struct {
	ID, Title, Owner string
	Summary, Intro   string
	Clauses          []*Clause
	URL, File        string
}

// A Clause is an addressable statement of the standard.
type Clause struct {
	ID         string // "records-search/turnaround"
	Rev        string // see the package comment
	Of         string // id of its offering or practice
	OfTitle    string
	Anchor     string
	Title      string
	HTML       string    // body, without the heading
	Text       string    // plain text of the body
	URL        string    // "/offerings/records-search#turnaround"
	Dimensions []string  // those it states
	Figures    []string  // every box figure it states, as its revision hashes them
	Lessons    []*Lesson // that teach it, in course order
}

// A Course is an ordered path of modules.
type Course struct {
	ID, Title, Summary string   // ID is the URL slug: "onboarding"
	Audience           []string // rep, care, operations, manager
	Intro              string   // HTML of index.md
	Modules            []*Module
	URL, File          string
}

// A Module is a folder of lessons, quizzes and scenarios.
type Module struct {
	ID                   string // "onboarding/the-box"
	Slug, Title, Summary string
	Intro                string
	Course               *Course
	Number               int // from 1
	Lessons              []*Lesson
	Quizzes              []*Quiz
	Scenarios            []*Scenario
	URL, File            string
}

// A Lesson is one page to read.
type Lesson struct {
	ID                   string // "onboarding/the-box/reading-a-box"
	Slug, Title, Summary string
	Module               *Module
	Number               int // from 1 in its module
	Minutes              int
	Teaches              []*Clause
	Blocks               []Block      // the body, in order
	Contents             []Heading    // table of contents, levels 2 and 3
	Checks               []*quiz.Item // self-checks; Block.Check counts from 1 into it
	Prev, Next           *Lesson      // within the course; nil at its ends
	URL, File            string
}

// A Block is a run of HTML, or the place of a self-check.
type Block struct {
	HTML  string
	Check int // 0: HTML; n: Lesson.Checks[n-1]
}

// A Heading is one entry of a table of contents.
type Heading struct {
	Level    int
	ID, Text string
}

// A Quiz is a quiz with its place in a course.
type Quiz struct {
	quiz.Quiz
	Module    *Module
	URL, File string // URL "/quizzes/the-box-check"
}

// A Scenario is a scenario, ready to be played, with its place in a course.
type Scenario struct {
	scenario.Scenario
	Module    *Module
	URL, File string // URL "/scenarios/first-call"
}

// An Asset is an image or download that lies beside the text.
type Asset struct {
	URL   string // "/assets/<hash>/<name>"
	Name  string
	Type  string // media type
	Bytes []byte
	File  string
}

// A Change is one entry of CHANGES.md.
type Change struct {
	Day   standard.Day
	Title string
	Lines []ChangeLine
	Why   string // HTML
}

// A ChangeLine classes the change of one clause.
type ChangeLine struct {
	Class  string // editorial, material, critical
	Clause string // clause id
	HTML   string // the whole line
}

// Clause returns the clause with this id, or with an id that it had before,
// or nil.
func (l *Library) Clause(id string) *Clause {
	if c := l.clauses[id]; c != nil {
		return c
	}
	return l.oldClauses[id]
}

// Quiz returns the quiz with this id, or nil.
func (l *Library) Quiz(id string) *Quiz { return l.quizzes[id] }

// Scenario returns the scenario with this id, or nil.
func (l *Library) Scenario(id string) *Scenario { return l.scenarios[id] }

// Lesson returns the lesson with this id, or nil.
func (l *Library) Lesson(id string) *Lesson { return l.lessons[id] }

// Module returns the module with this id, or nil.
func (l *Library) Module(id string) *Module { return l.modules[id] }

// Course returns the course with this id, or nil.
func (l *Library) Course(id string) *Course { return l.courses[id] }

// Offering returns the offering with this id, or nil.
func (l *Library) Offering(id string) *Offering { return l.offerings[id] }

// Practice returns the practice with this id, or nil.
func (l *Library) Practice(id string) *Practice { return l.practices[id] }

// Certification returns the certification with this id, or nil.
func (l *Library) Certification(id string) *certify.Certification { return l.certifications[id] }

// Asset returns the image or download under this address, or nil.
func (l *Library) Asset(url string) *Asset { return l.assets[url] }

// TierName is how people read a tier's name: as a value of that name is shown,
// else as it is written.
func (l *Library) TierName(tier string) string {
	for _, d := range l.Dimensions {
		if name := d.Names[tier]; name != "" {
			return name
		}
	}
	return tier
}
