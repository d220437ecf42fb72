package standard

import (
	"math/big"
	"slices"
)

// To which dimension a figure belongs, and whether it is read.

// belong finds the dimension of every figure: that which is named beside it, or
// else the only one that is measured so; of a time the first that is declared.
func (r *reader) belong() {
	cue, fig := -1, (*amount)(nil) // the last that wait for the other
	beside := map[int]*amount{}    // by the name that comes with it: "24 hours with onboarding"
	for i := 0; i < len(r.items); i++ {
		it := &r.items[i]
		if it.brk == stop || it.brk == comma {
			cue, fig = -1, nil
		} else if it.brk == colon {
			fig = nil
		}
		switch {
		case it.amount != nil:
			f := it.amount
			if cue >= 0 {
				r.name(f, r.items[cue].dim)
			}
			if r.insideCue(f); f.labelled {
				cue = -1
			}
			fig, i = f, f.to-1
		case it.kind == cueWord && r.dims()[it.dim].Kind != AllOf:
			if fig != nil && !fig.labelled && r.says(fig.to, i, "with", "mit") {
				beside[i], fig = fig, nil
			}
			if fig != nil && (!fig.labelled && r.name(fig, it.dim) || fig.labelled && fig.dim == it.dim) {
				fig, cue = nil, -1
				continue
			}
			cue = i
		case it.kind == unknownWord || it.kind == andWord || it.kind == refuseWord || it.kind == orWord || it.kind == butWord || it.kind == spoilWord || it.kind == nowWord || it.kind == periodWord:
			cue, fig = -1, nil
		case it.kind == askWord:
			fig = nil
		}
	}
	r.once()
	for at, f := range beside {
		f.bad = f.bad || !r.hasFigure(r.items[at].dim) // of what comes with it, or of itself?
	}
	for _, times := range []bool{false, true} { // last, because the others say what is timed
		for _, f := range r.found {
			if !f.labelled && !f.bad && (f.family == timeFigure) == times {
				f.dim = r.only(f)
				f.bad = times && (r.othersTime(f.dim) || r.addedTime(f) || r.tooLong(f))
			}
		}
	}
}

// says reports whether one of the words stands between two items.
func (r *reader) says(from, to int, words ...string) bool {
	for i := from; i < to; i++ {
		if slices.Contains(words, r.items[i].text) {
			return true
		}
	}
	return false
}

// insideCue names the dimension of a figure that holds the name: "3 pick-ups a week".
func (r *reader) insideCue(f *amount) {
	for i := f.from; i < f.to && !f.labelled; i++ {
		if r.items[i].kind == cueWord && f.family == rateFigure && r.fits(f, r.items[i].dim) {
			f.dim, f.labelled = r.items[i].dim, true
		}
	}
}

// name gives a figure the dimension that is named beside it, if it can be one of
// that dimension.
func (r *reader) name(f *amount, dim int) bool {
	if f.labelled || !r.fits(f, dim) {
		return false
	}
	f.dim, f.labelled = dim, true
	return true
}

// fits reports whether the figure can be one of the dimension.
func (r *reader) fits(f *amount, dim int) bool {
	d := r.dims()[dim]
	switch {
	case d.Kind == AllOf:
		return false
	case f.family == bareFigure:
		return !isTime(d.Unit)
	case f.family == moneyFigure:
		return currency.MatchString(d.Unit) && r.moneyFits(f.unit, d.Unit)
	}
	return f.unit != "" && fits(f.unit, d.Unit)
}

// moneyFits reports whether the money that is written is the dimension's; a sign
// for dollars is only where no two dimensions could be meant.
func (r *reader) moneyFits(written, unit string) bool {
	if written != "$" {
		return written == unit
	}
	dollars := map[string]bool{}
	for _, d := range r.dims() {
		if slices.Contains([]string{"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"}, d.Unit) {
			dollars[d.Unit] = true
		}
	}
	return unit == "USD" && len(dollars) == 1
}

// judge decides which figures are read.
func (r *reader) judge() {
	for _, f := range r.found {
		from, to := r.around(f)
		for i := from; i < to; i++ {
			f.bad = f.bad || r.items[i].blocked && !f.rival
		}
		if f.rival {
			f.bad = true
		}
		if f.dim < 0 || f.number == nil {
			f.bad = true
		}
		if !f.bad {
			r.judgeOne(f)
		}
		if f.bad {
			r.leave(f.from, f.to)
		}
	}
	r.rivals()
}

// leave leaves the words of a figure unread; a value of a set or an offering within
// them is still asked for: "100 nationwide searches a day".
func (r *reader) leave(from, to int) {
	for i := from; i < to; i++ {
		if !r.items[i].names() {
			r.items[i].blocked = true
		}
	}
}

// around is the figure with the words before it that compare it.
func (r *reader) around(f *amount) (from, to int) {
	from = f.from
	for from > 0 && r.items[from].brk == joined {
		switch before := &r.items[from-1]; before.kind {
		case fillWord, articleWord, softWord:
			from--
			continue
		case upperWord:
			f.upper = true
		case lowerWord:
			f.lower = true
		case underWord:
			f.under = true
		case overWord:
			f.over = true
		case clockWord, orderWord, toWord, forWord:
			return from - 1, f.to
		default:
			if before.text == "-" || before.text == "from" || before.text == "von" {
				f.lower = true
			}
			return from, f.to
		}
		from--
	}
	return from, f.to
}

// judgeOne looks at what stands around a figure that has a dimension.
func (r *reader) judgeOne(f *amount) {
	from, _ := r.around(f)
	d := r.dims()[f.dim]
	if f.low != nil && d.Kind == NoMoreThan {
		f.number = f.low
	}
	switch first := &r.items[from]; first.kind {
	case clockWord, toWord:
		f.bad = f.family == timeFigure
	case forWord:
		f.bad = f.family == timeFigure && !f.labelled
	case orderWord:
		f.bad = true
	}
	if from > 0 && (r.text(from-1) == "-" || r.text(from-1) == "%" || r.items[from-1].kind == halfWord || r.items[from-1].kind == timesWord) {
		f.bad = true
	}
	counted := f.family == rateFigure || f.family == countFigure || f.family == bareFigure && !currency.MatchString(d.Unit)
	switch {
	case d.Kind == NoMoreThan && (f.lower || f.over), f.over && !counted:
		f.bad = true
	case f.over:
		whole := new(big.Int).Quo(f.number.Num(), f.number.Denom())
		f.number = new(big.Rat).SetInt(whole.Add(whole, big.NewInt(1)))
	}
	if f.bad {
		r.leave(from, f.to)
		return
	}
	for i := from; i < f.from && d.Kind == NoMoreThan; i++ {
		if r.items[i].kind == underWord {
			r.items[i].blocked = true // to be seen: "under 24 hours" is not quite 24 hours
		}
	}
	segment, end := r.segment(f.from)
	for i := segment; i < end; i++ {
		kind := r.items[i].kind
		f.bad = f.bad || (f.family == timeFigure && kind == spoilWord || kind == nowWord) && !r.asksBetween(i, f.from)
		f.bad = f.bad || f.family != timeFigure && r.forEach(i)
		f.bad = f.bad || kind == costWord && f.family != timeFigure && !currency.MatchString(d.Unit)
		f.bad = f.bad || f.family == bareFigure && r.items[i].amount == nil && (kind == periodWord || kind == unitWord || kind == rateWord && !r.rateBefore(f, i))
	}
	if f.bad {
		r.today(segment, end, f)
		return
	}
	if next := f.to; next < len(r.items) && r.items[next].brk == joined {
		f.bad = r.spoils(f, &r.items[next])
	}
}

// forEach reports whether a figure beside the item is one for each of several: "12
// branches, each does 100 a month". What each of the offerings has is said of them.
func (r *reader) forEach(at int) bool {
	if r.items[at].amount != nil || !distributes[r.items[at].text] {
		return false
	}
	for at++; at < len(r.items) && r.items[at].brk == joined && r.items[at].silent(); at++ {
	}
	return at >= len(r.items) || r.items[at].brk != joined || !r.items[at].names()
}

// today blocks all of a figure that is so today, and what is counted with it.
func (r *reader) today(from, to int, f *amount) {
	for i := from; i < to; i++ {
		if r.items[i].kind == nowWord {
			r.block(f.from, f.to)
		}
	}
}

// asksBetween reports whether somebody asks between two items: "they called, and need
// it in 12 hours".
func (r *reader) asksBetween(from, to int) bool {
	for i := from; i < to; i++ {
		if r.items[i].kind == askWord {
			return true
		}
	}
	return false
}

// rateBefore takes "monthly" and "per month:" before a bare number.
func (r *reader) rateBefore(f *amount, at int) bool {
	return at < f.from && r.items[at].amount == nil && r.items[at].unit != "" && fits(r.items[at].unit, r.dims()[f.dim].Unit)
}

// spoils reports whether the word right behind a figure makes it another one.
func (r *reader) spoils(f *amount, next *item) bool {
	switch {
	case f.family == timeFigure:
		return next.kind == unknownWord || next.kind == numberWord && r.tokens[next.from].gap == ""
	case f.family == bareFigure && next.kind == unknownWord:
		rate := scaleOf(r.dims()[f.dim].Unit).base
		return len(next.text) < 4 || rate != "per day" && rate != "per month"
	}
	return slices.Contains([]string{"%", "per", "pro", "je", "jeweils", "each", "apiece", "less", "more", "fewer", "extra", "additional"}, next.text) || next.kind == moneyWord || f.family == moneyFigure && r.countsDim(next.text) >= 0
}

// rivals sees that one dimension has one figure: of two that differ, none is read.
func (r *reader) rivals() {
	for i := range r.dims() {
		values := map[string]bool{}
		for _, f := range r.found {
			if f.dim == i && (!f.bad || f.rival) && f.number != nil {
				values[r.value(f).Key()] = true
			}
		}
		for _, f := range r.found {
			if f.dim == i && len(values) > 1 {
				f.bad = true
				from, _ := r.around(f)
				r.leave(from, f.to)
			}
		}
	}
}

// value is the figure in the unit in which it is written.
func (r *reader) value(f *amount) Value {
	unit := f.unit
	if f.family == bareFigure || f.family == moneyFigure {
		unit = r.dims()[f.dim].Unit
	}
	return Value{Number: f.number, Unit: unit}
}

// findFigures adds the figures that are read.
func (r *reader) findFigures(reading *Reading) {
	for _, f := range r.found {
		if f.bad {
			continue
		}
		d := r.dims()[f.dim]
		v := r.value(f)
		if v.check(d) != nil {
			r.leave(f.from, f.to)
			continue
		}
		reading.Need[d.Name] = v
		from, to := r.extent(f)
		if r.loose(f) {
			reading.Loose = append(reading.Loose, d.Name)
		}
		r.show(f)
		r.add(reading, Found{Dimension: d.Name, Value: v, Text: r.cut(from, to), Held: r.held(f)}, from, f)
	}
}

// add keeps what was found in the order of the text.
func (r *reader) add(reading *Reading, one Found, at int, f *amount) {
	n := len(r.places)
	for n > 0 && r.places[n-1] > at {
		n--
	}
	r.places, r.of = slices.Insert(r.places, n, at), slices.Insert(r.of, n, f)
	reading.Found = slices.Insert(reading.Found, n, one)
}

// extent is the figure with its comparison and the names of its dimension beside
// it, marked as read.
func (r *reader) extent(f *amount) (from, to int) {
	from, to = f.from, f.to
	beside := func(i int) bool {
		it := &r.items[i]
		switch it.kind {
		case cueWord:
			return it.dim == f.dim
		case upperWord, lowerWord, overWord:
			return true
		case underWord:
			return r.dims()[f.dim].Kind == NoLessThan
		}
		return it.kind == rateWord && it.amount == nil && f.family == bareFigure
	}
	transparent := func(i int) bool {
		return r.items[i].kind == fillWord || r.items[i].kind == articleWord || r.items[i].kind == forWord
	}
	for i := f.from - 1; i >= 0 && r.items[i+1].brk != comma && r.items[i+1].brk != stop && r.items[i].amount == nil; i-- {
		if beside(i) {
			from = i
		} else if !transparent(i) {
			break
		}
	}
	for i := f.to; i < len(r.items) && r.items[i].brk == joined && r.items[i].amount == nil; i++ {
		if it := &r.items[i]; it.kind == cueWord && it.dim == f.dim {
			to = i + 1
		} else if !transparent(i) {
			break
		}
	}
	for i := from; i < to; i++ {
		it := &r.items[i]
		it.read = it.kind != unknownWord || it.amount != f || f.family != rateFigure || anything[it.text]
	}
	return from, to
}
