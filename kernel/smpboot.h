/* SPDX-License-Identifier: MIT */
#pragma once
/* What kernel/cpu.c does with the threads that each CPU has: steps of bringing it up and taking it down. */

int smpboot_create_threads(unsigned int cpu);	/* parked; -ENOMEM, -EAGAIN */
int smpboot_destroy_unused(unsigned int cpu);	/* those that have never run there: the CPU did not come up */
int smpboot_unpark_threads(unsigned int cpu);
int smpboot_park_threads(unsigned int cpu);
