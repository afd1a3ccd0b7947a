/* SPDX-License-Identifier: MIT */
/*
 * Reading the log back: what dmesg does. A reader is a position, private to its owner; readers never disturb the
 * writers nor each other. What the writers have overwritten meanwhile is skipped and counted, never silently.
 *
 *	u64 seq = kmsg_first();
 *	while (kmsg_read(&seq, &rec, buf, sizeof(buf)))
 *		console_write(line, kmsg_format(&rec, buf, line, sizeof(line)));
 */
#pragma once

#include <linux/types.h>

#define LOG_LINE_MAX	1000	/* the longest text of one message, in bytes */

struct kmsg_record {
	u64 seq;	/* where it begins in the log */
	u64 ts_nsec;	/* the log's clock when it was written */
	u64 lost;	/* slots of the log that were overwritten between this record and the one read before */
	u32 caller;	/* pid of the thread, or KMSG_CALLER_CPU + cpu for an interrupt */
	u16 len;	/* bytes of text */
	u8 level;	/* 0 to 7 */
};

#define KMSG_CALLER_CPU	0x80000000u

/*
 * Read the record at *seq into rec, its text (no newline at the end, NUL-terminated, cut to size) into buf, and move
 * *seq behind it. Context: any. Return: false if there is no complete record yet; *seq then stays good to ask again.
 */
bool kmsg_read(u64 *seq, struct kmsg_record *rec, char *buf, size_t size);

/* The position that dmesg starts at: the oldest record, or where kmsg_clear() was called last. Context: any. */
u64 kmsg_first(void);

/* dmesg -c, -C: hide everything before this moment from the next kmsg_first(). Context: any. */
void kmsg_clear(void);

/*
 * The record as the console shows it: "[    0.123456] " before each line of text, a newline after each.
 * Context: any. Return: bytes written to out, without the NUL.
 */
size_t kmsg_format(const struct kmsg_record *rec, const char *text, char *out, size_t size);
