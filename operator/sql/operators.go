// Package sql holds the operators that run SQL: pg> and redshift>, and
// redshift_load> and redshift_unload>, which move data between Redshift and S3.
//
// A statement that changes data runs exactly once, unless the task says
// `strict_transaction: false`: its query ID is in the checkpoint before it begins,
// and in a table of the same database, committed with what the statement did,
// after. Whoever finds it there does not run the statement again.
//
// Results are read as they come, so that their size does not matter, but for
// last_results, which is limited.
package sql

import (
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/operator/s3/account"
)

// Operators are the operators of this package by name.
func Operators(s Settings) map[string]operator.Entry {
	move := &mover{settings: s, http: account.NewHTTPClient()}
	return map[string]operator.Entry{
		"pg":              {Operator: &query{dialect: postgres(), limits: s.Postgres}, SelfRetry: true},
		"redshift":        {Operator: &query{dialect: redshift(), limits: s.Redshift}, SelfRetry: true},
		"redshift_load":   {Operator: &transfer{mover: move, name: "redshift_load", read: move.readLoad}, SelfRetry: true},
		"redshift_unload": {Operator: &transfer{mover: move, name: "redshift_unload", read: move.readUnload}, SelfRetry: true},
	}
}

// dialect is what differs between the two databases.
type dialect struct {
	name       string // of the operator and of the map with defaults for it
	secrets    string // the scope of its secrets
	port       int64  // if none is named
	parameters map[string]string
	ledger     func(strictness, string) ledger // of statements that ran
}

func postgres() dialect {
	return dialect{name: "pg", secrets: "pg", port: 5432, ledger: newRowLedger}
}

func redshift() dialect {
	return dialect{
		name: "redshift", secrets: "aws.redshift", port: 5439, ledger: newTableLedger,
		// Redshift rounds doubles in text unless it is told to write all digits.
		parameters: map[string]string{"extra_float_digits": "2"},
	}
}
