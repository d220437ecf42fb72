package server_test

import "net/url"

// channelPolicy is who may do what with customers and their requests. The account
// and the open request are rep2's, and ops is named in it; the decided one is rep7's, was decided by ops
// and acknowledged by rep7 and sales. Operations decides. Who may do what in which
// state of a request is held role by role in the standard's room.
var channelPolicy = []policyRow{
	{method: "GET", path: "/accounts", visits: []visit{{want: "200: everybody"}}},
	{method: "POST", path: "/accounts", visits: []visit{{form: "name=", want: "422: everybody"}}},
	{method: "GET", path: "/accounts/:id", visits: []visit{{params: "${account}", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},
	{method: "POST", path: "/accounts/:id", visits: []visit{
		{params: "${account}", form: "known=0", want: "409: rep2 managers author voices demoted admin; 403: rest"},
		{params: "x", form: "known=0", want: "404: everybody"},
	}},
	{method: "POST", path: "/accounts/:id/notes", visits: []visit{
		{params: "${account}", form: "known=0&text=a", want: "409: rep2 managers author voices demoted admin; 403: rest"},
		{params: "x", form: "known=0&text=a", want: "404: everybody"},
	}},
	{method: "POST", path: "/accounts/:id/requirements", visits: []visit{
		{params: "${account}", form: "turnaround=1 h", want: "303: rep2 managers author voices demoted admin; 403: rest"},
		{params: "x", form: "turnaround=1 h", want: "404: everybody"},
	}},

	{method: "GET", path: "/requests", visits: []visit{{want: "200: everybody"}}},
	{method: "GET", path: "/requests/new", visits: []visit{{want: "200: everybody"}}},
	{method: "POST", path: "/requests", visits: []visit{{form: "once=a&aim=", want: "422: everybody"}, {form: "aim=a", want: "422: everybody"}}},
	{method: "GET", path: "/requests/:id", visits: []visit{{params: "${request}", want: "200: everybody"}, {params: "x", want: "404: everybody"}}},
	{method: "POST", path: "/requests/:id/voices", visits: []visit{
		{params: "${request}", form: "function=care&known=0", want: "422: care; 403: rest"},
		{params: "${decided}", form: "function=care&known=0", want: "409: care; 403: rest"},
		{params: "x", form: "function=care&known=0", want: "404: everybody"},
	}},
	{method: "POST", path: "/requests/:id/comments", visits: []visit{
		{params: "${request}", form: "text=&known=0", want: "422: everybody"},
		{params: "${decided}", form: "text=a&known=0", want: "303: everybody"},
		{params: "x", form: "text=a&known=0", want: "404: everybody"},
	}},
	{method: "POST", path: "/requests/:id/delegate", visits: []visit{
		{params: "${request}", form: "delegate=x&known=0", want: "422: ops author demoted; 403: rest"},
		{params: "x", form: "delegate=x&known=0", want: "404: everybody"},
	}},
	{method: "POST", path: "/requests/:id/decision", visits: []visit{
		{params: "${request}", form: "outcome=declined&known=1", want: "409: ops author demoted; 403: rest"},
		{params: "${decided}", form: "outcome=declined&known=1", want: "409: ops author demoted; 403: rest"},
		{params: "x", form: "outcome=declined&known=1", want: "404: everybody"},
	}},
	{method: "GET", path: "/requests/:id/scenario.md", visits: []visit{
		{params: "${decided}", want: "200: author admin; 403: rest"}, {params: "${request}", want: "404: author admin; 403: rest"}, {params: "x", want: "404: author admin; 403: rest"},
	}},
	{method: "GET", path: "/requests/:id/promote", visits: []visit{
		{params: "${decided}", want: "200: author admin; 403: rest"}, {params: "${request}", want: "404: author admin; 403: rest"}, {params: "x", want: "404: author admin; 403: rest"},
	}},
	{method: "POST", path: "/requests/:id/promote", visits: []visit{
		{params: "${decided}", form: "clause=records-search/volume&class=material&day=2027-01-04&what=", want: "422: author admin; 403: rest"},
		{params: "x", form: "clause=records-search/volume&class=material", want: "404: author admin; 403: rest"},
	}},
	{method: "POST", path: "/clauses/:of/:anchor/doubts", visits: []visit{
		{params: "records-search scope", form: "do=withdraw", want: "303: everybody"},
		{params: "records-search x", form: "do=withdraw", want: "404: everybody"},
	}},
	{method: "POST", path: "/clauses/:of/:anchor/answers", visits: []visit{
		{params: "records-search scope", form: "known=0&note=a", want: "409: author ops admin demoted; 403: rest"},
		{params: "records-search x", form: "known=0&note=a", want: "404: everybody"},
	}},
	{method: "GET", path: "/insights/clauses", visits: []visit{{want: "200: managers author voices admin demoted; 403: rest"}}},
	{method: "GET", path: "/insights", visits: []visit{{want: "303: managers author voices admin demoted; 403: rest"}}},
	{method: "GET", path: "/insights/limits", visits: []visit{{want: "200: managers author voices admin demoted; 403: rest"}, {query: "months=5", want: "404: managers author voices admin demoted; 403: rest"}}},
	{method: "GET", path: "/insights/limits/:offering/:dimension", visits: []visit{
		{params: "records-search volume", want: "200: managers author voices admin demoted; 403: rest"},
		{params: "records-search x", want: "404: managers author voices admin demoted; 403: rest"},
	}},
	{method: "POST", path: "/requests/:id/acknowledgements", visits: []visit{
		{params: "${request}", want: "403: everybody"},
		{params: "${decided}", want: "303: rep7 sales care manager2; 403: rest"},
		{params: "x", want: "404: everybody"},
	}},
	{method: "POST", path: "/requests/:id/seen", visits: []visit{
		{params: "${request}", form: "known=1", want: "303: ops; 403: rest"},
		{params: "${decided}", form: "known=1", want: "403: everybody"},
		{params: "${request}", want: "400: everybody"},
		{params: "x", form: "known=1", want: "404: everybody"},
	}},
}

// channelSteps are the forms of customers and their requests, for everyForm.
func channelSteps(site *rig) []formStep {
	site.Helper()
	q, decided, ripe := site.requestWith("12 hours"), site.requestWith("storm"), ripe(site, "")
	lib := site.Prog.Shelf.Library()
	volume, err := lib.Editable(site.Prog.Shelf.Source(), lib.Clause("records-search/volume"))
	site.must(err)
	account, request := "/accounts/"+q.Account, "/requests/"+q.ID
	return []formStep{
		{"POST /accounts", "care@demo.test", "/accounts", url.Values{"name": {"Fennel Foods"}}, []string{"crm_id", "sales", "operations"}, 303},
		{"POST /accounts/:id", "manager@demo.test", account, url.Values{"known": {"1"}, "sales": {"rep2@demo.test"}, "operations": {""}, "crm_id": {"LL-2"}}, nil, 303},
		{"POST /accounts/:id/notes", "rep2@demo.test", account + "/notes", url.Values{"known": {"2"}, "text": {"They open a branch."}}, []string{"side"}, 303},
		{"POST /accounts/:id/requirements", "rep2@demo.test", account + "/requirements", url.Values{"turnaround": {"8 h"}, "scope": {"in-state"}}, nil, 303},
		{"POST /requests", "rep3@demo.test", "/requests", url.Values{"once": {"a"}, "aim": {"They close on Fridays."}, "title": {"In Portuguese"}}, []string{"account", "offering", "worth", "wanted", "links", "look", "seen"}, 303},
		{"POST /requests/:id/voices", "care@demo.test", request + "/voices", url.Values{"function": {"care"}, "stand": {"support"}, "changes": {"Little."}, "known": {"0"}}, []string{"text", "offerings"}, 303},
		{"POST /requests/:id/promote", "author@demo.test", "/requests/" + decided.ID + "/promote", url.Values{"clause": {"records-search/volume"}, "class": {"material"}, "day": {"2027-01-04"}, "what": {"More."}, "do": {"check"}, "known": {volume.Known}, "front": {volume.Front}, "section": {volume.Section}}, []string{"why"}, 200},
		{"POST /clauses/:of/:anchor/doubts", "rep3@demo.test", "/clauses/records-search/scope/doubts", url.Values{"do": {"ask"}, "text": {"Which states?"}}, nil, 303},
		{"POST /clauses/:of/:anchor/answers", "ops@demo.test", "/clauses/records-search/scope/answers", url.Values{"note": {"All fifty."}, "known": {"4102444800000"}}, nil, 303},
		{"POST /requests/:id/comments", "rep3@demo.test", request + "/comments", url.Values{"text": {"We had one like it."}, "known": {"0"}}, nil, 303},
		{"POST /requests/:id/delegate", "ops@demo.test", request + "/delegate", url.Values{"delegate": {"author@demo.test"}, "known": {"0"}}, nil, 303},
		{"POST /requests/:id/decision", "ops@demo.test", ripe + "/decision", url.Values{"outcome": {"declined"}, "reason": {"Nobody reads it."}, "instead": {"English."}, "known": {"3"}}, []string{"until", "offerings", "clause", "conditions", "price"}, 303},
		{"POST /requests/:id/acknowledgements", "manager2@demo.test", "/requests/" + decided.ID + "/acknowledgements", nil, nil, 303},
		{"POST /requests/:id/seen", "ops@demo.test", request + "/seen", url.Values{"known": {"1"}}, nil, 303},
	}
}
