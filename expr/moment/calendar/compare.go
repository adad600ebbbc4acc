package calendar

// IsAfter reports whether the moment's unit begins after another moment. It and
// the other comparisons are false if either moment is invalid; NoUnit and
// Millisecond compare points in time.
func (m *Moment) IsAfter(other *Moment, u Unit) bool {
	if !m.valid || !other.valid {
		return false
	}
	return other.Millis() < m.start(u)
}

// IsBefore reports whether the moment's unit ends before another moment.
func (m *Moment) IsBefore(other *Moment, u Unit) bool {
	if !m.valid || !other.valid {
		return false
	}
	return m.end(u) < other.Millis()
}

// IsSame reports whether another moment lies within the moment's unit.
func (m *Moment) IsSame(other *Moment, u Unit) bool {
	if !m.valid || !other.valid {
		return false
	}
	at := other.Millis()
	return m.start(u) <= at && at <= m.end(u)
}

// IsSameOrAfter is IsSame or IsAfter.
func (m *Moment) IsSameOrAfter(other *Moment, u Unit) bool {
	return m.IsSame(other, u) || m.IsAfter(other, u)
}

// IsSameOrBefore is IsSame or IsBefore.
func (m *Moment) IsSameOrBefore(other *Moment, u Unit) bool {
	return m.IsSame(other, u) || m.IsBefore(other, u)
}

func (m *Moment) start(u Unit) float64 {
	if u == NoUnit || u == Millisecond {
		return m.Millis()
	}
	c := m.Clone()
	c.StartOf(u)
	return c.Millis()
}

func (m *Moment) end(u Unit) float64 {
	if u == NoUnit || u == Millisecond {
		return m.Millis()
	}
	c := m.Clone()
	c.EndOf(u)
	return c.Millis()
}
