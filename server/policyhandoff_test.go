package server_test

import (
	"net/url"
	"strconv"
)

// handoffPolicy is who may do what with handoffs. Both are of rep2's account; the
// second is signed by both sides. Operations signs for its side, whoever of them.
var handoffPolicy = []policyRow{
	{method: "GET", path: "/handoffs", visits: []visit{{want: "200: everybody"}, {query: "state=x", want: "404: everybody"}}},
	{method: "GET", path: "/handoffs/new", visits: []visit{
		{want: "200: everybody"},
		{query: "account=${account}", want: "200: rep2 managers author voices demoted admin; 403: rest"},
		{query: "account=x", want: "404: everybody"},
	}},
	{method: "POST", path: "/handoffs", visits: []visit{
		{form: "once=a&account=${account}", want: "422: rep2 managers author voices demoted admin; 403: rest"},
		{form: "once=a&account=x", want: "404: everybody"},
		{form: "account=${account}", want: "422: rep2 managers author voices demoted admin; 403: rest"},
	}},
	{method: "GET", path: "/handoffs/:id", visits: []visit{{params: "${handoff}", want: "200: everybody"}, {params: "${handedover}", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},
	{method: "GET", path: "/handoffs/:id/meeting.ics", visits: []visit{{params: "${handoff}", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},
	{method: "POST", path: "/handoffs/:id", visits: []visit{
		{params: "${handoff}", form: "known=0&what=head&round=1&title=a&signed=2027-01-01", want: "409: rep2 managers author voices demoted admin; 403: rest"},
		{params: "${handedover}", form: "known=0&what=needs&turnaround=1 h", want: "409: rep2 managers author voices demoted admin; 403: rest"},
		{params: "x", form: "known=0&what=head", want: "404: everybody"},
	}},
	{method: "POST", path: "/handoffs/:id/lines", visits: []visit{
		{params: "${handoff}", form: "known=0&act=change&change=a", want: "409: rep2 managers author voices demoted admin; 403: rest"},
		{params: "x", form: "known=0&act=change&change=a", want: "404: everybody"},
	}},
	{method: "POST", path: "/handoffs/:id/settlings", visits: []visit{
		{params: "${handoff}", form: "known=0&at=0&dimension=turnaround&request=x", want: "422: rep2 managers author voices demoted admin; 403: rest"},
		{params: "x", form: "known=0&at=0", want: "404: everybody"},
	}},
	{method: "POST", path: "/handoffs/:id/sign", visits: []visit{
		{params: "${handoff}", form: "known=0&function=sales", want: "409: rep2 sales; 403: rest"},
		{params: "${handoff}", form: "known=0&function=operations", want: "409: ops author demoted; 403: rest"},
		{params: "${handoff}", form: "known=0&function=care", want: "403: everybody"},
		{params: "${handedover}", form: "known=0&function=sales", want: "303: rep2 sales; 403: rest"},
		{params: "x", form: "known=0&function=sales", want: "404: everybody"},
	}},
	{method: "POST", path: "/handoffs/:id/again", visits: []visit{
		{params: "${handoff}", form: "known=0&why=a", want: "409: rep2 sales ops author demoted; 403: rest"},
		{params: "x", form: "known=0&why=a", want: "404: everybody"},
	}},
}

// handoffSteps sends each form of a handoff once, with success.
func handoffSteps(site *rig) []formStep {
	site.Helper()
	h, toSign := site.handoffWith("Thursdays"), signable(site, "")
	at, known := "/handoffs/"+h.ID, func(later int64) []string { return []string{strconv.FormatInt(h.Edition+later, 10)} }
	return []formStep{
		{"POST /handoffs", "rep2@demo.test", "/handoffs", url.Values{"once": {"a"}, "account": {h.Account}, "title": {"Searches for Peoria"}, "signed": {"2027-01-10"}}, []string{"live", "meet", "sheet"}, 303},
		{"POST /handoffs/:id", "rep2@demo.test", at, url.Values{"what": {"head"}, "known": known(0), "round": {"1"}, "title": {"Searches on Fridays"}, "signed": {"2027-01-10"}}, []string{"live", "meet"}, 303},
		{"POST /handoffs/:id/lines", "care@demo.test", at + "/lines", url.Values{"act": {"change"}, "known": known(1), "change": {"They move."}}, []string{"list", "at", "contact", "role", "reach", "decides", "on", "who", "topic", "question", "owner", "answer"}, 303},
		{"POST /handoffs/:id/settlings", "ops@demo.test", at + "/settlings", url.Values{"known": known(2), "at": {"0"}, "dimension": {"turnaround"}, "request": {site.requestWith("12 hours").ID}}, nil, 303},
		{"POST /handoffs/:id/again", "ops@demo.test", at + "/again", url.Values{"known": {"1"}, "why": {"A question is open."}}, []string{"next"}, 303},
		{"POST /handoffs/:id/sign", "ops@demo.test", toSign + "/sign", url.Values{"function": {"operations"}, "known": {"3"}}, nil, 303},
	}
}
