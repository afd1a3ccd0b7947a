/* SPDX-License-Identifier: MIT */
/*
 * Exceptions: say what happened in words, show where, and then end only the
 * thread that did it, if that can be done safely; else the kernel panics.
 *
 * Safe means: the thread can have left nothing half done that others wait for
 * at once. So not in an interrupt, not with interrupts or preemption disabled
 * (a spinlock may be held), and not one of the threads that all others need.
 * A mutex may still be held by the dead; who wants it then waits, visibly.
 *
 * The thread is not unwound: pt_regs are rewritten, so that the return from
 * the exception leads into make_task_dead() instead, on the same stack below
 * what is there (others may still look at its variables), or, if the stack
 * is what overflowed, from its top.
 */
#include <asm/traps.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/upcall.h>
#include <asm/apic.h>
#include <asm/desc.h>
#include <asm/extable.h>
#include <asm/irqflags.h>
#include <asm/nmi.h>
#include <asm/page.h>
#include <asm/percpu.h>
#include <asm/processor.h>
#include <asm/smp.h>
#include <asm/stacktrace.h>

/* Bits of a page fault's error code. */
#define PF_PROT		0x01	/* the page is mapped, but not for that */
#define PF_WRITE	0x02
#define PF_RSVD		0x08	/* a page table entry has bits that must be 0 */
#define PF_INSTR	0x10

/* What do_exit() is told: as if by a signal. */
#define OOPS_SIGNAL	11

#define EXPLANATION_MAX	160
/* Faults inside faults on one CPU before it falls silent. panic() shortens itself twice. */
#define OOPS_DEPTH_MAX	4

static const char *const trap_name[NR_EXCEPTIONS] = {
	[X86_TRAP_DE]	= "divide error",
	[X86_TRAP_DB]	= "debug exception",
	[X86_TRAP_NMI]	= "NMI",
	[X86_TRAP_BP]	= "breakpoint",
	[X86_TRAP_OF]	= "overflow",
	[X86_TRAP_BR]	= "bounds exceeded",
	[X86_TRAP_UD]	= "invalid opcode",
	[X86_TRAP_NM]	= "floating point in the kernel",
	[X86_TRAP_DF]	= "double fault",
	[X86_TRAP_OLD_MF] = "coprocessor segment overrun",
	[X86_TRAP_TS]	= "invalid TSS",
	[X86_TRAP_NP]	= "segment not present",
	[X86_TRAP_SS]	= "stack segment fault",
	[X86_TRAP_GP]	= "general protection",
	[X86_TRAP_PF]	= "page fault",
	[X86_TRAP_MF]	= "floating point error",
	[X86_TRAP_AC]	= "alignment check",
	[X86_TRAP_MC]	= "machine check",
	[X86_TRAP_XF]	= "SIMD floating point error",
};

/* How many exceptions this CPU is reporting, one inside the other. */
static DEFINE_PER_CPU(int, oops_depth);

static const char *trap_name_of(unsigned int trapnr)
{
	return trap_name[trapnr] ? trap_name[trapnr] : "reserved exception";
}

/* Did the fault happen in the unmapped pages below the current thread's stack? There are as many as the stack has. */
static bool is_stack_overflow(unsigned long addr)
{
	unsigned long stack = (unsigned long)upcall_current_stack();

	return addr < stack && addr >= stack - THREAD_SIZE;
}

static bool is_canonical(unsigned long addr)
{
	return (long)(addr << 16) >> 16 == (long)addr;
}

static void explain_page_fault(char *text, unsigned long error, unsigned long addr)
{
	const char *access = error & PF_INSTR ? "execution" : error & PF_WRITE ? "write" : "read";

	if (addr == 0 && (error & PF_INSTR))
		snprintf(text, EXPLANATION_MAX, "page fault: call of a null function pointer");
	else if (addr < PAGE_SIZE)
		snprintf(text, EXPLANATION_MAX, "page fault: null pointer %s at 0x%lx", access, addr);
	else if (error & PF_RSVD)
		snprintf(text, EXPLANATION_MAX, "page fault: damaged page table entry for 0x%lx", addr);
	else if ((error & PF_PROT) && (error & PF_INSTR))
		snprintf(text, EXPLANATION_MAX, "page fault: execution of non-executable memory at 0x%lx", addr);
	else if ((error & PF_PROT) && (error & PF_WRITE))
		snprintf(text, EXPLANATION_MAX, "page fault: write to read-only memory at 0x%lx", addr);
	else if (addr >= STACKS_START && addr - STACKS_START < STACKS_SIZE)
		snprintf(text, EXPLANATION_MAX, "page fault: wild pointer: %s at 0x%lx, between the threads' stacks",
			 access, addr);
	else
		snprintf(text, EXPLANATION_MAX, "page fault: wild pointer: %s at 0x%lx, where nothing is mapped",
			 access, addr);
}

/* Memory patterns that tell how a pointer came to be wild. */
static const char *explain_pointer(unsigned long value)
{
	if (value >> 16 == 0x6b6b6b6b6b6b || value >> 16 == 0x6a6a6a6a6a6a)
		return "from memory that was freed";
	if (value >> 16 == 0x5a5a5a5a5a5a)
		return "from memory that was never written";
	if (value >> 32 == 0xdead0000)
		return "from a list entry that was deleted";
	return "no address at all";
}

/* The CPU does not say which address was bad: name the first register that cannot be one. */
static void explain_protection(char *text, const struct pt_regs *regs)
{
	static const char name[][4] = { "R15", "R14", "R13", "R12", "RBP", "RBX", "R11", "R10",
					"R9", "R8", "RAX", "RCX", "RDX", "RSI", "RDI" };
	const unsigned long *reg = &regs->r15;
	unsigned int i;

	if (regs->orig_ax) {
		snprintf(text, EXPLANATION_MAX, "general protection: bad segment or gate, selector 0x%lx",
			 regs->orig_ax);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(name); i++)
		if (!is_canonical(reg[i])) {
			snprintf(text, EXPLANATION_MAX, "general protection: wild pointer, probably %s = 0x%lx (%s)",
				 name[i], reg[i], explain_pointer(reg[i]));
			return;
		}
	snprintf(text, EXPLANATION_MAX, "general protection: a wild pointer, or something that the CPU forbids");
}

/* BUG() has named its place already and ends with ud2; so does code that the compiler thinks cannot be reached. */
static bool is_ud2(const struct pt_regs *regs)
{
	const u8 *code = (const u8 *)regs->ip;

	return is_image_text(regs->ip) && code[0] == 0x0f && code[1] == 0x0b;
}

/* Is this where a spinlock's ticket is drawn (spinlock.h)? Nothing else adds to 16 bits under the bus lock. */
static bool draws_ticket(const struct pt_regs *regs, unsigned int trapnr)
{
	const u8 *code = (const u8 *)regs->ip;

	if (!is_text_address(regs->ip) || !(trapnr == X86_TRAP_GP || trapnr == X86_TRAP_SS ||
					    (trapnr == X86_TRAP_PF && !(regs->orig_ax & PF_INSTR))))
		return false;
	if (code[0] != 0xf0 || code[1] != 0x66)
		return false;
	code += (code[2] & 0xf0) == 0x40 ? 3 : 2;	/* behind a REX prefix */
	return code[0] == 0x0f && code[1] == 0xc1;
}

static void explain(char *text, const struct pt_regs *regs, unsigned int trapnr, unsigned long addr, bool overflow)
{
	if (overflow)
		snprintf(text, EXPLANATION_MAX, "stack overflow in thread %s", upcall_current_comm());
	else if (trapnr == X86_TRAP_PF)
		explain_page_fault(text, regs->orig_ax, addr);
	else if (trapnr == X86_TRAP_GP || trapnr == X86_TRAP_SS)
		explain_protection(text, regs);
	else if (trapnr == X86_TRAP_UD && is_ud2(regs))
		snprintf(text, EXPLANATION_MAX,
			 "invalid opcode: ud2, as after BUG() or in code that cannot be reached");
	else
		snprintf(text, EXPLANATION_MAX, "%s", trap_name_of(trapnr));
	if (draws_ticket(regs, trapnr))
		strlcat(text, "; a spinlock was to be taken there, but what it is part of does not exist",
			EXPLANATION_MAX);
}

/*
 * Was it about to take a spinlock, and held none? It does not have it: nothing is half done, and what was switched off
 * for it, preemption and perhaps interrupts, is switched on again when the thread is killed.
 */
static bool was_about_to_lock(const struct pt_regs *regs, unsigned int trapnr)
{
	return preempt_count() == PREEMPT_OFFSET && draws_ticket(regs, trapnr);
}

/* Why the thread cannot just be killed; NULL if it can. */
static const char *fatal_because(const struct pt_regs *regs, unsigned int trapnr, bool overflow)
{
	unsigned long stack = (unsigned long)upcall_current_stack();

	if (panic_on_oops)
		return "and oops=panic was given";
	if (trapnr == X86_TRAP_MC || (trapnr == X86_TRAP_DF && !overflow))
		return "of the kind that leaves nothing to trust";
	if (in_nmi())
		return "in an NMI";
	if (in_interrupt())
		return "in interrupt";
	if (!was_about_to_lock(regs, trapnr)) {
		if (!interrupts_enabled(regs))
			return "with interrupts disabled";
		if (preempt_count())
			return "with preemption disabled";
	}
	if (upcall_current_pid() == 0)
		return "in the idle thread";
	if (upcall_current_pid() == 1)
		return "in init, which all others need";
	if (upcall_current_pid() == 2)
		return "in kthreadd, which all others need";
	if (!overflow && (regs->sp <= stack || regs->sp > stack + THREAD_SIZE))
		return "on a stack that is not the thread's own";
	/* There was no room to begin it. It may have been the timer, which would not come again. */
	if (apic_is_serving())
		return "while an interrupt began, which is lost";
	return NULL;
}

/*
 * Make the return from this exception lead the thread to its end. A stack that overflowed is used once more, from its
 * top; the word at its end, by which the scheduler would find the overflow again, is put back.
 */
static void kill_thread(struct pt_regs *regs, bool overflow)
{
	unsigned long *stack = upcall_current_stack();
	unsigned long top = overflow ? (unsigned long)stack + THREAD_SIZE : regs->sp;

	if (overflow)
		*stack = STACK_END_MAGIC;
	*regs = (struct pt_regs) {
		.ip	= (unsigned long)thread_killed,
		.di	= OOPS_SIGNAL,
		.sp	= top & ~15UL,
		.flags	= X86_EFLAGS_FIXED | X86_EFLAGS_IF,
		.cs	= __KERNEL_CS,
		.ss	= __KERNEL_DS,
	};
}

/* A fault in the report of a fault: say the least, or, if even panic() faults again and again, nothing. */
static void oops_nested(const struct pt_regs *regs, unsigned int trapnr)
{
	if (this_cpu_read(oops_depth) > OOPS_DEPTH_MAX)
		halt_forever();
	panic("%s at %pS while a fault or panic was being reported", trap_name_of(trapnr), (void *)regs->ip);
}

static void oops_report(struct pt_regs *regs, unsigned int trapnr, const char *text)
{
	static int count;

	printk(KERN_ALERT "BUG: %s\n", text);
	printk(KERN_ALERT "Oops: %s, error code %04lx [#%d]\n", trap_name_of(trapnr), regs->orig_ax, ++count);
	show_regs(regs);
	add_taint(TAINT_DIE, LOCKDEP_NOW_UNRELIABLE);
}

/* oops_enter() lets one CPU at a time go on to oops_exit(). */
static void oops(struct pt_regs *regs, unsigned int trapnr, unsigned long addr)
{
	bool overflow = (trapnr == X86_TRAP_DF || trapnr == X86_TRAP_PF) && is_stack_overflow(addr);
	char text[EXPLANATION_MAX];
	const char *fatal;

	if (this_cpu_inc_return(oops_depth) > 1 || READ_ONCE(panic_cpu) == raw_smp_processor_id())
		oops_nested(regs, trapnr);
	oops_enter();
	explain(text, regs, trapnr, addr, overflow);
	oops_report(regs, trapnr, text);
	fatal = fatal_because(regs, trapnr, overflow);
	if (fatal)
		panic("Fatal exception %s: %s", fatal, text);
	printk(KERN_ALERT "thread %s (PID %d) is killed, the others go on\n",
	       upcall_current_comm(), upcall_current_pid());
	oops_exit();
	this_cpu_dec(oops_depth);
	preempt_count_set(0);	/* was_about_to_lock() */
	kill_thread(regs, overflow);
}

/* int3, or a single step that nobody asked for: harmless, but somebody should know. */
static void report_and_continue(struct pt_regs *regs, unsigned int trapnr)
{
	if (trapnr == X86_TRAP_DB) {
		write_db6(0);
		regs->flags &= ~X86_EFLAGS_TF;
	}
	printk(KERN_WARNING "%s at %pS, which nobody waits for: going on\n", trap_name_of(trapnr), (void *)regs->ip);
	show_thread_line(KERN_WARNING);
}

void handle_exception(struct pt_regs *regs, unsigned int trapnr)
{
	/* Read first: the next page fault overwrites it. */
	unsigned long addr = read_cr2();

	if ((trapnr == X86_TRAP_PF || trapnr == X86_TRAP_GP) && fixup_exception(regs))
		return;
	if (trapnr == X86_TRAP_BP || trapnr == X86_TRAP_DB)
		report_and_continue(regs, trapnr);
	else
		oops(regs, trapnr, addr);
}

/* Anything may be interrupted by this, with any lock held; so nothing here waits for a lock. */
void handle_nmi(struct pt_regs *regs)
{
	if (smp_nmi_stop_requested())
		halt_forever();
	__preempt_count_add(NMI_OFFSET + HARDIRQ_OFFSET);
	if (!nmi_serve_call(regs))
		printk(KERN_EMERG "unknown NMI on CPU %d at %pS\n", raw_smp_processor_id(), (void *)regs->ip);
	__preempt_count_sub(NMI_OFFSET + HARDIRQ_OFFSET);
}
