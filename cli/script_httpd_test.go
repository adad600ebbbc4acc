package cli_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// webServer is a web server for one script.
//
//	/echo           answers with the request: method, path and query, some headers, body
//	/hello          answers hello
//	/list           answers a JSON list
//	/status/N       answers with status N
//	/flaky/N        fails N times, then answers "at last"
//	/moved          redirects to /hello
//	/big/N          answers with N letters
//	/never          does not answer
//	/file?name=F&type=T   answers with the script's file F as content type T
//	/inbox          keeps what is sent to it in the script's file `inbox`
//	/token, /storage/v1/b/BUCKET/o/OBJECT   Google Cloud Storage with the object b/there;
//	                the key of a service account is the script's file `gcp.json`
type webServer struct {
	dir string

	mu    sync.Mutex
	flaky map[string]int
}

func startWebServer(t *testing.T, ts *testscript.TestScript) {
	w := &webServer{dir: ts.MkAbs("."), flaky: make(map[string]int)}
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", echoRequest)
	mux.HandleFunc("/hello", text("hello"))
	mux.HandleFunc("/list", text(`["tokyo", "osaka"]`))
	mux.HandleFunc("/status/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.PathValue("code"))
		http.Error(w, "this is "+r.PathValue("code"), code)
	})
	mux.HandleFunc("/flaky/{times}", w.fail)
	mux.Handle("/moved", http.RedirectHandler("/hello", http.StatusFound))
	mux.HandleFunc("/big/{size}", func(w http.ResponseWriter, r *http.Request) {
		size, _ := strconv.Atoi(r.PathValue("size"))
		_, _ = io.WriteString(w, strings.Repeat("x", size))
	})
	mux.HandleFunc("/never", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/file", w.file)
	mux.HandleFunc("/inbox", w.inbox)
	mux.HandleFunc("/token", text(`{"access_token": "t0", "token_type": "Bearer", "expires_in": 3600}`))
	mux.HandleFunc("/storage/v1/b/{bucket}/o/{object}", storageObject)
	server := httptest.NewServer(mux)
	ts.Defer(server.Close)
	ts.Setenv("URL", server.URL)
	ts.Check(os.WriteFile(filepath.Join(w.dir, "gcp.json"), serviceAccount(t, server.URL+"/token"), 0o600))
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if strings.HasPrefix(body, "{") || strings.HasPrefix(body, "[") {
			w.Header().Set("Content-Type", "application/json")
		}
		_, _ = io.WriteString(w, body)
	}
}

func echoRequest(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "%s %s\n", r.Method, r.URL.RequestURI())
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range r.Header {
			if !yield(name) {
				return
			}
		}
	}) {
		if name == "Authorization" || name == "Content-Type" || strings.HasPrefix(name, "X-") {
			fmt.Fprintf(w, "%s: %s\n", name, strings.Join(r.Header[name], " | "))
		}
	}
	body, _ := io.ReadAll(r.Body)
	_, _ = w.Write(body)
}

func (w *webServer) fail(answer http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	times, _ := strconv.Atoi(r.PathValue("times"))
	if w.flaky[r.URL.Path]++; w.flaky[r.URL.Path] <= times {
		http.Error(answer, "not yet", http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(answer, "at last")
}

func (w *webServer) file(answer http.ResponseWriter, r *http.Request) {
	data, err := os.ReadFile(filepath.Join(w.dir, r.URL.Query().Get("name")))
	if err != nil {
		http.Error(answer, err.Error(), http.StatusNotFound)
		return
	}
	answer.Header().Set("Content-Type", r.URL.Query().Get("type"))
	_, _ = answer.Write(data)
}

func (w *webServer) inbox(answer http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = os.WriteFile(filepath.Join(w.dir, "inbox"), body, 0o644)
	}
	if err != nil {
		http.Error(answer, err.Error(), http.StatusInternalServerError)
	}
}

func storageObject(w http.ResponseWriter, r *http.Request) {
	switch name := r.PathValue("bucket") + "/" + r.PathValue("object"); {
	case r.Header.Get("Authorization") != "Bearer t0":
		http.Error(w, `{"error": {"message": "Invalid Credentials"}}`, http.StatusUnauthorized)
	case r.PathValue("bucket") == "private":
		http.Error(w, `{"error": {"message": "no access to the bucket"}}`, http.StatusForbidden)
	case name == "b/there" || name == "b/a folder/2026.csv":
		_ = json.NewEncoder(w).Encode(map[string]string{"bucket": r.PathValue("bucket"), "name": r.PathValue("object"), "size": "3"})
	default:
		http.Error(w, `{"error": {"message": "No such object"}}`, http.StatusNotFound)
	}
}

// serviceAccount is the JSON key of a service account that logs in at an address.
func serviceAccount(t *testing.T, tokenURL string) []byte {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	account, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "p", "client_email": "robot@p.example", "private_key_id": "1",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), "token_uri": tokenURL,
	})
	if err != nil {
		t.Fatal(err)
	}
	return account
}
