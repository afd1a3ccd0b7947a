/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The watch over threads that sleep uninterruptibly for too long, or although what they wait for has come
 * (kernel/hung_task.c). Differs from Linux: hung_task_watch(), lost_wakeup_watch() and all that they watch for.
 */

/* After how many seconds a sleeper is reported; 0: never. To be changed by hung_task_watch(). */
extern unsigned long sysctl_hung_task_timeout_secs;

/* hung_task_watch: report after so many milliseconds; 0: after the seconds above again. Context: thread. */
void hung_task_watch(unsigned int ms);

/* How long a wait_event*() sleeps before it is woken to see whether its condition is true; twice as long the next time.
 * 0: never. To be changed by lost_wakeup_watch(): milliseconds, or 0: the seconds above again. Context: thread. */
extern unsigned long sysctl_lost_wakeup_secs;
void lost_wakeup_watch(unsigned int ms);
