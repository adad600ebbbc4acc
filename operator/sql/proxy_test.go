package sql_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

// proxy stands between an operator and PostgreSQL, and cuts the first connection
// on which a client sends a word.
type proxy struct {
	net.Listener
	server  string
	word    []byte
	forward bool // the word gets to the server, but no answer comes back

	mu  sync.Mutex
	cut bool
}

// cutting starts a proxy before the server of d.
func cutting(t testing.TB, d *database, word string, forward bool) *proxy {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := d.Config()
	p := &proxy{Listener: listener, server: net.JoinHostPort(c.Host, fmt.Sprint(c.Port)), word: []byte(word), forward: forward}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { p.serve(client) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		all.Wait()
	})
	return p
}

// where is the param that leads a task through the proxy.
func (p *proxy) where() *params.Object {
	return params.Of("port", int64(p.Addr().(*net.TCPAddr).Port))
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := new(net.Dialer).Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer server.Close()
	answers := make(chan struct{})
	go func() {
		defer close(answers)
		_, _ = io.Copy(client, server)
		client.Close()
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			break
		}
		if p.meets(buffer[:n]) {
			client.Close()
			if p.forward {
				_, _ = server.Write(buffer[:n])
			} else {
				server.Close()
			}
			<-answers
			return
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			break
		}
	}
	server.Close()
	<-answers
}

// meets reports whether the client sends the word for the first time.
func (p *proxy) meets(sent []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut || !bytes.Contains(sent, p.word) {
		return false
	}
	p.cut = true
	return true
}

func TestCommitWithoutAnAnswerIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	for _, name := range dialects {
		for _, forward := range []bool{true, false} {
			d := newDatabase(t)
			d.exec(t, "CREATE TABLE a (n int)")
			// The ledger of pg> commits its row first; this is the one after the statement.
			p := cutting(t, d, "\x00\x00\x00\x0bCOMMIT\x00", forward)
			own := inserting().Merge(p.where())
			req, record := operatortest.Request(t, own, d.exports())
			result, err := operatorOf(t, name).Run(t.Context(), req)
			if err != nil || result.Poll == nil || !p.cut {
				t.Fatalf("%s, forward %v: %+v, %v", name, forward, result, err)
			}
			if !strings.Contains(record.Log(), "is not known") {
				t.Errorf("log: %s", record.Log())
			}
			for range 10 { // the server may take a moment to see that the client is gone
				req, _ = operatortest.Request(t, own, d.exports())
				req.Checkpoint = result.Poll.Checkpoint
				result, err = operatorOf(t, name).Run(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				if result.Poll == nil {
					break
				}
			}
			if n := d.count(t, "SELECT count(*) FROM a"); n != 1 || result.Poll != nil {
				t.Errorf("%s, forward %v: the statement ran %d times", name, forward, n)
			}
		}
	}
}

func TestCommitsInDoubtAreNotLookedAtForEver(t *testing.T) {
	t.Parallel()
	own := inserting("host", "127.0.0.1", "port", int64(1), "user", "u", "database", "d")
	checkpoint := params.Of("queryId", "5ca1ab1e-0000-4000-8000-000000000002", "commitsInDoubt", int64(1))
	for n := 1; ; n++ {
		req, _ := operatortest.Request(t, own)
		req.Checkpoint = checkpoint
		result, err := operatorOf(t, "pg").Run(t.Context(), req)
		if err != nil {
			if n != 8 || !strings.Contains(err.Error(), "Failed to connect to the database [") {
				t.Errorf("after %d times: %v", n, err)
			}
			return
		}
		if result.Poll == nil || n > 8 {
			t.Fatalf("%d: %+v", n, result)
		}
		checkpoint = result.Poll.Checkpoint
	}
}

func TestConnectionLostInAStatementFailsTheTask(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	d.exec(t, "CREATE TABLE a (n int)")
	p := cutting(t, d, "INSERT INTO a", false)
	_, _, err := d.run(t, "pg", inserting().Merge(p.where()))
	if err == nil || !strings.HasPrefix(err.Error(), "Failed to execute given SQL script [") {
		t.Error(err)
	}
	if n := d.count(t, "SELECT count(*) FROM a"); n != 0 {
		t.Errorf("%d rows", n)
	}
}
