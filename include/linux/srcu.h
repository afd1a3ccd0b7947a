/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * SRCU: RCU whose readers may sleep. Each user has a srcu_struct of his own, so that only his readers can hold him up.
 *
 *	reader				writer (one at a time: your own lock)
 *	i = srcu_read_lock(&ss);	old = rcu_replace_pointer(gp, new, lock is held);
 *	p = srcu_dereference(gp, &ss);	synchronize_srcu(&ss);		(or call_srcu(): no waiting)
 *	use *p, even sleep		kfree(old);
 *	srcu_read_unlock(&ss, i);
 *
 * Readers that do not sleep: <linux/rcupdate.h> is cheaper. A reader must not wait for a grace period of its own
 * srcu_struct, nor for a lock whose holder does.
 * Semantics: Linux's Documentation/RCU/whatisRCU, RCU/Design/Requirements ("Sleepable RCU").
 */
#include <linux/lockdep_hooks.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

/* A CPU's share. A reader may end on another CPU than it began on: only sums mean something. */
struct srcu_data {
	unsigned long begun[2];
	unsigned long ended[2];
};

struct srcu_struct {
	struct srcu_data __percpu *sda;
	unsigned int		srcu_idx;	/* gp_mutex: which of the two new readers use. ORDER(srcu) */
	bool			waiting;	/* gp_mutex: a grace period sleeps. ORDER(srcu-wait) */
	struct mutex		gp_mutex;	/* one grace period at a time */
	wait_queue_head_t	last_reader;
	raw_spinlock_t		lock;
	struct rcu_head		*cb_head, **cb_tail;	/* lock: what call_srcu() has brought */
	struct work_struct	work;		/* carries that out */
	struct lockdep_map	dep_map;
};

void srcu_do_callbacks(struct work_struct *work);

#define __SRCU_STRUCT_INIT(name, data) \
	{ .sda = &(data), .gp_mutex = __MUTEX_INITIALIZER(name.gp_mutex), \
	  .last_reader = __WAIT_QUEUE_HEAD_INITIALIZER((name).last_reader), \
	  .lock = __RAW_SPIN_LOCK_UNLOCKED(name.lock), .cb_tail = &(name).cb_head, \
	  .work = __WORK_INITIALIZER((name).work, srcu_do_callbacks), .dep_map = LOCKDEP_MAP_INIT(name) }
#define __DEFINE_SRCU(name, is_static) \
	static DEFINE_PER_CPU(struct srcu_data, name##_srcu_data); \
	is_static struct srcu_struct name = __SRCU_STRUCT_INIT(name, name##_srcu_data)
#define DEFINE_SRCU(name)		__DEFINE_SRCU(name, )
#define DEFINE_STATIC_SRCU(name)	__DEFINE_SRCU(name, static)

/*
 * init_srcu_struct: Return: 0, -ENOMEM. Context: thread, may sleep.
 * cleanup_srcu_struct: nobody will use it any more: readers have ended, srcu_barrier() has been called if call_srcu()
 * ever was. WARNs if not so, and keeps the memory while there are readers. Context: thread, may sleep.
 */
#define init_srcu_struct(ssp) \
	({ \
		static struct lock_class_key __key; \
		__init_srcu_struct((ssp), #ssp, &__key); \
	})
int __init_srcu_struct(struct srcu_struct *ssp, const char *name, struct lock_class_key *key);
void cleanup_srcu_struct(struct srcu_struct *ssp);

void srcu_wake(struct srcu_struct *ssp);
__cold void srcu_bad_index(int idx);

/* Counted, and a full barrier, in one instruction. */
#define __srcu_count(counter) \
	asm volatile("lock incq %%gs:%0" : "+m" (*(counter)) : : "memory", "cc")

/*
 * srcu_read_lock: Return: what srcu_read_unlock() needs. They nest. Context: any but NMI; may sleep in between; the
 * same thread, or the same interrupt, unlocks. _notrace: the same. srcu_read_lock_held: for assertions; says yes.
 */
static inline int srcu_read_lock(struct srcu_struct *ssp)
{
	int idx = READ_ONCE(ssp->srcu_idx) & 1;

	lockdep_acquire(&ssp->dep_map, 0, LOCKDEP_READERS | LOCKDEP_SHARED);
	/* ORDER(srcu): counted, full barrier, then the reader reads. */
	__srcu_count(&ssp->sda->begun[idx]);
	return idx;
}

static inline void srcu_read_unlock(struct srcu_struct *ssp, int idx)
{
	if (unlikely(idx & ~1)) {
		srcu_bad_index(idx);
		return;
	}
	lockdep_release(&ssp->dep_map);
	/* Once counted, it may be freed, but for this: cleanup_srcu_struct() waits until preemption has been on. */
	preempt_disable();
	/* ORDER(srcu): what the reader read, full barrier, counted. */
	__srcu_count(&ssp->sda->ended[idx]);
	/* ORDER(srcu-wait): counted, full barrier (the same), then: does anybody wait for it? */
	if (unlikely(READ_ONCE(ssp->waiting)))
		srcu_wake(ssp);
	preempt_enable();
}
#define srcu_read_lock_notrace(ssp)		srcu_read_lock(ssp)
#define srcu_read_unlock_notrace(ssp, idx)	srcu_read_unlock(ssp, idx)

static inline int srcu_read_lock_held(const struct srcu_struct *ssp)
{
	return 1;
}

/* ORDER(srcu): after srcu_read_unlock() nothing more is needed for a full barrier. */
static inline void smp_mb__after_srcu_read_unlock(void)
{
}

#define srcu_dereference_check(p, ssp, c)	rcu_dereference_raw(p)
#define srcu_dereference(p, ssp)		rcu_dereference_raw(p)
#define srcu_dereference_notrace(p, ssp)	rcu_dereference_raw(p)

/*
 * synchronize_srcu: returns when every reader that was there at the call has ended. _expedited: the same; there is
 * nothing to speed up. Context: thread, may sleep; not a reader of the same srcu_struct, who would wait for itself.
 */
void synchronize_srcu(struct srcu_struct *ssp);
void synchronize_srcu_expedited(struct srcu_struct *ssp);

/*
 * call_srcu: func(head) once every reader that is there now has ended, in a thread, with bottom halves off. head must
 * lie in the object that waits, and stays SRCU's until then. Context: any but NMI.
 * srcu_barrier: returns when all callbacks that were passed before have returned. Context: thread, may sleep.
 */
void call_srcu(struct srcu_struct *ssp, struct rcu_head *head, rcu_callback_t func);
void srcu_barrier(struct srcu_struct *ssp);
