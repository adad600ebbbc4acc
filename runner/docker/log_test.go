package docker

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func framed(kind byte, text string) string {
	header := []byte{kind, 0, 0, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint32(header[4:], uint32(len(text)))
	return string(header) + text
}

func TestFramesAreCopiedInOrderWhateverPiecesTheyComeIn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(rapid.StringN(0, 300, -1)).Draw(t, "texts")
		var stream, want strings.Builder
		for i, text := range texts {
			stream.WriteString(framed(byte(i%3), text))
			want.WriteString(text)
		}
		skip := rapid.IntRange(0, want.Len()).Draw(t, "skip")
		var r io.Reader = strings.NewReader(stream.String())
		if rapid.Bool().Draw(t, "byte by byte") {
			r = iotest.OneByteReader(r)
		}
		var output bytes.Buffer
		l := &log{output: &output, written: int64(skip)}
		err := copyFrames(&sink{log: l, skip: l.written}, bufio.NewReaderSize(r, 16))
		if err != nil || output.String() != want.String()[skip:] || l.written != int64(want.Len()) {
			t.Fatalf("got %q, %v, want %q", output.String(), err, want.String()[skip:])
		}
	})
}

func TestACutLogIsCopiedAsFarAsItGoes(t *testing.T) {
	t.Parallel()
	stream := framed(1, "one\n") + framed(1, "two\n")
	for cut := range len(stream) {
		var output bytes.Buffer
		l := &log{output: &output}
		err := copyFrames(&sink{log: l}, bufio.NewReader(strings.NewReader(stream[:cut])))
		whole := cut == 0 || cut == len(stream)/2
		if (err == nil) != whole || !strings.HasPrefix("one\ntwo\n", output.String()) || l.written != int64(output.Len()) {
			t.Errorf("cut at %d: got %q, %v", cut, output.String(), err)
		}
		if cut == len(stream)-1 && output.String() != "one\ntwo" {
			t.Errorf("cut at %d: got %q", cut, output.String())
		}
	}
}

func TestOddFramesAreErrors(t *testing.T) {
	t.Parallel()
	for stream, mention := range map[string]string{
		framed(1, "a") + framed(3, "out of disk"):               "out of disk",
		framed(1, "a") + framed(9, "b"):                         "unknown kind 9",
		framed(1, "a") + "\x03\x00\x00\x00\xff\xff\xff\xffhuge": "huge",
	} {
		var output bytes.Buffer
		err := copyFrames(&sink{log: &log{output: &output}}, bufio.NewReader(strings.NewReader(stream)))
		if err == nil || !strings.Contains(err.Error(), mention) || output.String() != "a" {
			t.Errorf("got %q, %v", output.String(), err)
		}
	}
}

func TestWhatAFailingOutputHasTakenIsCounted(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	l := &log{output: writerFunc(func(p []byte) (int, error) { return 3, full })}
	err := copyRaw(&sink{log: l}, strings.NewReader("hello"))
	if _, ok := errors.AsType[*outputError](err); !ok || !errors.Is(err, full) || l.written != 3 {
		t.Errorf("got %v after %d bytes", err, l.written)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func FuzzFrames(f *testing.F) {
	f.Add([]byte(framed(1, "one") + framed(2, "two")))
	f.Add([]byte{1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 'x'})
	f.Fuzz(func(t *testing.T, stream []byte) {
		var output bytes.Buffer
		l := &log{output: &output}
		_ = copyFrames(&sink{log: l}, bufio.NewReaderSize(bytes.NewReader(stream), 16))
		if l.written != int64(output.Len()) || output.Len() > len(stream) {
			t.Errorf("%d bytes are counted, %d were written", l.written, output.Len())
		}
	})
}

func BenchmarkFrames(b *testing.B) {
	stream := strings.Repeat(framed(1, "a line of a usual length, with some words in it\n"), 20_000)
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	for b.Loop() {
		l := &log{output: io.Discard}
		if err := copyFrames(&sink{log: l}, bufio.NewReaderSize(strings.NewReader(stream), sinkSize)); err != nil {
			b.Fatal(err)
		}
	}
}
