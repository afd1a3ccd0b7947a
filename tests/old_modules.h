/* SPDX-License-Identifier: MIT */
#pragma once
/* The modules of old kernels in tests/old_*.c, for tests/history.c: how they are loaded, and what they count. */

int old_daemon_init(void), old_mill_init(void), old_worker_init(void);
void old_daemon_exit(void), old_mill_exit(void), old_worker_exit(void);

extern int old_daemon_turns, old_daemon_pid;
extern int old_mill_rounds, old_mill_faults;
extern int old_worker_orders, old_worker_checks, old_worker_cpu;
