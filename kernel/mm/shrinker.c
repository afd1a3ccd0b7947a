/* SPDX-License-Identifier: MIT */
/*
 * Shrinkers: who could do without some memory, asked before an allocation fails, or earlier, by a thread that keeps
 * some memory free (kernel/examples/reclaim.c).
 *
 * The list is short (free slabs, dead thread stacks, and what modules register). A shrinker may go away while it is
 * being asked on another CPU, so the one that asks counts itself in `users`, lets go of the lock, calls, and counts
 * itself out; unregister_shrinker() takes it off the list first and then waits until nobody is counted. That wait
 * may spin, because shrinkers run with preemption disabled: whoever is counted is running on a CPU right now.
 *
 * Locking: shrinker_lock protects the list and all `users`. Nothing is called under it.
 */
#include <linux/mm.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <asm/processor.h>

#include "mm.h"

static DEFINE_RAW_SPINLOCK(shrinker_lock);
static LIST_HEAD(shrinkers);

int register_shrinker(struct shrinker *shrinker, const char *fmt, ...)
{
	unsigned long flags;

	shrinker->users = 0;
	raw_spin_lock_irqsave(&shrinker_lock, flags);
	list_add_tail(&shrinker->list, &shrinkers);
	raw_spin_unlock_irqrestore(&shrinker_lock, flags);
	return 0;
}
EXPORT_SYMBOL(register_shrinker);

void unregister_shrinker(struct shrinker *shrinker)
{
	unsigned long flags;
	int users;

	raw_spin_lock_irqsave(&shrinker_lock, flags);
	list_del_init(&shrinker->list);
	users = shrinker->users;
	raw_spin_unlock_irqrestore(&shrinker_lock, flags);
	while (users) {
		cpu_relax();
		raw_spin_lock_irqsave(&shrinker_lock, flags);
		users = shrinker->users;
		raw_spin_unlock_irqrestore(&shrinker_lock, flags);
	}
}
EXPORT_SYMBOL(unregister_shrinker);

static unsigned long shrink_one(struct shrinker *s, gfp_t gfp, unsigned int priority)
{
	struct shrink_control sc = { .gfp_mask = gfp };
	unsigned long count = s->count_objects(s, &sc), freed;

	if (!count || count == SHRINK_EMPTY)
		return 0;
	sc.nr_to_scan = count >> priority;
	if (!sc.nr_to_scan)
		return 0;
	freed = s->scan_objects(s, &sc);
	return freed == SHRINK_STOP ? 0 : freed;
}

unsigned long shrink_memory(gfp_t gfp, unsigned int priority)
{
	unsigned long freed = 0, flags;
	struct shrinker *s;

	raw_spin_lock_irqsave(&shrinker_lock, flags);
	s = list_first_entry_or_null(&shrinkers, struct shrinker, list);
	while (s) {
		struct shrinker *next;

		s->users++;
		preempt_disable();
		raw_spin_unlock_irqrestore(&shrinker_lock, flags);
		freed += shrink_one(s, gfp, priority);
		raw_spin_lock_irqsave(&shrinker_lock, flags);
		preempt_enable_no_resched();
		next = list_empty(&s->list) || list_is_last(&s->list, &shrinkers) ? NULL : list_next_entry(s, list);
		s->users--;
		s = next;
	}
	raw_spin_unlock_irqrestore(&shrinker_lock, flags);
	return freed;
}
