package server_test

import "net/url"

// briefPolicy is who may do what with meeting briefs. One waits for ops's answer to
// rep2, one went back to rep7; rep3 and care are agreed on one; of one that is over
// ops has said what it was worth, and rep9 has not. Who may do what in which state is
// held in the standard's room.
var briefPolicy = []policyRow{
	{method: "GET", path: "/briefs", visits: []visit{{want: "200: everybody"}, {query: "state=over", want: "200: everybody"}, {query: "state=x", want: "404: everybody"}}},
	{method: "GET", path: "/briefs/new", visits: []visit{{want: "200: everybody"}, {query: "account=${account}", want: "200: everybody"}, {query: "account=x", want: "200: everybody"}}},
	{method: "POST", path: "/briefs", visits: []visit{{form: "once=a&goal=", want: "422: everybody"}, {form: "goal=a", want: "422: everybody"}}},
	{method: "GET", path: "/briefs/:id", visits: []visit{
		{params: "${briefwaits}", want: "200: everybody"},
		{params: "${briefback}", want: "200: everybody"},
		{params: "${briefon}", want: "200: everybody"},
		{params: "${briefover}", want: "200: everybody"},
		{params: "x", want: "404: everybody"},
	}},
	{method: "GET", path: "/briefs/:id/meeting.ics", visits: []visit{{params: "${briefon}", want: "200: everybody"}, {params: "${briefwaits}", want: "404: everybody"}, {params: "x", want: "404: everybody"}}},
	{method: "POST", path: "/briefs/:id", visits: []visit{
		{params: "${briefback}", form: "known=0&goal=a", want: "409: rep7; 403: rest"},
		{params: "${briefback}", form: "known=2&on=soon", want: "422: rep7; 403: rest"},
		{params: "${briefover}", form: "known=2&goal=a", want: "409: rep9; 403: rest"},
		{params: "x", form: "known=0&goal=a", want: "404: everybody"},
	}},
	{method: "POST", path: "/briefs/:id/answer", visits: []visit{
		{params: "${briefwaits}", form: "known=0", want: "409: ops; 403: rest"},
		{params: "${briefwaits}", form: "known=1", want: "422: ops; 403: rest"},
		{params: "${briefover}", form: "known=2", want: "409: ops; 403: rest"},
		{params: "x", form: "known=0", want: "404: everybody"},
	}},
	{method: "POST", path: "/briefs/:id/close", visits: []visit{
		{params: "${briefwaits}", form: "known=0&how=without", want: "409: rep2; 403: rest"},
		{params: "${briefover}", form: "known=2&how=withdrawn", want: "409: rep9; 403: rest"},
		{params: "x", form: "known=0&how=without", want: "404: everybody"},
	}},
	{method: "POST", path: "/briefs/:id/outcome", visits: []visit{
		{params: "${briefon}", form: "worth=yes", want: "409: rep3 care; 403: rest"},
		{params: "${briefover}", form: "worth=", want: "422: rep9; 409: ops; 403: rest"},
		{params: "x", form: "worth=yes", want: "404: everybody"},
	}},
}

// briefSteps sends each form of a brief once, with success.
func briefSteps(site *rig) []formStep {
	site.Helper()
	at := func(words string) string { return "/briefs/" + site.briefWith(words).ID }
	told := func(more url.Values) url.Values {
		form := url.Values{"goal": {"They decide."}, "why": {"They ask who does it."}, "homework": {"Their page."}, "on": {"2027-01-20"}}
		for name, values := range more {
			form[name] = values
		}
		return form
	}
	return []formStep{
		{"POST /briefs", "rep2@demo.test", "/briefs", told(url.Values{"once": {"a"}, "to": {site.person("ops@demo.test").ID}}), []string{"account", "find", "look", "time", "decides"}, 303},
		{"POST /briefs/:id", "rep7@demo.test", at("storm season"), told(url.Values{"known": {"2"}}), []string{"time", "decides"}, 303},
		{"POST /briefs/:id/answer", "ops@demo.test", at("Peoria") + "/answer", url.Values{"known": {"1"}, "goal": {"They hear when the clock starts."}, "comes": {"yes"}, "aligned": {"yes"}}, []string{"missing"}, 303},
		{"POST /briefs/:id/close", "rep3@demo.test", at("They stay") + "/close", url.Values{"known": {"2"}, "how": {"withdrawn"}}, nil, 303},
		{"POST /briefs/:id/outcome", "rep9@demo.test", at("compliance") + "/outcome", url.Values{"worth": {"yes"}}, []string{"why"}, 303},
	}
}
