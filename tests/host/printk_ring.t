#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Builds the kernel's log for the host, its per-CPU section under a name that
# the host's linker gives a start and an end to, and runs printk_ring.c on it.

set -e
cd "$(dirname "$0")/../.."
[ "$(uname -m)" = x86_64 ] || { echo "1..0 # SKIP the host is not x86-64"; exit 0; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

for c in log printk console; do
	${HOSTCC:-gcc} -std=gnu11 -O2 -g -ffreestanding -nostdinc -fno-pic -mgeneral-regs-only -fno-strict-aliasing \
		-D__KERNEL__ -Iinclude -Iarch/x86/include -c kernel/$c.c -o "$dir/$c.o"
	objcopy --rename-section .data..percpu=percpu "$dir/$c.o"
done
${HOSTCC:-gcc} -std=gnu11 -O2 -g -Wall -Wextra -fno-pic -no-pie -pthread $HOSTCFLAGS \
	tests/host/printk_ring.c "$dir/log.o" "$dir/printk.o" "$dir/console.o" -o "$dir/printk_ring"
timeout 120 "$dir/printk_ring"
