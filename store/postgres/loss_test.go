package postgres_test

import (
	"context"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/store/postgres"
)

func TestAConnectionThatIsCutIsUnavailableAndReplaced(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.URL = withName(t, o.URL, o.Schema)
	s := open(t, o)
	a, fence := submit(t, s, "daily", 30)
	killer := beside(t, postgres.Options{URL: o.URL})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 40 {
			_, _ = killer.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()", o.Schema)
		}
	}()
	stored, failed := 0, 0
	for n := 1; n <= 100; n++ {
		for {
			_, err := s.Commit(t.Context(), commitOf(a.ID, fence, 30, n))
			if err == nil {
				break
			}
			wantKind(t, err, heitan.Unavailable)
			failed++
		}
		stored = n
	}
	<-done
	if got := commits(t, open(t, o), a.ID); got != stored {
		t.Errorf("%d commits are stored, %d were done", got, stored)
	}
	t.Logf("%d commits failed and were repeated", failed)
}

func withName(t *testing.T, text, name string) string {
	t.Helper()
	u, err := url.Parse(text)
	must(t, err)
	q := u.Query()
	q.Set("application_name", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func TestADatabaseThatFallsSilentIsUnavailable(t *testing.T) {
	t.Parallel()
	o := options(t)
	wire := newWire(t, o.URL)
	o.URL, o.Patience = wire.url, 500*time.Millisecond
	s := open(t, o)
	a, fence := submit(t, s, "daily", 3)

	wire.hold()
	_, err := s.Commit(t.Context(), commitOf(a.ID, fence, 3, 1))
	wantKind(t, err, heitan.Unavailable)
	_, err = s.Tasks(t.Context(), a.ID)
	wantKind(t, err, heitan.Unavailable)
	_, err = s.Attempt(t.Context(), a.ID)
	wantKind(t, err, heitan.Unavailable)

	wire.release()
	_, err = s.Commit(t.Context(), commitOf(a.ID, fence, 3, 2))
	must(t, err)
	if n := commits(t, s, a.ID); n != 2 {
		t.Errorf("%d commits are stored", n)
	}
}

// wire passes bytes on to PostgreSQL, unless it is held.
type wire struct {
	url  string
	open sync.RWMutex
}

func newWire(t *testing.T, target string) *wire {
	t.Helper()
	u, err := url.Parse(target)
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	w := &wire{}
	address := u.Host
	u.Host = l.Addr().String()
	w.url = u.String()
	var running sync.WaitGroup
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { w.pass(t.Context(), c, address) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		running.Wait()
	})
	return w
}

func (w *wire) pass(ctx context.Context, c net.Conn, address string) {
	defer c.Close()
	server, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	var both sync.WaitGroup
	both.Go(func() { w.copy(server, c) })
	w.copy(c, server)
	both.Wait()
}

// copy passes one direction on until either side closes, and closes both.
func (w *wire) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		w.open.RLock()
		_, failed := to.Write(buffer[:n])
		w.open.RUnlock()
		if err != nil || failed != nil {
			return
		}
	}
}

// hold lets nothing pass until release.
func (w *wire) hold()    { w.open.Lock() }
func (w *wire) release() { w.open.Unlock() }
