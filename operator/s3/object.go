package s3

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/heitan/heitan/params"
)

// userPrefix begins the names of the fields that the object's owner chose.
const userPrefix = "X-Amz-Meta-"

// describe is what s3.last_object holds: the fields of the answer, as Digdag has
// them from the AWS SDK for Java. The answer's own fields are left out.
func describe(head *s3.HeadObjectOutput) (*params.Object, error) {
	answer, ok := awsmiddleware.GetRawResponse(head.ResultMetadata).(*smithyhttp.Response)
	if !ok {
		return nil, errors.New("the answer has no fields")
	}
	return describeFields(answer.Header), nil
}

func describeFields(fields http.Header) *params.Object {
	var metadata, user []params.Entry
	for name, values := range fields {
		value := strings.Join(values, ",")
		if own, ok := strings.CutPrefix(name, userPrefix); ok {
			user = append(user, params.Entry{Key: strings.ToLower(own), Value: value})
			continue
		}
		switch name {
		case "Date", "Server", "Connection", "X-Amz-Request-Id", "X-Amz-Id-2", "X-Amz-Cf-Id":
		default:
			metadata = append(metadata, params.Entry{Key: fieldName(name), Value: fieldValue(name, value)})
		}
	}
	return params.Of("metadata", sorted(metadata), "user_metadata", sorted(user))
}

// fieldName undoes the spelling of net/http.
func fieldName(name string) string {
	switch {
	case name == "Etag":
		return "ETag"
	case strings.HasPrefix(name, "X-Amz-"):
		return strings.ToLower(name)
	}
	return name
}

// fieldValue has Digdag's types: a size is a number, a time milliseconds since
// 1970, and an ETag has no quotes.
func fieldValue(name, value string) params.Value {
	switch name {
	case "Content-Length":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return n
		}
	case "Last-Modified":
		if t, err := http.ParseTime(value); err == nil {
			return t.UnixMilli()
		}
	case "Etag":
		return strings.Trim(value, `"`)
	}
	return value
}

func sorted(entries []params.Entry) *params.Object {
	slices.SortFunc(entries, func(a, b params.Entry) int { return strings.Compare(a.Key, b.Key) })
	return params.New(entries...)
}
