package server

import (
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/templates/words"
)

// A lessonShell is a lesson's page, executed once and cut at its marks, with
// every variant of the parts that depend on the person.
type lessonShell struct {
	page   *split
	steps  []stepShell
	rep    endShell
	reader endShell // of one who only reads
}

// An endShell is what depends on whether the lesson is read, and on how far in
// the module one is.
type endShell struct {
	unread   *split   // the form that marks it read
	read     *split   // the note that it is read, with a mark for the day, and the way on
	progress []*piece // by how many steps of the module are done
}

// A stepShell is one line of the module's path in its variants.
type stepShell struct {
	lesson, exercise   string // id, or key
	open, done, waived *piece
}

// lessonPage is what the lesson template is executed with.
type lessonPage struct {
	Lesson  *content.Lesson
	Module  *content.Module
	Eyebrow string
	Blocks  []lessonBlock
}

// A lessonBlock is a run of HTML or a self-check.
type lessonBlock struct {
	HTML  string
	Check *checkView
}

// A checkView is one self-check's form.
type checkView struct {
	N        int
	Lang     string // of the page, where the lesson is in another one
	Action   string
	Stem     string
	Multiple bool
	Options  []string
	Answer   template.HTML // a mark where the answer comes
}

// lessonKey names a lesson's page in one language.
type lessonKey struct{ language, lesson string }

// prepareLessons makes the pages of all lessons in the library's language, so
// that what is broken shows at the start; other languages follow when they are
// first asked for.
func (s *Server) prepareLessons(v *view) error {
	say := v.words.Match(v.lib.Locale)
	for _, ls := range v.lib.Lessons() {
		if _, err := s.lessonShell(v, say, ls); err != nil {
			return err
		}
	}
	return nil
}

// lessonShell is a lesson's page in a language.
func (s *Server) lessonShell(v *view, say *words.Language, ls *content.Lesson) (*lessonShell, error) {
	key := lessonKey{say.Tag, ls.ID}
	if shell, ready := v.lessons.Load(key); ready {
		return shell.(*lessonShell), nil
	}
	shell, err := s.prepareLesson(v, say, ls)
	if err != nil {
		return nil, fmt.Errorf("prepare lesson %s in %s: %w", ls.File, say.Tag, err)
	}
	v.lessons.Store(key, shell)
	return shell, nil
}

func (s *Server) prepareLesson(v *view, say *words.Language, ls *content.Lesson) (*lessonShell, error) {
	pages := v.pages(say)
	lay := v.frame(say, ls.Title)
	lay.Top, lay.Dev = mark("top"), s.cfg.Dev
	lay.Marked = mark("notices")
	page, err := pages.execute("lesson", root{Layout: lay, Body: newLessonPage(say, v.lib.Locale, ls)})
	if err != nil {
		return nil, err
	}
	shell := &lessonShell{page: cut(page)}
	if shell.steps, err = prepareSteps(pages, learner{say: say}, ls); err != nil {
		return nil, err
	}
	if shell.rep, err = prepareEnd(pages, learner{say: say}, ls); err != nil {
		return nil, err
	}
	shell.reader, err = prepareEnd(pages, learner{say: say, readsOnly: true}, ls)
	return shell, err
}

// A lessonEnd is what the end of a lesson's page is executed with.
type lessonEnd struct {
	URL, Done string // where "done" is sent, and what it says
	Next      string // where the page leads on when the lesson is read
	NextTitle string
}

// A moduleProgress is how far one is in a module.
type moduleProgress struct {
	Done, Total int
	Pips        []string
}

func prepareEnd(p *pages, l learner, ls *content.Lesson) (end endShell, err error) {
	data := lessonEnd{URL: ls.URL, Done: doneWord(ls, l)}
	data.Next, data.NextTitle = afterLesson(ls, l)
	if end.unread, err = p.cutPartial("lesson-unread", data); err != nil {
		return end, err
	}
	if end.read, err = p.cutPartial("lesson-read", data); err != nil {
		return end, err
	}
	_, total := l.progress(ls.Module)
	for done := range total + 1 {
		out, err := p.fragment("module-progress", moduleProgress{done, total, pips(done, total)})
		if err != nil {
			return end, err
		}
		end.progress = append(end.progress, newPiece([]byte(out)))
	}
	return end, nil
}

func doneWord(ls *content.Lesson, l learner) string {
	switch {
	case ls.Next != nil && ls.Next.Module == ls.Module:
		return l.say.T("lesson.done.next-lesson")
	case len(l.exercises(ls.Module)) > 0 && ls.Module.Exercises()[0].Scenario != nil:
		return l.say.T("lesson.done.scenario")
	case len(l.exercises(ls.Module)) > 0:
		return l.say.T("lesson.done.quiz")
	default:
		return l.say.T("lesson.done.done")
	}
}

func (p *pages) cutPartial(name string, data any) (*split, error) {
	out, err := p.fragment(name, data)
	return cut([]byte(out)), err
}

func newLessonPage(say *words.Language, locale string, ls *content.Lesson) lessonPage {
	m := ls.Module
	p := lessonPage{Lesson: ls, Module: m}
	p.Eyebrow = say.T("lesson.eyebrow", "Number", ls.Number, "Total", len(m.Lessons), "Time", say.T("learn.minutes", "N", ls.Minutes))
	for _, b := range ls.Blocks {
		block := lessonBlock{HTML: b.HTML}
		if b.Check > 0 {
			block.Check = newCheckView(ls, b.Check)
			if say.Tag != locale {
				block.Check.Lang = say.Tag
			}
		}
		p.Blocks = append(p.Blocks, block)
	}
	return p
}

func newCheckView(ls *content.Lesson, n int) *checkView {
	item := ls.Checks[n-1]
	c := &checkView{
		N: n, Action: ls.URL + "/checks/" + strconv.Itoa(n), Stem: item.Stem,
		Multiple: item.Kind == quiz.Multiple, Answer: mark("check:" + strconv.Itoa(n)),
	}
	for _, o := range item.Options {
		c.Options = append(c.Options, shownText(o))
	}
	return c
}

// prepareSteps renders each line of the module's path once for each state.
func prepareSteps(p *pages, nobody learner, here *content.Lesson) ([]stepShell, error) {
	say := nobody.say
	var shells []stepShell
	render := func(s step, class, icon, note string) (*piece, error) {
		s.Class, s.Icon, s.Note = strings.Replace(s.Class, "open", class, 1), icon, note
		out, err := p.fragment("path-step", s)
		return newPiece([]byte(out)), err
	}
	for _, ls := range here.Module.Lessons {
		s := nobody.lessonStep(ls, ls == here)
		shell := stepShell{lesson: ls.ID}
		var err1, err2, err3 error
		shell.open, err1 = render(s, "open", s.Icon, s.Note)
		shell.done, err2 = render(s, "done", "ok", say.T("learn.step.read"))
		shell.waived, err3 = render(s, "done", "half", say.T("learn.step.waived"))
		if err := firstError(err1, err2, err3); err != nil {
			return nil, err
		}
		shells = append(shells, shell)
	}
	for _, e := range here.Module.Exercises() {
		s := nobody.exerciseStep(e)
		shell := stepShell{exercise: e.Key()}
		var err1, err2 error
		shell.open, err1 = render(s, "open", s.Icon, s.Note)
		shell.done, err2 = render(s, "done", "ok", say.T("learn.step.passed"))
		if err := firstError(err1, err2); err != nil {
			return nil, err
		}
		shells = append(shells, shell)
	}
	return shells, nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// A lessonView is one visitor's view of a lesson.
type lessonView struct {
	*request
	shell    *lessonShell
	lesson   *content.Lesson
	learner  learner
	answered int           // which self-check was just answered; 0 none
	answer   template.HTML // what comes of it
	err      error
}

// sendLesson fills a lesson's page for the visitor and sends it.
func (r *request) sendLesson(ls *content.Lesson, answered int, answer template.HTML) error {
	shell, err := r.srv.lessonShell(r.view, r.say, ls)
	if err != nil {
		return err
	}
	lv := &lessonView{
		request: r, shell: shell, lesson: ls, answered: answered, answer: answer,
		learner: r.learner(programme.Recorded(r.who.ID, r.who.Record)),
	}
	buf := r.srv.pageBuffer()
	defer r.srv.buffers.Put(buf)
	lv.shell.page.fill(buf, lv.fill)
	if lv.err != nil {
		return lv.err
	}
	if r.Request.Method != http.MethodHead && takesGzip(r.GetHeader("Accept-Encoding")) {
		r.Header("Content-Encoding", "gzip")
		r.send(http.StatusOK, buf.packed())
		return nil
	}
	r.send(http.StatusOK, buf.Bytes())
	return nil
}

// pageBuffer is an empty buffer with room for a page: a fresh one for each
// request would be a third of a lesson page's work.
func (s *Server) pageBuffer() *pageBuffer {
	if buf, ok := s.buffers.Get().(*pageBuffer); ok {
		buf.Reset()
		return buf
	}
	buf := &pageBuffer{}
	buf.Grow(32 << 10)
	return buf
}

// fill writes what stands at one mark of the lesson's page.
func (lv *lessonView) fill(w *pageBuffer, name string) {
	kind, arg, _ := strings.Cut(name, ":")
	switch kind {
	case "top":
		bar, err := lv.view.topSplit(lv.say, lv.who.Roles, "learn")
		if err != nil {
			lv.err = err
			return
		}
		bar.fill(w, lv.fillTop)
	case "notices":
		lv.err = firstError(lv.err, lv.fillNotices(w))
	case "path":
		lv.fillPath(w)
	case "progress":
		lv.fillProgress(w)
	case "done":
		lv.fillDone(w)
	case "check":
		if strconv.Itoa(lv.answered) == arg {
			w.WriteString(string(lv.answer))
		}
	}
}

func (lv *lessonView) fillNotices(w *pageBuffer) error {
	lay := layout{Notice: noticeFor(lv.say, lv.Query("done")), Broken: lv.brokenFor()}
	if lay.Notice == nil && lay.Broken == 0 {
		return nil
	}
	out, err := lv.pages().fragment("notices", lay)
	w.WriteString(string(out))
	return err
}

func (lv *lessonView) fillPath(w *pageBuffer) {
	waived := lv.learner.waived(lv.lesson.Module)
	for _, s := range lv.shell.steps {
		switch {
		case s.exercise != "" && lv.learner.readsOnly:
		case s.lesson != "" && lv.learner.read(s.lesson), s.exercise != "" && lv.learner.passed(s.exercise):
			w.add(s.done)
		case s.lesson != "" && waived:
			w.add(s.waived)
		default:
			w.add(s.open)
		}
	}
}

// end is the variant for what this visitor does with lessons.
func (lv *lessonView) end() endShell {
	if lv.learner.readsOnly {
		return lv.shell.reader
	}
	return lv.shell.rep
}

func (lv *lessonView) fillProgress(w *pageBuffer) {
	done, _ := lv.learner.progress(lv.lesson.Module)
	w.add(lv.end().progress[done])
}

func (lv *lessonView) fillDone(w *pageBuffer) {
	at, read := time.Time{}, false
	if lv.who.Record != nil {
		at, read = lv.srv.prog.Read(&lv.who.Record.Evidence, lv.lesson.ID)
	}
	form := lv.end().unread
	if read {
		form = lv.end().read
	}
	form.fill(w, func(w *pageBuffer, name string) {
		if name == "progress" {
			lv.fillProgress(w)
			return
		}
		text(w, dayIn(lv.say, at, lv.zone()))
	})
}
