/* SPDX-License-Identifier: MIT */
/*
 * Walking stacks by their frame pointers (the picture is in asm/stacktrace.h),
 * and printing what is found.
 */
#include <asm/stacktrace.h>

#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/stacktrace.h>
#include <linux/upcall.h>
#include <asm/desc.h>
#include <asm/page.h>
#include <asm/percpu.h>
#include <asm/processor.h>
#include <asm/smp.h>
#include <asm/switch_to.h>

/* Longer backtraces are cut. */
#define TRACE_LINES_MAX	64
/* Functions without a frame are smaller than this. */
#define LEAF_SIZE_MAX	256
#define CALL_SIZE_MAX	7

/* By linker.ld. */
extern char _stext[], _etext[], _sinittext[], _einittext[];

bool is_image_text(unsigned long addr)
{
	return (addr >= (unsigned long)_stext && addr < (unsigned long)_etext) ||
	       (addr >= (unsigned long)_sinittext && addr < (unsigned long)_einittext);
}

bool is_text_address(unsigned long addr)
{
	return is_image_text(addr) || (addr >= MODULES_VADDR && addr < MODULES_END);
}

/* Where does stack number type begin and end? False: there is no such stack for this walk. */
static bool stack_bounds(const struct unwind_state *state, unsigned int type,
			 unsigned long *begin, unsigned long *end)
{
	unsigned long size;

	if (type == STACK_TASK) {
		*begin = (unsigned long)state->task_stack;
		size = THREAD_SIZE;
	} else if (!state->own_cpu) {
		return false;
	} else if (type == STACK_IRQ) {
		*begin = (unsigned long)raw_cpu_ptr(&irq_stack)->stack;
		size = IRQ_STACK_SIZE;
	} else {
		*begin = (unsigned long)raw_cpu_ptr(&exception_stacks)->stack[type - STACK_EXCEPTION_FIRST];
		size = EXCEPTION_STKSZ;
	}
	*end = *begin + size;
	return *begin != 0;
}

/*
 * May size bytes at addr be read as the next piece of the walk? Yes, if they
 * lie above the last piece on the same stack, or on a stack not visited yet.
 */
static bool stack_advance(struct unwind_state *state, unsigned long addr, unsigned long size)
{
	unsigned long begin = state->begin, end = state->end;
	unsigned int type = state->type;

	if (addr % sizeof(long))
		return false;
	if (addr < begin || addr >= end) {
		for (type = 0; type < STACK_EXCEPTION_FIRST + N_EXCEPTION_STACKS; type++)
			if (!(state->visited & 1U << type) && stack_bounds(state, type, &begin, &end) &&
			    addr >= begin && addr < end)
				break;
		if (type == STACK_EXCEPTION_FIRST + N_EXCEPTION_STACKS)
			return false;
	}
	if (end - addr < size)
		return false;
	state->type = type;
	state->visited |= 1U << type;
	state->begin = addr + size;
	state->end = end;
	return true;
}

static void unwind_end(struct unwind_state *state, bool broken)
{
	state->done = true;
	state->broken = broken;
}

/* Is the code at ip there to be read? Not if fetching it may be what failed. */
static bool is_code_readable(const struct pt_regs *regs)
{
	return is_image_text(regs->ip) || (is_text_address(regs->ip) && read_cr2() != regs->ip);
}

/* Does a call end at this address that can have led to ip: to somewhere shortly before it, or through a pointer? */
static bool is_call_to(const u8 *end, unsigned long ip)
{
	unsigned long target;
	int size;

	if (end[-5] == 0xe8) {					/* call function */
		target = (unsigned long)end + *(const s32 *)(end - 4);
		return target <= ip && ip - target < LEAF_SIZE_MAX;
	}
	for (size = 2; size <= CALL_SIZE_MAX; size++)		/* call *pointer: ff /2 */
		if (end[-size] == 0xff && (end[1 - size] & 0x38) == 0x10)
			return true;
	return false;
}

/*
 * The return address of a function that was interrupted where rbp does not
 * point at its frame: 0 if it is not so, or cannot be found.
 */
static unsigned long unlinked_caller(const struct unwind_state *state, const struct pt_regs *regs)
{
	const u8 *code = (const u8 *)regs->ip;
	unsigned long sp = regs->sp, caller;
	bool certain = true;

	if (is_code_readable(regs)) {
		if (code[0] == 0x48 && code[1] == 0x89 && code[2] == 0xe5)	/* mov %rsp, %rbp: just pushed */
			sp += sizeof(long);
		else
			certain = code[0] == 0x55 || code[0] == 0xc3;	/* push %rbp; ret */
	}
	/* If it is not code at all: a call through a bad pointer, which pushed its return address. */
	if (sp < state->begin || sp >= state->end)
		return 0;
	caller = READ_ONCE(*(unsigned long *)sp);
	if (certain)
		return is_text_address(caller) ? caller : 0;
	/* A small function that calls none has no frame with some compilers. */
	return is_image_text(caller - CALL_SIZE_MAX) && is_call_to((const u8 *)caller, regs->ip) ? caller : 0;
}

static void unwind_to_regs(struct unwind_state *state, struct pt_regs *regs)
{
	struct unwind_state above;

	if (!stack_advance(state, (unsigned long)regs, sizeof(*regs))) {
		unwind_end(state, true);
		return;
	}
	state->regs = regs;
	state->ip = regs->ip;
	state->bp = regs->bp;
	state->on = state->type;
	state->skipped = 0;
	/* The interrupted code's stack may be another one than that where its registers lie. */
	above = *state;
	if (stack_advance(&above, regs->sp, sizeof(long))) {
		above.begin = regs->sp;
		state->on = above.type;
		state->skipped = unlinked_caller(&above, regs);
	}
}

void unwind_next_frame(struct unwind_state *state)
{
	unsigned long bp = state->bp;
	unsigned long *frame = (unsigned long *)bp;

	if (state->skipped) {
		state->ip = state->skipped;
		state->skipped = 0;
		state->regs = NULL;
		return;
	}
	if (bp & 1) {
		unwind_to_regs(state, (struct pt_regs *)(bp & ~1UL));
		return;
	}
	state->regs = NULL;
	if (!bp) {
		unwind_end(state, false);
		return;
	}
	if (!stack_advance(state, bp, 2 * sizeof(long))) {
		unwind_end(state, true);
		return;
	}
	state->on = state->type;
	state->bp = READ_ONCE(frame[0]);
	state->ip = READ_ONCE(frame[1]);
	if (!is_text_address(state->ip))
		unwind_end(state, state->ip != 0);	/* 0: where a stack begins */
}

/* A walk that stands nowhere yet. */
static void unwind_init(struct unwind_state *state, void *task_stack, bool own_cpu)
{
	*state = (struct unwind_state) {
		.type = STACK_NONE,
		.task_stack = task_stack,
		.own_cpu = own_cpu,
	};
}

noinline void unwind_start(struct unwind_state *state, struct pt_regs *regs)
{
	unwind_init(state, upcall_current_stack(), true);
	if (regs) {
		unwind_to_regs(state, regs);
		return;
	}
	state->bp = (unsigned long)__builtin_frame_address(0);
	unwind_next_frame(state);
}

void unwind_start_sleeping(struct unwind_state *state, unsigned long sp, void *stack)
{
	struct inactive_task_frame *frame = (struct inactive_task_frame *)sp;

	unwind_init(state, stack, false);
	if (!stack_advance(state, sp, sizeof(*frame))) {
		unwind_end(state, true);
		return;
	}
	state->on = state->type;
	state->bp = READ_ONCE(frame->bp);
	state->ip = READ_ONCE(frame->ret_addr);
	if (!is_text_address(state->ip))
		unwind_end(state, true);
}

static unsigned int unwind_store(struct unwind_state *state, unsigned long *store,
				 unsigned int size, unsigned int skipnr)
{
	unsigned int nr = 0;

	for (; !unwind_done(state) && nr < size; unwind_next_frame(state)) {
		if (skipnr)
			skipnr--;
		else
			store[nr++] = state->ip;
	}
	return nr;
}

/* The first frame that unwind_start() finds is here; callers count from their own. */
noinline unsigned int stack_trace_save(unsigned long *store, unsigned int size, unsigned int skipnr)
{
	struct unwind_state state;

	unwind_start(&state, NULL);
	return unwind_store(&state, store, size, skipnr + 1);
}
EXPORT_SYMBOL(stack_trace_save);

unsigned int stack_trace_save_frame(unsigned long sp, void *stack, unsigned long *store,
				    unsigned int size, unsigned int skipnr)
{
	struct unwind_state state;

	unwind_start_sleeping(&state, sp, stack);
	return unwind_store(&state, store, size, skipnr);
}

void stack_trace_print(const unsigned long *entries, unsigned int nr, int spaces)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		printk("%*c%pS\n", 1 + spaces, ' ', (void *)entries[i]);
}
EXPORT_SYMBOL(stack_trace_print);

static const char *stack_type_name(enum stack_type type)
{
	static const char *const exception[N_EXCEPTION_STACKS] = { "#DF", "NMI", "#DB", "#MC" };

	if (type == STACK_TASK)
		return "TASK";
	if (type == STACK_IRQ)
		return "IRQ";
	return exception[(type - STACK_EXCEPTION_FIRST) % N_EXCEPTION_STACKS];
}

/* A return address is looked up one byte earlier (%pB): after a call that never returns another function may begin. */
static void frame_print(const struct unwind_state *state, const char *loglvl)
{
	if (state->regs)
		printk("%s RIP: %pS\n", loglvl, (void *)state->ip);
	else
		printk("%s %pB\n", loglvl, (void *)state->ip);
}

/* A recursion that overflowed a stack has hundreds of equal frames: one stands for all. */
static void trace_print(struct unwind_state *state, const char *loglvl)
{
	enum stack_type last_type = STACK_NONE;
	unsigned long last_ip = 0;
	unsigned int repeated = 0, lines = 0;

	printk("%sCall Trace:\n", loglvl);
	for (; !unwind_done(state) && lines < TRACE_LINES_MAX; unwind_next_frame(state)) {
		if (state->ip == last_ip && !state->regs) {
			repeated++;
			continue;
		}
		if (repeated)
			printk("%s  ... and %u times more\n", loglvl, repeated);
		if (state->on != last_type)
			printk("%s <%s>\n", loglvl, stack_type_name(state->on));
		frame_print(state, loglvl);
		last_type = state->on;
		last_ip = state->ip;
		repeated = 0;
		lines++;
	}
	if (state->broken)
		printk("%s (the stack is damaged here, or its end is missing)\n", loglvl);
	else if (!unwind_done(state))
		printk("%s ...\n", loglvl);
}

void show_trace(struct pt_regs *regs, const char *loglvl)
{
	struct unwind_state state;

	unwind_start(&state, regs);
	if (!regs)
		unwind_next_frame(&state);	/* leave out this function itself */
	trace_print(&state, loglvl);
}

void show_stack_sleeping(unsigned long sp, void *stack, const char *loglvl)
{
	struct unwind_state state;

	unwind_start_sleeping(&state, sp, stack);
	trace_print(&state, loglvl);
}

void show_thread_line(const char *loglvl)
{
	printk("%sCPU: %d PID: %d Comm: %s %s\n", loglvl, raw_smp_processor_id(),
	       upcall_current_pid(), upcall_current_comm(), print_tainted());
	upcall_current_work(loglvl);
}

void dump_stack_from(const void *ret)
{
	struct unwind_state state;

	show_thread_line(KERN_DEFAULT);
	unwind_start(&state, NULL);
	while (!unwind_done(&state) && state.ip != (unsigned long)ret)
		unwind_next_frame(&state);
	if (unwind_done(&state))
		unwind_start(&state, NULL);
	trace_print(&state, KERN_DEFAULT);
}

void dump_stack(void)
{
	show_thread_line(KERN_DEFAULT);
	show_trace(NULL, KERN_DEFAULT);
}
EXPORT_SYMBOL(dump_stack);

/* The bytes around the instruction, <> at it. Only of pages that are certainly mapped: a report must not fault. */
static void show_code(const struct pt_regs *regs)
{
	unsigned long ip = regs->ip, addr, begin = ip - 20, end = ip + 20;
	char text[3 * 40 + 4], *p = text;
	static const char digits[] = "0123456789abcdef";

	if (!is_image_text(begin) || !is_image_text(end - 1)) {
		begin = max(begin, ip & PAGE_MASK);
		end = min(end, (ip & PAGE_MASK) + PAGE_SIZE);
	}
	for (addr = begin; addr < end; addr++) {
		u8 byte = *(const u8 *)addr;

		*p++ = ' ';
		if (addr == ip)
			*p++ = '<';
		*p++ = digits[byte >> 4];
		*p++ = digits[byte & 15];
		if (addr == ip)
			*p++ = '>';
	}
	*p = '\0';
	printk(KERN_DEFAULT "Code:%s\n", text);
}

void show_regs(struct pt_regs *regs)
{
	show_thread_line(KERN_DEFAULT);
	printk(KERN_DEFAULT "RIP: %04lx:%pS\n", regs->cs & 0xffff, (void *)regs->ip);
	if (is_code_readable(regs))
		show_code(regs);
	printk(KERN_DEFAULT "RSP: %04lx:%016lx EFLAGS: %08lx\n", regs->ss & 0xffff, regs->sp, regs->flags);
	printk(KERN_DEFAULT "RAX: %016lx RBX: %016lx RCX: %016lx\n", regs->ax, regs->bx, regs->cx);
	printk(KERN_DEFAULT "RDX: %016lx RSI: %016lx RDI: %016lx\n", regs->dx, regs->si, regs->di);
	printk(KERN_DEFAULT "RBP: %016lx R08: %016lx R09: %016lx\n", regs->bp, regs->r8, regs->r9);
	printk(KERN_DEFAULT "R10: %016lx R11: %016lx R12: %016lx\n", regs->r10, regs->r11, regs->r12);
	printk(KERN_DEFAULT "R13: %016lx R14: %016lx R15: %016lx\n", regs->r13, regs->r14, regs->r15);
	printk(KERN_DEFAULT "CR0: %016lx CR2: %016lx CR3: %016lx\n", read_cr0(), read_cr2(), read_cr3());
	printk(KERN_DEFAULT "CR4: %016lx GS:  %016lx (preempt_count %x)\n", read_cr4(),
	       per_cpu_offset(raw_smp_processor_id()), preempt_count());
	show_trace(regs, KERN_DEFAULT);
}
