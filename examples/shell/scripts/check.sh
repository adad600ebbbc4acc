#!/bin/sh
# Fails unless the archive holds the expected file.
set -eu
tar tzf "$1" | grep -qx "$EXPECTED"
echo "$1 holds $EXPECTED"
