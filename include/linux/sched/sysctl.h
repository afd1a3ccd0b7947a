/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The watch over threads that sleep uninterruptibly for too long (kernel/hung_task.c).
 * Differs from Linux: hung_task_watch().
 */

/* After how many seconds a sleeper is reported; 0: never. To be changed by hung_task_watch(). */
extern unsigned long sysctl_hung_task_timeout_secs;

/* hung_task_watch: report after so many milliseconds; 0: after the seconds above again. Context: thread. */
void hung_task_watch(unsigned int ms);
