#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Fuzzes the loading of modules on the host, under the sanitizers (tests/host/module_fuzz.c): FUZZ damaged files of
# each of the modules that are built here, by gcc and by clang if there is one, from SEED (1). Those are some of
# tests/modules and module_sample.c, with and without optimisation. A round that failed says its number:
# FIRST=that FUZZ=1.
cd "$(dirname "$0")/../.." || exit 1

if [ "$(uname -m)" != x86_64 ]; then
	echo "1..0 # SKIP the host is $(uname -m), not x86-64"
	exit 0
fi
build=${O:-build}
out=$build/host
log=$out/module_fuzz.log
mkdir -p "$out/fuzz" || exit 1

fail() {
	sed 's/^/# /' "$log"
	echo "Bail out! $1"
	exit 1
}

${MAKE:-make} --no-print-directory -s -f tests/host/Makefile OUT="$out" "$out/module_fuzz" >"$log" 2>&1 ||
	fail "module_fuzz does not build"
set --
for cc in gcc clang; do
	command -v $cc >/dev/null || continue
	folder=$out/fuzz/$cc
	rm -rf "$folder"
	mkdir -p "$folder"
	for name in provider user params percpu everything driver deferred; do
		cp tests/modules/$name.c "$folder" || exit 1
	done
	for how in 0 2 s; do
		cp tests/host/module_sample.c "$folder/sample$how.c" || exit 1
		echo "CFLAGS_sample$how.o := -O$how"
	done >"$folder/Makefile"
	(cd "$folder" && echo "obj-m := $(echo *.c)") | sed 's/\.c/.o/g' >>"$folder/Makefile"
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS "${MAKE:-make}" M="$folder" O="$build" CC=$cc modules >"$log" 2>&1 ||
		fail "the modules do not build with $cc"
	set -- "$@" "$folder/provider.ko"
	for ko in "$folder"/*.ko; do
		objcopy -g "$ko" || exit 1	# debug information is not looked at: shorter files, more of them
		[ "${ko##*/}" = provider.ko ] || set -- "$@" "$ko"
	done
done
"$out/module_fuzz" "${FIRST:-0}" "${FUZZ:-5000}" "${SEED:-1}" "$@" 2>"$log"
status=$?
sed 's/^/# /' "$log" >&2
exit $status
