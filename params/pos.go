package params

import "strconv"

// Pos is a place in a user's file. The zero Pos means "not from a file".
type Pos struct {
	File   string // as the user would type it, relative to the project
	Line   int32  // from 1
	Column int32  // from 1, in characters
}

// IsZero reports whether p is no place in a file.
func (p Pos) IsZero() bool { return p.Line == 0 }

// String is "file:line:column", the form editors understand, or "" for the zero Pos.
func (p Pos) String() string {
	if p.IsZero() {
		return ""
	}
	return p.File + ":" + strconv.Itoa(int(p.Line)) + ":" + strconv.Itoa(int(p.Column))
}
