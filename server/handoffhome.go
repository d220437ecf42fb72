package server

import (
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// fewHandoffs is how many of the handoffs that wait for somebody her home page names;
// the rest stands on the page of all.
const fewHandoffs = 5

// A homeHandoff is a handoff that waits for the visitor: with whom, and for what.
type homeHandoff struct{ Account, Says, URL string }

// handoffsNow are the handoffs that wait for the visitor.
func (s *Server) handoffsNow(r *request) (lines []homeHandoff, err error) {
	list, err := s.prog.WaitingHandoffs(r.Request.Context(), r.who.Person, fewHandoffs)
	for _, h := range list {
		lines = append(lines, homeHandoff{h.Name, r.handoffWaits(h), handoffURL(h.ID)})
	}
	return lines, err
}

// handoffWaits says what a handoff waits for.
func (r *request) handoffWaits(h programme.WaitingHandoff) string {
	switch h.For {
	case standard.ForReply:
		return r.t("handoff.waits.reply", "Function", r.functionName(h.Side))
	case standard.ForSignature:
		return r.t("handoff.waits.signature")
	default:
		return r.t("handoff.waits.meeting", "When", momentIn(r.say, h.Round().Meet, r.zone()))
	}
}
