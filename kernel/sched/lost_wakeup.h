/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to wait queues and khungtaskd: sleepers whose wake-up was lost. The story is in lost_wakeup.c. */
#include <linux/sched.h>

struct wait_queue_head;
struct wait_queue_entry;

#define PROBED	(1UL << 63)	/* in task_struct.probed, with the number of the sleep */

/* Did the watcher end p's last sleep, and has nobody tried to wake it since? */
static __always_inline bool was_probed(const struct task_struct *p)
{
	return READ_ONCE(p->probed) == (p->nvcsw | PROBED);
}

/* How many are under suspicion; every wake-up looks at it. */
extern unsigned int lost_wakeup_suspects;

/* current was woken by the watcher, is still on the queue, and its condition is true. Context: any, queue locked. */
void lost_wakeup_suspect(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
/* Somebody wakes this queue after all; or, exclusive_only, comes to sleep there. Context: any; only the address is
 * looked at. */
void lost_wakeup_absolve(struct wait_queue_head *wq_head, bool exclusive_only);

/* Since when has p been asleep, times when the watcher woke it not counted? ns of local_clock(). */
u64 asleep_since(const struct task_struct *p);
/* Wake p, if it waits in a loop and has done so for longer than limit since it was woken last. Context: thread. */
void probe_sleeper(struct task_struct *p, u64 limit);
/* Report those who have been suspects for longer than settle, ns. Return: are there others? Context: thread. */
bool lost_wakeups_judge(u64 settle);
extern unsigned int lost_wakeups_told;	/* how many it has reported */
