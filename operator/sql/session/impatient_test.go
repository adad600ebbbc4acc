package session

import (
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// pipe is an impatient end of a connection, and the other end.
func pipe(t *testing.T, patience time.Duration) (*impatientConn, net.Conn) {
	t.Helper()
	here, there := net.Pipe()
	t.Cleanup(func() {
		here.Close()
		there.Close()
	})
	return &impatientConn{Conn: here, patience: patience}, there
}

func TestSilenceIsEndedAfterThePatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn, there := pipe(t, time.Minute)
		began := time.Now()
		go func() {
			time.Sleep(50 * time.Second)
			_, _ = there.Write([]byte("x"))
		}()
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			t.Error(err)
		}
		_, err := conn.Read(make([]byte, 1))
		var silent silentError
		if !errors.As(err, &silent) || time.Since(began) != 110*time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("%v is no timeout", err)
		}
	})
}

func TestDeadlineCountsBesideThePatience(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*impatientConn, time.Time) error{
		"both":    (*impatientConn).SetDeadline,
		"reading": func(c *impatientConn, t time.Time) error { return c.SetReadDeadline(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				conn, _ := pipe(t, time.Minute)
				began := time.Now()
				go func() { // while a read is waiting
					time.Sleep(10 * time.Second)
					if err := set(conn, time.Now().Add(time.Second)); err != nil {
						t.Error(err)
					}
				}()
				_, err := conn.Read(make([]byte, 1))
				var silent silentError
				if !errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &silent) || time.Since(began) != 11*time.Second {
					t.Errorf("%v after %s", err, time.Since(began))
				}
				if err := set(conn, time.Time{}); err != nil {
					t.Error(err)
				}
				if _, err = conn.Read(make([]byte, 1)); !errors.As(err, &silent) || time.Since(began) != 71*time.Second {
					t.Errorf("%v after %s", err, time.Since(began))
				}
			})
		})
	}
}
