package s3

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/heitan/heitan/operator"
)

// NewWaiter is s3_wait> with another HTTP client, which trusts a test's server.
func NewWaiter(client aws.HTTPClient) operator.Operator { return &waiter{http: client} }
