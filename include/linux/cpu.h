/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * CPUs coming up. Taking one away again is not there yet; cpus_read_lock() is what code that counts on a stable set of
 * CPUs calls all the same.
 */
#include <linux/cpumask.h>

static inline void cpus_read_lock(void) { }
static inline void cpus_read_unlock(void) { }
static inline void get_online_cpus(void) { }
static inline void put_online_cpus(void) { }

/* smp_init: start every present CPU but this one. Context: thread, may sleep. */
void smp_init(void);
/* cpu_startup_entry: what an idle thread does for the rest of its life. */
void __noreturn cpu_startup_entry(void);
