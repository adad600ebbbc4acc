package regex

// Regexp is a compiled expression. It may be used from any number of goroutines.
type Regexp struct {
	code   []instruction
	slots  int // beginnings and ends of the groups, then two registers for each loop
	groups int
	first  *charset // what a match can begin with; nil if it may be empty
}

// instruction is a step of a match. What x and y are depends on op.
type instruction struct {
	op    op
	x, y  int
	loop  *loop
	set   *charset
	ref   *Reference
	holds func(text []rune, at int) bool
}

type op uint8

const (
	opChars   op = iota // the next character is in set
	opCharsB            // the character before is in set; go back
	opJump              // go on at x
	opSplit             // go on at x, or else at y
	opSave              // slot x is the position
	opEnter             // the loop begins
	opLoop              // go on in the loop at x, or behind it at y
	opBegin             // an iteration begins
	opAgain             // an iteration has ended: go on at x, or behind the loop at y
	opRef               // what ref has matched comes next
	opRefB              // what ref has matched is before; go back
	opStart             // the search began here
	opAssert            // holds
	opLook              // what begins at the next instruction matches ahead; go on at x
	opLookNot           // it does not
	opAtomic            // it matches; go on at x behind it
	opDone              // of the whole or of a part
)

// loop is a Repeat with its registers: the number of iterations begun, and where
// the last one began.
type loop struct {
	Repeat
	count, start int
}

// Compile compiles an expression with the given number of groups.
func Compile(n Node, groups int) *Regexp {
	r := &Regexp{groups: groups, slots: 2 * (groups + 1)}
	r.emit(Capture{Part: n}, false)
	r.add(instruction{op: opDone})
	if first, empty := firstOf(n); !empty {
		r.first = newCharset(first)
	}
	return r
}

func (r *Regexp) add(i instruction) int {
	r.code = append(r.code, i)
	return len(r.code) - 1
}

// emit compiles a node, to be matched towards the beginning of the text if
// backward.
func (r *Regexp) emit(n Node, backward bool) {
	switch n := n.(type) {
	case Chars:
		r.add(instruction{op: choose(backward, opCharsB, opChars), set: newCharset(n.Set)})
	case Sequence:
		for i := range n {
			if backward {
				i = len(n) - 1 - i
			}
			r.emit(n[i], backward)
		}
	case Choice:
		r.emitChoice(n, backward)
	case Repeat:
		r.emitRepeat(n, backward)
	case Capture:
		begin, end := 2*n.Index, 2*n.Index+1
		if backward {
			begin, end = end, begin
		}
		r.add(instruction{op: opSave, x: begin})
		r.emit(n.Part, backward)
		r.add(instruction{op: opSave, x: end})
	case Look:
		r.emitPart(choose(n.Negative, opLookNot, opLook), n.Part, n.Behind)
	case Atomic:
		r.emitPart(opAtomic, n.Part, backward)
	case Reference:
		r.add(instruction{op: choose(backward, opRefB, opRef), ref: &n})
	case Start:
		r.add(instruction{op: opStart})
	case Assert:
		r.add(instruction{op: opAssert, holds: n.Holds})
	}
}

func choose(condition bool, yes, no op) op {
	if condition {
		return yes
	}
	return no
}

func (r *Regexp) emitPart(o op, part Node, backward bool) {
	at := r.add(instruction{op: o})
	r.emit(part, backward)
	r.add(instruction{op: opDone})
	r.code[at].x = len(r.code)
}

func (r *Regexp) emitChoice(parts Choice, backward bool) {
	var jumps []int
	for i, part := range parts {
		if i == len(parts)-1 {
			r.emit(part, backward)
			break
		}
		split := r.add(instruction{op: opSplit})
		r.code[split].x = len(r.code)
		r.emit(part, backward)
		jumps = append(jumps, r.add(instruction{op: opJump}))
		r.code[split].y = len(r.code)
	}
	for _, jump := range jumps {
		r.code[jump].x = len(r.code)
	}
}

func (r *Regexp) emitRepeat(n Repeat, backward bool) {
	if n.Max == 0 {
		return
	}
	if n.Min == 0 && n.Max < 0 && n.FirstGroup == 0 && !matchesEmpty(n.Part) {
		r.emitStar(n, backward)
		return
	}
	l := &loop{Repeat: n, count: r.slots, start: r.slots + 1}
	r.slots += 2
	r.add(instruction{op: opEnter, loop: l})
	head := r.add(instruction{op: opLoop, loop: l})
	r.code[head].x = r.add(instruction{op: opBegin, loop: l})
	r.emit(n.Part, backward)
	again := r.add(instruction{op: opAgain, loop: l, x: head})
	r.code[head].y, r.code[again].y = len(r.code), len(r.code)
}

// emitStar is a loop that needs neither registers nor a look at empty matches.
func (r *Regexp) emitStar(n Repeat, backward bool) {
	split := r.add(instruction{op: opSplit})
	r.emit(n.Part, backward)
	r.add(instruction{op: opJump, x: split})
	inside, behind := split+1, len(r.code)
	if n.Lazy {
		inside, behind = behind, inside
	}
	r.code[split].x, r.code[split].y = inside, behind
}

// firstOf is what a match can begin with, and whether it may be empty.
func firstOf(n Node) (first Set, empty bool) {
	switch n := n.(type) {
	case Chars:
		return n.Set, false
	case Sequence:
		for _, part := range n {
			set, skipped := firstOf(part)
			if first = first.Union(set); !skipped {
				return first, false
			}
		}
		return first, true
	case Choice:
		for _, part := range n {
			set, skipped := firstOf(part)
			first, empty = first.Union(set), empty || skipped
		}
		return first, empty
	case Repeat:
		if n.Max == 0 {
			return nil, true
		}
		first, empty = firstOf(n.Part)
		return first, empty || n.Min == 0
	case Capture:
		return firstOf(n.Part)
	case Atomic:
		return firstOf(n.Part)
	case Reference:
		return All(), true
	}
	return nil, true
}

// charset is a set that is quick to ask.
type charset struct {
	ascii [2]uint64
	set   Set
}

func newCharset(s Set) *charset {
	c := &charset{set: s}
	for r := range rune(128) {
		if s.Has(r) {
			c.ascii[r>>6] |= 1 << (r & 63)
		}
	}
	return c
}

func (c *charset) has(r rune) bool {
	if r < 128 {
		return c.ascii[r>>6]&(1<<(r&63)) != 0
	}
	return c.set.Has(r)
}
