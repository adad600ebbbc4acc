package account

import (
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// AskS3 calls f with a client of S3, and once more if the answer is that the
// bucket is in another region: with a client for that one. endpoint may be empty.
func (a Account) AskS3(endpoint string, pathStyle bool, f func(*s3.Client) error) error {
	err := f(a.S3(endpoint, pathStyle))
	region := regionOf(err)
	if region == "" || region == a.Region {
		return err
	}
	a.Region = region
	return f(a.S3(endpoint, pathStyle))
}

// regionOf is where a bucket is if S3 refused a request because it is elsewhere.
func regionOf(err error) string {
	refused, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok || refused.Response == nil {
		return ""
	}
	switch refused.HTTPStatusCode() {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusBadRequest:
		return refused.Response.Header.Get("X-Amz-Bucket-Region")
	}
	return ""
}
