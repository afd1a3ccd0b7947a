/* SPDX-License-Identifier: MIT */
/*
 * Between log.c (the ring), printk.c (who writes) and console.c (who shows). Everybody else reads the log by
 * <linux/kmsg.h>.
 */
#pragma once

#include <linux/types.h>

/* One message, or the next part of one. */
struct message {
	const char *text;
	size_t len;
	u32 caller;
	u8 level;
	bool cont;	/* goes on with the caller's open line, if that is still the last */
	bool newline;	/* ends the line */
};

/* Put a message into the log. Context: any, preemption off: a number once drawn must not wait for its thread. */
void log_store(const struct message *msg);

/* End an open line, whoever's, so that readers see it now. Context: any. */
void log_close_line(void);

/* The oldest number still there, and the next one to be drawn. */
u64 log_oldest(void);
u64 log_next(void);

/* Panic: from now on, what its writer has not finished is lost. */
void log_stop_writers(void);

/* console.c: bring the consoles up to date, or leave it to the CPU that is doing so. Context: any, preemption off. */
void console_show_log(void);
extern bool ignore_loglevel;
