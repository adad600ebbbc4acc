package sql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/s3/account"
	statements "github.com/heitan/heitan/operator/sql/redshift"
)

// readUnload reads a redshift_unload> task.
func (o *mover) readUnload(p *operator.Params, id string) movement {
	unload := statements.ReadUnload(p, id)
	return movement{
		statement: unload.Statement,
		access: func(context.Context, account.Account) ([]statements.Access, error) {
			return []statements.Access{{URI: unload.To, Write: true}}, nil
		},
		clear: func(ctx context.Context, own account.Account) error {
			err := own.AskS3(o.settings.S3Endpoint, o.settings.S3Endpoint != "", func(client *s3.Client) error {
				return removeObjects(ctx, client, unload.Bucket, unload.Prefix)
			})
			switch {
			case ctx.Err() != nil:
				return context.Cause(ctx)
			case err != nil:
				return operator.Runtimef("Remove what an earlier try unloaded to s3://%s/%s: %w", unload.Bucket, unload.Prefix, err)
			}
			return nil
		},
	}
}

// removeObjects removes all objects whose names begin with prefix, which names
// one task's own.
func removeObjects(ctx context.Context, client *s3.Client, bucket, prefix string) error {
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: aws.String(bucket), Prefix: aws.String(prefix)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		if err := removePage(ctx, client, bucket, page.Contents); err != nil {
			return err
		}
	}
	return nil
}

// removePage removes objects one by one, as Digdag does: that needs no other
// permission than s3:DeleteObject, and there are as many as slices of a cluster.
func removePage(ctx context.Context, client *s3.Client, bucket string, objects []types.Object) error {
	for _, object := range objects {
		if _, err := client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: object.Key}); err != nil {
			return err
		}
	}
	return nil
}
