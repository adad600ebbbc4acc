package process

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"
)

// bytesFrom is the n bytes of a recognizable stream from an offset on.
func bytesFrom(offset, n int64) []byte {
	out := make([]byte, n)
	for i := range out {
		at := offset + int64(i)
		out[i] = byte(at ^ at>>8 ^ at>>16)
	}
	return out
}

// source gives the stream in pieces of given sizes.
type source struct {
	at    int64
	sizes []int
}

func (s *source) Read(p []byte) (int, error) {
	if len(s.sizes) == 0 {
		return 0, io.EOF
	}
	n := min(len(p), s.sizes[0])
	s.sizes[0] -= n
	if s.sizes[0] == 0 {
		s.sizes = s.sizes[1:]
	}
	copy(p, bytesFrom(s.at, int64(n)))
	s.at += int64(n)
	return n, nil
}

func (s *source) Close() error { return nil }

func TestEveryReaderGetsTheWholeOutput(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		sizes := rapid.SliceOf(rapid.IntRange(1, 300<<10)).Draw(rt, "sizes")
		readers := rapid.IntRange(1, 3).Draw(rt, "readers")
		var total int64
		for _, n := range sizes {
			total += int64(n)
		}
		synctest.Test(t, func(t *testing.T) {
			j := newJournal()
			outputs := make([]bytes.Buffer, readers)
			for i := range outputs {
				go func() {
					if err := j.copyTo(t.Context(), &outputs[i], &cursor{}); err != nil {
						t.Error(err)
					}
				}()
			}
			synctest.Wait()
			go j.fill(&source{sizes: sizes})
			synctest.Wait()
			for i := range outputs {
				if !bytes.Equal(outputs[i].Bytes(), bytesFrom(0, total)) {
					rt.Errorf("reader %d got %d of %d bytes, or others", i, outputs[i].Len(), total)
				}
			}
		})
	})
}

func TestTheCommandWaitsForASlowReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := newJournal()
		pipe := &source{sizes: []int{3 * journalMax}}
		reader, writer := io.Pipe()
		go func() {
			if err := j.copyTo(t.Context(), writer, &cursor{}); err != nil {
				t.Error(err)
			}
			_ = writer.Close()
		}()
		synctest.Wait()
		go j.fill(pipe)
		synctest.Wait()
		if pipe.at > journalMax {
			t.Errorf("%d bytes were taken from the command while nobody read", pipe.at)
		}
		got, err := io.ReadAll(reader)
		if err != nil || !bytes.Equal(got, bytesFrom(0, 3*journalMax)) {
			t.Errorf("got %d bytes, %v", len(got), err)
		}
	})
}

func TestALaterReaderIsToldWhatIsMissing(t *testing.T) {
	t.Parallel()
	const size = 2*journalMax + 12345
	j := newJournal()
	go j.fill(&source{sizes: []int{size}})
	var first, second bytes.Buffer
	if err := j.copyTo(t.Context(), &first, &cursor{}); err != nil {
		t.Fatal(err)
	}
	if err := j.copyTo(t.Context(), &second, &cursor{}); err != nil {
		t.Fatal(err)
	}
	if first.Len() != size {
		t.Errorf("the first got %d bytes", first.Len())
	}
	notice, rest, _ := strings.Cut(second.String(), "\n")
	if !strings.HasSuffix(notice, "bytes of the output are not kept any more]") {
		t.Errorf("got the notice %q", notice)
	}
	if len(rest) < journalMax-readMax || !strings.HasSuffix(first.String(), rest) {
		t.Errorf("the second got %d bytes", len(rest))
	}
}

func TestAWaitThatWasGivenUpGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := newJournal()
		reader, writer := io.Pipe()
		go j.fill(reader)
		var output bytes.Buffer
		var at cursor
		ctx, cancel := context.WithCancelCause(t.Context())
		stopped := make(chan error, 1)
		go func() { stopped <- j.copyTo(ctx, &output, &at) }()
		_, _ = writer.Write([]byte("one "))
		synctest.Wait()
		why := errors.New("handover")
		cancel(why)
		if err := <-stopped; !errors.Is(err, why) {
			t.Errorf("got %v", err)
		}
		_, _ = writer.Write([]byte("two "))
		synctest.Wait()
		if output.String() != "one " {
			t.Errorf("got %q although nobody waits", output.String())
		}
		_ = writer.Close()
		if err := j.copyTo(t.Context(), &output, &at); err != nil || output.String() != "one two " {
			t.Errorf("got %q, %v", output.String(), err)
		}
	})
}

func TestWhileNobodyReadsTheCommandGetsAheadOfTheLastReaderByWhatIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := newJournal()
		reader, writer := io.Pipe()
		go j.fill(reader)
		var at cursor
		ctx, cancel := context.WithCancel(t.Context())
		stopped := make(chan error, 1)
		go func() { stopped <- j.copyTo(ctx, io.Discard, &at) }()
		const read = 600 << 10
		_, _ = writer.Write(bytesFrom(0, read))
		synctest.Wait()
		cancel()
		if err := <-stopped; err == nil {
			t.Error("a reader that was given up has read all")
		}
		taken := 0
		go func() {
			for err := error(nil); err == nil; taken += 1 << 10 {
				_, err = writer.Write(make([]byte, 1<<10))
			}
		}()
		synctest.Wait()
		if at.at != read || taken < journalMax-readMin || taken > journalMax {
			t.Errorf("after %d bytes were read, %d more were taken", at.at, taken)
		}
		j.abandon()
	})
}

func TestAnAbandonedJournalLetsGoOfThePipe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := newJournal()
		filled := make(chan struct{})
		go func() {
			j.fill(&source{sizes: []int{10 * journalMax}})
			close(filled)
		}()
		synctest.Wait()
		select {
		case <-filled:
			t.Fatal("everything was taken although nobody reads")
		default:
		}
		j.abandon()
		<-filled
	})
}

func TestASmallOutputNeedsLittleMemory(t *testing.T) {
	t.Parallel()
	j := newJournal()
	j.fill(&source{sizes: []int{100, 200}})
	if len(j.ring) != journalMin {
		t.Errorf("%d bytes are kept for 300", len(j.ring))
	}
}
