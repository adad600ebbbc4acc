package notify_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNotificationIsSentAsHTTPRequest(t *testing.T) {
	t.Parallel()
	requests := make(chan string, 2)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		requests <- fmt.Sprintf("%s %s %s %s %s %s", r.Method, r.RequestURI, r.Host, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), body)
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	sender, _ := mustSender(t, "notification.type", "http", "notification.http.url", server.URL+"/hook?x=1",
		"notification.http.headers.Authorization", "Bearer t")
	if err := sender.Send(t.Context(), notification(t)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("POST /hook?x=1 "+host+" Bearer t application/json "+payload, <-requests); diff != "" {
		t.Error(diff)
	}
	sender, _ = mustSender(t, "notification.type", "http", "notification.http.url", server.URL, "notification.http.method", "PUT",
		"notification.http.headers.Host", "virtual", "notification.http.headers.content-type", "text/json")
	if err := sender.Send(t.Context(), notification(t)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("PUT / virtual  text/json "+payload, <-requests); diff != "" {
		t.Error(diff)
	}
}

func TestOnlySuccessIsSuccess(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		204: "", 302: "the server answered 302 Found: ", 404: "the server answered 404 Not Found: no", 500: "the server answered 500 Internal Server Error: no",
	} {
		tries := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			tries++
			w.Header().Set("Location", "/")
			w.WriteHeader(status)
			if status >= 400 {
				_, _ = io.WriteString(w, "no"+strings.Repeat(" ", 1<<20))
			}
		}))
		sender, log := mustSender(t, "notification.type", "http", "notification.http.url", server.URL+"/T0KEN")
		err := sender.Send(t.Context(), notification(t))
		server.Close()
		if want == "" {
			if err != nil || tries != 1 {
				t.Errorf("%d: %d tries, %v", status, tries, err)
			}
		} else if err == nil || err.Error() != "notification was not sent after 3 tries: "+want || tries != 3 {
			t.Errorf("%d: %d tries, %v", status, tries, err)
		}
		if strings.Contains(log.String(), "T0KEN") {
			t.Errorf("log:\n%s", log.String())
		}
	}
}

func TestUnreachableServerIsAnErrorThatHidesTheURL(t *testing.T) {
	t.Parallel()
	sender, _ := mustSender(t, "notification.type", "http", "notification.http.url", "http://127.0.0.1:1/T0KEN", "notification.retries", "0")
	err := sender.Send(t.Context(), notification(t))
	if err == nil || !strings.Contains(err.Error(), "connection refused") || strings.Contains(err.Error(), "T0KEN") {
		t.Errorf("error = %v", err)
	}
}

func TestCancelledContextEndsTheRequestWithItsCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("heitan is stopping")
	ctx, cancel := context.WithCancelCause(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server sees the end of the connection only behind the body
		cancel(cause)
		<-r.Context().Done()
	}))
	defer server.Close()
	sender, _ := mustSender(t, "notification.type", "http", "notification.http.url", server.URL)
	if err := sender.Send(ctx, notification(t)); !errors.Is(err, cause) {
		t.Errorf("error = %v", err)
	}
}
