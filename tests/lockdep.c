/* SPDX-License-Identifier: MIT */
/*
 * Lockdep (DEBUG=1): what could hang is told before it does, once, and what is right is not.
 */
#include "../kernel/misuse.h"
#include "test.h"

#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/smp.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/rtmutex.h>
#include <linux/workqueue.h>

TEST(lockdep_opposite_orders_are_told_once, .warns = "lock order: \"fork\" is taken here while \"knife\" is held",
     .says = "held \"fork\", taken at lock_order+")
{
	EXPECT_EQ(misuse_provoke("lock-order"), 0);
	EXPECT(test_log_has("and took \"knife\" at lock_order+"));
	EXPECT(test_log_has("held \"knife\", taken at lock_order+"));
	EXPECT_EQ(misuse_provoke("lock-order"), 0);
	return NULL;
}

TEST(lockdep_lock_of_a_timer_taken_plainly_is_told,
     .warns = "lock and interrupt: \"counter_lock\" is taken in a softirq",
     .says = "taken in a softirq at count_in_timer+")
{
	EXPECT_EQ(misuse_provoke("lock-in-timer"), 0);
	EXPECT(test_log_has("can come, at lock_in_timer+"));
	return NULL;
}

/* Three locks: no two of them are ever taken in both orders. */
static DEFINE_MUTEX(a);
static DEFINE_MUTEX(b);
static DEFINE_MUTEX(c);

static noinline void take(struct mutex *first, struct mutex *second)
{
	mutex_lock(first);
	mutex_lock(second);
	mutex_unlock(second);
	mutex_unlock(first);
}

TEST(lockdep_circle_of_three_is_found,
     .warns = "\"a\" is taken here while \"c\" is held, elsewhere it is the other way round, with others in between")
{
	take(&a, &b);
	take(&b, &c);
	take(&c, &a);
	EXPECT(test_log_has("held \"a\", taken at take+"));
	EXPECT(test_log_has("held \"b\", taken at take+"));
	EXPECT(test_log_has("held \"c\", taken at take+"));
	return NULL;
}

static DEFINE_SPINLOCK(in_irq);
static DEFINE_SPINLOCK(plain);

static void take_in_irq(void *unused)
{
	spin_lock(&in_irq);
	spin_unlock(&in_irq);
}

TEST(lockdep_plain_lock_under_an_interrupts_lock_is_told,
     .warns = "lock order and interrupt: one CPU holds \"in_irq\" and waits for \"plain\"", .cpus = 2)
{
	unsigned long flags;

	on_each_cpu(take_in_irq, NULL, 1);
	spin_lock(&plain);
	spin_unlock(&plain);
	spin_lock_irqsave(&in_irq, flags);
	spin_lock(&plain);
	spin_unlock(&plain);
	spin_unlock_irqrestore(&in_irq, flags);
	return NULL;
}

/* Taken with interrupts off, and still held when they are let in: by whom they come may want it. */
static DEFINE_SPINLOCK(let_in);

static void take_let_in(void *unused)
{
	spin_lock(&let_in);
	spin_unlock(&let_in);
}

TEST(lockdep_interrupts_let_in_under_a_lock_are_told,
     .warns = "lock and interrupt: \"let_in\" is taken in a hard", .cpus = 2)
{
	on_each_cpu(take_let_in, NULL, 1);
	spin_lock_irq(&let_in);
	local_irq_enable();		/* as unlocking an inner lock by spin_unlock_irq() does */
	spin_unlock(&let_in);
	EXPECT(test_log_has("can come, at test_body_lockdep_interrupts_let_in_under_a_lock_are_told+"));
	return NULL;
}

static DEFINE_SPINLOCK(for_bh);

static void take_for_bh(struct tasklet_struct *t)
{
	spin_lock(&for_bh);
	spin_unlock(&for_bh);
}

TEST(lockdep_softirqs_let_in_under_a_lock_are_told, .warns = "lock and interrupt: \"for_bh\" is taken in a softirq")
{
	struct tasklet_struct t;

	tasklet_setup(&t, take_for_bh);
	tasklet_schedule(&t);
	tasklet_kill(&t);
	spin_lock_bh(&for_bh);
	local_bh_enable();		/* as unlocking an inner lock by spin_unlock_bh() does not: they nest */
	local_bh_disable();
	spin_unlock_bh(&for_bh);
	return NULL;
}

TEST(lockdep_inner_bottom_half_lock_lets_nothing_in)
{
	static DEFINE_SPINLOCK(outer_bh);
	static DEFINE_SPINLOCK(inner_bh);

	spin_lock_bh(&outer_bh);
	spin_lock_bh(&inner_bh);
	spin_unlock_bh(&inner_bh);
	spin_unlock_bh(&outer_bh);
	return NULL;
}

/* ---- waiting for a function that takes what the waiter holds ---- */

static DEFINE_MUTEX(in_work);

static void take_in_work(struct work_struct *work)
{
	mutex_lock(&in_work);
	mutex_unlock(&in_work);
}
static DECLARE_WORK(locking_work, take_in_work);

static noinline void wait_for_work_under_its_lock(void (*wait)(void))
{
	schedule_work(&locking_work);
	flush_work(&locking_work);
	mutex_lock(&in_work);
	wait();		/* the work is done, so this cannot hang */
	mutex_unlock(&in_work);
}

static void flush_it(void)
{
	flush_work(&locking_work);
}

static void flush_its_queue(void)
{
	__flush_workqueue(system_wq);
}

TEST(lockdep_flush_of_a_work_under_its_lock_is_told,
     .warns = "lock order: work take_in_work is waited for here while \"in_work\" is held",
     .says = "ran work take_in_work, called at ")
{
	wait_for_work_under_its_lock(flush_it);
	EXPECT(test_log_has("held \"in_work\", taken at wait_for_work_under_its_lock+"));
	wait_for_work_under_its_lock(flush_it);
	return NULL;
}

TEST(lockdep_flush_of_a_queue_under_a_works_lock_is_told,
     .warns = "lock order: works of \"events\" is waited for here while \"in_work\" is held")
{
	wait_for_work_under_its_lock(flush_its_queue);
	return NULL;
}

static DEFINE_SPINLOCK(in_timer);

static void take_in_timer(struct timer_list *t)
{
	spin_lock(&in_timer);
	spin_unlock(&in_timer);
}
static DEFINE_TIMER(locking_timer, take_in_timer);

TEST(lockdep_waiting_for_a_timer_under_its_lock_is_told,
     .warns = "lock order: timer take_in_timer is waited for here while \"in_timer\" is held")
{
	mod_timer(&locking_timer, jiffies);
	EXPECT(eventually(!timer_pending(&locking_timer)));
	del_timer_sync(&locking_timer);
	spin_lock_bh(&in_timer);
	del_timer_sync(&locking_timer);
	spin_unlock_bh(&in_timer);
	return NULL;
}

/* ---- classes ---- */

static void take_with_keys(struct lock_class_key *keys, bool backwards)
{
	struct mutex m[2];

	for (int i = 0; i < 2; i++) {
		mutex_init(&m[i]);
		lockdep_set_class(&m[i], &keys[i]);
	}
	mutex_lock(&m[backwards]);
	mutex_lock(&m[!backwards]);
	mutex_unlock(&m[!backwards]);
	mutex_unlock(&m[backwards]);
}

TEST(lockdep_class_is_forgotten_with_its_memory)
{
	struct lock_class_key *keys = kcalloc(2, sizeof(*keys), GFP_KERNEL);

	EXPECT(keys);
	for (int i = 0; i < 2; i++)
		lockdep_register_key(&keys[i]);
	take_with_keys(keys, false);
	for (int i = 0; i < 2; i++)
		lockdep_unregister_key(&keys[i]);
	take_with_keys(keys, true);		/* another's memory, another's order */
	for (int i = 0; i < 2; i++)
		lockdep_unregister_key(&keys[i]);
	kfree(keys);
	return NULL;
}

TEST(lockdep_classes_come_and_go_without_end)
{
	static struct lock_class_key keys[2];

	for (int i = 0; i < 2000; i++) {
		take_with_keys(keys, i & 1);
		lockdep_unregister_key(&keys[0]);
		lockdep_unregister_key(&keys[1]);
	}
	EXPECT(!test_log_has("more than"));
	return NULL;
}

TEST(lockdep_reading_twice_is_told, .warns = "reads under \"twice_read\", and again inside")
{
	static DECLARE_RWSEM(twice_read);

	down_read(&twice_read);
	down_read(&twice_read);
	up_read(&twice_read);
	up_read(&twice_read);
	return NULL;
}

TEST(lockdep_rt_mutexes_order_counts, .warns = "lock order: \"rt_left\" is taken here while \"rt_right\" is held")
{
	static DEFINE_RT_MUTEX(rt_left);
	static DEFINE_RT_MUTEX(rt_right);

	for (int i = 0; i < 2; i++) {
		rt_mutex_lock(i ? &rt_right : &rt_left);
		rt_mutex_lock(i ? &rt_left : &rt_right);
		rt_mutex_unlock(i ? &rt_left : &rt_right);
		rt_mutex_unlock(i ? &rt_right : &rt_left);
	}
	return NULL;
}

TEST(lockdep_rwlock_and_spinlock_order_counts, .warns = "lock order: \"rw_left\" is taken here while \"spin_right\"")
{
	static DEFINE_RWLOCK(rw_left);
	static DEFINE_SPINLOCK(spin_right);

	write_lock(&rw_left);
	spin_lock(&spin_right);
	spin_unlock(&spin_right);
	write_unlock(&rw_left);
	spin_lock(&spin_right);
	read_lock(&rw_left);
	read_unlock(&rw_left);
	spin_unlock(&spin_right);
	return NULL;
}

struct node {
	spinlock_t lock;
};

TEST(lockdep_two_of_a_class_are_told_unless_nested, .warns = "locked twice: thread ", .says = "\"&n[i].lock\" is held")
{
	struct node *n = kcalloc(2, sizeof(*n), GFP_KERNEL);

	EXPECT(n);
	for (int i = 0; i < 2; i++)
		spin_lock_init(&n[i].lock);
	spin_lock(&n[0].lock);
	spin_lock_nested(&n[1].lock, SINGLE_DEPTH_NESTING);
	spin_unlock(&n[1].lock);
	spin_unlock(&n[0].lock);
	EXPECT(!test_log_has("locked twice"));
	spin_lock(&n[0].lock);
	spin_lock(&n[1].lock);
	spin_unlock(&n[1].lock);
	spin_unlock(&n[0].lock);
	kfree(n);
	return NULL;
}

/* What is right: the same order, trylock in the other, irqsave, readers in interrupts under plain readers. */
static DEFINE_MUTEX(outer);
static DEFINE_MUTEX(inner);
static DEFINE_RWLOCK(rw);

static void read_in_irq(void *unused)
{
	read_lock(&rw);
	read_unlock(&rw);
}

TEST(lockdep_says_nothing_about_what_is_right)
{
	take(&outer, &inner);
	take(&outer, &inner);
	mutex_lock(&inner);
	if (mutex_trylock(&outer))
		mutex_unlock(&outer);
	mutex_unlock(&inner);
	on_each_cpu(read_in_irq, NULL, 1);
	read_lock(&rw);
	read_unlock(&rw);
	write_lock_irq(&rw);
	write_unlock_irq(&rw);
	return NULL;
}

TEST(lockdep_unlocking_twice_is_told, .warns = "which it does not hold")
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	spin_unlock(&lock);
	preempt_disable();
	xadd(&lock.next, 1);		/* so that the tickets are right again after the wrong unlock */
	spin_unlock(&lock);
	EXPECT(!spin_is_locked(&lock));
	return NULL;
}

/* Two rw_semaphores in opposite order deadlock for readers, too, once a writer waits for each. */
static DECLARE_RWSEM(left);
static DECLARE_RWSEM(right);

TEST(lockdep_readers_order_counts, .warns = "lock order: \"left\" is taken here while \"right\" is held")
{
	down_read(&left);
	down_read(&right);
	up_read(&right);
	up_read(&left);
	down_read(&right);
	down_read(&left);
	up_read(&left);
	up_read(&right);
	return NULL;
}
