package pgtext

import (
	"strings"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/heitan/heitan/params"
)

// maxDimensions is more than PostgreSQL has, which is 6.
const maxDimensions = 32

// elementOID is the type of the elements of an array type, or 0 for other types.
// Arrays of types that users made have no fixed number, and stay text.
func elementOID(oid uint32) uint32 {
	switch oid {
	case pgtype.BoolArrayOID:
		return pgtype.BoolOID
	case pgtype.Int2ArrayOID:
		return pgtype.Int2OID
	case pgtype.Int4ArrayOID:
		return pgtype.Int4OID
	case pgtype.Int8ArrayOID:
		return pgtype.Int8OID
	case pgtype.OIDArrayOID:
		return pgtype.OIDOID
	case pgtype.Float4ArrayOID:
		return pgtype.Float4OID
	case pgtype.Float8ArrayOID:
		return pgtype.Float8OID
	case pgtype.NumericArrayOID:
		return pgtype.NumericOID
	case pgtype.JSONArrayOID:
		return pgtype.JSONOID
	case pgtype.JSONBArrayOID:
		return pgtype.JSONBOID
	case pgtype.ByteaArrayOID:
		return pgtype.ByteaOID
	case pgtype.TimestampArrayOID:
		return pgtype.TimestampOID
	case pgtype.TimestamptzArrayOID:
		return pgtype.TimestamptzOID
	case pgtype.TextArrayOID, pgtype.VarcharArrayOID, pgtype.BPCharArrayOID, pgtype.QCharArrayOID,
		pgtype.NameArrayOID, pgtype.UUIDArrayOID, pgtype.DateArrayOID, pgtype.TimeArrayOID,
		pgtype.TimetzArrayOID, pgtype.IntervalArrayOID, pgtype.InetArrayOID, pgtype.CIDRArrayOID,
		pgtype.MacaddrArrayOID, pgtype.BitArrayOID, pgtype.VarbitArrayOID, pgtype.XMLArrayOID:
		return pgtype.TextOID
	}
	return 0
}

// parseArray reads an array literal, `{1,2}` or `[0:1]={1,2}`.
// https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
func parseArray(element uint32, text string) (params.List, bool) {
	if strings.HasPrefix(text, "[") {
		_, braces, ok := strings.Cut(text, "=")
		if !ok {
			return nil, false
		}
		text = braces
	}
	p := arrayParser{element: element, rest: text}
	list, ok := p.list(0)
	return list, ok && p.rest == ""
}

// arrayParser reads an array literal from the left.
type arrayParser struct {
	element uint32
	rest    string
}

// skip takes one byte if it is next.
func (p *arrayParser) skip(b byte) bool {
	if p.rest == "" || p.rest[0] != b {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *arrayParser) list(depth int) (params.List, bool) {
	if depth > maxDimensions || !p.skip('{') {
		return nil, false
	}
	list := params.List{}
	if p.skip('}') {
		return list, true
	}
	for {
		v, ok := p.item(depth)
		if !ok {
			return nil, false
		}
		list = append(list, v)
		if p.skip('}') {
			return list, true
		}
		if !p.skip(',') {
			return nil, false
		}
	}
}

func (p *arrayParser) item(depth int) (params.Value, bool) {
	switch {
	case strings.HasPrefix(p.rest, "{"):
		return p.list(depth + 1)
	case p.skip('"'):
		text, ok := p.quoted()
		return scalar(p.element, text), ok
	}
	text := p.unquoted()
	if text == "NULL" {
		return nil, true
	}
	return scalar(p.element, text), text != ""
}

// quoted reads to the quote that ends an element.
func (p *arrayParser) quoted() (string, bool) {
	end := strings.IndexAny(p.rest, `"\`)
	if end >= 0 && p.rest[end] == '"' { // nothing is escaped
		text := p.rest[:end]
		p.rest = p.rest[end+1:]
		return text, true
	}
	var text strings.Builder
	for i := 0; i < len(p.rest); i++ {
		switch c := p.rest[i]; c {
		case '"':
			p.rest = p.rest[i+1:]
			return text.String(), true
		case '\\':
			if i++; i == len(p.rest) {
				return "", false
			}
			text.WriteByte(p.rest[i])
		default:
			text.WriteByte(c)
		}
	}
	return "", false
}

func (p *arrayParser) unquoted() string {
	end := strings.IndexAny(p.rest, `,{}"\`)
	if end < 0 {
		end = len(p.rest)
	}
	text := p.rest[:end]
	p.rest = p.rest[end:]
	return text
}
