/* SPDX-License-Identifier: MIT */
/*
 * /proc/timer_list: every hrtimer that is running, CPU by CPU, clock by clock, with whom it calls and when.
 *
 * There may be thousands, so the file is made timer by timer. Under the lock of the CPU's trees the next one is looked
 * up by the time of the one before (a search in the tree, not a walk), and what is to be said of it copied; the text is
 * made without a lock. Of timers that expire in the same nanosecond the number counts how many were shown.
 * Read next: time/hrtimer.c.
 */
#include "proc.h"
#include "../time/hrtimer_base.h"
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/tick.h>
#include <linux/timekeeping.h>

enum place { AT_TOP, AT_CPU, AT_CLOCK, AT_TIMER, AT_END_OF_CPU };

struct timer_cursor {
	enum place	place;
	int		cpu, clock;
	unsigned int	number;		/* in its clock's list */
	u64		now;
	/* The timer: a copy, but for its address, which is shown only. */
	const void	*address, *function;
	ktime_t		soft, hard;
	unsigned int	equal;		/* so many before it expire at the same time */
	u8		state;
};

/* The first timer of the tree that expires at `when` or later. */
static struct rb_node *first_from(struct rb_root *root, ktime_t when)
{
	struct rb_node *n = root->rb_node, *found = NULL;

	while (n) {
		if (rb_entry(n, struct hrtimer, node.node)->node.expires >= when) {
			found = n;
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	return found;
}

/* Lock: of the base. The timer behind the cursor's. */
static struct hrtimer *next_in(struct hrtimer_clock_base *base, struct timer_cursor *c)
{
	unsigned int skip = c->place == AT_TIMER ? c->equal + 1 : 0;
	struct rb_node *n = first_from(&base->active.rb_root, c->place == AT_TIMER ? c->hard : KTIME_MIN);

	for (c->equal = 0; n && c->equal < skip; c->equal++, n = rb_next(n))
		if (rb_entry(n, struct hrtimer, node.node)->node.expires != c->hard)
			break;
	if (n && rb_entry(n, struct hrtimer, node.node)->node.expires != c->hard)
		c->equal = 0;
	return n ? rb_entry(n, struct hrtimer, node.node) : NULL;
}

static bool next_timer(struct timer_cursor *c)
{
	struct hrtimer_cpu_base *cpu_base = per_cpu_ptr(&hrtimer_bases, c->cpu);
	struct hrtimer *timer;
	unsigned long flags;

	raw_spin_lock_irqsave(&cpu_base->lock, flags);
	timer = next_in(&cpu_base->base[c->clock], c);
	if (timer) {
		c->number = c->place == AT_TIMER ? c->number + 1 : 0;
		c->place = AT_TIMER;
		c->address = timer;
		c->function = timer->function;
		c->soft = timer->_softexpires;
		c->hard = timer->node.expires;
		c->state = timer->state;
	}
	raw_spin_unlock_irqrestore(&cpu_base->lock, flags);
	return timer;
}

static bool next_cpu(struct timer_cursor *c)
{
	c->cpu = cpumask_next(c->cpu, cpu_online_mask);
	c->place = AT_CPU;
	return c->cpu < nr_cpu_ids;
}

/* From one place of the file to the next; false behind the last. */
static bool advance(struct timer_cursor *c)
{
	switch (c->place) {
	case AT_TOP:
	case AT_END_OF_CPU:
		return next_cpu(c);
	case AT_CPU:
		c->clock = 0;
		c->place = AT_CLOCK;
		return true;
	case AT_CLOCK:
	case AT_TIMER:
		if (next_timer(c))
			return true;
		c->place = ++c->clock < NR_BASES ? AT_CLOCK : AT_END_OF_CPU;
		return true;
	}
	return false;
}

static void *timers_start(struct seq_file *m, loff_t *pos)
{
	struct timer_cursor *c = m->private;

	if (!*pos)
		*c = (struct timer_cursor){ .place = AT_TOP, .cpu = -1, .now = ktime_get_ns() };
	return c->cpu < nr_cpu_ids || !*pos ? c : NULL;
}

static void *timers_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return advance(v) ? v : NULL;
}

static void timers_stop(struct seq_file *m, void *v)
{
}

static void show_clock(struct seq_file *m, const struct timer_cursor *c)
{
	const struct hrtimer_clock_base *base = &per_cpu_ptr(&hrtimer_bases, c->cpu)->base[c->clock];

	seq_printf(m, " clock %d:\n  .base:       %px\n  .index:      %d\n  .resolution: 1 nsecs\n", c->clock, base,
		   c->clock);
	seq_printf(m, "  .get_time:   %s\n  .offset:     %lld nsecs\nactive timers:\n",
		   base->clock == TK_OFFS_REAL ? "ktime_get_real" : "ktime_get", base_offset(base));
}

static void show_timer(struct seq_file *m, const struct timer_cursor *c)
{
	seq_printf(m, " #%u: <%px>, %ps, S:%02x\n", c->number, c->address, c->function, c->state);
	seq_printf(m, " # expires at %lld-%lld nsecs [in %lld to %lld nsecs]\n", c->soft, c->hard,
		   c->soft - (s64)c->now, c->hard - (s64)c->now);
}

static int timers_show(struct seq_file *m, void *v)
{
	const struct timer_cursor *c = v;

	switch (c->place) {
	case AT_TOP:
		seq_printf(m, "Timer List Version: v0.9\nHRTIMER_MAX_CLOCK_BASES: %d\nnow at %llu nsecs\n\n", NR_BASES,
			   c->now);
		break;
	case AT_CPU:
		seq_printf(m, "cpu: %d\n", c->cpu);
		break;
	case AT_CLOCK:
		show_clock(m, c);
		break;
	case AT_TIMER:
		show_timer(m, c);
		break;
	case AT_END_OF_CPU:
		seq_printf(m, "  .nr_events      : %lu\n  .tick_stopped   : %s\n\n", tick_interrupts(c->cpu),
			   idle_cpu(c->cpu) ? "1" : "0");
	}
	return 0;
}

static const struct seq_operations timer_list = {
	.start = timers_start, .next = timers_next, .stop = timers_stop, .show = timers_show,
};

static int __init proc_timers_init(void)
{
	proc_create_seq_private("timer_list", 0400, NULL, &timer_list, sizeof(struct timer_cursor), NULL);
	return 0;
}
fs_initcall(proc_timers_init);
