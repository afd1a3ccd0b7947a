/* SPDX-License-Identifier: MIT */
/*
 * The log: one ring of messages for the whole machine.
 *
 * The ring has LOG_SLOTS small slots. A writer draws numbers with one atomic add to log_head; number n is slot
 * n % LOG_SLOTS, and numbers are never used again, so a number also says which lap of the ring is meant. A message
 * takes as many consecutive numbers as its text needs:
 *
 *	  n: FIRST                   n+1:             n+2: NEWLINE   n+3: FIRST NEWLINE   n+4: FIRST
 *	| [6] 0.12 first 104 bytes | next 104 bytes | the rest     | another message    | an open line...
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
 * Rejected: a ring of bytes, which wastes less but needs a second ring of descriptors; a lock, which an NMI can't
 * take.
 * Read next: kernel/printk.c, kernel/console.c.
 */
#include "log.h"

#include <linux/kmsg.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/minmax.h>
#include <linux/atomic.h>
#include <linux/printk.h>

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
	/* Of the writer while WRITING, then constant. Level and stamp count in the FIRST slot only. */
	u64 ts_nsec;
	u32 caller;
	u8 level;
	u8 flags;
	u16 len;
	char text[SLOT_TEXT];
};

static struct log_slot log_slots[LOG_SLOTS];
static atomic64_t log_head = ATOMIC64_INIT(1);	/* the next number; 0 is never used: a fresh slot reads as old */
static u64 log_clear_seq = 1;			/* dmesg -c: where dmesg begins */
static bool log_writers_stopped;		/* panic: what is not finished now never will be */

static struct log_slot *slot_of(u64 n)
{
	return &log_slots[n % LOG_SLOTS];
}

u64 log_oldest(void)
{
	u64 head = atomic64_read(&log_head);

	return head > LOG_SLOTS ? head - LOG_SLOTS : 1;
}

u64 log_next(void)
{
	return atomic64_read(&log_head);
}

void log_stop_writers(void)
{
	WRITE_ONCE(log_writers_stopped, true);
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

	if (!n || holds > n || (holds == n && (state & SLOT_DROPPED)))
		return SLOT_GONE;
	if (holds < n || (state & SLOT_WRITING)) {
		if (READ_ONCE(log_writers_stopped) && n < (u64)atomic64_read(&log_head))
			return SLOT_GONE;
		return SLOT_NOT_YET;
	}
	memcpy(copy, slot, sizeof(*copy));
	smp_rmb();	/* ORDER(log-slot): the text is read before the state is read again */
	return (u64)atomic64_read(&slot->state) == state ? SLOT_READ : SLOT_GONE;
}

/* ---- writing ---- */

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

void log_store(const struct message *msg)
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

void log_close_line(void)
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
