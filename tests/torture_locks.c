/* SPDX-License-Identifier: MIT */
/*
 * Torture of the locks beyond mutex and spinlock: a bank under each of them. What must hold:
 *
 *	who writes is alone: nobody else is inside, reading or writing; who reads shares with readers only
 *	the money in a bank is the same whenever somebody counts it, under the lock or by a seqlock's rules
 *	of a semaphore of three, three are inside at most; a time-out or a failed try has taken nothing
 */
#include "torture.h"

#include <linux/jiffies.h>
#include <linux/rtmutex.h>
#include <linux/rwlock.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>

#define ACCOUNTS 8
#define MONEY 1000
#define PLACES 3

/* What one lock protects. A writer counts as a million readers. */
struct bank {
	const char *lock;
	long accounts[ACCOUNTS];
	atomic_t inside;
};
#define WRITER 1000000

static struct bank by_rwsem = { .lock = "rwsem" }, by_rwlock = { .lock = "rwlock" };
static struct bank by_seqlock = { .lock = "seqlock" }, by_rtmutex = { .lock = "rt_mutex" };
static struct bank *const banks[] = { &by_rwsem, &by_rwlock, &by_seqlock, &by_rtmutex };

static DECLARE_RWSEM(rwsem);
static DEFINE_RWLOCK(rwlock);
static DEFINE_SEQLOCK(seqlock);
static DEFINE_RT_MUTEX(rtmutex);
static struct semaphore semaphore;
static atomic_t seated;

static void audit(struct bank *b)
{
	long sum = 0;

	for (int i = 0; i < ACCOUNTS; i++)
		sum += READ_ONCE(b->accounts[i]);
	if (sum != ACCOUNTS * MONEY)
		test_blame("under the %s there are %ld, not %d", b->lock, sum, ACCOUNTS * MONEY);
}

static void begin_reading(struct bank *b)
{
	if (atomic_inc_return(&b->inside) > WRITER)
		test_blame("a reader is inside the %s with a writer", b->lock);
	audit(b);
}

static void end_reading(struct bank *b)
{
	audit(b);
	atomic_dec(&b->inside);
}

static void begin_writing(struct actor *a, struct bank *b)
{
	long amount = draw(a, 10);
	int from = draw(a, ACCOUNTS), to = draw(a, ACCOUNTS);

	if (atomic_add_return(WRITER, &b->inside) != WRITER)
		test_blame("a writer is not alone inside the %s", b->lock);
	WRITE_ONCE(b->accounts[from], b->accounts[from] - amount);
	WRITE_ONCE(b->accounts[to], b->accounts[to] + amount);
}

static void end_writing(struct bank *b)
{
	audit(b);
	atomic_sub(WRITER, &b->inside);
}

/* ---- one operation a lock ---- */

static void rest(struct actor *a)
{
	if (draw(a, 8) == 0)
		test_nap();
}

static void op_rwsem_read(struct actor *a)
{
	if (draw(a, 4) == 0) {
		if (!down_read_trylock(&rwsem))
			return;
	} else {
		down_read(&rwsem);
	}
	begin_reading(&by_rwsem);
	rest(a);
	end_reading(&by_rwsem);
	up_read(&rwsem);
}

static void op_rwsem_write(struct actor *a)
{
	if (draw(a, 4) == 0) {
		if (!down_write_trylock(&rwsem))
			return;
	} else {
		down_write(&rwsem);
	}
	begin_writing(a, &by_rwsem);
	rest(a);
	end_writing(&by_rwsem);
	if (draw(a, 3)) {
		up_write(&rwsem);
		return;
	}
	downgrade_write(&rwsem);
	begin_reading(&by_rwsem);
	rest(a);
	end_reading(&by_rwsem);
	up_read(&rwsem);
}

static void op_rwlock(struct actor *a)
{
	unsigned long flags;

	if (draw(a, 3)) {
		read_lock_irqsave(&rwlock, flags);
		begin_reading(&by_rwlock);
		end_reading(&by_rwlock);
		read_unlock_irqrestore(&rwlock, flags);
		return;
	}
	write_lock_irqsave(&rwlock, flags);
	begin_writing(a, &by_rwlock);
	end_writing(&by_rwlock);
	write_unlock_irqrestore(&rwlock, flags);
}

static void op_seqlock(struct actor *a)
{
	unsigned int seq;
	long sum;

	if (draw(a, 3) == 0) {
		write_seqlock(&seqlock);
		begin_writing(a, &by_seqlock);
		end_writing(&by_seqlock);
		write_sequnlock(&seqlock);
		return;
	}
	do {
		seq = read_seqbegin(&seqlock);
		sum = 0;
		for (int i = 0; i < ACCOUNTS; i++)
			sum += READ_ONCE(by_seqlock.accounts[i]);
	} while (read_seqretry(&seqlock, seq));
	if (sum != ACCOUNTS * MONEY)
		test_blame("a seqlock's reader saw %ld, not %d", sum, ACCOUNTS * MONEY);
}

static void op_rtmutex(struct actor *a)
{
	if (draw(a, 4) == 0) {
		if (!rt_mutex_trylock(&rtmutex))
			return;
	} else {
		rt_mutex_lock(&rtmutex);
	}
	begin_writing(a, &by_rtmutex);
	rest(a);
	end_writing(&by_rtmutex);
	rt_mutex_unlock(&rtmutex);
}

static void op_semaphore(struct actor *a)
{
	switch (draw(a, 3)) {
	case 0:
		if (down_trylock(&semaphore))
			return;
		break;
	case 1:
		if (down_timeout(&semaphore, 1 + draw(a, 3)))
			return;
		break;
	default:
		down(&semaphore);
	}
	if (atomic_inc_return(&seated) > PLACES)
		test_blame("of a semaphore of %d, %d are inside", PLACES, atomic_read(&seated));
	rest(a);
	atomic_dec(&seated);
	up(&semaphore);
}

static void begin(void)
{
	sema_init(&semaphore, PLACES);
	for (int i = 0; i < ARRAY_SIZE(banks); i++)
		for (int n = 0; n < ACCOUNTS; n++)
			banks[i]->accounts[n] = MONEY;
}

static void end(void)
{
	int free = 0;

	for (int i = 0; i < ARRAY_SIZE(banks); i++) {
		audit(banks[i]);
		if (atomic_read(&banks[i]->inside))
			test_blame("somebody is still inside the %s", banks[i]->lock);
	}
	while (down_trylock(&semaphore) == 0)
		free++;
	if (free != PLACES || rwsem_is_locked(&rwsem))
		test_blame("in the end %d places are free, the rwsem is %s", free,
			   rwsem_is_locked(&rwsem) ? "held" : "free");
}

static const struct torture_op ops[] = {
	{ "rwsem-read", op_rwsem_read, 4 }, { "rwsem-write", op_rwsem_write, 2 }, { "rwlock", op_rwlock, 3 },
	{ "seqlock", op_seqlock, 3 }, { "rt_mutex", op_rtmutex, 2 }, { "semaphore", op_semaphore, 3 },
};

TORTURE(locks, ops, .begin = begin, .end = end, .actors = 6);
