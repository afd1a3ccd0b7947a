/* SPDX-License-Identifier: MIT */
/*
 * Reader-writer semaphores.
 *
 *	count:	readers (bits 8 and up) | a writer has it (bit 1) | somebody waits (bit 0)
 *
 * While nobody waits, readers count themselves and a writer sets his bit, each by one cmpxchg. Who finds it taken goes
 * on the list, under wait_lock, and sets the waiting bit; from then on nobody gets in by the fast way, and what comes
 * free is handed to the first waiter: to a writer alone, or to all readers at the head of the list together. So the
 * order of coming is kept and neither side starves.
 *
 * Who leaves counts himself off and looks at the result: with the waiting bit set, and nobody left inside, he hands on.
 * ORDER(rwsem): the waiting bit is set by a cmpxchg that has seen the semaphore taken; so either that cmpxchg sees the
 * last one gone, or he sees the bit. All of it are locked instructions, which also carry the data from one to the next.
 *
 * Rejected: spinning on a running writer, as mutexes do; letting all waiting readers in with the first.
 * Read next: rtmutex.c.
 */
#include <linux/rwsem.h>
#include "held.h"
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <trace/events/lock.h>

#define WAITING		1L
#define WRITER		2L
#define READER		256L

struct rwsem_waiter {
	struct list_head	list;		/* wait_lock */
	struct task_struct	*task;
	bool			writes;
	bool			given;		/* wait_lock */
};

static bool cas(struct rw_semaphore *sem, long old, long new)
{
	return atomic_long_cmpxchg(&sem->count, old, new) == old;
}

void __init_rwsem(struct rw_semaphore *sem, const char *name, struct lock_class_key *key)
{
	atomic_long_set(&sem->count, 0);
	sem->writer = NULL;
	sem->again = 0;
	raw_spin_lock_init(&sem->wait_lock);
	INIT_LIST_HEAD(&sem->wait_list);
	owned_lock_init(&sem->own, &rwsem_kind, name, key);
}
EXPORT_SYMBOL(__init_rwsem);

bool rwsem_is_held_write(const struct rw_semaphore *sem)
{
	return READ_ONCE(sem->writer) == current;
}
EXPORT_SYMBOL(rwsem_is_held_write);

bool rwsem_is_held(const struct rw_semaphore *sem)
{
	return rwsem_is_held_write(sem) || atomic_long_read(&sem->count) >= READER;
}
EXPORT_SYMBOL(rwsem_is_held);

/* ---- in ---- */

/* May one more come in, when count is this? A writer only alone, a reader beside readers. */
static bool admits(long count, bool writes)
{
	return writes ? !(count & ~WAITING) : !(count & WRITER);
}

static bool try_enter(struct rw_semaphore *sem, bool writes)
{
	long old = atomic_long_read(&sem->count);

	while (!(old & WAITING) && admits(old, writes)) {
		/* ORDER(rwsem): a full barrier. */
		long seen = atomic_long_cmpxchg(&sem->count, old, old + (writes ? WRITER : READER));

		if (seen == old)
			return true;
		old = seen;
	}
	return false;
}

/* Under wait_lock, with an empty list: go in, or set the waiting bit. Return: true if in. */
static bool enter_or_mark(struct rw_semaphore *sem, bool writes)
{
	for (;;) {
		long old = atomic_long_read(&sem->count);

		if (admits(old, writes)) {
			if (cas(sem, old, old + (writes ? WRITER : READER)))
				return true;
		} else if (cas(sem, old, old | WAITING)) {	/* ORDER(rwsem): the waiter's end */
			return false;
		}
	}
}

/* Wakes w, off the list already. The list is on his stack, which may go as soon as `given` is set. */
static void give_to(struct rwsem_waiter *w)
{
	struct task_struct *p = get_task_struct(w->task);

	WRITE_ONCE(w->given, true);
	wake_up_process(p);
	put_task_struct(p);
}

/* Let those in who are first and can be. wait_lock is held; with the waiting bit set, others only leave. */
static void admit_waiters(struct rw_semaphore *sem)
{
	struct rwsem_waiter *w, *next;
	bool writes = false;

	lockdep_assert_held(&sem->wait_lock);
	list_for_each_entry_safe(w, next, &sem->wait_list, list) {
		if (writes || !admits(atomic_long_read(&sem->count), w->writes))
			break;
		writes = w->writes;
		list_del(&w->list);
		/* ORDER(rwsem): locked; before the waking, so the woken is in. */
		atomic_long_add(writes ? WRITER : READER, &sem->count);
		give_to(w);
	}
	if (list_empty(&sem->wait_list))
		atomic_long_andnot(WAITING, &sem->count);
}

static int __sched wait_to_enter(struct rw_semaphore *sem, bool writes, unsigned int state)
{
	struct rwsem_waiter w = { .task = current, .writes = writes };
	bool looked = false;
	int ret = 0;

	raw_spin_lock_irq(&sem->wait_lock);
	if (list_empty(&sem->wait_list) && enter_or_mark(sem, writes)) {
		raw_spin_unlock_irq(&sem->wait_lock);
		return 0;
	}
	trace_contention_begin(sem, writes ? LCB_F_WRITE : LCB_F_READ);
	list_add_tail(&w.list, &sem->wait_list);
	blocked_begin(&sem->own);
	while (!w.given) {
		if (signal_pending_state(state, current)) {
			list_del(&w.list);
			admit_waiters(sem);	/* those behind us may have waited for us only */
			ret = -EINTR;
			break;
		}
		__set_current_state(state);
		raw_spin_unlock_irq(&sem->wait_lock);
		if (!looked)
			blocked_check();
		looked = true;
		schedule();
		raw_spin_lock_irq(&sem->wait_lock);
	}
	blocked_end();
	raw_spin_unlock_irq(&sem->wait_lock);
	trace_contention_end(sem, ret);
	return ret;
}

/* The writer wants it again. Who cannot be told by an error has it once more. */
static int enter_again(struct rw_semaphore *sem, unsigned int state)
{
	WARN(1, "thread %s (%d) takes rw_semaphore \"%s\", which it holds for writing already: it would wait for "
	     "itself for ever. %s\n", current->comm, current->pid, sem->own.dep_map.name,
	     state == TASK_UNINTERRUPTIBLE ? "Going on as if it had been taken once" : "Answering -EDEADLK");
	if (state != TASK_UNINTERRUPTIBLE)
		return -EDEADLK;
	sem->again++;
	return 0;
}

/* ... and gives that back. */
static bool was_again(struct rw_semaphore *sem)
{
	if (likely(!sem->again) || !rwsem_is_held_write(sem))
		return false;
	sem->again--;
	return true;
}

static int __sched enter(struct rw_semaphore *sem, bool writes, unsigned int state, unsigned int subclass)
{
	int ret;

	might_sleep();
	if (unlikely(rwsem_is_held_write(sem)))
		return enter_again(sem, state);
	lockdep_acquire(&sem->own.dep_map, subclass, writes ? LOCKDEP_EXCLUSIVE : LOCKDEP_SHARED);
	ret = try_enter(sem, writes) ? 0 : wait_to_enter(sem, writes, state);
	if (ret) {
		lockdep_release(&sem->own.dep_map);
	} else if (writes) {
		WRITE_ONCE(sem->writer, current);
		held_push(current, &sem->own);
	} else {
		current->read_holds++;
	}
	return ret;
}

/* ---- out ---- */

/* One reader less, or the writer gone. ORDER(rwsem): the leaver's end: locked, then the waiting bit. */
static void leave(struct rw_semaphore *sem, long what)
{
	long left = atomic_long_sub_return(what, &sem->count);
	unsigned long flags;

	if (!(left & WAITING) || (left & ~WAITING))
		return;
	raw_spin_lock_irqsave(&sem->wait_lock, flags);
	admit_waiters(sem);
	raw_spin_unlock_irqrestore(&sem->wait_lock, flags);
}

static bool leave_writer(struct rw_semaphore *sem, const char *call)
{
	struct task_struct *writer = READ_ONCE(sem->writer);

	if (WARN(writer != current, "thread %s (%d) calls %s() on rw_semaphore \"%s\", which it does not hold for "
		 "writing: %s%s does. It stays as it is\n", current->comm, current->pid, call, sem->own.dep_map.name,
		 writer ? "thread " : "nobody", writer ? writer->comm : ""))
		return false;
	if (!held_pop(current, &sem->own))
		held_unlink(&sem->own);
	WRITE_ONCE(sem->writer, NULL);
	lockdep_release(&sem->own.dep_map);
	return true;
}

void up_write(struct rw_semaphore *sem)
{
	if (!was_again(sem) && leave_writer(sem, "up_write"))
		leave(sem, WRITER);
}
EXPORT_SYMBOL(up_write);

void downgrade_write(struct rw_semaphore *sem)
{
	if (!leave_writer(sem, "downgrade_write"))
		return;
	lockdep_acquire(&sem->own.dep_map, 0, LOCKDEP_SHARED | LOCKDEP_TRY);
	current->read_holds++;
	/* ORDER(rwsem): locked: what was written is seen by the readers who come now. */
	if (atomic_long_add_return(READER - WRITER, &sem->count) & WAITING) {
		raw_spin_lock_irq(&sem->wait_lock);
		admit_waiters(sem);
		raw_spin_unlock_irq(&sem->wait_lock);
	}
}
EXPORT_SYMBOL(downgrade_write);

void up_read_non_owner(struct rw_semaphore *sem)
{
	if (WARN(atomic_long_read(&sem->count) < READER, "thread %s (%d) calls up_read() on rw_semaphore \"%s\", which "
		 "nobody holds for reading\n", current->comm, current->pid, sem->own.dep_map.name))
		return;
	leave(sem, READER);
}
EXPORT_SYMBOL(up_read_non_owner);

void up_read(struct rw_semaphore *sem)
{
	if (was_again(sem))
		return;
	if (!WARN(!current->read_holds && atomic_long_read(&sem->count) >= READER, "thread %s (%d) calls up_read() on "
		  "rw_semaphore \"%s\", but holds none for reading. Who gives back what another took uses "
		  "up_read_non_owner()\n", current->comm, current->pid, sem->own.dep_map.name) && current->read_holds)
		current->read_holds--;
	lockdep_release(&sem->own.dep_map);
	up_read_non_owner(sem);
}
EXPORT_SYMBOL(up_read);

/* ---- the forms ---- */

void __sched down_read(struct rw_semaphore *sem)
{
	enter(sem, false, TASK_UNINTERRUPTIBLE, 0);
}
EXPORT_SYMBOL(down_read);

int __sched down_read_interruptible(struct rw_semaphore *sem)
{
	return enter(sem, false, TASK_INTERRUPTIBLE, 0);
}
EXPORT_SYMBOL(down_read_interruptible);

int __sched down_read_killable(struct rw_semaphore *sem)
{
	return enter(sem, false, TASK_KILLABLE, 0);
}
EXPORT_SYMBOL(down_read_killable);

int down_read_trylock(struct rw_semaphore *sem)
{
	if (!try_enter(sem, false))
		return 0;
	lockdep_acquire(&sem->own.dep_map, 0, LOCKDEP_SHARED | LOCKDEP_TRY);
	current->read_holds++;
	return 1;
}
EXPORT_SYMBOL(down_read_trylock);

void __sched down_read_non_owner(struct rw_semaphore *sem)
{
	might_sleep();
	if (!try_enter(sem, false))
		wait_to_enter(sem, false, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(down_read_non_owner);

void __sched down_write(struct rw_semaphore *sem)
{
	enter(sem, true, TASK_UNINTERRUPTIBLE, 0);
}
EXPORT_SYMBOL(down_write);

int __sched down_write_killable(struct rw_semaphore *sem)
{
	return enter(sem, true, TASK_KILLABLE, 0);
}
EXPORT_SYMBOL(down_write_killable);

int down_write_trylock(struct rw_semaphore *sem)
{
	if (!try_enter(sem, true))
		return 0;
	lockdep_acquire(&sem->own.dep_map, 0, LOCKDEP_TRY);
	WRITE_ONCE(sem->writer, current);
	held_push(current, &sem->own);
	return 1;
}
EXPORT_SYMBOL(down_write_trylock);

#ifdef CONFIG_LOCKDEP
void __sched down_read_nested(struct rw_semaphore *sem, int subclass)
{
	enter(sem, false, TASK_UNINTERRUPTIBLE, subclass);
}
EXPORT_SYMBOL(down_read_nested);

void __sched down_write_nested(struct rw_semaphore *sem, int subclass)
{
	enter(sem, true, TASK_UNINTERRUPTIBLE, subclass);
}
EXPORT_SYMBOL(down_write_nested);

int __sched down_read_killable_nested(struct rw_semaphore *sem, int subclass)
{
	return enter(sem, false, TASK_KILLABLE, subclass);
}
EXPORT_SYMBOL(down_read_killable_nested);

int __sched down_write_killable_nested(struct rw_semaphore *sem, int subclass)
{
	return enter(sem, true, TASK_KILLABLE, subclass);
}
EXPORT_SYMBOL(down_write_killable_nested);
#endif

/* ---- for held.c ---- */

/* The writer gives it back under wait_lock only when somebody waits, but clears `writer` before: then he is on his way
 * out, and this is no circle. */
static struct task_struct *get_owner(struct owned_lock *l)
{
	struct rw_semaphore *sem = container_of(l, struct rw_semaphore, own);
	struct task_struct *writer = NULL;

	if (!raw_spin_trylock(&sem->wait_lock))
		return ERR_PTR(-EBUSY);
	writer = READ_ONCE(sem->writer);
	if (writer)
		get_task_struct(writer);
	raw_spin_unlock(&sem->wait_lock);
	return writer;
}

static void release(struct owned_lock *l)
{
	struct rw_semaphore *sem = container_of(l, struct rw_semaphore, own);

	sem->again = 0;
	up_write(sem);
}

const struct lock_kind rwsem_kind = { "rw_semaphore", get_owner, release };
EXPORT_SYMBOL(rwsem_kind);
