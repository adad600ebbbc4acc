package redshift

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Access is what a statement does with the objects whose URIs begin with URI:
// s3://bucket/key, dynamodb://table or emr://cluster.
type Access struct {
	URI   string
	Write bool // or else read
}

// maxPolicy is how long a session's policy may be, in characters.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const maxPolicy = 2048

// Policy is the IAM policy that allows the given access and nothing else, in a
// partition of AWS such as `aws` or `aws-cn`. If that would be longer than a
// session's policy may be, as with a manifest of many files, the objects of a
// bucket are allowed by the beginning that all of them share.
func Policy(partition string, access []Access) (string, error) {
	policy, err := newPolicy(partition, access)
	if err != nil || len(policy) <= maxPolicy {
		return policy, err
	}
	return newPolicy(partition, widened(access))
}

// Partition is the partition of AWS that a region is in.
func Partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// grant is one statement of a policy.
type grant struct {
	Effect   string
	Action   []string
	Resource []string
}

// grants are statements, one for each list of actions.
type grants struct{ list []grant }

func (g *grants) allow(resource string, actions ...string) {
	same := func(other grant) bool { return slices.Equal(other.Action, actions) }
	i := slices.IndexFunc(g.list, same)
	if i < 0 {
		i = len(g.list)
		g.list = append(g.list, grant{Effect: "Allow", Action: actions})
	}
	if !slices.Contains(g.list[i].Resource, resource) {
		g.list[i].Resource = append(g.list[i].Resource, resource)
	}
}

func newPolicy(partition string, access []Access) (string, error) {
	var g grants
	for _, a := range access {
		scheme, path, _ := strings.Cut(a.URI, "://")
		switch scheme {
		case "s3":
			bucket, _, _ := strings.Cut(path, "/")
			action := "s3:GetObject"
			if a.Write {
				action = "s3:PutObject"
			}
			g.allow("arn:"+partition+":s3:::"+bucket, "s3:ListBucket")
			g.allow("arn:"+partition+":s3:::"+path+"*", action)
		case "dynamodb":
			g.allow("arn:"+partition+":dynamodb:*:*:table/"+path, "dynamodb:DescribeTable", "dynamodb:Scan")
		case "emr":
			g.allow("arn:"+partition+":elasticmapreduce:*:*:cluster/"+path, "elasticmapreduce:*")
		default:
			return "", fmt.Errorf("unexpected URI %q: it should begin with s3://, dynamodb:// or emr://", a.URI)
		}
	}
	policy, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": g.list})
	return string(policy), err
}

// widened is access to the objects of each bucket by what their URIs begin with.
func widened(access []Access) []Access {
	var wide []Access
	for _, a := range access {
		bucket := bucketOf(a.URI)
		same := func(other Access) bool { return other.Write == a.Write && bucketOf(other.URI) == bucket }
		if i := slices.IndexFunc(wide, same); bucket != "" && i >= 0 {
			wide[i].URI = commonPrefix(wide[i].URI, a.URI)
			continue
		}
		wide = append(wide, a)
	}
	return wide
}

// bucketOf is the beginning of an object's URI up to the bucket, with a slash; or "".
func bucketOf(uri string) string {
	path, ok := strings.CutPrefix(uri, "s3://")
	if !ok {
		return ""
	}
	bucket, _, _ := strings.Cut(path, "/")
	return "s3://" + bucket + "/"
}

func commonPrefix(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}
