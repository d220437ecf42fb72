package server

import (
	"cmp"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/certify"
)

// has reports whether one of the person's cells is in this state.
func (row *boardRow) has(s certify.State) bool {
	return slices.ContainsFunc(row.Cells, func(c boardCell) bool { return c.state == s })
}

// need weighs what calls for the manager: the worst first, then how much.
func (row *boardRow) need() int {
	n := 0
	for _, c := range row.Cells {
		if i := slices.Index(calling, c.state); i >= 0 {
			n += 1 << (4 * (len(calling) - i))
		}
	}
	return n
}

// count counts people by state, and offerings by who may sell them.
func (page *teamPage) count(r *request, view boardView) {
	people := map[certify.State]int{}
	for _, row := range page.Rows {
		for _, s := range append(certify.States(), "") {
			if row.has(s) {
				people[s]++
			}
		}
		for i, c := range row.Cells {
			if c.state.Clears() {
				page.Columns[i].Cleared++
			}
		}
	}
	for _, s := range counted {
		tile := boardTile{Count: people[s], What: r.t("team.tile."+string(s)+".what", "N", people[s]), Small: r.t("team.tile." + string(s) + ".small")}
		if tile.Here = view.state == s; tile.Count > 0 {
			tile.URL = view.with(s).url()
		}
		page.Tiles = append(page.Tiles, tile)
	}
	for _, s := range slices.Concat(calling, certify.States()) {
		known := slices.ContainsFunc(page.Filters, func(f boardFilter) bool { return f.state == s })
		if known || people[s] == 0 && s != view.state {
			continue
		}
		sign := tones[s]
		page.Filters = append(page.Filters, boardFilter{
			Kind: sign.kind, Icon: sign.icon, Word: r.t("team.state." + string(s)), Means: r.t("team.legend." + string(s)),
			Count: people[s], URL: view.with(s).url(), Here: s == view.state, state: s,
		})
	}
	for _, by := range boardOrders {
		here := view.order == by || view.order == "" && by == boardOrders[0]
		page.Orders = append(page.Orders, boardTab{by, r.t("team.order." + by), view.ordered(by).url(), here})
	}
}

// narrow keeps what the visitor asked for: the rows and columns in which the
// state is, in the order that she chose.
func (page *teamPage) narrow(r *request, view boardView) {
	if view.state != "" {
		at := slices.IndexFunc(page.Filters, func(f boardFilter) bool { return f.Here })
		page.Filter = &page.Filters[at]
		page.Filter.URL = view.with("").url() // a second click takes it off
		page.Rows = slices.DeleteFunc(page.Rows, func(row boardRow) bool { return !row.has(view.state) })
		page.keepColumns(view.state)
	}
	for i := range page.Rows {
		page.Rows[i].sortOut(r)
	}
	switch view.order {
	case "need":
		slices.SortStableFunc(page.Rows, func(a, b boardRow) int { return cmp.Compare(b.need(), a.need()) })
	case "cleared":
		slices.SortStableFunc(page.Rows, func(a, b boardRow) int { return cmp.Compare(b.Cleared, a.Cleared) })
	}
}

// keepColumns takes out the columns in which nobody is in the state, and dims
// the cells in another.
func (page *teamPage) keepColumns(s certify.State) {
	var columns []boardColumn
	cells := make([][]boardCell, len(page.Rows))
	for i, column := range page.Columns {
		if !slices.ContainsFunc(page.Rows, func(row boardRow) bool { return row.Cells[i].state == s }) {
			continue
		}
		columns = append(columns, column)
		for j, row := range page.Rows {
			cell := row.Cells[i]
			cell.Dim = cell.state != s
			cells[j] = append(cells[j], cell)
		}
	}
	page.Columns = columns
	for j := range page.Rows {
		page.Rows[j].Cells = cells[j]
	}
}

// sortOut puts the cells into the three parts of a card.
func (row *boardRow) sortOut(r *request) {
	resting := map[certify.State]int{}
	for _, c := range row.Cells {
		calls, sells := slices.Contains(calling, c.state), c.state.Clears()
		if calls {
			row.Calls = append(row.Calls, c)
		}
		if sells {
			row.Sells = append(row.Sells, c)
		}
		if !calls && !sells {
			row.Resting = append(row.Resting, c)
			resting[c.state]++
		}
	}
	var words []string
	for _, s := range append(certify.States(), "") {
		if n := resting[s]; n > 0 {
			words = append(words, r.t("team.card.some", "N", n, "State", r.t("team.within."+string(cmp.Or(s, "nothing")))))
		}
	}
	row.RestWord = strings.Join(words, ", ")
}
