/* SPDX-License-Identifier: MIT */
#pragma once
/* A CPU comes or goes, step by step (kernel/cpuhp.c has their list). */
#include <linux/tracepoint.h>

TRACEPOINT(cpuhp, cpuhp_enter, (unsigned int cpu, int target, int idx, int (*fun)(unsigned int)),
	   (cpu, target, idx, fun), "cpu: %04u target: %3d step: %3d (%ps)",
	   _int(cpu), _int(target), _int(idx), _ptr(fun))

/* The blanks are Linux's. */
TRACEPOINT(cpuhp, cpuhp_exit, (unsigned int cpu, int state, int idx, int ret), (cpu, state, idx, ret),
	   " cpu: %04u  state: %3d step: %3d ret: %d", _int(cpu), _int(state), _int(idx), _int(ret))
