package sql

import (
	"context"
	"encoding/json"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/s3/account"
	statements "github.com/heitan/heitan/operator/sql/redshift"
)

// maxManifest bounds a manifest, in bytes.
const maxManifest = 16 << 20

// readLoad reads a redshift_load> task.
func (o *mover) readLoad(p *operator.Params, _ string) movement {
	load := statements.ReadCopy(p)
	return movement{
		statement: load.Statement,
		access: func(ctx context.Context, own account.Account) ([]statements.Access, error) {
			access := []statements.Access{{URI: load.From}}
			for _, uri := range load.Also {
				access = append(access, statements.Access{URI: uri})
			}
			if !load.Manifest {
				return access, nil
			}
			listed, err := o.manifest(ctx, own, load.From)
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			return append(access, listed...), err
		},
	}
}

// manifest is the access that a manifest needs: to the files that it lists.
func (o *mover) manifest(ctx context.Context, own account.Account, uri string) ([]statements.Access, error) {
	path, ok := strings.CutPrefix(uri, "s3://")
	bucket, key, _ := strings.Cut(path, "/")
	if !ok || bucket == "" || key == "" {
		return nil, operator.Configf("Invalid manifest file uri: %s", uri)
	}
	var text []byte
	err := own.AskS3(o.settings.S3Endpoint, o.settings.S3Endpoint != "", func(client *s3.Client) error {
		object, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
		if err != nil {
			return err
		}
		defer object.Body.Close()
		text, err = io.ReadAll(io.LimitReader(object.Body, maxManifest+1))
		return err
	})
	switch {
	case err != nil:
		return nil, operator.Runtimef("Failed to fetch a manifest file: %s: %w", uri, err)
	case len(text) > maxManifest:
		return nil, operator.Runtimef("Failed to fetch a manifest file: %s: it is larger than %d MiB", uri, maxManifest>>20)
	}
	return listed(uri, text)
}

// listed are the files of a manifest.
// https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
func listed(uri string, text []byte) ([]statements.Access, error) {
	var manifest struct {
		Entries []struct {
			URL string `json:"url"`
		} `json:"entries"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, operator.Runtimef("Failed to read a manifest file: %s: %w", uri, err)
	}
	access := make([]statements.Access, len(manifest.Entries))
	for i, entry := range manifest.Entries {
		access[i].URI = entry.URL
	}
	return access, nil
}
