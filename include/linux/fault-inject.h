/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Fault injection: allocations that fail because they are told to, so that what code does without memory can be tried.
 *
 * Two ways. fail_nth: exactly the n-th allocation of one thread; to try them all, for n = 1, 2, 3, ... until nothing
 * fails any more. struct fault_attr: at random, by a chance, an interval, a number of times.
 *
 * Differs from Linux: fail_nth is armed by fail_nth_arm(), not by writing to /proc/PID/fail-nth, and follows a request
 * to kthreadd: what kthreadd allocates for a thread that the armed one wants counts as the armed one's own, where Linux
 * counts only what the thread allocates itself. `ignore_gfp_*` do not exist: GFP_KERNEL allocations fail like all
 * others. Semantics: Linux's Documentation/fault-injection.
 */
#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/gfp.h>

struct kmem_cache;
struct task_struct;

/*
 * Chances and limits of one kind of fault. A call that gets past `space`, `interval` and `probability` fails; `times`
 * counts down the failures.
 */
struct fault_attr {
	unsigned long	probability;	/* percent; 0: never */
	unsigned long	interval;	/* only each n-th call can fail */
	atomic_t	times;		/* so many failures at most; -1: without limit */
	atomic_t	space;		/* so many bytes may be allocated before the first failure */
	bool		task_filter;	/* only threads that have make_it_fail set */
	unsigned long	count;		/* calls; approximately, when several CPUs call at once */
	bool		on;		/* fault_attr_switch() */
};

#define FAULT_ATTR_INITIALIZER { .interval = 1, .times = ATOMIC_INIT(1) }
#define DECLARE_FAULT_ATTR(name) struct fault_attr name = FAULT_ATTR_INITIALIZER

/*
 * setup_fault_attr - set all but the filter from "<interval>,<probability>,<space>,<times>".
 * Context: any. Return: 1, or 0 and a message if the text is not that; then nothing has changed.
 */
int setup_fault_attr(struct fault_attr *attr, char *str);

/* should_fail - shall this call, for so many bytes, fail? Context: any. */
bool should_fail(struct fault_attr *attr, ssize_t size);

/*
 * fail_nth_arm - the n-th allocation (1: the next) that the caller asks for from now on fails, whether pages, objects,
 * stacks or per-CPU memory. Allocations with __GFP_NOFAIL, and in interrupts, neither fail nor count.
 * Context: thread. Each needs a fail_nth_disarm() by the same thread.
 */
void fail_nth_arm(unsigned int n);

/* fail_nth_disarm - no more. Return: has it struck? Context: the thread that armed it. */
bool fail_nth_disarm(void);

/*
 * The two kinds of allocation that can fail by chance. fault_attr_switch() turns one on or off: as long as it is off
 * its chances are not looked at. Context: any.
 */
extern struct fault_attr failslab, fail_page_alloc;
void fault_attr_switch(struct fault_attr *attr, bool on);

/*
 * What the allocators ask, and nobody else. Off, each costs one comparison. Context: any.
 * Return: 0 or -ENOMEM; true to fail.
 */
extern atomic_t fault_injection_on;	/* how many have armed or switched on anything */
int __should_failslab(struct kmem_cache *s, gfp_t gfpflags);
bool __should_fail_alloc_page(gfp_t gfp_mask, unsigned int order);

static __always_inline int should_failslab(struct kmem_cache *s, gfp_t gfpflags)
{
	return unlikely(atomic_read(&fault_injection_on)) ? __should_failslab(s, gfpflags) : 0;
}

static __always_inline bool should_fail_alloc_page(gfp_t gfp_mask, unsigned int order)
{
	return unlikely(atomic_read(&fault_injection_on)) && __should_fail_alloc_page(gfp_mask, order);
}

/*
 * fault_inject_client - for a thread that will wait for another to do something for it: whom to name there.
 * fault_inject_serve - from now on the caller's allocations count as those of p; NULL: as its own again.
 * fault_inject_client() takes a reference, if it answers anybody; the second fault_inject_serve() drops it.
 * Context: thread. Between: kthread_create() and kthreadd.
 */
struct task_struct *__fault_inject_client(void);
void fault_inject_serve(struct task_struct *p);

static __always_inline struct task_struct *fault_inject_client(void)
{
	return unlikely(atomic_read(&fault_injection_on)) ? __fault_inject_client() : NULL;
}
