/* SPDX-License-Identifier: MIT */
/* The bounds that size arrays: CPUs and process numbers. */
#pragma once

/* Bits in a cpumask. At most 64 keeps every mask in one machine word. */
#define NR_CPUS			64

/* Pids run from 1 to pid_max - 1, which starts as this, and are used again. */
#define PID_MAX_DEFAULT		0x8000
/* ... and never reach this, whatever pid_max is set to: three levels of 64-bit words. */
#define PID_MAX_LIMIT		(64 * 64 * 64)
