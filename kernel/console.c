/* SPDX-License-Identifier: MIT */
/*
 * Showing the log: who may call the console drivers, and when.
 *
 * The consoles are slow and can serve one CPU at a time. Whoever has put a message into the log tries to own the
 * console; the owner shows everything that is there, his own and others'; who doesn't get it leaves at once. What
 * came in while the owner was leaving, he sees by looking again after he has let go:
 *
 *	writer                                  owner
 *	publish the slot                        shows all there is
 *	full barrier                            lets go of the console
 *	try to own: taken? then the owner       full barrier
 *	has not let go yet, and will look       looks again: something new? then begin again
 *
 * One of the two must see the other. The owner keeps preemption off but not interrupts. Panic takes the console by
 * force (console_take_over), after the other CPUs have been stopped; a half-shown line is shown again whole, because
 * a console's position moves only behind what it has shown.
 *
 * Rejected: a thread that prints, which is not there in the first second nor in the last.
 * Read next: arch/x86/serial.c, kernel/panic.c.
 */
#include "log.h"

#include <linux/console.h>
#include <linux/kmsg.h>
#include <linux/kernel.h>
#include <linux/export.h>
#include <linux/string.h>
#include <linux/minmax.h>
#include <linux/atomic.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <asm/processor.h>
#include <asm/smp.h>

#define NOBODY (-1)

static struct console *consoles;
static int console_owner = NOBODY;	/* the CPU that may call the drivers; ORDER(console-owner) */
static bool console_seized;		/* by the panicking CPU, for good */
static unsigned long nr_writes;		/* the owner's. So often has something been written */
bool ignore_loglevel;
void (*console_disturbed)(void);

/* ORDER(console-list): whoever finds a console finds it filled in. */
#define for_each_console(con) \
	for (con = smp_load_acquire(&consoles); con; con = smp_load_acquire(&con->next))

static bool console_try_own(void)
{
	int cpu = raw_smp_processor_id();

	if (READ_ONCE(console_seized))
		return cpu == READ_ONCE(panic_cpu);
	/* ORDER(console-owner): we see what the last owner did to the consoles. */
	return cmpxchg_acquire(&console_owner, NOBODY, cpu) == NOBODY;
}

static void console_let_go(void)
{
	if (READ_ONCE(console_seized))
		return;
	/* ORDER(console-owner): the next owner sees what we did. */
	smp_store_release(&console_owner, NOBODY);
}

static void console_emit(struct console *con, const char *s, size_t n)
{
	if (!n)
		return;
	con->writing = true;
	con->write(con, s, n);
	con->writing = false;
	con->mid_line = s[n - 1] != '\n' && s[n - 1] != '\r';
}

/* A log line begins at the left edge, whatever a prompt or a panic has left there. */
static void console_emit_record(struct console *con, const struct kmsg_record *rec, const char *text)
{
	static char out[2 * LOG_LINE_MAX];	/* the owner's */
	size_t n = 0;

	if (rec->lost)
		n = scnprintf(out, sizeof(out), "** up to %llu printk messages dropped **\n", rec->lost);
	if (rec->level < console_loglevel || ignore_loglevel)
		n += kmsg_format(rec, text, out + n, sizeof(out) - n);
	if (n && con->mid_line)
		console_emit(con, "\n", 1);
	console_emit(con, out, n);
}

static void console_show_all(struct console *con)
{
	static char text[LOG_LINE_MAX + 1];	/* the owner's */
	struct kmsg_record rec;
	u64 seq = con->seq;

	while ((con->flags & CON_ENABLED) && kmsg_read(&seq, &rec, text, sizeof(text))) {
		console_emit_record(con, &rec, text);
		nr_writes++;
		con->seq = seq;
	}
	if (con->sync && (con->flags & CON_ENABLED))
		con->sync(con);
}

/* Owner only. */
static void console_show_pending(void)
{
	struct console *con;

	for_each_console(con)
		console_show_all(con);
}

static bool console_is_behind(void)
{
	struct console *con;
	struct kmsg_record rec;

	for_each_console(con) {
		u64 seq = READ_ONCE(con->seq);

		if ((con->flags & CON_ENABLED) && kmsg_read(&seq, &rec, NULL, 0))
			return true;
	}
	return false;
}

static void tell_disturbed(void)
{
	void (*tell)(void) = READ_ONCE(console_disturbed);

	if (unlikely(tell))
		tell();
}

void console_show_log(void)
{
	/* ORDER(console-recheck): our message was published, by a full barrier, before we look at the owner. */
	while (console_try_own()) {
		console_show_pending();
		console_let_go();
		smp_mb();	/* ORDER(console-recheck): let go before we look for new messages */
		tell_disturbed();
		if (!console_is_behind())
			break;
	}
}

void register_console(struct console *con)
{
	struct console **end = &consoles;

	con->seq = con->flags & CON_PRINTBUFFER ? log_oldest() : log_next();
	con->flags |= CON_ENABLED;
	while (*end)
		end = &(*end)->next;
	smp_store_release(end, con);	/* ORDER(console-list): filled in before it is found */
	preempt_disable();
	console_show_log();
	preempt_enable();
}

/* Owner only. What was logged comes first. */
static void console_begin(void)
{
	log_close_line();
	console_show_pending();
}

/* Owner only, and no longer afterwards. */
static void console_end(void)
{
	struct console *con;

	for_each_console(con)
		if ((con->flags & CON_ENABLED) && con->sync)
			con->sync(con);
	console_let_go();
	smp_mb();	/* ORDER(console-recheck): as in console_show_log() */
	if (console_is_behind())
		console_show_log();
}

/* Owner only. Raw text; mid_line: only to those whose line is unfinished. */
static void console_put(const char *s, size_t n, bool mid_line)
{
	struct console *con;

	nr_writes++;
	for_each_console(con)
		if ((con->flags & CON_ENABLED) && (con->mid_line || !mid_line))
			console_emit(con, s, n);
}

/* Raw text, at most a line. False: somebody has the console. */
static bool console_try_write(const char *s, size_t n)
{
	if (!console_try_own())
		return false;
	console_begin();
	console_put(s, n, false);
	console_end();
	tell_disturbed();
	return true;
}

bool console_draw(const char *s, size_t n, unsigned long *seen)
{
	bool same;

	preempt_disable();
	while (!console_try_own()) {
		preempt_enable();
		cpu_relax();
		preempt_disable();
	}
	console_begin();
	same = nr_writes == *seen;
	if (same)
		console_put(s, n, false);
	else
		console_put("\n", 1, true);
	*seen = nr_writes;
	console_end();
	preempt_enable();
	return same;
}

static void console_write_line(const char *s, size_t n)
{
	for (;;) {
		bool done, below_us;

		preempt_disable();
		done = console_try_write(s, n);
		/* The owner has preemption off: if he is on this CPU, we interrupted him and must not wait. */
		below_us = !done && READ_ONCE(console_owner) == raw_smp_processor_id();
		preempt_enable();
		if (done)
			return;
		if (below_us) {
			_printk(KERN_INFO "%.*s", (int)n, s);
			return;
		}
		cpu_relax();
	}
}

/* Not where it must not sleep: it might, until there is room. */
static struct thread_output *output_of_thread(void)
{
	struct thread_output *out = preemptible() ? current->output : NULL;

	return out && out->write ? out : NULL;
}

void console_write(const char *s, size_t n)
{
	struct thread_output *out = output_of_thread();

	if (out) {
		out->write(out, s, n);
		return;
	}
	while (n) {
		size_t max = min_t(size_t, n, CONSOLE_LINE_MAX);
		const char *newline = memchr(s, '\n', max);
		size_t len = newline ? newline + 1 - s : max;

		console_write_line(s, len);
		s += len;
		n -= len;
	}
}
EXPORT_SYMBOL(console_write);

int console_vprintf(const char *fmt, va_list args)
{
	char line[CONSOLE_LINE_MAX + 1];
	int n = vscnprintf(line, sizeof(line), fmt, args);

	console_write(line, n);
	return n;
}

int console_printf(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = console_vprintf(fmt, args);
	va_end(args);
	return n;
}
EXPORT_SYMBOL(console_printf);

#define FLUSH_TRIES 5000000	/* about a second; there may be no clock */

bool console_flush(void)
{
	int i;

	preempt_disable();
	log_close_line();
	for (i = 0; i < FLUSH_TRIES; i++) {
		console_show_log();
		if (READ_ONCE(console_owner) == raw_smp_processor_id() && !READ_ONCE(console_seized))
			break;		/* we interrupted the owner */
		if (!console_is_behind() && (READ_ONCE(console_owner) == NOBODY || READ_ONCE(console_seized))) {
			preempt_enable();
			return true;
		}
		cpu_relax();
	}
	preempt_enable();
	return false;
}

void console_take_over(void)
{
	struct console *con;

	for_each_console(con) {
		if (!con->writing)
			continue;
		if (console_seized)
			con->flags &= ~CON_ENABLED;	/* the second panic came out of this driver */
		con->writing = false;
		con->mid_line = true;
	}
	WRITE_ONCE(console_owner, raw_smp_processor_id());
	log_stop_writers();
	WRITE_ONCE(console_seized, true);
	log_close_line();
	console_show_log();
}
