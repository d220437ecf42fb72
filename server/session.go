package server

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gorilla/sessions"

	"github.com/insidebox/insidebox/people"
)

// cookieName is the session cookie's name on plain HTTP; on TLS it carries
// the __Host- prefix, which browsers tie to the host and to TLS.
const cookieName = "insidebox"

// cookieStore is a sessions.Store whose cookie is "person.secret". What a
// session may do is never in the cookie: it is read from the person's
// document, which holds the hashed secrets.
type cookieStore struct {
	name    string
	options sessions.Options
}

func newCookieStore(base *url.URL) *cookieStore {
	c := &cookieStore{name: cookieName, options: sessions.Options{
		Path:   "/",
		MaxAge: int(people.SessionLifetime.Seconds()), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}}
	if base.Scheme == "https" {
		c.name, c.options.Secure = "__Host-"+cookieName, true
	}
	return c
}

// Get returns the request's session, read from its cookie once.
func (c *cookieStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(c, name)
}

// New reads a session from the cookie; a cookie that can't be one of ours is
// no session.
func (c *cookieStore) New(r *http.Request, name string) (*sessions.Session, error) {
	s := sessions.NewSession(c, name)
	options := c.options
	s.Options, s.IsNew = &options, true
	person, secret, ok, err := c.read(r, name)
	if ok {
		s.Values["person"], s.Values["secret"], s.IsNew = person, secret, false
	}
	return s, err
}

// read is what the cookie says; not ok, where there is none of ours. Most requests
// only look, and need no session around it that could be sent.
func (c *cookieStore) read(r *http.Request, name string) (person, secret string, ok bool, err error) {
	cookie, err := r.Cookie(name)
	if errors.Is(err, http.ErrNoCookie) {
		return "", "", false, nil
	}
	if err != nil {
		return "", "", false, err
	}
	person, secret, ok = people.SplitCookie(cookie.Value)
	return person, secret, ok, nil
}

// Save sends the cookie; with a negative MaxAge it takes the cookie away.
func (c *cookieStore) Save(_ *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	value := ""
	if s.Options.MaxAge >= 0 {
		value = s.Values["person"].(string) + "." + s.Values["secret"].(string)
	}
	http.SetCookie(w, sessions.NewCookie(s.Name(), value, s.Options))
	return nil
}

// visitor reads who asks: person and record in one transaction. It is nil
// when nobody is signed in, the session has ended or the person is disabled.
func (s *Server) visitor(r *request) (*visitor, error) {
	id, secret, ok, err := s.cookies.read(r.Request, s.cookies.name)
	if err != nil || !ok {
		return nil, err
	}
	person, record, err := s.readVisitor(r.Request.Context(), id)
	if err != nil || person == nil {
		return nil, err
	}
	live, ok := s.prog.People.Lookup(person, secret)
	if !ok {
		return nil, nil
	}
	return &visitor{Person: person, Record: record, secret: secret, session: live}, nil
}

// enterAs starts the session that a sign-in returned.
func (s *Server) enterAs(r *request, cookie string) error {
	session, err := s.cookies.Get(r.Request, s.cookies.name)
	if err != nil {
		return err
	}
	person, secret, _ := people.SplitCookie(cookie)
	session.Values["person"], session.Values["secret"] = person, secret
	return session.Save(r.Request, r.Writer)
}

// leave takes the cookie away.
func (s *Server) leave(r *request) error {
	session, err := s.cookies.Get(r.Request, s.cookies.name)
	if err != nil {
		return err
	}
	session.Options.MaxAge = -1
	return session.Save(r.Request, r.Writer)
}
