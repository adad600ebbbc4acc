package redshift

import (
	"regexp"
	"strings"

	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/sql/name"
)

// Copy is a COPY that loads a table.
type Copy struct {
	Statement
	From     string   // the URI of the data, or of the manifest that lists it
	Manifest bool     // From is a manifest
	Also     []string // other objects that are read: JSON paths, Avro schemas
}

var copyOptions = [...]option{
	{"readratio", "READRATIO", number},
	{"manifest", "MANIFEST", flag},
	{"encrypted", "ENCRYPTED", flag},
	{"region", "REGION", text},

	{"csv", "CSV", csv},
	{"delimiter", "DELIMITER", text},
	{"fixedwidth", "FIXEDWIDTH", text},
	{"json", "FORMAT AS JSON", text},
	{"avro", "FORMAT AS AVRO", text},
	{"gzip", "GZIP", flag},
	{"bzip2", "BZIP2", flag},
	{"lzop", "LZOP", flag},

	{"acceptanydate", "ACCEPTANYDATE", flag},
	{"acceptinvchars", "ACCEPTINVCHARS", text},
	{"blanksasnull", "BLANKSASNULL", flag},
	{"dateformat", "DATEFORMAT", text},
	{"emptyasnull", "EMPTYASNULL", flag},
	{"encoding", "ENCODING", word},
	{"escape", "ESCAPE", flag},
	{"explicit_ids", "EXPLICIT_IDS", flag},
	{"fillrecord", "FILLRECORD", flag},
	{"ignoreblanklines", "IGNOREBLANKLINES", flag},
	{"ignoreheader", "IGNOREHEADER", number},
	{"null_as", "NULL AS", literal},
	{"removequotes", "REMOVEQUOTES", flag},
	{"roundec", "ROUNDEC", flag},
	{"timeformat", "TIMEFORMAT", text},
	{"trimblanks", "TRIMBLANKS", flag},
	{"truncatecolumns", "TRUNCATECOLUMNS", flag},

	{"comprows", "COMPROWS", number},
	{"compupdate", "COMPUPDATE", toggle},
	{"maxerror", "MAXERROR", number},
	{"noload", "NOLOAD", flag},
	{"statupdate", "STATUPDATE", toggle},
}

// ReadCopy reads the COPY that a redshift_load> task describes. Problems are left
// in p.
func ReadCopy(p *operator.Params) Copy {
	c := Copy{From: p.String("from"), Manifest: p.BoolOr("manifest", false)}
	table := p.String("table")
	set := readClauses(p, copyOptions[:])
	set.exclude(p, "CSV cannot be used with FIXEDWIDTH, REMOVEQUOTES, or ESCAPE",
		"csv", "fixedwidth", "removequotes", "escape")
	set.exclude(p, "DELIMITER cannot be used with FIXEDWIDTH", "delimiter", "fixedwidth")
	set.exclude(p, "JSON cannot be used with CSV, DELIMITER, AVRO, ESCAPE, FILLRECORD, FIXEDWIDTH, IGNOREBLANKLINES, NULL AS, READRATIO or REMOVEQUOTES",
		"json", "csv", "delimiter", "avro", "escape", "fillrecord", "fixedwidth", "ignoreblanklines", "null_as", "readratio", "removequotes")
	set.exclude(p, "AVRO cannot be used with CSV, DELIMITER, JSON or FIXEDWIDTH",
		"avro", "csv", "delimiter", "json", "fixedwidth")
	for _, key := range []string{"json", "avro"} {
		if uri := p.StringOr(key, ""); strings.HasPrefix(uri, "s3://") {
			c.Also = append(c.Also, uri)
		}
	}
	c.Statement = Statement{
		head:    "COPY " + name.Parse(table).SQL() + columns(p.StringOr("column_list", "")) + " FROM " + Literal(c.From),
		options: set.texts,
	}
	return c
}

var plainColumn = regexp.MustCompile(`^(\w+|"([^"]|"")*")$`)

// columns is the list of columns, in parentheses, of a text with commas. Plain
// names and those that have quotes stay as they are.
func columns(list string) string {
	if strings.TrimSpace(list) == "" {
		return ""
	}
	names := strings.Split(list, ",")
	for i, column := range names {
		names[i] = strings.TrimSpace(column)
		if !plainColumn.MatchString(names[i]) {
			names[i] = name.Quote(names[i])
		}
	}
	return " (" + strings.Join(names, ", ") + ")"
}
