/* SPDX-License-Identifier: MIT */
/*
 * Callbacks: what shall be done after a grace period, by call_rcu().
 *
 * Each CPU has three lists, and a callback goes from one to the next:
 *
 *	NEXT --------------> WAIT ------------------------> DONE ----------------> func(head), in RCU_SOFTIRQ
 *	call_rcu() appends   all with one cookie: the       its grace period
 *	                     grace period they wait for     has ended
 *
 * So one number is compared for any number of callbacks, and those who come while WAIT is occupied share the next grace
 * period. rcu_sched moves the lists on at the end of each (rcu_callbacks_ready()) and interrupts those CPUs that have
 * something to run, idle ones too, but nobody else.
 *
 * A softirq run calls BATCH of them at most; more are left for the next run, so that neither other softirqs nor threads
 * have to wait for all. Callbacks of one CPU are called in the order in which they came.
 *
 * Locking: a lock per CPU, interrupts off. It is the owner's nearly always; others come for rcu_barrier() and after the
 * CPU has gone (rcutree_dead_cpu()). Callbacks are called without it.
 *
 * kfree_rcu() is a callback whose function is a small number: the offset of the rcu_head in what is to be freed. What
 * came from vmalloc() cannot be freed in a softirq: rcu_sched does that.
 *
 * Next: grace.c.
 */
#include "rcu.h"
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/leftovers.h>
#include <linux/llist.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#define BATCH		256
#define OFFSET_LIMIT	4096	/* func below this: an offset for kfree_rcu() */

struct rcu_list {
	struct rcu_head *first, *last;	/* last: valid unless first is NULL */
};

struct rcu_callbacks {
	/* lock */
	raw_spinlock_t	lock;
	struct rcu_list	next, wait, done;
	unsigned long	cookie;		/* of those in wait */
	long		pending;	/* all that have not returned */

	call_single_data_t kick;	/* asks the CPU to run what is done */
};

static void kick_here(void *unused)
{
	raise_softirq_irqoff(RCU_SOFTIRQ);
}

static DEFINE_PER_CPU(struct rcu_callbacks, callbacks) = { .kick = CSD_INIT(kick_here, NULL) };

/* ---- lists ---- */

static void list_append(struct rcu_list *l, struct rcu_head *head)
{
	head->next = NULL;
	if (l->first)
		l->last->next = head;
	else
		l->first = head;
	l->last = head;
}

/* All of `from` behind all of `to`. */
static void list_move_all(struct rcu_list *from, struct rcu_list *to)
{
	if (!from->first)
		return;
	if (to->first)
		to->last->next = from->first;
	else
		to->first = from->first;
	to->last = from->last;
	*from = (struct rcu_list){ };
}

/* Moves on what can be. Return: the cookie that is waited for, 0: nothing waits. */
static unsigned long advance(struct rcu_callbacks *c)
{
	lockdep_assert_held(&c->lock);
	if (c->wait.first && rcu_seq_reached(c->cookie))
		list_move_all(&c->wait, &c->done);
	if (!c->wait.first && c->next.first) {
		list_move_all(&c->next, &c->wait);
		c->cookie = rcu_seq_cookie();
	}
	return c->wait.first ? c->cookie : 0;
}

/* ---- queueing ---- */

static void enqueue(struct rcu_callbacks *c, struct rcu_head *head)
{
	list_append(&c->next, head);
	c->pending++;
}

void rcu_queue(struct rcu_head *head, rcu_callback_t func)
{
	struct rcu_callbacks *c;
	unsigned long cookie, flags;

	head->func = func;
	local_irq_save(flags);
	c = this_cpu_ptr(&callbacks);
	raw_spin_lock(&c->lock);
	enqueue(c, head);
	/* While others wait, theirs has been asked for, and its end moves us on, too: rcu_callbacks_ready(). */
	cookie = c->wait.first ? 0 : advance(c);
	raw_spin_unlock(&c->lock);
	if (cookie)
		rcu_request(cookie);
	local_irq_restore(flags);
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	if (WARN((unsigned long)func < OFFSET_LIMIT, "call_rcu() without a function (%px): to free memory only, "
		 "use kfree_rcu()\n", func))
		return;
	rcu_queue(head, func);
}
EXPORT_SYMBOL(call_rcu);

bool rcu_barrier_on(unsigned int cpu, struct rcu_head *head, rcu_callback_t func)
{
	struct rcu_callbacks *c = &per_cpu(callbacks, cpu);
	unsigned long cookie = 0, flags;
	bool pending;

	head->func = func;
	raw_spin_lock_irqsave(&c->lock, flags);
	pending = c->pending;
	if (pending) {
		enqueue(c, head);
		cookie = advance(c);
	}
	raw_spin_unlock_irqrestore(&c->lock, flags);
	if (cookie)
		rcu_request(cookie);
	return pending;
}

/* ---- running ---- */

static LLIST_HEAD(to_vfree);

/* The rcu_head becomes a link of a list of rcu_sched's. */
static void rcu_vfree_later(struct rcu_head *head)
{
	llist_add((struct llist_node *)&head->next, &to_vfree);
	wake_up_process(rcu_gp_thread);
}

bool rcu_vfree_pending(void)
{
	return !llist_empty(&to_vfree);
}

void rcu_vfree_now(void)
{
	struct llist_node *node = llist_del_all(&to_vfree), *next;

	for (; node; node = next) {
		struct rcu_head *head = container_of((void *)node, struct rcu_head, next);

		next = node->next;
		vfree((void *)head - (unsigned long)head->func);
	}
}

static void invoke(struct rcu_head *head)
{
	unsigned long offset = (unsigned long)head->func;
	void *ptr = (void *)head - offset;

	if (offset >= OFFSET_LIMIT)
		head->func(head);
	else if (is_vmalloc_addr(ptr))
		rcu_vfree_later(head);
	else
		kfree(ptr);
}

/* RCU_SOFTIRQ, on the CPU itself. */
static void rcu_core(struct softirq_action *unused)
{
	struct rcu_callbacks *c = this_cpu_ptr(&callbacks);
	struct rcu_list done, rest;
	struct rcu_head *head;
	int n = 0;

	raw_spin_lock_irq(&c->lock);
	done = c->done;
	c->done = (struct rcu_list){ };
	raw_spin_unlock_irq(&c->lock);
	while ((head = done.first) && n < BATCH) {
		done.first = head->next;
		invoke(head);
		n++;
	}
	raw_spin_lock_irq(&c->lock);
	c->pending -= n;
	rest = c->done;
	c->done = done;
	list_move_all(&rest, &c->done);
	if (c->done.first)
		__raise_softirq_irqoff(RCU_SOFTIRQ);
	raw_spin_unlock_irq(&c->lock);
}

static void kick(unsigned int cpu)
{
	/* -EBUSY: it is asked already, and has not looked yet. Offline: who moves its callbacks looks. */
	smp_call_function_single_async(cpu, &per_cpu(callbacks, cpu).kick);
}

static void move_on(unsigned int cpu)
{
	struct rcu_callbacks *c = &per_cpu(callbacks, cpu);
	unsigned long cookie;
	bool ready;

	raw_spin_lock_irq(&c->lock);
	cookie = advance(c);
	ready = c->done.first;
	raw_spin_unlock_irq(&c->lock);
	if (cookie)
		rcu_request(cookie);
	if (ready)
		kick(cpu);
}

void rcu_callbacks_ready(void)
{
	unsigned int cpu;

	local_bh_disable();	/* our own CPU's callbacks run when that ends */
	for_each_possible_cpu(cpu)
		if (READ_ONCE(per_cpu(callbacks, cpu).pending))
			move_on(cpu);
	local_bh_enable();
}

void rcu_migrate_callbacks(unsigned int cpu)
{
	struct rcu_callbacks *from = &per_cpu(callbacks, cpu), *to, old;
	unsigned long cookie;

	local_irq_disable();
	raw_spin_lock(&from->lock);
	old = *from;
	from->done = from->wait = from->next = (struct rcu_list){ };
	from->pending = 0;
	raw_spin_unlock(&from->lock);
	to = this_cpu_ptr(&callbacks);
	raw_spin_lock(&to->lock);
	list_move_all(&old.done, &to->done);
	/* What waited there waits a little longer: it gets the next cookie here. */
	list_move_all(&old.wait, &to->next);
	list_move_all(&old.next, &to->next);
	to->pending += old.pending;
	cookie = advance(to);
	raw_spin_unlock(&to->lock);
	raise_softirq_irqoff(RCU_SOFTIRQ);
	local_irq_enable();
	if (cookie)
		rcu_request(cookie);
}

static bool is_left(struct leftovers *l, const struct rcu_list *list)
{
	const struct rcu_head *head;
	bool left = false;

	for (head = list->first; head; head = head->next)
		left |= l->is_meant(l, head, head->func, "RCU callback", "rcu_barrier()");
	return left;
}

bool rcu_callbacks_left(struct leftovers *l)
{
	const struct rcu_callbacks *c;
	unsigned int cpu;
	bool left = false;

	for_each_possible_cpu(cpu) {
		c = &per_cpu(callbacks, cpu);
		left |= is_left(l, &c->next);
		left |= is_left(l, &c->wait);
		left |= is_left(l, &c->done);
	}
	return left;
}

void __init rcu_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(rcu_quiet, cpu).watching = cpu == smp_processor_id();
	open_softirq(RCU_SOFTIRQ, rcu_core);
}
