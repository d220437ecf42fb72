package server

import (
	"net/http"
	"slices"
)

// A route is one row of the table: nothing is reachable that is not here.
type route struct {
	method, path string
	who          access
	handle       func(*request) error
}

func (s *Server) routes() []route {
	return slices.Concat(s.readersRoutes(), s.channelRoutes(), s.keepersRoutes())
}

// readersRoutes are for whoever comes to learn, to look up, to be certified.
func (s *Server) readersRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/healthz", anyone, s.alive},
		{get, "/readyz", anyone, s.ready},
		{get, "/static/*file", anyone, s.staticFile},
		{get, "/favicon.ico", anyone, s.favicon},
		{get, "/assets/:hash/:name", anyone, s.asset},

		{get, "/login", anyone, s.loginPage},
		{post, "/login", anyone, s.login},
		{post, "/logout", signedIn, s.logout},
		{get, "/setup/:token", anyone, s.setupPage},
		{post, "/setup/:token", anyone, s.setup},
		{get, "/welcome/:token", anyone, s.welcomePage},
		{post, "/welcome/:token", anyone, s.welcome},

		{get, "/", signedIn, s.home},
		{get, "/me", signedIn, s.me},
		{post, "/me", signedIn, s.saveMe},
		{post, "/me/password", signedIn, s.changePassword},
		{post, "/me/sessions", signedIn, s.endSessions},

		{get, "/courses", signedIn, s.courses},
		{get, "/courses/:course", signedIn, s.course},
		{get, "/courses/:course/:module", signedIn, s.module},
		{get, "/courses/:course/:module/:lesson", signedIn, s.lesson},
		{post, "/courses/:course/:module/:lesson/done", signedIn, s.lessonDone},
		{get, "/courses/:course/:module/:lesson/checks/:n", signedIn, s.lessonCheckAgain},
		{post, "/courses/:course/:module/:lesson/checks/:n", signedIn, s.lessonCheck},

		{get, "/quizzes/:quiz", asRep, s.quizCover},
		{post, "/quizzes/:quiz/attempts", asRep, s.startAttempt},
		{get, "/scenarios/:scenario", asRep, s.scenarioCover},
		{post, "/scenarios/:scenario/attempts", asRep, s.startPlay},
		{get, "/attempts/:id", asRep, s.attempt},
		{post, "/attempts/:id/answers", asRep, s.saveAnswers},
		{get, "/attempts/:id/review", asRep, s.reviewAttempt},
		{post, "/attempts/:id/submit", asRep, s.submitAttempt},
		{post, "/attempts/:id/choose", asRep, s.choose},
		{get, "/attempts/:id/result", signedIn, s.result},

		{get, "/certifications/:id", signedIn, s.certification},
		{post, "/certifications/:id/renew", asRep, s.renew},
		{get, "/certificates", signedIn, s.certificates},
		{get, "/certificates/:id", signedIn, s.certificate},
		{get, "/verify/:id", anyone, s.verify},

		{get, "/offerings", signedIn, s.offerings},
		{get, "/offerings/:id", signedIn, s.offering},
		{get, "/can-sell", signedIn, s.canSell},
		{get, "/practices/:id", signedIn, s.practice},
		{get, "/changes", signedIn, s.changes},
		{get, "/search", signedIn, s.search},
		{get, "/help", signedIn, s.help},
		{get, "/help/design", asAuthor, s.design},
		{get, "/help/:page", signedIn, s.helpPage},
	}
}

// keepersRoutes are for those who look after people and content.
func (s *Server) keepersRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/team", asManager, s.team},
		{get, "/team/:person", asManager, s.transcript},
		{post, "/team/:person/grants", asManager, s.grant},
		{post, "/team/:person/signoffs", asManager, s.signOff},

		{get, "/insights", asAnalyst, s.insights},
		{get, "/insights/limits", asAnalyst, s.limits},
		{get, "/insights/clauses", asAnalyst, s.unclear},
		{get, "/insights/limits/:offering/:dimension", asAnalyst, s.limit},

		{get, "/author", asAuthor, s.author},
		{get, "/admin/people", asAdmin, s.adminPeople},
		{post, "/admin/people", asAdmin, s.addPerson},
		{get, "/admin/profiles", asAdmin, s.adminProfiles},
		{get, "/admin/profiles/:profile", asAdmin, s.adminProfile},
	}
}

// channelRoutes are customers, and what they need beyond the box. Who may write
// what is a rule of package standard, for it depends on the account or request.
func (s *Server) channelRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/accounts", signedIn, s.accounts},
		{post, "/accounts", signedIn, s.addAccount},
		{get, "/accounts/:id", signedIn, s.account},
		{post, "/accounts/:id", signedIn, s.coverAccount},
		{post, "/accounts/:id/notes", signedIn, s.addNote},
		{post, "/accounts/:id/requirements", signedIn, s.keepRequirements},

		{get, "/requests", signedIn, s.requests},
		{get, "/requests/new", signedIn, s.newRequest},
		{post, "/requests", signedIn, s.raiseRequest},
		{get, "/requests/:id", signedIn, s.request},
		{get, "/requests/:id/scenario.md", asAuthor, s.scenarioDraft},
		{get, "/requests/:id/promote", asAuthor, s.promotion},
		{post, "/requests/:id/promote", asAuthor, s.promote},
		{post, "/requests/:id/voices", signedIn, s.addVoice},
		{post, "/requests/:id/comments", signedIn, s.addComment},
		{post, "/requests/:id/delegate", signedIn, s.delegate},
		{post, "/requests/:id/decision", signedIn, s.decide},
		{post, "/requests/:id/acknowledgements", signedIn, s.acknowledge},
		{post, "/requests/:id/seen", signedIn, s.seeRequest},

		{post, "/clauses/:of/:anchor/doubts", signedIn, s.doubtClause},
		{post, "/clauses/:of/:anchor/answers", signedIn, s.answerClause},

		{get, "/handoffs", signedIn, s.handoffs},
		{get, "/handoffs/new", signedIn, s.newHandoff},
		{post, "/handoffs", signedIn, s.beginHandoff},
		{get, "/handoffs/:id", signedIn, s.handoff},
		{get, "/handoffs/:id/meeting.ics", signedIn, s.handoffMeeting},
		{post, "/handoffs/:id", signedIn, s.changeHandoff},
		{post, "/handoffs/:id/lines", signedIn, s.changeLines},
		{post, "/handoffs/:id/settlings", signedIn, s.settleHandoff},
		{post, "/handoffs/:id/sign", signedIn, s.signHandoff},
		{post, "/handoffs/:id/again", signedIn, s.repeatHandoff},

		{get, "/briefs", signedIn, s.briefs},
		{get, "/briefs/new", signedIn, s.newBrief},
		{post, "/briefs", signedIn, s.sendBrief},
		{get, "/briefs/:id", signedIn, s.brief},
		{get, "/briefs/:id/meeting.ics", signedIn, s.briefMeeting},
		{post, "/briefs/:id", signedIn, s.completeBrief},
		{post, "/briefs/:id/answer", signedIn, s.answerBrief},
		{post, "/briefs/:id/close", signedIn, s.closeBrief},
		{post, "/briefs/:id/outcome", signedIn, s.judgeBrief},
	}
}
