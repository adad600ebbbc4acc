package http

import (
	"context"
	"net/url"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

// content is the body of a request.
type content struct {
	body        []byte // nil is none
	contentType string
}

// The content types of Digdag. plain/text is a slip of its authors that servers
// have seen ever since, so it stays.
var contentTypes = map[string]string{
	"text": "plain/text",
	"json": "application/json",
	"form": "application/x-www-form-urlencoded",
}

// readContent reads the params content, content_format and content_type.
func readContent(ctx context.Context, p *operator.Params, secrets *operator.Secrets) (content, error) {
	format := strings.ToLower(p.StringOr("content_format", ""))
	contentType := p.StringOr("content_type", "")
	v, ok := p.Get("content")
	if !ok {
		return content{}, nil
	}
	if format == "" {
		format = defaultFormat(v)
	}
	resolved, err := secrets.ExpandAll(ctx, v)
	if err != nil {
		return content{}, err
	}
	body, err := encode(resolved, format)
	if err != nil {
		return content{}, operator.AsFailure(err).At(p.Pos("content"))
	}
	if contentType == "" {
		contentType = contentTypes[format]
	}
	return content{body: body, contentType: contentType}, nil
}

func defaultFormat(v params.Value) string {
	switch v.(type) {
	case params.List, *params.Object:
		return "json"
	}
	return "text"
}

// encode writes v in a format. The result is not nil.
func encode(v params.Value, format string) ([]byte, error) {
	switch format {
	case "json":
		return params.AppendJSON(nil, v), nil
	case "text":
		if text, ok := operator.AsString(v); ok {
			return append([]byte{}, text...), nil
		}
	case "form":
		if object, ok := operator.AsObject(v); ok {
			return encodeForm(object)
		}
	}
	kind := params.Kind(v)
	if kind == "list" {
		kind = "array"
	}
	return nil, operator.Configf("Invalid content format for %ss: '%s'", kind, format).
		WithHint("content_format is one of text, json and form")
}

func encodeForm(fields *params.Object) ([]byte, error) {
	form := []byte{}
	for name, v := range fields.All() {
		text, ok := operator.AsString(v)
		if v == nil {
			text, ok = "null", true
		}
		if !ok {
			return nil, operator.Configf("Invalid form content field value: %s", params.JSON(v))
		}
		if len(form) > 0 {
			form = append(form, '&')
		}
		form = append(form, url.QueryEscape(name)...)
		form = append(form, '=')
		form = append(form, url.QueryEscape(text)...)
	}
	return form, nil
}
