#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds lib/ and tests/host/*.c for this machine, under the sanitizers, and
# runs them. Output: TAP. O is the build directory, build by default.
cd "$(dirname "$0")/../.." || exit 1

if [ "$(uname -m)" != x86_64 ]; then
	echo "1..0 # SKIP lib/ is written for x86-64, this is $(uname -m)"
	exit 0
fi
out=${O:-build}/host
log=$out/log
mkdir -p "$out" || exit 1
if ! ${MAKE:-make} --no-print-directory -s -f tests/host/Makefile OUT="$out" >"$log" 2>&1; then
	sed 's/^/# /' "$log"
	echo "Bail out! lib/ does not build for the host"
	exit 1
fi
exec "$out/lib-tests"
