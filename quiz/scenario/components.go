package scenario

// components finds the strongly connected components of a graph of n nodes
// by Tarjan's algorithm, with a stack of its own, since state spaces are
// deep. It returns each node's component; a component's number is higher than
// that of every component that can be reached from it.
func components(n int32, next func(int32) []int32) (of []int32, count int32) {
	t := &tarjan{next: next, of: make([]int32, n), met: make([]int32, n), low: make([]int32, n)}
	for i := range n {
		t.of[i] = -1
	}
	for i := range n {
		if t.met[i] == 0 {
			t.visit(i)
		}
	}
	return t.of, t.count
}

type tarjan struct {
	next         func(int32) []int32
	of, met, low []int32 // met counts from 1; 0 is not met yet
	order, count int32
	open         []int32 // nodes met whose component isn't known yet
	calls        []call
}

// A call is a node whose successors are being visited.
type call struct {
	node int32
	rest []int32
}

func (t *tarjan) visit(root int32) {
	t.enter(root)
	for len(t.calls) > 0 {
		c := &t.calls[len(t.calls)-1]
		if len(c.rest) == 0 {
			t.leave(c.node)
			continue
		}
		to := c.rest[0]
		c.rest = c.rest[1:]
		switch {
		case t.met[to] == 0:
			t.enter(to)
		case t.of[to] < 0:
			t.low[c.node] = min(t.low[c.node], t.met[to])
		}
	}
}

func (t *tarjan) enter(node int32) {
	t.order++
	t.met[node], t.low[node] = t.order, t.order
	t.open = append(t.open, node)
	t.calls = append(t.calls, call{node, t.next(node)})
}

// leave closes a node; the first of its component closes that too.
func (t *tarjan) leave(node int32) {
	t.calls = t.calls[:len(t.calls)-1]
	if n := len(t.calls); n > 0 {
		above := t.calls[n-1].node
		t.low[above] = min(t.low[above], t.low[node])
	}
	if t.low[node] < t.met[node] {
		return
	}
	for {
		last := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		t.of[last] = t.count
		if last == node {
			break
		}
	}
	t.count++
}
