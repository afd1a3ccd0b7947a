/* SPDX-License-Identifier: MIT */
/*
 * Torture of RCU: a list is read by some while others take its entries off and free them. What must hold:
 *
 *	an entry that a reader finds is whole, for as long as he reads
 *	what waits for a grace period is called once, and all of it has been when rcu_barrier() returns
 */
#include "torture.h"

#include <linux/delay.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define ENTRIES 16
#define ALIVE 0x600dda7aUL
#define GONE 0xdeadUL

struct entry {
	struct list_head list;
	struct rcu_head rcu;
	unsigned long state;		/* ALIVE until nobody can read it any more */
	int number;
};

static LIST_HEAD(entries);
static DEFINE_SPINLOCK(lock);		/* who changes the list */
static atomic_t queued, called;

static void put(int number)
{
	struct entry *e = kmalloc(sizeof(*e), GFP_KERNEL);

	BUG_ON(!e);
	*e = (struct entry){ .state = ALIVE, .number = number };
	spin_lock(&lock);
	list_add_tail_rcu(&e->list, &entries);
	spin_unlock(&lock);
}

/* The first one, off the list; somebody may be reading it still. NULL: none is there. */
static struct entry *take(void)
{
	struct entry *e;

	spin_lock(&lock);
	e = list_first_entry_or_null(&entries, struct entry, list);
	if (e)
		list_del_rcu(&e->list);
	spin_unlock(&lock);
	return e;
}

static void end_entry(struct entry *e)
{
	if (e->state != ALIVE)
		test_blame("an entry is freed in state %#lx", e->state);
	e->state = GONE;
	kfree(e);
}

static void called_back(struct rcu_head *head)
{
	atomic_inc(&called);
	end_entry(container_of(head, struct entry, rcu));
}

static void op_read(struct actor *a)
{
	u32 wait = draw(a, 4) ? 0 : draw(a, 50);
	struct entry *e;

	rcu_read_lock();
	list_for_each_entry_rcu(e, &entries, list) {
		if (READ_ONCE(e->state) != ALIVE)
			test_blame("a reader finds an entry in state %#lx", e->state);
		if (wait)
			udelay(wait);
		if (READ_ONCE(e->state) != ALIVE || e->number < 0 || e->number >= 1000)
			test_blame("an entry was freed under its reader: state %#lx, number %d", e->state, e->number);
	}
	rcu_read_unlock();
}

static void op_call(struct actor *a)
{
	struct entry *e = take();

	put(draw(a, 1000));
	if (!e)
		return;
	call_rcu(&e->rcu, called_back);
	atomic_inc(&queued);		/* not before: rcu_barrier() knows only what has been queued */
}

static void op_wait(struct actor *a)
{
	struct entry *e = take();

	put(draw(a, 1000));
	if (!e)
		return;
	synchronize_rcu();
	end_entry(e);
}

static void op_barrier(struct actor *a)
{
	int before = atomic_read(&queued);

	rcu_barrier();
	if (atomic_read(&called) < before)
		test_blame("rcu_barrier() returned after %d calls of %d", atomic_read(&called), before);
}

static void begin(void)
{
	for (int i = 0; i < ENTRIES; i++)
		put(i);
}

static void end(void)
{
	struct entry *e;

	while ((e = take()) != NULL) {
		synchronize_rcu();
		end_entry(e);
	}
	rcu_barrier();
	if (atomic_read(&called) != atomic_read(&queued))
		test_blame("%d calls were queued, %d made", atomic_read(&queued), atomic_read(&called));
}

static const struct torture_op ops[] = {
	{ "read", op_read, 12 }, { "call", op_call, 4 }, { "wait", op_wait, 2 }, { "barrier", op_barrier, 1 },
};

TORTURE(rcu, ops, .begin = begin, .end = end, .actors = 6);
