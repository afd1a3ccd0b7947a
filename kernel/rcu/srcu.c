/* SPDX-License-Identifier: MIT */
/*
 * SRCU: grace periods for readers who may sleep.
 *
 * A reader that sleeps cannot be seen by looking at CPUs, so readers are counted: begun and ended, per CPU, without a
 * shared cache line. "Nobody is there" is: the sums are the same. There are two such pairs. New readers use one of them
 * (srcu_idx), and a grace period looks at the other, where nobody comes any more:
 *
 *	1. wait until the unused pair is empty		readers that got the number long ago, and were late to count
 *	2. exchange the two				new readers go to the other from here on
 *	3. wait until the pair now unused is empty	all who were there when we began
 *
 * ORDER(srcu): a reader counts itself, full barrier, reads. So if a grace period has missed its "begun", the reader
 * sees what was changed before the grace period; and if it has seen its "ended", all of its reading is over. The sums
 * must be taken in the order ended, then begun: a reader that comes and goes in between only makes them differ.
 *
 * ORDER(srcu-wait): who waits says so and then adds up; a reader counts its end, and then looks whether somebody waits.
 * So nothing is polled: the last reader wakes him.
 *
 * call_srcu() puts the callback on a list, and a work on system_wq takes the whole list, waits for one grace period and
 * calls them. So many callbacks share a grace period, and srcu_barrier() is flush_work().
 *
 * Locking: gp_mutex: one grace period at a time. lock: the list.
 * Read next: include/linux/srcu.h.
 */
#include <linux/srcu.h>
#include <linux/bottom_half.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched.h>

int __init_srcu_struct(struct srcu_struct *ssp, const char *name, struct lock_class_key *key)
{
	ssp->sda = alloc_percpu(struct srcu_data);
	if (!ssp->sda)
		return -ENOMEM;
	ssp->srcu_idx = 0;
	ssp->waiting = false;
	mutex_init(&ssp->gp_mutex);
	init_waitqueue_head(&ssp->last_reader);
	raw_spin_lock_init(&ssp->lock);
	ssp->cb_head = NULL;
	ssp->cb_tail = &ssp->cb_head;
	INIT_WORK(&ssp->work, srcu_do_callbacks);
	lockdep_init_map(&ssp->dep_map, name, key, 0);
	return 0;
}
EXPORT_SYMBOL(__init_srcu_struct);

/* ---- readers ---- */

void srcu_bad_index(int idx)
{
	WARN(1, "srcu_read_unlock() with %d: it takes what srcu_read_lock() has answered, 0 or 1\n", idx);
}
EXPORT_SYMBOL(srcu_bad_index);

void srcu_wake(struct srcu_struct *ssp)
{
	wake_up(&ssp->last_reader);
}
EXPORT_SYMBOL(srcu_wake);

/* How many have begun and not ended; exact where nobody comes any more. */
static unsigned long readers(struct srcu_struct *ssp, unsigned int idx)
{
	unsigned long begun = 0, ended = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		ended += READ_ONCE(per_cpu_ptr(ssp->sda, cpu)->ended[idx]);
	/* ORDER(srcu): ended, then begun. */
	smp_mb();
	for_each_possible_cpu(cpu)
		begun += READ_ONCE(per_cpu_ptr(ssp->sda, cpu)->begun[idx]);
	return begun - ended;
}

/* ---- grace periods ---- */

static void wait_for_readers(struct srcu_struct *ssp, unsigned int idx)
{
	/* ORDER(srcu-wait): said (a full barrier in wait_event()), then added up. */
	WRITE_ONCE(ssp->waiting, true);
	wait_event(ssp->last_reader, !readers(ssp, idx));
	WRITE_ONCE(ssp->waiting, false);
}

void __sched synchronize_srcu(struct srcu_struct *ssp)
{
	unsigned int idx;

	might_sleep();
	lockdep_acquire(&ssp->dep_map, 0, LOCKDEP_READERS);
	lockdep_release(&ssp->dep_map);
	mutex_lock(&ssp->gp_mutex);
	idx = ssp->srcu_idx & 1;
	/* ORDER(srcu): what the caller changed, full barrier, then the counts. */
	smp_mb();
	wait_for_readers(ssp, !idx);
	WRITE_ONCE(ssp->srcu_idx, ssp->srcu_idx + 1);
	/* ORDER(srcu): exchanged, full barrier, then the counts. */
	smp_mb();
	wait_for_readers(ssp, idx);
	/* ORDER(srcu): the counts, full barrier, then what the caller does next. */
	smp_mb();
	mutex_unlock(&ssp->gp_mutex);
}
EXPORT_SYMBOL(synchronize_srcu);

void __sched synchronize_srcu_expedited(struct srcu_struct *ssp)
{
	synchronize_srcu(ssp);
}
EXPORT_SYMBOL(synchronize_srcu_expedited);

/* ---- callbacks ---- */

static struct rcu_head *take_callbacks(struct srcu_struct *ssp)
{
	struct rcu_head *list;

	raw_spin_lock_irq(&ssp->lock);
	list = ssp->cb_head;
	ssp->cb_head = NULL;
	ssp->cb_tail = &ssp->cb_head;
	raw_spin_unlock_irq(&ssp->lock);
	return list;
}

void srcu_do_callbacks(struct work_struct *work)
{
	struct srcu_struct *ssp = container_of(work, struct srcu_struct, work);
	struct rcu_head *head = take_callbacks(ssp), *next;

	synchronize_srcu(ssp);
	for (; head; head = next) {
		next = head->next;	/* the function may free it */
		local_bh_disable();
		head->func(head);
		local_bh_enable();
	}
}
EXPORT_SYMBOL(srcu_do_callbacks);

void call_srcu(struct srcu_struct *ssp, struct rcu_head *head, rcu_callback_t func)
{
	unsigned long flags;

	if (WARN(!func, "call_srcu() without a function\n"))
		return;
	head->func = func;
	head->next = NULL;
	raw_spin_lock_irqsave(&ssp->lock, flags);
	*ssp->cb_tail = head;
	ssp->cb_tail = &head->next;
	raw_spin_unlock_irqrestore(&ssp->lock, flags);
	schedule_work(&ssp->work);
}
EXPORT_SYMBOL(call_srcu);

void srcu_barrier(struct srcu_struct *ssp)
{
	flush_work(&ssp->work);
}
EXPORT_SYMBOL(srcu_barrier);

void cleanup_srcu_struct(struct srcu_struct *ssp)
{
	unsigned long left;

	if (WARN(!ssp->sda, "cleanup_srcu_struct() of \"%s\", which was never initialised, or is cleaned up already\n",
		 ssp->dep_map.name ?: "?"))
		return;
	if (WARN(ssp->cb_head || work_busy(&ssp->work), "cleanup_srcu_struct() of \"%s\" while callbacks wait: after "
		 "the last call_srcu(), srcu_barrier() must come first\n", ssp->dep_map.name))
		srcu_barrier(ssp);
	left = readers(ssp, 0) + readers(ssp, 1);
	if (WARN(left, "cleanup_srcu_struct() of \"%s\" while %lu of its readers are there still: their counters are "
		 "kept\n", ssp->dep_map.name, left))
		return;
	/* The last reader is counted, but may still be looking whether somebody waits. */
	synchronize_rcu();
	free_percpu(ssp->sda);
	ssp->sda = NULL;
}
EXPORT_SYMBOL(cleanup_srcu_struct);
