package docker

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// sink gathers small writes and counts what output has taken.
type sink struct {
	log  *log
	skip int64 // bytes that were written before
	buf  []byte
}

const sinkSize = 64 << 10

func (s *sink) Write(p []byte) (int, error) {
	n := len(p)
	if s.skip > 0 {
		skipped := min(s.skip, int64(n))
		s.skip -= skipped
		p = p[skipped:]
	}
	s.buf = append(s.buf, p...)
	if len(s.buf) >= sinkSize {
		return n, s.flush()
	}
	return n, nil
}

func (s *sink) flush() error {
	if len(s.buf) == 0 {
		return nil
	}
	n, err := s.log.output.Write(s.buf)
	s.log.written += int64(n)
	if err == nil && n < len(s.buf) {
		err = io.ErrShortWrite
	}
	s.buf = s.buf[:0]
	if err != nil {
		return &outputError{err}
	}
	return nil
}

func copyRaw(s *sink, r io.Reader) error {
	buf := make([]byte, sinkSize)
	for {
		n, err := r.Read(buf)
		if _, writeErr := s.Write(buf[:n]); writeErr != nil {
			return writeErr
		}
		if writeErr := s.flush(); writeErr != nil {
			return writeErr
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// The kinds of frames, and how much of an error is read. See "Stream format" in
// https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
const (
	frameStdin   = 0
	frameStderr  = 2
	frameError   = 3
	maxErrorText = 64 << 10
)

// copyFrames copies the content of frames: a byte with the kind, three without
// meaning, the length, and as many bytes. What it has is handed on whenever
// nothing more is there at the moment.
func copyFrames(s *sink, r *bufio.Reader) error {
	var header [8]byte
	for {
		if r.Buffered() == 0 {
			if err := s.flush(); err != nil {
				return err
			}
		}
		_, err := io.ReadFull(r, header[:])
		if errors.Is(err, io.EOF) {
			return s.flush()
		}
		if err != nil {
			return errors.Join(err, s.flush())
		}
		length := int64(binary.BigEndian.Uint32(header[4:]))
		switch kind := header[0]; {
		case kind == frameError:
			text, _ := io.ReadAll(io.LimitReader(r, min(length, maxErrorText)))
			return errors.Join(fmt.Errorf("the engine cannot read the log on: %s", text), s.flush())
		case kind > frameStderr:
			return errors.Join(fmt.Errorf("the engine's log has a frame of the unknown kind %d", kind), s.flush())
		}
		if err := copyFrame(s, r, length); err != nil {
			return err
		}
	}
}

// copyFrame copies one frame's content. A frame can be long, so it is taken in
// the pieces that come.
func copyFrame(s *sink, r *bufio.Reader, length int64) error {
	for length > 0 {
		if r.Buffered() == 0 {
			if err := s.flush(); err != nil {
				return err
			}
			if _, err := r.Peek(1); err != nil {
				if errors.Is(err, io.EOF) {
					err = io.ErrUnexpectedEOF
				}
				return errors.Join(err, s.flush())
			}
		}
		piece, err := r.Peek(int(min(length, int64(r.Buffered()))))
		if err != nil {
			return err
		}
		if _, err := s.Write(piece); err != nil {
			return err
		}
		if _, err := r.Discard(len(piece)); err != nil {
			return err
		}
		length -= int64(len(piece))
	}
	return nil
}
