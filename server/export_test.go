package server

// A RouteRow is one row of the route table, for the tests outside.
type RouteRow struct {
	Method, Path string
	Who          string // anyone, signed in, rep, manager, author, admin
}

// Routes is the route table.
func (s *Server) Routes() []RouteRow {
	names := map[access]string{anyone: "anyone", signedIn: "signed in", asRep: "rep", asManager: "manager", asAuthor: "author", asAdmin: "admin"}
	var rows []RouteRow
	for _, rt := range s.routes() {
		rows = append(rows, RouteRow{rt.method, rt.path, names[rt.who]})
	}
	return rows
}
