/* SPDX-License-Identifier: MIT */
/*
 * Fault injection: which allocation is told to fail.
 *
 * The allocators ask should_failslab() and should_fail_alloc_page() at their entrance. As long as nothing is armed
 * that is one comparison with fault_injection_on, and none at all of its own in the fast path of the slab allocator,
 * which looks at it together with what it must look at anyway.
 *
 *	fail_nth	a counter in the thread; the allocation that takes it from 1 to 0 fails
 *	fault_attr	chances that all threads share, or those with make_it_fail
 *
 * A new thread's memory is allocated by kthreadd, though somebody else wants it. So who asks kthreadd leaves his name
 * on the request (fault_inject_client), and kthreadd counts down his counter while it serves him (fault_inject_serve).
 * Both cannot count at once, unless the client was killed meanwhile; then an allocation more or less is no matter.
 *
 * No lock: a counter belongs to its thread, chances may be counted a little wrong by several CPUs.
 */
#include <linux/fault-inject.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/upcall.h>

atomic_t fault_injection_on;

DECLARE_FAULT_ATTR(failslab);
DECLARE_FAULT_ATTR(fail_page_alloc);

static struct rnd_state chance = { 1, 2, 3, 4 };

/* Whose allocation is it, if the caller makes one? NULL: an interrupt's. */
static struct task_struct *client(void)
{
	if (!in_task())
		return NULL;
	return current->fail_client ?: current;
}

/* ---- by chance ---- */

int setup_fault_attr(struct fault_attr *attr, char *str)
{
	unsigned long probability, interval;
	int times, space;

	if (sscanf(str, "%lu,%lu,%d,%d", &interval, &probability, &space, &times) < 4) {
		pr_warn("fault injection: \"%s\" is not <interval>,<probability>,<space>,<times>\n", str);
		return 0;
	}
	attr->interval = interval;
	attr->probability = probability;
	atomic_set(&attr->space, space);
	atomic_set(&attr->times, times);
	return 1;
}
EXPORT_SYMBOL(setup_fault_attr);

void fault_attr_switch(struct fault_attr *attr, bool on)
{
	if (xchg(&attr->on, on) != on)
		atomic_add(on ? 1 : -1, &fault_injection_on);
}

bool should_fail(struct fault_attr *attr, ssize_t size)
{
	struct task_struct *p = client();

	if (attr->task_filter && !(p && p->make_it_fail))
		return false;
	if (!attr->probability || !atomic_read(&attr->times))
		return false;
	if (atomic_read(&attr->space) > size) {
		atomic_sub(size, &attr->space);
		return false;
	}
	if (attr->interval > 1 && ++attr->count % attr->interval)
		return false;
	if (attr->probability <= prandom_u32_max_state(&chance, 100))
		return false;
	atomic_dec_if_positive(&attr->times);	/* -1 stays: without limit */
	return true;
}
EXPORT_SYMBOL(should_fail);

/* ---- the n-th ---- */

void fail_nth_arm(unsigned int n)
{
	WRITE_ONCE(current->fail_nth, n);
	atomic_inc(&fault_injection_on);
}

bool fail_nth_disarm(void)
{
	bool struck = !READ_ONCE(current->fail_nth);

	atomic_dec(&fault_injection_on);
	WRITE_ONCE(current->fail_nth, 0);
	return struck;
}

static bool is_the_nth(void)
{
	struct task_struct *p = client();
	unsigned int left = p ? READ_ONCE(p->fail_nth) : 0;

	if (left)
		WRITE_ONCE(p->fail_nth, left - 1);
	return left == 1;
}

struct task_struct *__fault_inject_client(void)
{
	return get_task_struct(current);
}

void fault_inject_serve(struct task_struct *p)
{
	if (current->fail_client)
		put_task_struct(current->fail_client);
	current->fail_client = p;
}

/* ---- what the allocators ask ---- */

noinline int __should_failslab(struct kmem_cache *s, gfp_t gfpflags)
{
	if (gfpflags & __GFP_NOFAIL)
		return 0;
	if (is_the_nth())
		return -ENOMEM;
	return failslab.on && should_fail(&failslab, s ? kmem_cache_size(s) : PAGE_SIZE) ? -ENOMEM : 0;
}

noinline bool __should_fail_alloc_page(gfp_t gfp_mask, unsigned int order)
{
	if (gfp_mask & __GFP_NOFAIL)
		return false;
	return is_the_nth() || (fail_page_alloc.on && should_fail(&fail_page_alloc, PAGE_SIZE << order));
}
