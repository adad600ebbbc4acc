package redshift_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/heitan/heitan/operator/sql/redshift"
)

func TestPolicyAllowsWhatTheStatementNeedsAndNoMore(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		partition string
		access    []redshift.Access
		want      string
	}{
		"reading": {
			"aws",
			[]redshift.Access{{URI: "s3://b/dir/k"}, {URI: "s3://b/paths.json"}},
			`[{"Effect":"Allow","Action":["s3:ListBucket"],"Resource":["arn:aws:s3:::b"]},{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::b/dir/k*","arn:aws:s3:::b/paths.json*"]}]`,
		},
		"writing in China": {
			redshift.Partition("cn-north-1"),
			[]redshift.Access{{URI: "s3://b/dir", Write: true}},
			`[{"Effect":"Allow","Action":["s3:ListBucket"],"Resource":["arn:aws-cn:s3:::b"]},{"Effect":"Allow","Action":["s3:PutObject"],"Resource":["arn:aws-cn:s3:::b/dir*"]}]`,
		},
		"DynamoDB": {
			redshift.Partition("us-gov-west-1"),
			[]redshift.Access{{URI: "dynamodb://t"}},
			`[{"Effect":"Allow","Action":["dynamodb:DescribeTable","dynamodb:Scan"],"Resource":["arn:aws-us-gov:dynamodb:*:*:table/t"]}]`,
		},
		"EMR": {
			redshift.Partition("eu-west-1"),
			[]redshift.Access{{URI: "emr://j-1"}},
			`[{"Effect":"Allow","Action":["elasticmapreduce:*"],"Resource":["arn:aws:elasticmapreduce:*:*:cluster/j-1"]}]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := redshift.Policy(tt.partition, tt.access)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(`{"Statement":`+tt.want+`,"Version":"2012-10-17"}`, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPolicyOfAnUnknownSourceIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := redshift.Policy("aws", []redshift.Access{{URI: "ftp://b/k"}}); err == nil || !strings.Contains(err.Error(), "ftp://b/k") {
		t.Error(err)
	}
}

func TestPolicyOfALongManifestStaysWithinTheLimit(t *testing.T) {
	t.Parallel()
	access := []redshift.Access{{URI: "dynamodb://t"}}
	for i := range 500 {
		access = append(access,
			redshift.Access{URI: fmt.Sprintf("s3://b/2026/part-%04d.gz", i)},
			redshift.Access{URI: fmt.Sprintf("s3://other/part-%04d.gz", i)})
	}
	policy, err := redshift.Policy("aws", access)
	if err != nil || len(policy) > 2048 {
		t.Fatalf("%d characters, %v", len(policy), err)
	}
	for _, want := range []string{`arn:aws:s3:::b/2026/part-0*"`, `arn:aws:s3:::other/part-0*"`, "table/t"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%s is not allowed: %s", want, policy)
		}
	}
}
