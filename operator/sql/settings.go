package sql

import (
	"errors"

	"github.com/heitan/heitan/config"
)

// Settings are the server's part of the operators.
type Settings struct {
	Postgres, Redshift Limits // of last_results
	// STSEndpoint and S3Endpoint are where redshift_load> and redshift_unload> find
	// these services; "" is AWS.
	STSEndpoint, S3Endpoint string
}

// Limits bound what store_last_results stores.
type Limits struct {
	Rows, Columns int
	Value         int // characters of one value
}

// SettingsFrom reads the settings config.pg.*, config.redshift.* and config.jdbc.*,
// which is for both. Every invalid setting is reported.
func SettingsFrom(c config.Config) (Settings, error) {
	var problems []error
	limits := func(name string) Limits {
		limit := func(key string, otherwise int64) int {
			v, err := readLimit(c, "config.jdbc."+key, otherwise)
			problems = append(problems, err)
			v, err = readLimit(c, "config."+name+"."+key, v)
			problems = append(problems, err)
			return int(v)
		}
		return Limits{ // Digdag's
			Rows:    limit("max_store_last_results_rows", 8192),
			Columns: limit("max_store_last_results_columns", 64),
			Value:   limit("max_store_last_results_value_size", 256),
		}
	}
	s := Settings{
		Postgres:    limits("pg"),
		Redshift:    limits("redshift"),
		STSEndpoint: c.String("config.redshift.sts_endpoint", ""),
		S3Endpoint:  c.String("config.redshift.s3_endpoint", ""),
	}
	return s, errors.Join(problems...)
}

func readLimit(c config.Config, key string, otherwise int64) (int64, error) {
	const most = 1 << 30
	v, err := c.Int(key, otherwise)
	if err == nil && (v < 0 || v > most) {
		err = c.Invalid(key, "a number from 0 to 1073741824")
	}
	return v, err
}
