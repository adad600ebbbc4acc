package http_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/heitan/heitan/operator/operatortest"
	"github.com/heitan/heitan/params"
)

func TestCredentialsComeFromSecrets(t *testing.T) {
	t.Parallel()
	uri := serve(t, echo)
	withUser := strings.Replace(uri, "http://", "http://bob:pa%3Ass@", 1)
	for name, tt := range map[string]struct {
		uri     string
		headers params.List
		secrets map[string]string
		want    string
	}{
		"none":                  {uri, nil, nil, "authorization= user= password="},
		"raw":                   {uri, nil, map[string]string{"http.authorization": "Bearer x", "http.user": "u"}, "authorization=Bearer x user= password="},
		"user and password":     {uri, nil, map[string]string{"http.user": "u", "http.password": "p"}, "authorization=Basic dTpw user=u password=p"},
		"user alone":            {uri, nil, map[string]string{"http.user": "u"}, "authorization=Basic dTo= user=u password="},
		"user in the URI":       {withUser, nil, nil, "authorization=Basic Ym9iOnBhOnNz user=bob password=pa:ss"},
		"secret before the URI": {withUser, nil, map[string]string{"http.user": "u"}, "authorization=Basic dTo= user=u password="},
		"header of the task":    {uri, params.List{params.Of("authorization", "${secret: t.x }")}, map[string]string{"http.user": "u", "t.x": "Key y"}, "authorization=Key y user= password="},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, record, err := run(t, params.Of("_command", tt.uri, "store_content", true, "headers", tt.headers),
				operatortest.WithSecrets(tt.secrets))
			if got := strings.Split(stored(t, result, err), "\n")[1]; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if strings.Contains(record.Log(), "pa%3Ass") {
				t.Errorf("the log shows the password of the URI:\n%s", record.Log())
			}
		})
	}
}

func TestSecretURIOverridesTheCommandAndIsHidden(t *testing.T) {
	t.Parallel()
	uri := serve(t, respond(404, "no such hook"))
	_, record, err := run(t, params.Of("_command", "http://localhost:1/not-this"),
		operatortest.WithSecrets(map[string]string{"http.uri": uri + "/hook/T0KEN"}))
	want := "HTTP 4XX Client Error: GET http://*** - 404 Not Found: no such hook"
	if err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
	if log := record.Log(); strings.Contains(log, "T0KEN") || !strings.Contains(log, "uri=http://***") {
		t.Errorf("log:\n%s", log)
	}
}

func TestSecretsMayStandInEveryPartOfTheRequest(t *testing.T) {
	t.Parallel()
	uri := serve(t, echo)
	result, record, err := run(t, params.Of(
		"_command", uri+"/${secret:path}", "method", "POST", "store_content", true,
		"query", params.Of("${secret:name}", "a${secret:value}"),
		"headers", params.List{params.Of("X-A", "${secret:value}"), params.Of("${secret:header}", "two")},
		"content", params.Of("${secret:name}", params.List{"${secret:value}", int64(1)})),
		operatortest.WithSecrets(map[string]string{"path": "pppp", "name": "nnnn", "value": "v v", "header": "X-A"}))
	got := stored(t, result, err)
	for _, want := range []string{"POST /pppp?nnnn=av+v\n", `x=["v v" "two"]`, `body={"nnnn":["v v",1]}`} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
	for _, secret := range []string{"pppp", "nnnn", "v+v"} {
		if strings.Contains(record.Log(), secret) {
			t.Errorf("the log shows %s:\n%s", secret, record.Log())
		}
	}
}

func TestSecretsInTheQueryAreHiddenAndTheRestIsShown(t *testing.T) {
	t.Parallel()
	uri := serve(t, respond(400, ""))
	for query, want := range map[string]string{
		`{"a": "b", "token": "${secret:t}"}`: "?q=1&a=b&***",
		"token=${secret:t}&a=b":              "?q=1&***&***",
	} {
		_, record, err := run(t, params.Of("_command", uri+"/x?q=1", "query", query),
			operatortest.WithSecrets(map[string]string{"t": "T0KEN"}))
		if err == nil || err.Error() != "HTTP 4XX Client Error: GET "+uri+"/x"+want+" - 400 Bad Request" {
			t.Errorf("error = %v", err)
		}
		if strings.Contains(record.Log(), "T0KEN") {
			t.Errorf("log:\n%s", record.Log())
		}
	}
}

func TestTransportErrorsDoNotShowTheHostOfASecretURI(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"http://127.0.0.1:1/T0KEN":           "HTTP request failed: POST http://***: connect: connection refused (runtime)",
		"http://no-such.invalid/T0KEN":       "HTTP request failed: POST http://***: ",
		"http://127.0.0.1:b/T0KEN":           "Invalid URI (config)",
		"gopher://127.0.0.1/T0KEN":           "Invalid request POST gopher://***: the scheme must be http or https (config)",
		"http://" + tlsServer(t) + "/T0KEN":  "400 Bad Request",
		"https://" + tlsServer(t) + "/T0KEN": "HTTP request failed: POST https://***: tls: failed to verify certificate",
	} {
		_, _, err := run(t, params.Of("_command", "x", "method", "POST"), operatortest.WithSecrets(map[string]string{"http.uri": uri}))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "T0KEN") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("error = %v, want %s", err, want)
		}
	}
}

func TestMissingSecretIsTheTasksFault(t *testing.T) {
	t.Parallel()
	for _, own := range []*params.Object{
		params.Of("_command", "http://localhost:1/${secret:k}"),
		params.Of("_command", "http://localhost:1/", "query", "${secret:k}"),
		params.Of("_command", "http://localhost:1/", "query", params.Of("a", "${secret:k}")),
		params.Of("_command", "http://localhost:1/", "headers", params.List{params.Of("a", "${secret:k}")}),
		params.Of("_command", "http://localhost:1/", "content", params.List{params.Of("${secret:k}", "a")}),
	} {
		_, _, err := run(t, own)
		if err == nil || err.Error() != "Secret not found for key: 'k' (config)" {
			t.Errorf("%s: error = %v", params.JSON(own), err)
		}
	}
}

func TestCredentialsAndSecretsStayWithTheServerTheyAreMeantFor(t *testing.T) {
	t.Parallel()
	other := serve(t, echo)
	uri := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other+"/there", http.StatusFound)
		case "/home":
			http.Redirect(w, r, "http://"+r.Host+"/there", http.StatusFound)
		default:
			echo(w, r)
		}
	})
	secrets := operatortest.WithSecrets(map[string]string{"http.user": "u", "k": "KEY"})
	own := params.Of("store_content", true,
		"headers", params.List{params.Of("X-A", "${secret:k}"), params.Of("X-A", "public"), params.Of("Cookie", "a=b")})
	result, _, err := run(t, own.With("_command", uri+"/home"), secrets)
	if got := stored(t, result, err); !strings.Contains(got, "user=u") || !strings.Contains(got, `x=["KEY" "public"] cookie=a=b`) {
		t.Errorf("at the same server:\n%s", got)
	}
	result, _, err = run(t, own.With("_command", uri+"/away"), secrets)
	if got := stored(t, result, err); !strings.Contains(got, "authorization= ") || !strings.Contains(got, `x=["public"] cookie=`+"\n") {
		t.Errorf("at another server:\n%s", got)
	}
}
