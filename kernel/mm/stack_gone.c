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
 * Who asks may be anybody, with any lock held, and a stack that is looked at may be freed, unmapped and mapped anew
 * meanwhile, its thread too; no lock could be taken here that keeps them. So nothing is kept: each load is one that
 * may fail (load_nofault()), and what it finds is compared, never followed by an ordinary load. If the object is alive,
 * so are its stack and its thread, and all that is read is true. If it is not, any answer is as good as the reading of
 * a moment earlier or later would have been.
 *
 * ORDER(on-cpu): the thread was seen off its CPU, so the stack pointer is the one of that switch, or of a later one;
 * who uses the object has had its address before, so if it is alive, it lies above each of them.
 * Read next: kernel/sched/wait_gone.c.
 */
#include <linux/mm.h>
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/extable.h>

#include "mm.h"

static_assert(STACKS_START % STACKS_SIZE == 0, "is_stack_address() compares what is above");

static struct task_struct *owner_of(const void *p)
{
	void *stack = (void *)((unsigned long)p & ~(THREAD_SIZE - 1));
	struct task_struct *owner;

	/* The lower half of a slot is never mapped. */
	if (!((unsigned long)p & THREAD_SIZE) || !load_nofault(owner, thread_stack_owner(stack)))
		return NULL;
	return owner;
}

/* The caller's own stack: what is below the caller is gone. */
static __always_inline bool is_gone(const void *p)
{
	unsigned long here = (unsigned long)__builtin_frame_address(0), sp;
	struct task_struct *owner;
	int on_cpu;

	if (((unsigned long)p ^ here) < THREAD_SIZE)
		return (unsigned long)p < here;
	owner = owner_of(p);
	if (!owner || !load_nofault(on_cpu, &owner->on_cpu))
		return true;
	/* ORDER(on-cpu): off its CPU, then its stack pointer; x86 keeps loads in order, and the asm the compiler's. */
	return !on_cpu && (!load_nofault(sp, &owner->thread.sp) || (unsigned long)p < sp);
}

static noinline void explain(const void *p, const char *what, const char *advice)
{
	struct task_struct *owner = owner_of(p);
	char comm[TASK_COMM_LEN] = "", where[80] = "a thread that has ended";
	pid_t pid;

	if (owner && !copy_from_kernel_nofault(comm, owner->comm, sizeof(comm) - 1) &&
	    !get_kernel_nofault(pid, &owner->pid))
		snprintf(where, sizeof(where), "thread %s (%d), in a function that has returned", comm, pid);
	WARN(1, "%s %px is no more: it was a local variable of %s. It is left alone. %s\n", what, p, where, advice);
}

bool stack_object_is_gone(const void *p, const char *what, const char *advice)
{
	if (likely(!is_gone(p)))
		return false;
	explain(p, what, advice);
	return true;
}

void list_go_round(struct list_head *head, struct list_head *at)
{
	struct list_head *ghost = at->next, *behind = head, *next;

	while (behind->prev != ghost && load_nofault(next, &behind->prev->next) && next == behind)
		behind = behind->prev;
	at->next = behind;
	behind->prev = at;
}
