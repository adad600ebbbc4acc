package graph

import "sort"

// block is boxes and arrows that are laid out together.
type block struct {
	boxes []*box
	wires []wire
	w, h  int
}

func (b *block) shift(dx, dy int) {
	for _, c := range b.boxes {
		c.x += dx
		c.y += dy
	}
	shiftWires(b.wires, dx, dy)
}

// arrange lays out the children of a group. Those that wait for each other are
// laid out together; these blocks stand side by side, in rows of at most limit.
func arrange(group *box, limit int) *block {
	nets, waits := newNets(group.node.Children)
	layer := layers(nets, waits)
	perNet := make([]int, len(nets)) // index of the component
	sets := components(nets, len(group.children))
	for at, members := range sets {
		for _, i := range members {
			if waits[i] >= 0 {
				perNet[waits[i]] = at
			}
		}
	}
	own := make([][]net, len(sets))
	for id, n := range nets {
		own[perNet[id]] = append(own[perNet[id]], n)
	}
	blocks := make([]*block, len(sets))
	for at, members := range sets {
		blocks[at] = newSheet(group.children, members, own[at], layer, limit).block()
	}
	return pack(blocks, limit)
}

// pack puts blocks into rows.
func pack(blocks []*block, limit int) *block {
	if len(blocks) == 1 {
		return blocks[0]
	}
	widths := make([]int, len(blocks))
	for i, b := range blocks {
		widths[i] = b.w
	}
	all := &block{}
	for _, r := range wrap(widths, limit) {
		x, height := 0, 0
		if all.h > 0 {
			all.h += boxSpace
		}
		for _, b := range blocks[r.from:r.to] {
			b.shift(x, all.h)
			x += b.w + boxSpace
			height = max(height, b.h)
			all.boxes = append(all.boxes, b.boxes...)
			all.wires = append(all.wires, b.wires...)
		}
		all.w = max(all.w, x-boxSpace)
		all.h += height
	}
	return all
}

// span is a part of a list: from inclusively, to exclusively.
type span struct{ from, to int }

// wrap breaks things that stand side by side into as few rows as limit allows,
// and makes these rows as narrow as their number allows.
func wrap(widths []int, limit int) []span {
	total, widest := -boxSpace, 0
	for _, w := range widths {
		total += w + boxSpace
		widest = max(widest, w)
	}
	if total <= limit {
		return []span{{0, len(widths)}}
	}
	limit = max(limit, widest)
	fewest := len(fill(widths, limit))
	narrow := widest + sort.Search(limit-widest, func(more int) bool { return len(fill(widths, widest+more)) <= fewest })
	return fill(widths, narrow)
}

// fill breaks a list where the next would exceed limit.
func fill(widths []int, limit int) []span {
	var rows []span
	from, used := 0, 0
	for i, w := range widths {
		if i > from && used+w > limit {
			rows = append(rows, span{from, i})
			from, used = i, 0
		}
		used += w + boxSpace
	}
	return append(rows, span{from, len(widths)})
}
