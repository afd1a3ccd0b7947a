/* SPDX-License-Identifier: MIT */
/*
 * A new thread's first frame: what switch.S will pop when the thread is switched to for the first time. And the one
 * stack that needs no frame, because the machine starts on it: boot.S loads its top.
 */
#include <asm/switch_to.h>
#include <linux/compiler.h>
#include <linux/magic.h>
#include <asm/page.h>

/* The lower half is never mapped once paging_init() is through: a guard, as every other thread's stack has one. */
unsigned long init_stack_and_guard[2][THREAD_SIZE / sizeof(long)] __aligned(THREAD_SIZE) = {
	[1] = { STACK_END_MAGIC },
};
_Static_assert(THREAD_SIZE == 16384, "the line below says so");
asm(".globl init_stack; .set init_stack, init_stack_and_guard + 16384");

void copy_thread(struct thread_struct *thread, void *stack, int (*fn)(void *), void *arg)
{
	/* One empty word at the top: the stack is 16-byte aligned, as a called function expects, after the ret. */
	struct inactive_task_frame *frame = stack + THREAD_SIZE - 16 - sizeof(*frame);

	frame->r15 = frame->r14 = frame->r13 = 0;
	frame->r12 = (unsigned long)arg;
	frame->bx = (unsigned long)fn;
	frame->bp = 0;
	frame->ret_addr = (unsigned long)ret_from_fork;
	thread->sp = (unsigned long)frame;
}
