package http

import (
	"context"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
	"github.com/heitan/heitan/workflow"
)

// fetchedFile names the workflow in messages about it, as in Digdag, which
// writes a file of this name.
const fetchedFile = "http_call.dig"

// caller is http_call>.
type caller struct{ settings Settings }

// Run fetches a workflow and answers with its tasks.
func (o *caller) Run(ctx context.Context, req *operator.Request) (operator.Result, error) {
	p := req.Params.WithDefaults("http")
	to, err := commandAddress(ctx, req, p)
	if err != nil {
		return operator.Result{}, err
	}
	contentType := p.StringOr("content_type_override", "")
	c, err := newCall(ctx, req, p, &o.settings, to)
	if err != nil {
		return operator.Result{}, err
	}
	a, poll, err := c.fetch(ctx, req, maxBytes(o.settings.MaxWorkflow))
	if poll != nil || err != nil {
		return operator.Result{Poll: poll}, err
	}
	if contentType == "" {
		contentType = a.header.Get("Content-Type")
	}
	doc, err := o.parse(&a, contentType)
	if err != nil {
		return operator.Result{}, err
	}
	return operator.Result{Subtasks: doc.Without("timezone", "schedule", "sla")}, nil
}

// parse reads the workflow of an answer according to its content type.
func (o *caller) parse(a *answer, contentType string) (*params.Object, error) {
	if contentType == "" {
		return nil, &operator.Failure{Message: "Content-Type must be set in the HTTP response but not set"}
	}
	mediaType, parameters := parseMediaType(contentType)
	text, err := limitedText(a, parameters["charset"], o.settings.MaxWorkflow)
	if err != nil {
		return nil, err
	}
	switch mediaType {
	case "application/json":
		v, err := params.Parse([]byte(text))
		if err != nil {
			return nil, operator.Runtimef("Failed to parse response as JSON: %w", err)
		}
		doc, ok := v.(*params.Object)
		if !ok {
			return nil, operator.Runtimef("Failed to parse response as JSON: expected an object but got a %s", params.Kind(v))
		}
		return doc, nil
	case "application/x-yaml", "application/yaml":
		doc, problems := workflow.ParseYAML(fetchedFile, []byte(text))
		if err := problems.Err(); err != nil {
			return nil, operator.Configf("%w", err)
		}
		return doc, nil
	}
	return nil, &operator.Failure{
		Message: "Unsupported Content-Type (expected application/json or application/x-yaml): " + contentType,
		Hint:    "content_type_override names the type of what the server sends",
	}
}
