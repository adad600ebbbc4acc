package redis_test

import (
	"crypto/rand"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	driver "github.com/gomodule/redigo/redis"
	"go.uber.org/goleak"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/store"
	"github.com/heitan/heitan/store/redis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var now = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)

func TestParamIsWhatWasSetLast(t *testing.T) {
	t.Parallel()
	s, key := open(t), rand.Text()
	want(t, s, key, "", false)
	for _, value := range []string{"1", "", `{"二": ["\u0000"]}`} {
		if err := s.SetParam(t.Context(), key, value, now); err != nil {
			t.Fatal(err)
		}
		want(t, s, key, value, true)
	}
}

func TestParamIsKeptAsDigdagKeepsIt(t *testing.T) {
	t.Parallel()
	s, key := open(t), rand.Text()
	beside := client(t)
	if err := s.SetParam(t.Context(), key, "a", now); err != nil {
		t.Fatal(err)
	}
	if got, err := driver.String(beside.Do("GET", "0:"+key)); err != nil || got != `{"value":{"value":"a"},"value_type":0}` {
		t.Errorf("kept as %s, %v", got, err)
	}
	seconds, err := driver.Int64(beside.Do("TTL", "0:"+key))
	if left := time.Duration(seconds) * time.Second; err != nil || left < store.ParamLife-time.Minute || left > store.ParamLife {
		t.Errorf("kept for %s, %v", left, err)
	}
	// Digdag's keys may stand in another order.
	if _, err := beside.Do("SET", "0:"+key, `{"value_type":0,"value":{"value":"b"}}`, "EX", 60); err != nil {
		t.Fatal(err)
	}
	want(t, s, key, "b", true)
}

func TestValueOfSomebodyElseIsAnError(t *testing.T) {
	t.Parallel()
	s, key := open(t), rand.Text()
	for _, text := range []string{"hello", `{"value": 1}`, `[]`} {
		if _, err := client(t).Do("SET", "0:"+key, text, "EX", 60); err != nil {
			t.Fatal(err)
		}
		if value, ok, err := s.Param(t.Context(), key, now); err == nil {
			t.Errorf("%s is read as %q, %v", text, value, ok)
		}
	}
}

func TestRedisThatIsNotThereIsUnavailable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	s := redis.New(redis.Options{Host: "127.0.0.1", Port: port})
	t.Cleanup(func() { _ = s.Close() })
	_, _, err = s.Param(t.Context(), "a", now)
	if heitan.KindOf(err) != heitan.Unavailable || !strings.Contains(err.Error(), "read param in Redis at 127.0.0.1:"+strconv.Itoa(port)) {
		t.Errorf("error %v", err)
	}
	if err := s.SetParam(t.Context(), "a", "b", now); heitan.KindOf(err) != heitan.Unavailable {
		t.Errorf("error %v", err)
	}
}

func TestConnectionsThatBreakAreMadeAnew(t *testing.T) {
	t.Parallel()
	l, cut := proxy(t, testenv.Need(t, testenv.Redis))
	s, key := openAt(t, l), rand.Text()
	if err := s.SetParam(t.Context(), key, "a", now); err != nil {
		t.Fatal(err)
	}
	cut()
	want(t, s, key, "a", true)
}

// proxy stands before a server; cut breaks the connections there are.
func proxy(t *testing.T, server string) (address string, cut func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var open []net.Conn
	cut = func() {
		mu.Lock()
		defer mu.Unlock()
		for _, c := range open {
			_ = c.Close()
		}
		open = nil
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", server)
			if err != nil {
				_ = from.Close()
				continue
			}
			mu.Lock()
			open = append(open, from, to)
			mu.Unlock()
			all.Go(func() { _, _ = io.Copy(to, from) })
			all.Go(func() { _, _ = io.Copy(from, to) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		cut()
		all.Wait()
	})
	return l.Addr().String(), cut
}

func want(t *testing.T, s *redis.ParamServer, key, value string, there bool) {
	t.Helper()
	got, ok, err := s.Param(t.Context(), key, now)
	if err != nil || got != value || ok != there {
		t.Errorf("param is %q, %v, %v; want %q, %v", got, ok, err, value, there)
	}
}

func open(t *testing.T) *redis.ParamServer {
	t.Helper()
	return openAt(t, testenv.Need(t, testenv.Redis))
}

func openAt(t *testing.T, address string) *redis.ParamServer {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	s := redis.New(redis.Options{Host: host, Port: n})
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func client(t *testing.T) driver.Conn {
	t.Helper()
	c, err := driver.DialContext(t.Context(), "tcp", testenv.Need(t, testenv.Redis))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}
