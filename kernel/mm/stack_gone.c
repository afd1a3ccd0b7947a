/* SPDX-License-Identifier: MIT */
/*
 * Variables of functions that have returned.
 *
 * A completion, a wait queue, a work or a timer may be a local variable, as long as its function waits until nobody
 * will use it any more. Who forgets that (or gives up waiting after a while) leaves others with the address of memory
 * that is somebody else's by then: another function's variables, another thread's stack. They write there, and the
 * thread whose stack it is dies later, at a place that has nothing to do with it.
 *
 * So before such an object is used by its address, one comparison says whether it lies in a thread stack at all. If so,
 * it must be where variables live:
 *
 *	stack + THREAD_SIZE	+-----------------------+
 *				| variables, in use	|
 *	the thread's sp		+-----------------------+
 *				| gone			|	here: a function that has returned
 *	stack + 8		| its thread		|
 *	stack			| STACK_END_MAGIC	|
 *				+-----------------------+
 *
 * Of a sleeping thread the stack pointer is known, and of the caller itself. Of a thread that runs on another CPU
 * nothing is known, and nothing is said. A free stack belongs to no thread.
 *
 * ORDER(on-cpu): the thread was seen off its CPU, so the stack pointer is the one of that switch, or of a later one;
 * who uses the object has had its address before, so if it is alive, it lies above each of them.
 * Read next: kernel/sched/completion.c.
 */
#include <linux/mm.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/sched.h>
#include <asm/barrier.h>
#include <asm/current.h>

#include "mm.h"

static bool is_below_sp(struct task_struct *owner, const void *p)
{
	if (owner == current)
		return in_task() && p < __builtin_frame_address(0);
	/* ORDER(on-cpu): acquire; see above. */
	return !smp_load_acquire(&owner->on_cpu) && (unsigned long)p < owner->thread.sp;
}

/* Preemption is off: a thread that is found stays, in RCU's care at least. */
static const char *why_gone(const void *p, char *buf, size_t size)
{
	void *stack = thread_stack_of(p);
	struct task_struct *owner;

	if (!stack || READ_ONCE(*(unsigned long *)stack) != STACK_END_MAGIC)
		return "a thread that has ended";
	owner = READ_ONCE(*thread_stack_owner(stack));
	if (!owner)
		return "a thread that has ended";
	if (!is_below_sp(owner, p))
		return NULL;
	snprintf(buf, size, "thread %s (%d), in a function that has returned", owner->comm, owner->pid);
	return buf;
}

bool stack_object_is_gone(const void *p, const char *what, const char *advice)
{
	char buf[80];
	const char *why;

	preempt_disable();
	why = why_gone(p, buf, sizeof(buf));
	preempt_enable();
	WARN(why, "%s %px is no more: it was a local variable of %s. It is left alone. %s\n", what, p, why, advice);
	return why;
}
EXPORT_SYMBOL(stack_object_is_gone);
