package regex

import "errors"

// ErrTooMuch means that a match would remember more choices than it may.
var ErrTooMuch = errors.New("the regular expression backtracks too much")

const (
	// maxChoices bounds the memory of a match: 8 bytes each.
	maxChoices = 4 << 20
	// checkSteps is after how many steps a match asks whether to go on.
	checkSteps = 4096
)

// Match finds the first match that begins at or after a position, or only one
// that begins exactly there. It returns the beginnings and ends of the match and
// its groups, -1 for groups that took no part; or nil if there is no match. Now
// and then it calls check, whose error ends it.
func (r *Regexp) Match(text []rune, from int, exactly bool, check func() error) ([]int, error) {
	m := &matcher{regexp: r, text: text, from: from, slots: make([]int32, r.slots), check: check}
	for at := from; at <= len(text); at++ {
		if r.first != nil && !exactly {
			for at < len(text) && !r.first.has(text[at]) {
				if at++; at%checkSteps == 0 {
					m.step(checkSteps)
				}
			}
		}
		m.reset()
		matched := m.run(0, at)
		if m.err != nil {
			return nil, m.err
		}
		if matched {
			return m.result(), nil
		}
		if exactly {
			break
		}
	}
	return nil, m.err
}

type matcher struct {
	regexp *Regexp
	text   []rune
	from   int
	slots  []int32
	stack  []choice
	pos    int // where a part that was run has ended
	steps  int
	check  func() error
	err    error
}

// choice is a place to go back to, or a slot to set back.
type choice struct {
	where int32 // an instruction, or the complement of a slot
	value int32 // a position, or the old value of the slot
}

func (m *matcher) reset() {
	m.stack = m.stack[:0]
	for i := range m.slots {
		m.slots[i] = -1
	}
}

func (m *matcher) result() []int {
	spans := make([]int, 2*(m.regexp.groups+1))
	for i := range spans {
		spans[i] = int(m.slots[i])
	}
	for i := 0; i < len(spans); i += 2 {
		if spans[i] < 0 || spans[i+1] < 0 {
			spans[i], spans[i+1] = -1, -1
		}
	}
	return spans
}

// step counts work, and asks whether to go on.
func (m *matcher) step(n int) bool {
	if m.steps += n; m.steps >= checkSteps {
		m.steps = 0
		if m.err == nil {
			m.err = m.check()
		}
	}
	return m.err == nil
}

func (m *matcher) push(where, value int) {
	if len(m.stack) >= maxChoices {
		m.err = ErrTooMuch
		return
	}
	m.stack = append(m.stack, choice{int32(where), int32(value)})
}

func (m *matcher) set(slot, value int) {
	m.push(^slot, int(m.slots[slot]))
	m.slots[slot] = int32(value)
}

// back undoes what was done since the last choice above base, and returns it.
func (m *matcher) back(base int) (pc, pos int, ok bool) {
	for len(m.stack) > base {
		last := m.stack[len(m.stack)-1]
		m.stack = m.stack[:len(m.stack)-1]
		if last.where >= 0 {
			return int(last.where), int(last.value), true
		}
		m.slots[^last.where] = last.value
	}
	return 0, 0, false
}

// commit forgets the choices above base but not what is to be undone.
func (m *matcher) commit(base int) {
	kept := m.stack[:base]
	for _, c := range m.stack[base:] {
		if c.where < 0 {
			kept = append(kept, c)
		}
	}
	m.stack = kept
}

// run matches from an instruction on, until opDone. It reports whether that was
// reached; m.pos is where then. What it has pushed stays on the stack.
func (m *matcher) run(pc, pos int) bool {
	base := len(m.stack)
	for {
		if !m.step(1) {
			return false
		}
		i := &m.regexp.code[pc]
		next, at, ok := m.execute(i, pc, pos)
		if i.op == opDone {
			m.pos = pos
			return true
		}
		if !ok {
			if next, at, ok = m.back(base); !ok {
				return false
			}
		}
		pc, pos = next, at
	}
}

// execute does one instruction, and returns where to go on; it is not ok if that
// is no match.
func (m *matcher) execute(i *instruction, pc, pos int) (next, at int, ok bool) {
	switch i.op {
	case opChars:
		return pc + 1, pos + 1, pos < len(m.text) && i.set.has(m.text[pos])
	case opCharsB:
		return pc + 1, pos - 1, pos > 0 && i.set.has(m.text[pos-1])
	case opJump:
		return i.x, pos, true
	case opSplit:
		m.push(i.y, pos)
		return i.x, pos, true
	case opSave:
		m.set(i.x, pos)
	case opEnter:
		m.set(i.loop.count, 0)
	case opLoop:
		return m.loop(i, pos), pos, true
	case opBegin:
		m.begin(i.loop, pos)
	case opAgain:
		return m.again(i, pos)
	case opRef, opRefB:
		at, ok = m.reference(i.ref, pos, i.op == opRefB)
		return pc + 1, at, ok
	case opStart:
		return pc + 1, pos, pos == m.from
	case opAssert:
		return pc + 1, pos, i.holds(m.text, pos)
	case opLook, opLookNot, opAtomic:
		return m.part(i, pc, pos)
	case opDone:
	}
	return pc + 1, pos, true
}

func (m *matcher) loop(i *instruction, pos int) int {
	l, count := i.loop, int(m.slots[i.loop.count])
	switch {
	case count < l.Min:
		return i.x
	case l.Max >= 0 && count >= l.Max:
		return i.y
	case l.Lazy:
		m.push(i.x, pos)
		return i.y
	}
	m.push(i.y, pos)
	return i.x
}

func (m *matcher) begin(l *loop, pos int) {
	m.set(l.count, int(m.slots[l.count])+1)
	m.set(l.start, pos)
	if l.FirstGroup > 0 {
		for slot := 2 * l.FirstGroup; slot < 2*(l.LastGroup+1); slot++ {
			if m.slots[slot] >= 0 {
				m.set(slot, -1)
			}
		}
	}
}

func (m *matcher) again(i *instruction, pos int) (next, at int, ok bool) {
	l := i.loop
	if int(m.slots[l.count]) > l.Min && int(m.slots[l.start]) == pos {
		return i.y, pos, l.EndsEmpty
	}
	return i.x, pos, true
}

// part matches a part on its own.
func (m *matcher) part(i *instruction, pc, pos int) (next, at int, ok bool) {
	base := len(m.stack)
	matched := m.run(pc+1, pos)
	switch {
	case i.op == opLookNot:
		for len(m.stack) > base {
			m.back(base)
		}
		return i.x, pos, !matched && m.err == nil
	case !matched:
		return i.x, pos, false
	}
	m.commit(base)
	if i.op == opAtomic {
		pos = m.pos
	}
	return i.x, pos, true
}

func (m *matcher) reference(ref *Reference, pos int, backward bool) (at int, ok bool) {
	begin, end := int(m.slots[2*ref.Index]), int(m.slots[2*ref.Index+1])
	if begin < 0 || end < 0 {
		return pos, !ref.MustBeSet
	}
	length := end - begin
	from := pos
	at = pos + length
	if backward {
		from, at = pos-length, pos-length
	}
	if from < 0 || from+length > len(m.text) || !m.step(length) {
		return pos, false
	}
	for n := range length {
		a, b := m.text[begin+n], m.text[from+n]
		if a != b && (ref.Fold == nil || ref.Fold(a) != ref.Fold(b)) {
			return pos, false
		}
	}
	return at, true
}
