package redshift

import (
	"strings"

	"github.com/heitan/heitan/operator"
)

// Unload is an UNLOAD that writes the rows of a query to S3.
type Unload struct {
	Statement
	To             string // the URI that the task names
	Bucket, Prefix string // of every object that the statement writes
}

var unloadOptions = [...]option{
	{"manifest", "MANIFEST", flag},
	{"encrypted", "ENCRYPTED", flag},
	{"delimiter", "DELIMITER", text},
	{"fixedwidth", "FIXEDWIDTH", text},
	{"gzip", "GZIP", flag},
	{"bzip2", "BZIP2", flag},
	{"addquotes", "ADDQUOTES", flag},
	{"null_as", "NULL AS", literal},
	{"escape", "ESCAPE", flag},
	{"allowoverwrite", "ALLOWOVERWRITE", flag},
	{"parallel", "PARALLEL", toggle},
}

// ReadUnload reads the UNLOAD that a redshift_unload> task describes. As in
// Digdag the objects' names begin with `to`, a slash, id and an underscore, so
// that those of two runs never mix. Problems are left in p.
func ReadUnload(p *operator.Params, id string) Unload {
	u := Unload{To: p.String("to")}
	query := p.String("query")
	set := readClauses(p, unloadOptions[:])
	prefix := strings.TrimSuffix(u.To, "/") + "/" + id + "_"
	rest, ok := strings.CutPrefix(prefix, "s3://")
	u.Bucket, u.Prefix, _ = strings.Cut(rest, "/")
	switch {
	case u.To == "": // reported already
	case !ok:
		p.Fail("to", "'to' should start with 's3://'. to=%s", u.To)
	case u.Bucket == "":
		p.Fail("to", "'to' includes empty bucket. to=%s", u.To)
	}
	u.Statement = Statement{
		head:    "UNLOAD (" + Literal(query) + ") TO " + Literal(prefix),
		options: set.texts,
	}
	return u
}
