/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Walking a stack by its frame pointers, and printing what is found. Most
 * code wants dump_stack() of <linux/printk.h>, or stack_trace_save() of
 * <linux/stacktrace.h>.
 *
 * Every C function pushes rbp and points rbp at it: a list from the newest
 * frame to the oldest, with the return address above each link. entry.S joins
 * the interrupted list on by putting the address of its struct pt_regs into
 * rbp, with bit 0 set to say so. A root has rbp = 0.
 *
 * The walk believes nothing: it reads only inside a stack it knows (this
 * thread's, this CPU's IRQ and exception stacks), only upwards, and each stack
 * once. A corrupted list ends it early; it cannot fault nor run in circles.
 */
#include <linux/types.h>
#include <asm/ptrace.h>

enum stack_type { STACK_TASK, STACK_IRQ, STACK_EXCEPTION_FIRST, STACK_NONE = 0xff };

struct unwind_state {
	unsigned long	ip;		/* where this frame executes */
	struct pt_regs	*regs;		/* it was interrupted there; NULL: ip is a return address */
	enum stack_type	on;		/* the stack it executes on */
	bool		done;		/* there is no further frame, */
	bool		broken;		/* because the list is damaged */

	unsigned long	bp;		/* private from here on: where to go on, */
	unsigned long	skipped;	/* a caller whose frame was not linked yet, */
	enum stack_type	type;		/* the stack that this was read from, */
	unsigned long	begin, end;	/* what is left of it, */
	void		*task_stack;	/* the thread's stack, lowest address, */
	bool		own_cpu;	/* this CPU's other stacks count, too, */
	unsigned int	visited;	/* and which of them we were on already */
};

/* unwind_start: begin at this function's caller (regs NULL), or where regs were taken, on this CPU. Context: any. */
void unwind_start(struct unwind_state *state, struct pt_regs *regs);

/* unwind_start_sleeping: begin where a thread that does not run, with this thread.sp and stack, was switched out. */
void unwind_start_sleeping(struct unwind_state *state, unsigned long sp, void *stack);

/* unwind_next_frame: go to the caller. */
void unwind_next_frame(struct unwind_state *state);

static inline bool unwind_done(const struct unwind_state *state)
{
	return state->done;
}

/* is_image_text: is there code of the kernel's image at addr? is_text_address: or may there be a module's? */
bool is_image_text(unsigned long addr);
bool is_text_address(unsigned long addr);

/*
 * show_regs: print the thread, the registers and the backtrace of the moment when regs was saved.
 * show_trace: the backtrace alone, each line at log level loglvl; regs NULL: from here.
 * show_stack_sleeping: the backtrace of a thread that does not run. The caller holds a reference to it.
 * Context: any.
 */
void show_regs(struct pt_regs *regs);
void show_trace(struct pt_regs *regs, const char *loglvl);
void show_stack_sleeping(unsigned long sp, void *stack, const char *loglvl);

/* dump_stack_from: as dump_stack(), from the frame on that a call returns to at ret: leaves out who reports. */
void dump_stack_from(const void *ret);

/* The line "CPU: 0 PID: 1 Comm: init ..." */
void show_thread_line(const char *loglvl);
