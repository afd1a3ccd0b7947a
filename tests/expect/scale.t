#!/bin/sh
# SPDX-License-Identifier: MIT
# Costs against threads and CPUs, the small form of `make scale`: up to 1,000 threads and 16 CPUs. Output: TAP.
cd "$(dirname "$0")/../.." || exit 1
SMALL=1 exec tools/scale
