/* SPDX-License-Identifier: MIT */
/*
 * printk: one log for the whole machine, and the consoles that show it.
 *
 * The log is a ring of LOG_SLOTS small slots. A writer draws numbers with one atomic add to log_head; number n is
 * slot n % LOG_SLOTS, and numbers are never used again, so a number also says which lap of the ring is meant. A
 * message takes as many consecutive numbers as its text needs:
 *
 *	  n: FIRST          n+1:               n+2: NEWLINE      n+3: FIRST NEWLINE   n+4: FIRST
 *	| [6] 0.12 first 104 bytes | next 104 bytes | the rest   | another message  | an open line...
 *
 * A message begins at a slot marked FIRST and ends at one marked NEWLINE, or in front of the next FIRST. So pr_cont()
 * needs no second mechanism: it draws numbers right behind its caller's open line, by a compare-and-exchange of
 * log_head that fails if anybody came in between, and leaves FIRST out.
 *
 * Nobody waits for anybody here, which is what makes printk safe in an NMI that interrupted printk. A slot's life is
 * in its state word: "number n, WRITING" (claimed), "number n" (readable), then a claim for n + LOG_SLOTS. Should a
 * writer be overtaken by a whole lap while it still writes, the overtaker must not touch the slot: it leaves its
 * number there, marked DROPPED, and its piece is lost. A reader sees that, and everything else it missed, from the
 * numbers, and says how much. It copies first and then looks whether the state is still the same.
 *
 * Formatting needs a buffer. Each CPU has LOG_NEST of them, used as a stack: a thread with preemption off, a softirq
 * in it, an interrupt in that, an NMI in that.
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
 * Rejected: a ring of bytes, which wastes less but needs a second ring of descriptors; a lock, which an NMI can't
 * take; a thread that prints, which is not there in the first second nor in the last.
 * Read next: kernel/panic.c, arch/x86/serial.c.
 */
#include <linux/printk.h>
#include <linux/kmsg.h>
#include <linux/console.h>
#include <linux/panic.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/export.h>
#include <linux/string.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/atomic.h>
#include <linux/preempt.h>
#include <asm/percpu.h>
#include <linux/upcall.h>
#include <asm/processor.h>
#include <asm/smp.h>

int console_printk[4] = {
	CONSOLE_LOGLEVEL_DEFAULT, MESSAGE_LOGLEVEL_DEFAULT, CONSOLE_LOGLEVEL_MIN, CONSOLE_LOGLEVEL_DEFAULT,
};
EXPORT_SYMBOL(console_printk);

/* ---- the ring ---- */

#define LOG_SLOTS	4096
#define SLOT_TEXT	104

/* The low bits of slot->state; the number is above them. */
#define SLOT_WRITING	1
#define SLOT_DROPPED	2
#define SLOT_SHIFT	2

/* slot->flags */
#define SLOT_FIRST	1	/* a message begins here */
#define SLOT_NEWLINE	2	/* a message ends here, for sure */

struct log_slot {
	atomic64_t state;	/* ORDER(log-slot) */
	/* Of the writer while WRITING, then constant. Level, stamp and caller count in the FIRST slot only. */
	u64 ts_nsec;
	u32 caller;
	u8 level;
	u8 flags;
	u16 len;
	char text[SLOT_TEXT];
};

static struct log_slot log_slots[LOG_SLOTS];
static atomic64_t log_head = ATOMIC64_INIT(1);	/* the next number; 0 is never used, so that a fresh slot reads as old */
static u64 log_clear_seq = 1;			/* dmesg -c: where dmesg begins */
static bool log_writers_stopped;		/* panic: what is not finished now never will be */

static struct log_slot *slot_of(u64 n)
{
	return &log_slots[n % LOG_SLOTS];
}

static u64 log_oldest(void)
{
	u64 head = atomic64_read(&log_head);

	return head > LOG_SLOTS ? head - LOG_SLOTS : 1;
}

/* Make number n's slot ours to write. False: a slow writer of an earlier lap is still in it, or we are that slow. */
static bool slot_claim(struct log_slot *slot, u64 n)
{
	s64 old = atomic64_read(&slot->state), new;

	do {
		if ((u64)old >> SLOT_SHIFT >= n)
			return false;
		new = n << SLOT_SHIFT | SLOT_WRITING;
		if (old & SLOT_WRITING)
			new |= SLOT_DROPPED;
	} while (!atomic64_try_cmpxchg(&slot->state, &old, new));
	/* ORDER(log-slot): a full barrier; a reader that sees any of our text finds the state changed. */
	return !(new & SLOT_DROPPED);
}

static void slot_publish(struct log_slot *slot)
{
	/*
	 * ORDER(log-slot): who reads the state without WRITING sees the text. It also is the full barrier of
	 * ORDER(console-recheck): published before we look whether the console is free.
	 * Only this bit is ours: a DROPPED number may stand above it.
	 */
	atomic64_fetch_andnot(SLOT_WRITING, &slot->state);
}

enum slot_view { SLOT_READ, SLOT_NOT_YET, SLOT_GONE };

/* Copy number n. Context: any; the writers go on meanwhile. */
static enum slot_view slot_read(u64 n, struct log_slot *copy)
{
	struct log_slot *slot = slot_of(n);
	/* ORDER(log-slot): the reading end; the text is read after the state, and the state again after the text. */
	u64 state = atomic64_read_acquire(&slot->state);
	u64 holds = state >> SLOT_SHIFT;

	if (holds > n || (holds == n && (state & SLOT_DROPPED)))
		return SLOT_GONE;
	if (holds < n || (state & SLOT_WRITING)) {
		if (READ_ONCE(log_writers_stopped) && n < (u64)atomic64_read(&log_head))
			return SLOT_GONE;
		return SLOT_NOT_YET;
	}
	memcpy(copy, slot, sizeof(*copy));
	smp_rmb();
	return (u64)atomic64_read(&slot->state) == state ? SLOT_READ : SLOT_GONE;
}

/* ---- writing ---- */

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

static u32 log_caller(void)
{
	return in_task() ? upcall_current_pid() : KMSG_CALLER_CPU + raw_smp_processor_id();
}

/* One message, or the next part of one. */
struct message {
	const char *text;
	size_t len;
	u32 caller;
	u8 level;
	bool cont;	/* goes on with the caller's open line, if that is still the last */
	bool newline;	/* ends the line */
};

/* Numbers right behind the caller's own open line. False: there is none, or somebody came in between. */
static bool log_reserve_cont(u32 caller, unsigned int n, u64 *at)
{
	s64 head = atomic64_read(&log_head);
	struct log_slot last;

	if (slot_read(head - 1, &last) != SLOT_READ || last.caller != caller || (last.flags & SLOT_NEWLINE))
		return false;
	*at = head;
	return atomic64_try_cmpxchg(&log_head, &head, head + n);
}

static void log_put(u64 at, const struct message *msg, u64 now, size_t from, u8 flags)
{
	struct log_slot *slot = slot_of(at);

	if (!slot_claim(slot, at))
		return;		/* readers count it as lost */
	slot->ts_nsec = now;
	slot->caller = msg->caller;
	slot->level = msg->level;
	slot->flags = flags;
	slot->len = min_t(size_t, msg->len - from, SLOT_TEXT);
	memcpy(slot->text, msg->text + from, slot->len);
	slot_publish(slot);
}

/* Preemption is off: a reserved number must not wait for its thread to run again. */
static void log_store(const struct message *msg)
{
	unsigned int n = msg->len > SLOT_TEXT ? DIV_ROUND_UP(msg->len, SLOT_TEXT) : 1;
	u64 now = printk_clock(), at;
	unsigned int i;
	u8 flags = 0;

	if (!msg->cont || !log_reserve_cont(msg->caller, n, &at)) {
		at = atomic64_fetch_add(n, &log_head);
		flags = SLOT_FIRST;
	}
	for (i = 0; i < n; i++) {
		if (i == n - 1 && msg->newline)
			flags |= SLOT_NEWLINE;
		log_put(at + i, msg, now, i * SLOT_TEXT, flags);
		flags = 0;
	}
}

/* End an open line, whoever's, so that readers see it now. */
static void log_close_line(void)
{
	s64 head = atomic64_read(&log_head);
	struct message end = { .text = "", .newline = true };
	struct log_slot last;

	if (slot_read(head - 1, &last) != SLOT_READ || (last.flags & SLOT_NEWLINE))
		return;
	end.caller = last.caller;
	if (atomic64_try_cmpxchg(&log_head, &head, head + 1))
		log_put(head, &end, last.ts_nsec, 0, SLOT_NEWLINE);
}

/* ---- printk ---- */

#define LOG_NEST 4	/* thread, softirq, interrupt, NMI */

struct log_scratch {
	int depth;
	char text[LOG_NEST][LOG_LINE_MAX + 1];
};
static DEFINE_PER_CPU(struct log_scratch, log_scratch);

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
	log_store(&msg);
	return msg.len + msg.newline;
}

static void console_show_log(void);

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

/* ---- reading ---- */

u64 kmsg_first(void)
{
	return max_t(u64, READ_ONCE(log_clear_seq), log_oldest());
}

void kmsg_clear(void)
{
	WRITE_ONCE(log_clear_seq, (u64)atomic64_read(&log_head));
}

/* The first slot of the next whole message at or behind *n; moves *n there. False: not there yet. */
static bool log_find_first(u64 *n, struct log_slot *slot)
{
	*n = max_t(u64, *n, log_oldest());
	for (;;) {
		switch (slot_read(*n, slot)) {
		case SLOT_NOT_YET:
			return false;
		case SLOT_READ:
			if (slot->flags & SLOT_FIRST)
				return true;
			break;		/* the rest of a message whose beginning is lost */
		case SLOT_GONE:
			break;
		}
		*n = max_t(u64, *n + 1, log_oldest());
	}
}

static void record_append(struct kmsg_record *rec, const struct log_slot *slot, char *buf, size_t size)
{
	size_t room = size > rec->len + 1u ? size - rec->len - 1 : 0;
	size_t n = min_t(size_t, slot->len, room);

	if (!n)
		return;
	memcpy(buf + rec->len, slot->text, n);
	rec->len += n;
	buf[rec->len] = '\0';
}

/* The slots behind the first one; *n moves behind the last. SLOT_GONE: the message was overwritten meanwhile. */
static enum slot_view record_finish(struct kmsg_record *rec, u64 *n, struct log_slot *slot, char *buf, size_t size)
{
	for (++*n; !(slot->flags & SLOT_NEWLINE); ++*n) {
		enum slot_view view = slot_read(*n, slot);

		if (view == SLOT_GONE && READ_ONCE(log_writers_stopped))
			break;			/* panic: half a message is better than none */
		if (view != SLOT_READ)
			return view;		/* not yet: whoever logs next completes the line or ends it */
		if (slot->flags & SLOT_FIRST)
			break;
		record_append(rec, slot, buf, size);
	}
	return SLOT_READ;
}

bool kmsg_read(u64 *seq, struct kmsg_record *rec, char *buf, size_t size)
{
	enum slot_view view = SLOT_GONE;
	struct log_slot slot;
	u64 n = *seq;

	while (view == SLOT_GONE) {
		if (!log_find_first(&n, &slot))
			return false;
		*rec = (struct kmsg_record){
			.seq = n, .ts_nsec = slot.ts_nsec, .lost = n - *seq, .caller = slot.caller,
			.level = slot.level,
		};
		if (size)
			buf[0] = '\0';
		record_append(rec, &slot, buf, size);
		view = record_finish(rec, &n, &slot, buf, size);
	}
	if (view == SLOT_READ)
		*seq = n;
	return view == SLOT_READ;
}

size_t kmsg_format(const struct kmsg_record *rec, const char *text, char *out, size_t size)
{
	u64 usec = rec->ts_nsec / 1000;
	size_t used = 0;
	const char *end;

	do {
		end = strchrnul(text, '\n');
		used += scnprintf(out + used, size - used, "[%5llu.%06llu] %.*s\n", usec / 1000000, usec % 1000000,
				  (int)(end - text), text);
		text = end + 1;
	} while (*end);
	return used;
}

/* ---- the consoles ---- */

#define NOBODY (-1)

static struct console *consoles;
static int console_owner = NOBODY;	/* the CPU that may call the drivers; ORDER(console-owner) */
static bool console_seized;		/* by the panicking CPU, for good */
static bool ignore_loglevel;

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
	con->mid_line = s[n - 1] != '\n';
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

/* Bring the consoles up to date, or leave it to the CPU that is doing so. Preemption is off. */
static void console_show_log(void)
{
	/* ORDER(console-recheck): our message was published, by a full barrier, before we look at the owner. */
	while (console_try_own()) {
		console_show_pending();
		console_let_go();
		smp_mb();	/* ORDER(console-recheck): let go before we look for new messages */
		if (!console_is_behind())
			break;
	}
}

void register_console(struct console *con)
{
	struct console **end = &consoles;

	con->seq = con->flags & CON_PRINTBUFFER ? log_oldest() : (u64)atomic64_read(&log_head);
	con->flags |= CON_ENABLED;
	while (*end)
		end = &(*end)->next;
	smp_store_release(end, con);	/* ORDER(console-list): filled in before it is found */
	preempt_disable();
	console_show_log();
	preempt_enable();
}

/* Raw text, at most a line. False: somebody has the console. */
static bool console_try_write(const char *s, size_t n)
{
	struct console *con;

	if (!console_try_own())
		return false;
	log_close_line();
	console_show_pending();
	for_each_console(con) {
		if (!(con->flags & CON_ENABLED))
			continue;
		console_emit(con, s, n);
		if (con->sync)
			con->sync(con);
	}
	console_let_go();
	smp_mb();	/* ORDER(console-recheck): as in console_show_log() */
	if (console_is_behind())
		console_show_log();
	return true;
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

void console_write(const char *s, size_t n)
{
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
	int i, cpu = raw_smp_processor_id();
	struct console *con;

	for (i = 0; i < FLUSH_TRIES && !console_seized && READ_ONCE(console_owner) != cpu; i++) {
		if (cmpxchg(&console_owner, NOBODY, cpu) == NOBODY)
			break;
		cpu_relax();
	}
	for_each_console(con) {
		if (!con->writing)
			continue;
		if (console_seized)
			con->flags &= ~CON_ENABLED;	/* the second panic came out of this driver */
		con->writing = false;
		con->mid_line = true;
	}
	WRITE_ONCE(console_owner, cpu);
	WRITE_ONCE(log_writers_stopped, true);
	WRITE_ONCE(console_seized, true);
	log_close_line();
	console_show_log();
}

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
