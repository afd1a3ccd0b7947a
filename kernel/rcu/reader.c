/* SPDX-License-Identifier: MIT */
/*
 * The reader's side of RCU that is not inline: a count, to say what went wrong. A reader is a stretch of code with
 * preemption off (quiet.c makes use of that); the depth is kept beside it only so that rcu_read_lock_held() can tell a
 * reader from a spinlock, and mistakes can be explained. It belongs to the CPU, as a reader stays on its CPU; a thread
 * that sleeps as a reader all the same takes it along (core.c: schedule_while_atomic()). And the marks that every
 * interrupt looks at, whatever its floor.
 */
#include <linux/rcutree.h>
#include <linux/export.h>

DEFINE_PER_CPU(int, rcu_reader_depth);
EXPORT_SYMBOL_GPL(rcu_reader_depth);
DEFINE_PER_CPU(struct rcu_quiet, rcu_quiet) = { .watching = true };

void rcu_unlock_imbalance(void)
{
	this_cpu_inc(rcu_reader_depth);
	WARN(1, "rcu_read_unlock() without rcu_read_lock(): one unlock too many, or on a path that never locked\n");
}
EXPORT_SYMBOL_GPL(rcu_unlock_imbalance);
