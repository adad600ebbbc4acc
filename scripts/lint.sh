#!/bin/sh
# Runs golangci-lint, installing the version this repository is checked with.
set -eu
version=v2.15.0
tool=$(go env GOPATH)/bin/golangci-lint
if ! "$tool" version 2>/dev/null | grep -q "${version#v}"; then
	go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
fi
exec "$tool" "$@"
