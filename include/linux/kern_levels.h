/* SPDX-License-Identifier: MIT */
/*
 * The level of a log message: a two-byte prefix of its format string, so that printk(KERN_INFO "x\n") is one argument.
 * A message without a level gets MESSAGE_LOGLEVEL_DEFAULT. Prefer pr_info() and its sisters (<linux/printk.h>).
 */
#pragma once

#define KERN_SOH	"\001"		/* ASCII Start Of Header, then one character: the level */
#define KERN_SOH_ASCII	'\001'

#define KERN_EMERG	KERN_SOH "0"	/* the system is unusable */
#define KERN_ALERT	KERN_SOH "1"	/* somebody must act now */
#define KERN_CRIT	KERN_SOH "2"
#define KERN_ERR	KERN_SOH "3"
#define KERN_WARNING	KERN_SOH "4"
#define KERN_NOTICE	KERN_SOH "5"
#define KERN_INFO	KERN_SOH "6"
#define KERN_DEBUG	KERN_SOH "7"	/* kept in the log, not on the console unless asked for */

#define KERN_DEFAULT	""		/* the default level */
#define KERN_CONT	KERN_SOH "c"	/* goes on with the caller's unfinished line */

/* The same as numbers. */
#define LOGLEVEL_SCHED		-2
#define LOGLEVEL_DEFAULT	-1
#define LOGLEVEL_EMERG		0
#define LOGLEVEL_ALERT		1
#define LOGLEVEL_CRIT		2
#define LOGLEVEL_ERR		3
#define LOGLEVEL_WARNING	4
#define LOGLEVEL_NOTICE		5
#define LOGLEVEL_INFO		6
#define LOGLEVEL_DEBUG		7
