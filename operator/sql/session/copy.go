package session

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5/pgproto3"
)

// copyRefuser reads what the server sends, and refuses to send data when a
// statement COPY ... FROM STDIN asks for it: there is none, and the server would
// wait for it.
type copyRefuser struct {
	from io.Reader
	to   io.Writer

	header   [5]byte // a message's type and the length of the rest
	gathered int     // bytes of the header
	left     uint32  // bytes of the message
}

// Read hands everything through.
func (c *copyRefuser) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	for rest := b[:n]; len(rest) > 0; {
		var asked bool
		if rest, asked = c.take(rest); !asked {
			continue
		}
		refusal, encodeErr := (&pgproto3.CopyFail{Message: "COPY ... FROM STDIN has no data here"}).Encode(nil)
		if encodeErr != nil {
			return n, encodeErr
		}
		if _, writeErr := c.to.Write(refusal); writeErr != nil {
			return n, fmt.Errorf("refuse COPY: %w", writeErr)
		}
	}
	return n, err
}

// take follows the messages up to the end of one, or of b, whatever is first. It
// reports whether a message began that asks for data.
func (c *copyRefuser) take(b []byte) (rest []byte, asked bool) {
	if c.left > 0 {
		n := min(uint32(len(b)), c.left)
		c.left -= n
		return b[n:], false
	}
	n := copy(c.header[c.gathered:], b)
	if c.gathered += n; c.gathered < len(c.header) {
		return nil, false
	}
	c.gathered = 0
	const copyInResponse = 'G'
	if length := binary.BigEndian.Uint32(c.header[1:]); length > 4 { // it counts itself
		c.left = length - 4
	}
	return b[n:], c.header[0] == copyInResponse
}
