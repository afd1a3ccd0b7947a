/* SPDX-License-Identifier: MIT */
/*
 * Where the log and the shell become visible: the serial line, the screen. A driver fills a struct console and
 * registers it; it is called by one CPU at a time and takes no lock of its own. kernel/console.c decides when.
 * For messages use pr_info() (<linux/printk.h>); console_printf() is for answers to a person: ps, the shell, KTAP.
 * Differs from Linux: a console is only written to, and stays; console_write() and console_printf() are Bobbin's own.
 */
#pragma once

#include <linux/stdarg.h>
#include <linux/types.h>
#include <linux/compiler.h>

#define CON_PRINTBUFFER	(1 << 0)	/* show the whole log so far when registered */
#define CON_ENABLED	(1 << 2)	/* cleared: skipped from now on */

struct console {
	/* Constant after register_console(). */
	char name[16];
	void (*write)(struct console *con, const char *s, unsigned int n);
	void (*sync)(struct console *con);	/* optional: after a burst of writes, make them visible */
	void *data;
	struct console *next;
	/* Only by the holder of the console. */
	short flags;
	bool writing;		/* inside write(); true at a fault means that the driver is the culprit */
	bool mid_line;		/* the last byte written was neither a newline nor a return */
	u64 seq;		/* the log record to show next */
};

/*
 * Add a console; with CON_PRINTBUFFER it first shows everything still in the log. Never removed.
 * Context: boot, thread.
 */
void register_console(struct console *con);

/*
 * A thread's own way out: current->output. What it writes by console_write() and console_printf() goes there, as the
 * shell has it for commands that are followed by a pipe. The kernel's log is not concerned, nor are interrupts.
 */
struct thread_output {
	/* NULL: to the consoles. Context: the thread itself, may sleep. */
	void (*write)(struct thread_output *out, const char *s, size_t n);
	/* The thread ends, by itself or by a fault. Optional. */
	void (*release)(struct thread_output *out);
};

/*
 * Write to all consoles (or to where the thread's output goes), without level and stamp, not into the log. What was
 * logged before comes out first; a line (up to its newline, at most CONSOLE_LINE_MAX bytes) is never mixed with another
 * CPU's output.
 * Context: any, but meant for threads; waits, without sleeping, for another CPU that is writing. In an interrupt that
 * came while this CPU was writing (where waiting would be for ever) the text goes into the log as a message instead.
 */
void console_write(const char *s, size_t n);
#define CONSOLE_LINE_MAX 512

/*
 * For who draws a line on the consoles that others may write into, too: s in one piece, if nothing else has been
 * written since the caller's last call (*seen is kept for that). Otherwise nothing is drawn, an unfinished line is
 * closed, and the caller draws anew from the left edge. Return: true if s was drawn. Context: thread.
 */
bool console_draw(const char *s, size_t n, unsigned long *seen);

/* If set, called after anything else was written. Context: any, NMI included. */
extern void (*console_disturbed)(void);

/* printf for console_write(). Longer than CONSOLE_LINE_MAX is cut. Return: bytes written. */
__printf(1, 2) int console_printf(const char *fmt, ...);
__printf(1, 0) int console_vprintf(const char *fmt, va_list args);

/*
 * Return when everything logged so far is on the consoles, or after a bounded wait (the holder may be what we have
 * interrupted). For power-off and reboot. Context: any. Return: true if all is out.
 */
bool console_flush(void);

/*
 * For panic() only, the other CPUs being stopped: the console is ours from now on whoever held it, an unfinished line
 * is closed, and messages whose writer was stopped half-way are skipped. Called again (a panic within the panic): the
 * console that was writing is switched off. Context: panic, interrupts off.
 */
void console_take_over(void);
