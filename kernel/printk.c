/* SPDX-License-Identifier: MIT */
/*
 * printk: from a format to a message in the log.
 *
 *	printk -> level, text, newline -> log.c: the ring -> console.c: shown by whoever gets the console
 *	                                                  -> kmsg_read(): dmesg
 *
 * Formatting needs a buffer, and a kernel stack is no place for a kilobyte. Each CPU has LOG_NEST of them, used as a
 * stack: one for a thread with preemption off, one for a softirq in it, for an interrupt in that, for an NMI in that.
 *
 * Read next: kernel/log.c.
 */
#include "log.h"

#include <linux/printk.h>
#include <linux/kmsg.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/atomic.h>
#include <linux/preempt.h>
#include <linux/upcall.h>
#include <trace/events/printk.h>
#include <asm/percpu.h>
#include <asm/smp.h>

int console_printk[4] = {
	CONSOLE_LOGLEVEL_DEFAULT, MESSAGE_LOGLEVEL_DEFAULT, CONSOLE_LOGLEVEL_MIN, CONSOLE_LOGLEVEL_DEFAULT,
};
EXPORT_SYMBOL(console_printk);

static u64 (*log_clock)(void);

void __init printk_set_clock(u64 (*clock_ns)(void))
{
	WRITE_ONCE(log_clock, clock_ns);
}

u64 printk_clock(void)
{
	u64 (*clock_ns)(void) = READ_ONCE(log_clock);

	return clock_ns ? clock_ns() : 0;
}

#define LOG_NEST 4	/* thread, softirq, interrupt, NMI */

struct log_scratch {
	int depth;
	char text[LOG_NEST][LOG_LINE_MAX + 1];
};
static DEFINE_PER_CPU(struct log_scratch, log_scratch);

static u32 log_caller(void)
{
	return in_task() ? upcall_current_pid() : KMSG_CALLER_CPU + raw_smp_processor_id();
}

/* Take the level and KERN_CONT off the front, the newline off the end. */
static void message_parse(struct message *msg, const char *text, size_t len)
{
	int c;

	*msg = (struct message){ .level = default_message_loglevel };
	while ((c = printk_get_level(text))) {
		if (c == 'c')
			msg->cont = true;
		else
			msg->level = c - '0';
		text += 2;
		len -= 2;
	}
	if (len && text[len - 1] == '\n') {
		msg->newline = true;
		len--;
	}
	msg->text = text;
	msg->len = len;
	msg->caller = log_caller();
}

static int log_vprintf(char *buf, const char *fmt, va_list args)
{
	struct message msg;

	message_parse(&msg, buf, vscnprintf(buf, LOG_LINE_MAX + 1, fmt, args));
	trace_console(msg.text, msg.len);
	log_store(&msg);
	return msg.len + msg.newline;
}

int vprintk(const char *fmt, va_list args)
{
	struct log_scratch *scratch;
	static const char too_deep[] = "printk: called again inside printk too often, a message was left out";
	int ret = 0;

	preempt_disable();
	scratch = this_cpu_ptr(&log_scratch);
	if (scratch->depth < LOG_NEST) {
		char *buf = scratch->text[scratch->depth++];

		barrier();	/* an interrupt from here on takes the next buffer */
		ret = log_vprintf(buf, fmt, args);
		barrier();
		scratch->depth--;
	} else {
		log_store(&(struct message){ .text = too_deep, .len = sizeof(too_deep) - 1,
					     .level = LOGLEVEL_ERR, .newline = true });
	}
	console_show_log();
	preempt_enable();
	return ret;
}
EXPORT_SYMBOL(vprintk);

int _printk(const char *fmt, ...)
{
	va_list args;
	int ret;

	va_start(args, fmt);
	ret = vprintk(fmt, args);
	va_end(args);
	return ret;
}
EXPORT_SYMBOL(_printk);

/* ---- parameters ---- */

static int __init set_loglevel(char *arg)
{
	int level;

	if (!arg || kstrtoint(arg, 0, &level) || level < 0)
		return -EINVAL;
	console_loglevel = level;
	return 0;
}
early_param("loglevel", set_loglevel);

static int __init set_quiet(char *arg)
{
	console_loglevel = CONSOLE_LOGLEVEL_QUIET;
	return 0;
}
early_param("quiet", set_quiet);

static int __init set_debug(char *arg)
{
	console_loglevel = CONSOLE_LOGLEVEL_DEBUG;
	return 0;
}
early_param("debug", set_debug);

static int __init set_ignore_loglevel(char *arg)
{
	ignore_loglevel = true;
	return 0;
}
early_param("ignore_loglevel", set_ignore_loglevel);

/* ---- dumps and rate limits, on top of printk ---- */

void print_hex_dump(const char *level, const char *prefix_str, int prefix_type, int rowsize, int groupsize,
		    const void *buf, size_t len, bool ascii)
{
	char line[32 * 3 + 2 + 32 + 1];
	size_t row = rowsize == 32 ? 32 : 16, at;

	for (at = 0; at < len; at += row) {
		const u8 *from = (const u8 *)buf + at;

		hex_dump_to_buffer(from, min_t(size_t, len - at, row), row, groupsize, line, sizeof(line), ascii);
		if (prefix_type == DUMP_PREFIX_ADDRESS)
			printk("%s%s%p: %s\n", level, prefix_str, from, line);
		else if (prefix_type == DUMP_PREFIX_OFFSET)
			printk("%s%s%.8zx: %s\n", level, prefix_str, at, line);
		else
			printk("%s%s%s\n", level, prefix_str, line);
	}
}
EXPORT_SYMBOL(print_hex_dump);

void print_hex_dump_bytes(const char *prefix_str, int prefix_type, const void *buf, size_t len)
{
	print_hex_dump(KERN_DEBUG, prefix_str, prefix_type, 16, 1, buf, len, true);
}
EXPORT_SYMBOL(print_hex_dump_bytes);

DEFINE_RATELIMIT_STATE(printk_ratelimit_state, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
EXPORT_SYMBOL(printk_ratelimit_state);

int ___ratelimit(struct ratelimit_state *rs, const char *func)
{
	u64 now = printk_clock(), span = (u64)rs->interval * (1000000000 / HZ);
	int missed = 0, ok = 0;

	if (!rs->interval)
		return 1;
	if (xchg(&rs->busy, 1)) {	/* ORDER(ratelimit): we see what the last one counted */
		xadd(&rs->missed, 1);
		return 0;
	}
	if (!rs->begin || now - rs->begin > span) {
		if (!(rs->flags & RATELIMIT_MSG_ON_RELEASE))
			missed = xchg(&rs->missed, 0);
		rs->begin = now ? now : 1;
		rs->printed = 0;
	}
	if (rs->printed < rs->burst) {
		rs->printed++;
		ok = 1;
	} else {
		xadd(&rs->missed, 1);
	}
	smp_store_release(&rs->busy, 0);	/* ORDER(ratelimit): counted before the next may look */
	if (missed)
		pr_warn("%s: %d callbacks suppressed\n", func, missed);
	return ok;
}
EXPORT_SYMBOL(___ratelimit);
