package session

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"

	"github.com/jackc/pgx/v5/pgproto3"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// messages are what a server may send, one of which asks for data.
func messages(t testing.TB) map[string][]byte {
	t.Helper()
	all := make(map[string][]byte)
	for name, message := range map[string]pgproto3.BackendMessage{
		"ready":    &pgproto3.ReadyForQuery{TxStatus: 'I'},
		"row":      &pgproto3.DataRow{Values: [][]byte{[]byte("GGGG\x00\x00\x00\x04"), nil}},
		"complete": &pgproto3.CommandComplete{CommandTag: []byte("SELECT 1")},
		"empty":    &pgproto3.EmptyQueryResponse{},
		"copy":     &pgproto3.CopyInResponse{ColumnFormatCodes: []uint16{0}},
	} {
		encoded, err := message.Encode(nil)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = encoded
	}
	return all
}

func TestEachRequestForDataIsRefusedWhereverItIsCut(t *testing.T) {
	t.Parallel()
	kinds := messages(t)
	rapid.Check(t, func(t *rapid.T) {
		var stream []byte
		refusals := 0
		for _, kind := range rapid.SliceOf(rapid.SampledFrom([]string{"ready", "row", "complete", "empty", "copy"})).Draw(t, "messages") {
			stream = append(stream, kinds[kind]...)
			if kind == "copy" {
				refusals++
			}
		}
		var reader io.Reader = bytes.NewReader(stream)
		if rapid.Bool().Draw(t, "byte by byte") {
			reader = iotest.OneByteReader(reader)
		}
		var sent bytes.Buffer
		read, err := io.ReadAll(&copyRefuser{from: reader, to: &sent})
		if err != nil || !bytes.Equal(read, stream) {
			t.Fatalf("%q became %q, %v", stream, read, err)
		}
		if n := bytes.Count(sent.Bytes(), []byte("COPY ... FROM STDIN has no data here\x00")); n != refusals {
			t.Fatalf("%d refusals of %d", n, refusals)
		}
	})
}

// FuzzCopyRefuser finds streams that make following the messages panic or change
// the stream.
func FuzzCopyRefuser(f *testing.F) {
	f.Add([]byte("G\x00\x00\x00\x07\x00\x00\x00Z\x00\x00\x00\x05I"))
	f.Add([]byte("D\xff\xff\xff\xffG\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		read, err := io.ReadAll(&copyRefuser{from: iotest.HalfReader(bytes.NewReader(stream)), to: io.Discard})
		if err != nil || !bytes.Equal(read, stream) {
			t.Errorf("%q became %q, %v", stream, read, err)
		}
	})
}
