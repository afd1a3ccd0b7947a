#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Fuzzes the reading of module files (lib/module_image.c) on the host, under the sanitizers: three times FUZZ damaged
# files, a million in all by default, from SEED (1). The files to damage are made here by the compiler, with and without
# optimisation, and hold every form of relocation that it emits for kernel code.
cd "$(dirname "$0")/../.." || exit 1

if [ "$(uname -m)" != x86_64 ]; then
	echo "1..0 # SKIP the host is $(uname -m), not x86-64"
	exit 0
fi
out=${O:-build}/host
log=$out/module_fuzz.log
mkdir -p "$out/fuzz" || exit 1
if ! ${MAKE:-make} --no-print-directory -s -f tests/host/Makefile OUT="$out" "$out/module_fuzz" >"$log" 2>&1; then
	sed 's/^/# /' "$log"
	echo "Bail out! module_fuzz does not build"
	exit 1
fi
for how in "0 -O2" "1 -O0" "2 -Os"; do
	# shellcheck disable=SC2086 # an option
	${HOSTCC:-gcc} ${how#* } -c -ffreestanding -mcmodel=kernel -fno-pic -mno-red-zone -fcf-protection=none \
		-o "$out/fuzz/${how% *}.o" tests/host/module_sample.c || exit 1
done
"$out/module_fuzz" "${FUZZ:-334000}" "${SEED:-1}" "$out/fuzz/0.o" "$out/fuzz/1.o" "$out/fuzz/2.o" 2>"$log"
status=$?
sed 's/^/# /' "$log" >&2
exit $status
