package sql_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/heitan/heitan/internal/testenv"
	"github.com/heitan/heitan/params"
)

// server is a PostgreSQL of a test's own, which may be killed. Its user `locked`
// has the password `secret`, and it speaks TLS.
type server struct {
	port int
	dir  string
}

// startServer starts a server, which ends with the test.
func startServer(t testing.TB) *server {
	t.Helper()
	testenv.Need(t, testenv.Postgres)
	initdb := program(t, "initdb")
	s := &server{port: freePort(t), dir: t.TempDir()}
	data := filepath.Join(s.dir, "data")
	for dir := s.dir; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil { // so that another user gets there
			t.Fatal(err)
		}
	}
	command(t, s.dir, initdb, "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	write(t, filepath.Join(data, "pg_hba.conf"), "host all locked all scram-sha-256\nhost all all all trust\nlocal all all trust\n")
	certificate, key := selfSigned(t)
	write(t, filepath.Join(data, "server.crt"), certificate)
	write(t, filepath.Join(data, "server.key"), key)
	if err := os.Chmod(filepath.Join(data, "server.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	giveAway(t, data)
	options := "-p " + strconv.Itoa(s.port) + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c ssl=on"
	ctl := program(t, "pg_ctl")
	command(t, s.dir, ctl, "-D", data, "-l", filepath.Join(data, "log"), "-w", "-o", options, "start")
	t.Cleanup(func() {
		stop := asPostgres(context.Background(), ctl, "-D", data, "-m", "immediate", "stop")
		_ = stop.Run() // the test may have killed it
	})
	connect(t, s.url()).exec(t, "CREATE ROLE locked LOGIN PASSWORD 'secret'; GRANT CREATE ON SCHEMA public TO locked")
	return s
}

func (s *server) url() string {
	return "postgres://test@127.0.0.1:" + strconv.Itoa(s.port) + "/postgres?sslmode=disable"
}

// where is the map with which a task finds the server as a user.
func (s *server) where(user string) *params.Object {
	return params.Of("host", "127.0.0.1", "port", int64(s.port), "user", user, "database", "postgres")
}

// kill ends the server and all of its processes at once.
func (s *server) kill(t testing.TB) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil { // an immediate shutdown
		t.Fatal(err)
	}
}

// program is the path of a program of PostgreSQL.
func program(t testing.TB, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	paths, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(paths) == 0 {
		if testenv.Required(testenv.Postgres) {
			t.Fatalf("no %s on this machine", name)
		}
		t.Skipf("no %s on this machine", name)
	}
	return paths[len(paths)-1]
}

// asPostgres is a command that does not run as root, as PostgreSQL refuses to.
func asPostgres(ctx context.Context, name string, args ...string) *exec.Cmd {
	if os.Getuid() != 0 {
		return exec.CommandContext(ctx, name, args...)
	}
	return exec.CommandContext(ctx, "runuser", append([]string{"-u", "postgres", "--", name}, args...)...)
}

func command(t testing.TB, dir, name string, args ...string) {
	t.Helper()
	giveAway(t, dir)
	var output bytes.Buffer
	c := asPostgres(t.Context(), name, args...)
	// pg_ctl leaves the server behind, which would keep a pipe open: a file is none.
	file, err := os.CreateTemp(t.TempDir(), "output")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	c.Dir, c.Stdout, c.Stderr = dir, file, file
	if err := c.Run(); err != nil {
		if _, seekErr := file.Seek(0, 0); seekErr == nil {
			_, _ = output.ReadFrom(file)
		}
		t.Fatalf("%s: %v\n%s", name, err, output.String())
	}
}

// giveAway makes files those of the user as whom PostgreSQL runs.
func giveAway(t testing.TB, root string) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		t.Skip(err)
	}
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	err = filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, gid)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return port
}

// selfSigned is a certificate that nobody has reason to trust.
func selfSigned(t testing.TB) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"elsewhere.invalid"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}))
}
