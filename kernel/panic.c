/* SPDX-License-Identifier: MIT */
/*
 * When something is wrong: warnings, the frame around an oops, and panic.
 *
 * A warning reports and lets its caller go on. It may come from anywhere, even from inside the report of another
 * warning, so each CPU notes that it is in one: the inner one is told in a line, without a backtrace, and the chain
 * ends there. A test that provokes a warning announces it (warn_expect_begin); then it is counted and nothing else.
 *
 * An oops is reported by arch/x86/traps.c, which knows the registers, between oops_enter() and oops_exit(). CPUs that
 * have something to report at the same time take turns, so that the reports don't mix; but the wait is bounded,
 * because the one in front may be stuck, and a mixed report is better than none.
 *
 * Panic is the last thing that happens. Several CPUs may want it at once: the first to put its number into panic_cpu
 * reports, the others park with interrupts off until the NMI of smp_send_stop() takes them. The order of events:
 *
 *	say why, with a backtrace (others may still be showing it for us)
 *	stop the other CPUs                         from here on nobody else runs
 *	take over the consoles, show all the log    whatever state their owner left them in
 *	what "panic=" says: halt, reboot, or leave QEMU
 *
 * A fault in the middle of that panics again on the same CPU. Each time the rest that remains is shorter: the second
 * time without a backtrace, and the console driver that was writing is switched off; the third time only the end.
 *
 * Read next: arch/x86/traps.c, kernel/printk.c.
 */
#include <linux/panic.h>
#include <linux/bug.h>
#include <linux/console.h>
#include <linux/printk.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/export.h>
#include <linux/string.h>
#include <linux/kstrtox.h>
#include <linux/errno.h>
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <asm/percpu.h>
#include <linux/reboot.h>
#include <linux/upcall.h>
#include <asm/io.h>
#include <asm/processor.h>
#include <asm/smp.h>
#include <asm/stacktrace.h>

int panic_cpu = PANIC_CPU_INVALID;
int panic_on_oops;
int panic_on_warn;
int oops_in_progress;
EXPORT_SYMBOL(oops_in_progress);

/* ---- taint ---- */

/* By bit number; a space for a bit that has no letter when it is clear. */
static const char taint_letters[TAINT_FLAGS_COUNT + 1] = "PFSRMBUDAWCIOELKXTN";
static unsigned long tainted_mask;

void add_taint(unsigned int flag, enum lockdep_ok lockdep_ok)
{
	set_bit(flag, &tainted_mask);
}
EXPORT_SYMBOL(add_taint);

int test_taint(unsigned int flag)
{
	return test_bit(flag, &tainted_mask);
}
EXPORT_SYMBOL(test_taint);

unsigned long get_taint(void)
{
	return READ_ONCE(tainted_mask);
}

const char *print_tainted(void)
{
	static char text[] = "Tainted: GFSRMBUDAWCIOELKXTN";
	char *letter = text + strlen("Tainted: ");
	int i;

	if (!get_taint())
		return "Not tainted";
	for (i = 0; i < TAINT_FLAGS_COUNT; i++)
		letter[i] = test_taint(i) ? taint_letters[i] : i == TAINT_PROPRIETARY_MODULE ? 'G' : ' ';
	return text;
}

/* ---- one report at a time ---- */

#define REPORT_PATIENCE	2000000		/* turns of a wait loop: some tenths of a second */

static int report_owner = -1;		/* a CPU; ORDER(report-turn) */
static int report_depth;		/* the owner's: an oops or a warning inside another */

void report_enter(void)
{
	int cpu = raw_smp_processor_id(), i;

	for (i = 0; i < REPORT_PATIENCE && READ_ONCE(report_owner) != cpu; i++) {
		if (cmpxchg_acquire(&report_owner, -1, cpu) == -1)	/* ORDER(report-turn) */
			break;
		cpu_relax();
	}
	if (READ_ONCE(report_owner) != cpu) {
		WRITE_ONCE(report_owner, cpu);	/* taken from one who is stuck */
		report_depth = 0;
	}
	report_depth++;
}

void report_exit(void)
{
	if (READ_ONCE(report_owner) != raw_smp_processor_id() || --report_depth > 0)
		return;
	smp_store_release(&report_owner, -1);	/* ORDER(report-turn): in the log before the next begins */
}

/* ---- warnings ---- */

#define WARN_TEXT 512

struct warn_state {
	bool busy;		/* this CPU is inside a warning */
	char text[WARN_TEXT];	/* its report line and message */
};
static DEFINE_PER_CPU(struct warn_state, warn_state);

unsigned long warn_count;
EXPORT_SYMBOL(warn_count);

static const char *warn_expected;	/* ORDER(warn-expect) */
static int warn_expected_count;

void warn_expect_begin(const char *substring)
{
	WRITE_ONCE(warn_expected_count, 0);
	/* ORDER(warn-expect): the counter is zero before the first match can add to it. */
	smp_store_release(&warn_expected, substring);
}

int warn_expect_end(void)
{
	WRITE_ONCE(warn_expected, NULL);
	return xchg(&warn_expected_count, 0);
}

static bool warn_is_expected(const char *text)
{
	const char *substring = smp_load_acquire(&warn_expected);	/* ORDER(warn-expect) */

	if (!substring || !strstr(text, substring))
		return false;
	xadd(&warn_expected_count, 1);
	return true;
}

static void warn_report(const char *where, const char *message, const void *caller)
{
	xadd(&warn_count, 1);
	report_enter();
	pr_warn("------------[ cut here ]------------\n");
	pr_warn("WARNING: CPU: %d PID: %d at %s\n", raw_smp_processor_id(), upcall_current_pid(), where);
	if (*message)
		pr_warn("%s\n", message);
	if (panic_on_warn) {
		panic_on_warn = 0;	/* once is enough, and panic() itself may warn */
		panic("panic_on_warn set ...\n");
	}
	dump_stack_from(caller);
	pr_warn("---[ end trace 0000000000000000 ]---\n");
	report_exit();
	add_taint(TAINT_WARN, LOCKDEP_STILL_OK);
}

void warn_slowpath_fmt(const char *file, int line, const char *fmt, ...)
{
	void *caller = __builtin_return_address(0);
	struct warn_state *ws;
	va_list args;
	char *message;
	int n;

	preempt_disable();
	ws = this_cpu_ptr(&warn_state);
	if (ws->busy) {
		pr_warn("WARNING inside a warning at %s:%d\n", file, line);
		preempt_enable();
		return;
	}
	ws->busy = true;
	n = scnprintf(ws->text, WARN_TEXT, "%s:%d %pS", file, line, caller);
	message = ws->text + n;
	if (fmt) {
		*message++ = ' ';
		va_start(args, fmt);
		n = vscnprintf(message, WARN_TEXT - n - 1, fmt, args);
		va_end(args);
		if (n && message[n - 1] == '\n')
			message[n - 1] = '\0';
	}
	if (!warn_is_expected(ws->text)) {
		if (fmt)
			message[-1] = '\0';	/* where, message: two strings now */
		warn_report(ws->text, message, caller);
	}
	ws->busy = false;
	preempt_enable();
}
EXPORT_SYMBOL(warn_slowpath_fmt);

void bug_report(const char *file, int line)
{
	pr_emerg("------------[ cut here ]------------\n");
	pr_emerg("kernel BUG at %s:%d!\n", file, line);
}
EXPORT_SYMBOL(bug_report);

/* ---- the frame of an oops ---- */

void oops_enter(void)
{
	report_enter();
	xadd(&oops_in_progress, 1);
	console_verbose();
}

void oops_exit(void)
{
	pr_emerg("---[ end trace 0000000000000000 ]---\n");
	xadd(&oops_in_progress, -1);
	report_exit();
}

/* ---- panic ---- */

enum panic_action { PANIC_HALT, PANIC_REBOOT, PANIC_EXIT };
static enum panic_action panic_action;
static int panic_timeout;	/* seconds before the reboot */

#define PANIC_EXIT_CODE 0x12

static void __noreturn park(void)
{
	for (;;)
		cpu_relax();
}

/* Interrupts are off and there may be no clock. */
static void wait_seconds(int seconds)
{
	u64 start = printk_clock(), i;

	if (!start) {
		for (i = 0; i < seconds * 1000000ull; i++) {
			io_delay();
			cpu_relax();
		}
		return;
	}
	while (printk_clock() - start < seconds * 1000000000ull)
		cpu_relax();
}

static void __noreturn panic_end(void)
{
	machine_tell_panic();
	if (panic_action == PANIC_EXIT)
		debug_exit(PANIC_EXIT_CODE);
	if (panic_action == PANIC_REBOOT) {
		if (panic_timeout) {
			pr_emerg("Rebooting in %d seconds..\n", panic_timeout);
			wait_seconds(panic_timeout);
		}
		machine_restart(NULL);
	}
	machine_halt();
}

/* The first CPU gets through, and gets through again if it panics in its panic; all others stay here. */
static void panic_elect(void)
{
	int cpu = raw_smp_processor_id();
	int old = cmpxchg(&panic_cpu, PANIC_CPU_INVALID, cpu);

	if (old != PANIC_CPU_INVALID && old != cpu)
		park();
}

static void panic_stop_others(void)
{
	smp_send_stop();
	screen_init_panic();
	console_take_over();
	console_flush();
}

static char panic_text[512];		/* panic_cpu's */

static void panic_report(int depth, const char *fmt, va_list args)
{
	static char again[128];		/* panic_cpu's */
	char *text = depth == 1 ? panic_text : again;
	int n = vscnprintf(text, depth == 1 ? sizeof(panic_text) : sizeof(again), fmt, args);

	if (n && text[n - 1] == '\n')
		text[n - 1] = '\0';
	if (depth > 1) {
		pr_emerg("Kernel panic inside the panic: %s\n", text);
		return;
	}
	pr_emerg("Kernel panic - not syncing: %s\n", text);
	if (READ_ONCE(oops_in_progress) <= 1)
		dump_stack();		/* an oops has shown it already */
}

static void __noreturn vpanic(const char *fmt, va_list args)
{
	static int depth;		/* panic_cpu's */

	local_irq_disable();
	preempt_disable();
	panic_elect();
	if (++depth > 2)
		panic_end();
	console_verbose();
	xadd(&oops_in_progress, 1);
	panic_report(depth, fmt, args);
	panic_stop_others();
	ftrace_dump(DUMP_ALL);
	pr_emerg("---[ end Kernel panic - not syncing: %s ]---\n", panic_text);
	panic_end();
}

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vpanic(fmt, args);
}
EXPORT_SYMBOL(panic);

void nmi_panic(struct pt_regs *regs, const char *fmt, ...)
{
	va_list args;

	if (READ_ONCE(panic_cpu) == raw_smp_processor_id())
		return;
	va_start(args, fmt);
	vpanic(fmt, args);
}

/* ---- parameters ---- */

static int __init set_panic(char *arg)
{
	int seconds;

	if (arg && strcmp(arg, "exit") == 0) {
		panic_action = PANIC_EXIT;
		return 0;
	}
	if (!arg || kstrtoint(arg, 0, &seconds))
		return -EINVAL;
	panic_action = seconds ? PANIC_REBOOT : PANIC_HALT;
	panic_timeout = seconds > 0 ? seconds : 0;
	return 0;
}
early_param("panic", set_panic);

static int __init set_oops(char *arg)
{
	if (!arg || strcmp(arg, "panic") != 0)
		return -EINVAL;
	panic_on_oops = 1;
	return 0;
}
early_param("oops", set_oops);

static int __init set_panic_on_warn(char *arg)
{
	panic_on_warn = !arg || *arg != '0';
	return 0;
}
early_param("panic_on_warn", set_panic_on_warn);
