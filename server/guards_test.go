package server_test

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// A guard is an expression that keeps somebody from what is not hers. A run of
// .ci/mutate takes each one away and wants a test to see it.
type guard struct {
	name    string   // in a few words, said by the run
	where   string   // file and function: "programme/take.go Own"
	text    string   // as it stands there; with the statement before an if's condition where that is needed
	without string   // what would stand there without the guard
	tests   []string // of which one sees it: "TestPolicy/GET_team", or with a room: "people TestSignIn"
	nth     int      // which of several that read the same; 0 is the only one
	along   []string // guards behind it, which hold by themselves: these are taken away with it
	asks    string   // the call before it whose answer it looks at
}

const (
	looks   = "TestPolicy/GET_certificates_id"
	results = "TestPolicy/GET_attempts_id_result"
	plays   = "TestWebScripts/scenario-fail"
)

// guards are all of them but the route table's, which routeGuards reads.
var guards = []guard{
	{name: "the route's rule", where: "server/server.go enter", text: "!rt.who.allows(who)", without: "false", tests: []string{"TestPolicy/GET_team"}},
	{name: "nobody is signed in", where: "server/server.go enter", text: "who == nil", without: "false", tests: []string{"TestPolicy/GET_"}},
	{name: "role rep", where: "server/access.go allows", text: "v.has(people.RoleRep)", without: "true", tests: []string{"TestPolicy/GET_quizzes_quiz"}},
	{name: "role manager", where: "server/access.go allows", text: "v.has(people.RoleManager) || v.has(people.RoleAdmin)", without: "true", tests: []string{"TestPolicy/GET_team"}},
	{name: "role author", where: "server/access.go allows", text: "v.has(people.RoleAuthor) || v.has(people.RoleAdmin)", without: "true", tests: []string{"TestPolicy/GET_author"}},
	{name: "role admin", where: "server/access.go allows", text: "v.has(people.RoleAdmin)", without: "true", nth: 3, tests: []string{"TestPolicy/GET_admin_people"}},
	{name: "role of who leads, writes or reviews", where: "server/access.go allows", text: "v.has(people.RoleManager) || v.has(people.RoleAuthor) || v.has(people.RoleAdmin) || len(v.Reviewer()) > 0", without: "true", tests: []string{"TestPolicy/GET_insights_limits"}},
	{name: "answers to clauses: who may", where: "programme/doubt.go AnswerDoubts", text: "!p.MayAnswer(by, clause)", without: "false", tests: []string{"TestPolicy/POST_clauses_of_anchor_answers"}},
	{name: "answers to clauses: authors", where: "programme/doubt.go MayAnswer", text: "who.Has(people.RoleAuthor) || who.Has(people.RoleAdmin)", without: "true", tests: []string{"TestPolicy/POST_clauses_of_anchor_answers"}},
	{name: "answers to clauses: the owner", where: "programme/doubt.go MayAnswer", text: "ActorOf(who).Speaks(standard.OwnerOf(owner))", without: "true", tests: []string{"TestPolicy/POST_clauses_of_anchor_answers"}},
	{name: "a manager is no admin", where: "server/access.go allows", text: "v.has(people.RoleAdmin)", without: "v.has(people.RoleManager)", nth: 3, tests: []string{"TestPolicy/GET_admin_people"}},

	{name: "own attempt: read", where: "programme/take.go Own", text: "a.Person != person", without: "false", tests: []string{"TestPolicy/GET_attempts_id"}},
	{name: "own attempt: saved", where: "programme/take.go Save", text: "a.Person != person", without: "false", tests: []string{"TestPolicy/POST_attempts_id_answers"}},
	{name: "answers carried through a sign-in: by a rep", where: "server/signin.go keepCarried", text: "!asRep.allows(&visitor{Person: p})", without: "false", tests: []string{"TestCarriedWithoutTheRole"}},
	{name: "own or managed attempt: whose", where: "server/result.go viewable", text: "a.Person == r.who.ID", without: "true", tests: []string{results}},
	{name: "own or managed attempt: managed", where: "server/result.go viewable", text: "_, err := s.managed(r, a.Person); err != nil", without: "false", tests: []string{results}},
	{name: "practice is her own", where: "server/result.go result", text: "a.Practice() && !mine", without: "false", tests: []string{results}},
	{name: "an open attempt is her own", where: "server/result.go result", text: "mine", nth: 3, without: "true", tests: []string{results}},
	{name: "own or managed certificate: whose", where: "server/certificates.go certificate", text: "c.Person != r.who.ID", without: "false", tests: []string{looks}},
	{name: "own or managed certificate: managed", where: "server/certificates.go certificate", text: "_, err := s.managed(r, c.Person); err != nil", without: "false", tests: []string{looks}},
	{name: "transcript: managed", where: "server/transcript.go transcript", text: "err != nil", without: "false", asks: `s.managed(r, r.Param("person"))`, tests: []string{"TestPolicy/GET_team_person"}},
	{name: "manager's form: managed", where: "server/transcript.go managerForm", text: `p, err = s.managed(r, r.Param("person")); err != nil`, without: "false", tests: []string{"TestPolicy/POST_team_person_grants"}},
	{name: "nobody signs herself off", where: "programme/record.go SignOff", text: "by == person", without: "false", tests: []string{"TestNobodyVouchesForHerself"}},
	{name: "nobody grants herself an attempt", where: "programme/record.go Grant", text: "by == person", without: "false", tests: []string{"TestNobodyVouchesForHerself"}},
	{name: "an admin manages all, and nobody else", where: "server/team.go managed", text: "r.who.has(people.RoleAdmin)", without: "true", tests: []string{"TestPolicy/GET_team_person"}},
	{name: "manages her", where: "server/team.go managed", text: "err == nil && !may", without: "false", asks: "s.prog.People.MayManage(r.Request.Context(), r.who.Person, p)", tests: []string{"TestPolicy/GET_team_person"}},
	{name: "who manages has the role", where: "server/team.go managed", text: "!asManager.allows(r.who)", without: "false", along: []string{"may manage: role", "managed by: role"}, tests: []string{looks}},
	{name: "may manage: role", where: "people/team.go MayManage", text: "!p.Has(RoleManager)", without: "false", along: []string{"who manages has the role", "managed by: role"}, tests: []string{looks}},
	{name: "may manage: named", where: "people/team.go MayManage", text: "t.ManagedBy(p)", without: "true", tests: []string{"TestPolicy/GET_team_person"}},
	{name: "managed by: role", where: "people/team.go ManagedBy", text: "p.Has(RoleManager)", without: "true", along: []string{"who manages has the role", "may manage: role"}, tests: []string{looks}},
	{name: "managed by: named", where: "people/team.go ManagedBy", text: "slices.Contains(t.Managers, p.ID)", without: "true", tests: []string{"TestPolicy/GET_team_person"}},
	{name: "teams: role", where: "people/team.go Managed", text: "!p.Has(RoleManager)", without: "false", along: []string{"managed by: role"}, tests: []string{"TestRolesHoldAtTheNextRequest"}},
	{name: "teams: named", where: "people/team.go Managed", text: "t.ManagedBy(p)", without: "true", tests: []string{"TestRolesHoldAtTheNextRequest"}},
	{name: "board: an admin sees all teams, and nobody else", where: "server/team.go teamsOf", text: "r.who.has(people.RoleAdmin)", without: "true", tests: []string{"TestPolicy/GET_team"}},
	{name: "board: no team of hers", where: "server/board.go team", text: `page.Team == nil && r.Query("team") != ""`, without: "false", tests: []string{"TestPolicy/GET_team"}},
	{name: "card: no team of hers", where: "server/offeringcleared.go teamOnCard", text: `team == ""`, without: "false", tests: []string{"TestPolicy/GET_offerings_id"}},
	{name: "card: a colleague sees no more than who is cleared", where: "server/offeringcleared.go add", text: "holds", nth: 2, without: "true", tests: []string{"TestWebScripts/offerings"}},
	{name: "card: a colleague sees no others", where: "server/offeringcleared.go add", text: "t.Manages", without: "true", tests: []string{"TestWebScripts/offerings"}},
	{name: "debrief: the best path is for the player", where: "server/debrief.go showDebrief", text: "mine", nth: 3, without: "true", tests: []string{plays}},
	{name: "result: a manager sees no key", where: "server/result.go resultOf", text: "!mine", nth: 1, without: "false", tests: []string{"TestManagersSeeNoKey"}},
	{name: "result: a manager sees no right choices", where: "server/result.go resultOf", text: "!mine", nth: 2, without: "false", tests: []string{"TestManagersSeeNoKey"}},
	{name: "account: who may write", where: "programme/account.go changeAccount", text: "!a.MayWrite(by)", without: "false", along: []string{"account's form: who may write"}, tests: []string{"TestPolicy/POST_accounts_id_notes"}},
	{name: "account's form: who may write", where: "server/accountpage.go accountToWrite", text: "!a.MayWrite(r.who.Person)", without: "false", along: []string{"account: who may write"}, tests: []string{"TestPolicy/POST_accounts_id_notes"}},
	{name: "handoff: who may write", where: "programme/handoff_acts.go ChangeHandoff", text: "!ActorOf(by).MayEdit(&a.Account)", without: "false", along: []string{"handoff's form: who may write"}, tests: []string{"TestPolicy/POST_handoffs_id_lines"}},
	{name: "handoff's form: who may write", where: "server/handoffforms.go handoffToWrite", text: "!programme.ActorOf(r.who.Person).MayEdit(&a.Account)", without: "false", along: []string{"handoff: who may write"}, tests: []string{"TestPolicy/POST_handoffs_id_lines"}},
	{name: "brief: whose", where: "programme/brief.go ChangeBrief", text: "errors.Is(err, standard.ErrNotHers)", without: "false", along: []string{"brief's form: whose"}, tests: []string{"TestPolicy/POST_briefs_id_answer"}},
	{name: "brief's form: whose", where: "server/briefforms.go briefToChange", text: "errors.Is(may(&b.Brief, programme.ActorOf(r.who.Person), r.now), standard.ErrNotHers)", without: "false", along: []string{"brief: whose"}, tests: []string{"TestPolicy/POST_briefs_id_close"}},
	{name: "own session ends: this one", where: "people/session.go SignOut", text: "subtle.ConstantTimeCompare(one.Hash, digest(secret)) == 1", without: "false", tests: []string{"TestSessions"}},
	{name: "own session ends: one elsewhere", where: "people/session.go EndSession", text: "one.ID == session", without: "false", tests: []string{"TestPolicy/GET_"}},
	{name: "own session ends: all elsewhere", where: "people/session.go SignOutEverywhere", text: "subtle.ConstantTimeCompare(one.Hash, keep) != 1", without: "false", tests: []string{"TestPolicy/GET_"}},

	{name: "the session holds", where: "server/session.go visitor", text: "!ok", nth: 2, without: "false", asks: "s.prog.People.Lookup(person, secret)", tests: []string{"TestPolicy/GET_"}},
	{name: "the cookie's secret", where: "people/session.go session", text: "subtle.ConstantTimeCompare(hash, p.Sessions[i].Hash) == 1", without: "true", tests: []string{"TestSessions"}},
	{name: "disabled: at each request", where: "people/session.go Lookup", text: "p.Disabled", without: "false", along: []string{"disabled: sessions end"}, tests: []string{"TestPolicy/GET_"}},
	{name: "disabled: sessions end", where: "people/person.go derive", text: "p.Disabled", without: "false", along: []string{"disabled: at each request"}, tests: []string{"TestPolicy/GET_"}},
	{name: "disabled: no role", where: "people/person.go Has", text: "!p.Disabled", without: "true", tests: []string{"people TestLastAdmin", "people TestTeams"}},
	{name: "disabled: no sign-in", where: "people/signin.go verify", text: "p.Disabled", without: "false", along: []string{"disabled: no session"}, tests: []string{"people TestSignInRefuses"}},
	{name: "disabled: no session", where: "people/signin.go open", text: "p.Disabled", without: "false", along: []string{"disabled: no sign-in"}, tests: []string{"people TestSignInRefuses"}},
	{name: "disabled: no link", where: "people/link.go Invite", text: "p.Disabled", without: "false", tests: []string{"people TestInvite", "people TestInviteEnds"}},
	{name: "disabled: the link is over", where: "people/link.go Invited", text: "p.Disabled", without: "false", along: []string{"disabled: sessions end", "disabled: no session"}, tests: []string{"people TestInviteEnds"}},
	{name: "session: expired", where: "people/session.go Lookup", text: "found.Live(s.now())", without: "true", tests: []string{"people TestSessionLifetimes"}},
	{name: "session: idle", where: "people/session.go Live", text: "now.Before(s.Seen.Add(IdleLifetime))", without: "true", tests: []string{"people TestSessionLifetimes"}},
	{name: "session: old", where: "people/session.go Live", text: "now.Before(s.Created.Add(SessionLifetime))", without: "true", tests: []string{"people TestSessionLifetimes"}},
	{name: "session: an old one is not seen again", where: "people/session.go Touch", text: "p.Sessions[i].Live(now)", without: "true", tests: []string{"people TestTouchTooLate"}},
	{name: "link: its secret", where: "people/link.go matches", text: "subtle.ConstantTimeCompare(digest(secret), l.Hash) == 1", without: "true", tests: []string{"people TestInvite"}},
	{name: "link: expired", where: "people/link.go matches", text: "now.Before(l.Expires)", without: "true", tests: []string{"people TestInviteEnds"}},
	{name: "link: shown", where: "people/link.go Invited", text: "!p.Link.matches(secret, s.now())", without: "false", tests: []string{"people TestInvite"}},
	{name: "link: used once", where: "people/link.go Redeem", text: "!p.Link.matches(secret, s.now())", without: "false", tests: []string{"people TestInvite"}},
	{name: "first admin: there is one", where: "people/setup.go CheckSetup", text: "has", nth: 2, without: "false", along: []string{"first admin: her link"}, tests: []string{"people TestSetup"}},
	{name: "first admin: her link", where: "people/setup.go CheckSetup", text: "!d.opens(token, s.now())", without: "false", tests: []string{"people TestSetup"}},
	{name: "first admin: her link once", where: "people/setup.go useSetup", text: "!d.opens(token, s.now())", without: "false", tests: []string{"people TestSetup"}},
	{name: "first admin: which link", where: "people/setup.go opens", text: "l.matches(token, now)", without: "true", tests: []string{"people TestSetup"}},
	{name: "the password", where: "people/signin.go verify", text: "!ok", without: "false", tests: []string{"TestTooManyTries"}},
	{name: "the password, as it is now", where: "people/signin.go SignIn", text: "now.Password != p.Password", without: "false", tests: []string{"people TestSignInWhileThePasswordChanges"}},
	{name: "the present password", where: "people/password.go ChangePassword", text: "err := s.verify(ctx, p, p.Email, current, addr); err != nil", without: "false", tests: []string{"TestPolicy/POST_me_password"}},
	{name: "too many tries from an address", where: "people/throttle.go begin", text: "d := mine.DelayFrom(now); d > 0", without: "false", tests: []string{"TestTooManyTries"}},
	{name: "too many tries from everywhere", where: "people/throttle.go begin", text: "d := everyones.DelayFrom(now); d > 0", without: "false", tests: []string{"people TestThrottleFromEverywhere"}},

	{name: "another site's form", where: "server/security.go crossOrigin", text: "guard.Handler(next)", without: "next", tests: []string{"TestCrossSite"}},
	{name: "the body's limit", where: "server/server.go guard", text: "limitBody(crossOrigin)", without: "crossOrigin", tests: []string{"TestHeadersOnEveryAnswer"}},
	{name: "ordinary forms only", where: "server/forms.go form", text: `kind != "" && kind != binding.MIMEPOSTForm`, without: "false", tests: []string{"TestHeadersOnEveryAnswer"}},
	{name: "no form of no kind", where: "server/forms.go form", text: `kind == "" && r.Request.ContentLength != 0`, without: "false", tests: []string{"TestHostileBodies"}},
	{name: "clean text only", where: "server/forms.go form", text: "!utf8.ValidString(v) || strings.ContainsRune(v, 0)", without: "false", tests: []string{"TestWebScripts/bad-forms"}},
	{name: "next: of this site", where: "server/security.go localPath", text: `!strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\t\r\n")`, without: "false", tests: []string{"TestOnlyPathsOfThisSite"}},
	{name: "next: no control characters", where: "server/security.go localPath", text: "c < 0x20 || c == 0x7f", without: "false", tests: []string{"TestOnlyPathsOfThisSite"}},
	{name: "cookie: out of scripts' reach", where: "server/session.go newCookieStore", text: "true", nth: 1, without: "false", tests: []string{"TestCookies"}},
	{name: "cookie: over TLS alone", where: "server/session.go newCookieStore", text: "true", nth: 2, without: "false", tests: []string{"TestCookies"}},
	{name: "cookie: not from other sites' forms", where: "server/session.go newCookieStore", text: "http.SameSiteLaxMode", without: "http.SameSiteNoneMode", tests: []string{"TestCookies"}},
	{name: "only a trusted proxy is believed", where: "server/server.go engine", text: "s.cfg.Proxies", without: `[]string{"0.0.0.0/0"}`, tests: []string{"TestTooManyTries", "TestTrustedProxies"}},
	{name: "reloading is for authors at work", where: "server/server.go table", text: "s.cfg.Dev", without: "true", tests: []string{"TestDevEvents"}},
}

// noGuards are functions that ask the same questions for another reason.
var noGuards = map[string]string{
	"server/requestpage.go fillSaid": "shows links to pages whose routes are guarded",
	"server/requestmay.go fillForms": "a note for who was asked back",
	"programme/account.go Holder":    "hands a person to the standard's rules", "programme/request.go Delegate": "who has left decides nothing", "programme/request.go concerned": "who has left acknowledges nothing",
	"programme/request_tell.go Waiting": "a list of what others may read as well", "programme/request_mention.go named": "whom a comment can name", "programme/request_mention.go byNames": "whom a comment can name", "server/cansellonly.go saysOnly": "a field's name",
	"server/adminpeople.go showPeople": "what the list says of each person",
	"server/board.go boardRow":         "says why somebody has no cells", "server/boardview.go count": "counts states", "server/boardview.go narrow": "a filter of states",
	"server/certificates.go certification": "what is shown of one's own standing", "server/certificates.go stepLine": "a link less for who can't follow it", "server/certificates.go certificates": "what is shown of one's own standing",
	"server/debrief.go debriefWords": "the words for the reader", "server/result.go resultWords": "the words for the reader", "server/result.go afterResult": "the links for the reader", "server/result.go sectionFor": "which part of the navigation is lit", "server/result.go standingOf": "a read less", "server/result.go resultOf": "what to read, said to her alone",
	"server/files.go staticFile": "a file's name", "server/adminprofiles.go taken": "a profile's name", "server/forms.go problemOf": "a word's name", "server/me.go saveMe": "a language's name", "server/result.go addHints": "an item's revision", "server/signin.go demo": "a word's name", "server/account.go invalid": "a word's name", "server/signin.go keepCarried": "a field's name",
	"server/help.go help": "which topics come first", "server/help.go helpPart": "a link less for who can't follow it",
	"server/pathmap.go mapOf": "a line of the drawing", "server/home.go home": "what the page begins with", "server/home.go othersInWords": "the words for the reader", "server/home.go reviews": "what the page begins with", "server/layout.go places": "which places the navigation names; each asks again", "server/layout.go brokenFor": "a note for authors",
	"server/me.go showMe": "lists one's own sessions", "server/offeringcleared.go clearedTeam": "who is in the list of reps", "server/offeringcleared.go teamOnCard": "asks for the teams, of which a guard then looks for hers", "server/standardpages.go standingIfRep": "what is shown of one's own standing", "server/steps.go learner": "what counts for the reader",
	"server/team.go teamsOf": "the teams that are hers, see the guards of Managed", "server/transcript.go transcriptOf": "says that she is disabled, and leaves out the forms that do nothing for herself",
	"server/words.go waitingWords": "the words for the reader", "server/words.go lockedWhy": "the words for the reader",
	"people/add.go person": "a new account", "people/change.go Disable": "nothing to change", "people/change.go Enable": "nothing to change", "people/email.go take": "whose address it is", "people/email.go confirm": "whose address it is",
	"people/person.go Reviewer": "lists roles", "people/person.go derive": "a field for an index", "people/roster_compare.go compare": "an import by the operator", "people/roster_compare.go adminsAfter": "an import by the operator", "people/roster_diff.go apply": "an import by the operator", "people/roster_plan.go matchUsername": "an import by the operator", "people/roster_plan.go bossInStore": "an import by the operator",
	"people/session.go begin": "which sessions make room", "people/setup.go RedeemSetup": "a new account", "people/setup.go promote": "the operator's link", "people/signin.go Authenticate": "hands the answer on",
}

// routeGuards are the access rules of the route table, each with the next
// weaker ones.
func routeGuards(t testing.TB, files []*goFile) (list []guard) {
	t.Helper()
	weaker := map[string][]string{"signedIn": {"anyone"}, "asRep": {"signedIn"}, "asManager": {"signedIn"}, "asAuthor": {"signedIn"}, "asAnalyst": {"signedIn"}, "asAdmin": {"asManager", "asAuthor"}}
	for _, f := range files {
		if f.path != "server/routes.go" {
			continue
		}
		for _, fn := range f.funcs {
			for _, e := range fn.exprs {
				row, ok := e.node.(*ast.CompositeLit)
				if !ok || len(row.Elts) != 4 {
					continue
				}
				var method, path, who string
				if _, err := fmt.Sscanf(strings.NewReplacer("{", "", ",", "").Replace(e.text), "%s %q %s", &method, &path, &who); err != nil {
					t.Fatalf("read the route %s: %v", e.text, err)
				}
				for i, less := range weaker[who] {
					name := policyRow{method: strings.ToUpper(method), path: path}.name()
					g := guard{name: strings.ToUpper(method) + " " + path + ": " + who, where: f.path + " " + fn.name, text: e.text, without: less, tests: []string{"TestPolicy/" + name}}
					if i > 0 {
						g.name += ", not " + less
					}
					list = append(list, g)
				}
			}
		}
	}
	if len(list) < 40 {
		t.Fatalf("the route table has %d rules that could be weaker, want 40 or more", len(list))
	}
	return list
}

// TestGuardsAreListed: each guard stands where the list says, and everything
// that asks whose something is, or what somebody may, is in the list or named
// with the reason why it guards nothing.
func TestGuardsAreListed(t *testing.T) {
	t.Parallel()
	files := readRooms(t)
	covered := map[string]bool{} // "programme/take.go 1234": an expression that begins there
	for _, g := range guards {
		at, err := g.place(files)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, other := range g.along {
			if !slices.ContainsFunc(guards, func(o guard) bool { return o.name == other }) {
				t.Errorf("%s goes along with %q, which is not there", g.name, other)
			}
		}
		for _, e := range append(at.file.find(at.function, g.text), at.file.find(at.function, g.asks)...) {
			for n := e.start(); n < e.to && (g.nth == 0 || e == at.expr || e.text == g.asks); n++ {
				covered[fmt.Sprint(at.file.path, n)] = true
			}
		}
	}
	used := map[string]bool{}
	for _, f := range files {
		for _, fn := range f.funcs {
			for _, e := range fn.exprs {
				if key := f.path + " " + fn.name; decides(e) && !covered[fmt.Sprint(f.path, e.from)] {
					used[key] = true
					if noGuards[key] == "" {
						t.Errorf("%s asks %s: put it into guards with a test that sees it, or into noGuards with the reason", key, e.text)
					}
				}
			}
		}
	}
	for key := range noGuards {
		if !used[key] {
			t.Errorf("noGuards names %s, which asks nothing of the kind, or is covered by a guard", key)
		}
	}
}
