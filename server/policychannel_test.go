package server_test

// channelPolicy is who may do what with customers. The first account is rep2's.
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
}
