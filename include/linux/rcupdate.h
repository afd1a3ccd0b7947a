/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * RCU: readers that take no lock; writers that publish a new version, and free the old one when nobody can read it.
 *
 *	reader				writer (one at a time: your own lock)
 *	rcu_read_lock();		new = kmalloc(); fill it in;
 *	p = rcu_dereference(gp);	old = rcu_replace_pointer(gp, new, lock is held);
 *	use *p				synchronize_rcu();	(or call_rcu(), kfree_rcu(): no waiting)
 *	rcu_read_unlock();		kfree(old);
 *
 * A reader must not sleep: for readers that do, <linux/srcu.h>. Lists: <linux/rculist.h>.
 * Semantics: Linux's Documentation/RCU/whatisRCU. Differs from Linux: a reader has preemption disabled (there that is
 * so without CONFIG_PREEMPT only), and whoever reads a protected pointer while preemptible is warned in every build.
 */
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/preempt.h>
#include <linux/irqflags.h>
#include <linux/bottom_half.h>
#include <linux/bug.h>
#include <linux/percpu-defs.h>
#include <asm/percpu.h>
#include <asm/barrier.h>

/* How many rcu_read_lock() deep this CPU is. A reader is not preempted, so the CPU's depth is the thread's. */
DECLARE_PER_CPU(int, rcu_reader_depth);

/* Explains an rcu_read_unlock() too many. */
__cold void rcu_unlock_imbalance(void);

/*
 * rcu_read_lock, rcu_read_unlock: between them, what rcu_dereference() gave stays. They nest. Context: any; no sleep
 * in between. Costs four instructions that touch nothing but this CPU's own.
 */
static __always_inline void rcu_read_lock(void)
{
	preempt_disable();
	this_cpu_inc(rcu_reader_depth);
}

static __always_inline void rcu_read_unlock(void)
{
	bool negative;

	asm volatile("decl %%gs:%0" : "+m" (rcu_reader_depth), "=@ccs" (negative) : : "memory");
	if (unlikely(negative))
		rcu_unlock_imbalance();
	else
		preempt_enable();
}

/* _bh: bottom halves are off as well; _sched: preemption off. Grace periods wait for these readers, too. */
static inline void rcu_read_lock_bh(void) { local_bh_disable(); }
static inline void rcu_read_unlock_bh(void) { local_bh_enable(); }
static inline void rcu_read_lock_sched(void) { preempt_disable(); }
static inline void rcu_read_unlock_sched(void) { preempt_enable(); }
#define rcu_read_lock_sched_notrace()	rcu_read_lock_sched()
#define rcu_read_unlock_sched_notrace()	rcu_read_unlock_sched()

/* Is this code a reader? _held: by rcu_read_lock(); _any_held: by anything that grace periods wait for. */
static inline int rcu_read_lock_held(void) { return this_cpu_read(rcu_reader_depth) > 0; }
static inline int rcu_read_lock_sched_held(void) { return !preemptible(); }
static inline int rcu_read_lock_any_held(void) { return !preemptible(); }
static inline int rcu_read_lock_bh_held(void) { return in_softirq() || irqs_disabled(); }

#define RCU_LOCKDEP_WARN(c, s) \
	WARN_ONCE(c, "RCU: %s\n", s)

/*
 * rcu_dereference(p): the published pointer; what it points to was complete when it was published. WARNs when the
 * caller could be preempted, so that what it gets may be freed under it. _check(p, c): or c holds, usually
 * lockdep_is_held() of the writer's lock. _protected(p, c): only the writer may, c says why; _raw: no check.
 * rcu_access_pointer: only to compare it with NULL; no reader needed.
 */
/* ORDER(rcu-publish): the reader's end: an address must be read before what is there, so the dependency orders them. */
#define rcu_dereference_raw(p)	((typeof(*(p)) *)READ_ONCE(p))
#define rcu_dereference_check(p, c) \
({ \
	WARN_ONCE(!rcu_read_lock_any_held() && !(c), "rcu_dereference(%s) outside of a reader: without " \
		  "rcu_read_lock() what it points to may be freed while you use it\n", #p); \
	rcu_dereference_raw(p); \
})
#define rcu_dereference_protected(p, c) \
({ \
	WARN_ONCE(!(c), "rcu_dereference_protected(%s): not true: %s\n", #p, #c); \
	((typeof(*(p)) *)(p)); \
})
#define rcu_dereference(p)		rcu_dereference_check(p, 0)
#define rcu_dereference_bh(p)		rcu_dereference_check(p, 0)
#define rcu_dereference_sched(p)	rcu_dereference_check(p, 0)
#define rcu_dereference_bh_check(p, c)	rcu_dereference_check(p, c)
#define rcu_dereference_sched_check(p, c) rcu_dereference_check(p, c)
#define rcu_dereference_raw_check(p)	rcu_dereference_raw(p)
#define rcu_access_pointer(p)		((typeof(*(p)) *)READ_ONCE(p))
/* The pointer leaves RCU's care: by a reference or a lock it is kept from here on. */
#define rcu_pointer_handoff(p)		(p)

/*
 * rcu_assign_pointer: publish what is complete. RCU_INIT_POINTER: without the ordering: NULL, or when nobody can see p
 * yet. rcu_replace_pointer: publish, and give back the old one; c: why the caller is the only writer.
 */
/* ORDER(rcu-publish): the writer's end: everything that v points to was written before. */
#define rcu_assign_pointer(p, v)	smp_store_release(&(p), (typeof(p))(v))
#define RCU_INITIALIZER(v)		(v)
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)
#define RCU_POINTER_INITIALIZER(p, v)	.p = (v)
#define rcu_replace_pointer(p, v, c) \
({ \
	typeof(p) _old = rcu_dereference_protected(p, c); \
	rcu_assign_pointer(p, v); \
	_old; \
})

/*
 * synchronize_rcu: returns when every reader that was there at the call has ended. _expedited: soon, by interrupting
 * the CPUs that are in the way, instead of within a tick or two. Context: thread, may sleep; not in a reader: WARNs.
 */
void synchronize_rcu(void);
void synchronize_rcu_expedited(void);
#define synchronize_net() synchronize_rcu()

/*
 * call_rcu: func(head) once every reader that is there now has ended; in a softirq of this CPU, so it must not sleep.
 * head must lie in the object that waits, and stays RCU's until then. Context: any but NMI, and no lock of the
 * scheduler held. rcu_barrier: returns when all callbacks that were passed before have returned: on the way out of a
 * module. Context: thread, may sleep.
 */
void call_rcu(struct rcu_head *head, rcu_callback_t func);
void rcu_barrier(void);

/*
 * A grace period to look for later. get_state: a cookie of now. start_poll: and have one begin. poll_state: has one
 * passed since? cond_synchronize: wait, unless one has. Context: cond_* may sleep, the others any.
 */
unsigned long get_state_synchronize_rcu(void);
unsigned long start_poll_synchronize_rcu(void);
bool poll_state_synchronize_rcu(unsigned long oldstate);
void cond_synchronize_rcu(unsigned long oldstate);

/*
 * kfree_rcu(ptr, field): kfree(ptr) after a grace period; field is its struct rcu_head. Context: as call_rcu().
 * kfree_rcu(ptr), kfree_rcu_mightsleep(ptr): needs no rcu_head, but may sleep. NULL is ignored. kvfree_rcu: the same.
 */
#define KVFREE_GET_MACRO(_1, _2, NAME, ...) NAME
#define kvfree_rcu(...) KVFREE_GET_MACRO(__VA_ARGS__, kvfree_rcu_arg_2, kvfree_rcu_arg_1)(__VA_ARGS__)
#define kfree_rcu(...)	kvfree_rcu(__VA_ARGS__)
#define kvfree_rcu_mightsleep(ptr)	kvfree_rcu_arg_1(ptr)
#define kfree_rcu_mightsleep(ptr)	kvfree_rcu_arg_1(ptr)
#define kvfree_rcu_arg_2(ptr, rhf) \
do { \
	typeof(ptr) ___p = (ptr); \
	BUILD_BUG_ON_MSG(offsetof(typeof(*(ptr)), rhf) >= 4096, "kfree_rcu: the rcu_head is too far in"); \
	if (___p) \
		kvfree_call_rcu(&___p->rhf, (void *)___p); \
} while (0)
#define kvfree_rcu_arg_1(ptr) \
do { \
	typeof(ptr) ___p = (ptr); \
	if (___p) \
		kvfree_call_rcu(NULL, (void *)___p); \
} while (0)
void kvfree_call_rcu(struct rcu_head *head, void *ptr);

static inline void rcu_head_init(struct rcu_head *rhp)
{
	rhp->func = (rcu_callback_t)~0L;
}

/* Places in long loops: others may run, and grace periods end. Context: thread. */
#define cond_resched_rcu_qs()		cond_resched()
#define cond_resched_tasks_rcu_qs()	cond_resched()
#define cond_resched_rcu() \
do { \
	rcu_read_unlock(); \
	cond_resched(); \
	rcu_read_lock(); \
} while (0)

static inline bool rcu_inkernel_boot_has_ended(void) { return true; }
static inline bool rcu_is_watching(void) { return true; }
static inline void init_rcu_head(struct rcu_head *head) { }
static inline void destroy_rcu_head(struct rcu_head *head) { }
static inline void init_rcu_head_on_stack(struct rcu_head *head) { }
static inline void destroy_rcu_head_on_stack(struct rcu_head *head) { }
