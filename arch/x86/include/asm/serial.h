/* SPDX-License-Identifier: MIT */
/*
 * The first serial port (16550 at 0x3f8): the console that works before anything else does. Output goes through
 * <linux/console.h>.
 */
#pragma once

#include <linux/types.h>

/* Set the port to 115200 8N1 and make it a console; a machine without the port goes on silently. Context: boot. */
void serial_init(void);

/* A byte that has arrived, SERIAL_BREAK for a BREAK, or -1. Does not wait. Context: any, one reader at a time. */
int serial_getc(void);
#define SERIAL_BREAK	0x100

/*
 * Raise IRQ SERIAL_IRQ when a byte has arrived, or (false) do not, and ask the other side to hold on: RTS goes off.
 * What is there already when it is switched on raises it, too. Context: any, one caller at a time.
 */
void serial_listen(bool on);
#define SERIAL_IRQ	4

/* serial_input.c: from now on, what arrives is typed (kernel/tty.h). Context: boot, thread. */
int serial_input_init(void);

/* What a byte behind a BREAK is given to, in the interrupt: kernel/sysrq.c. */
extern void (*serial_after_break)(int c);

/*
 * The second port (0x2f8), for bytes: serial2.c. open: from now on what arrives is kept for serial2_getc(), which waits
 * for it. Return: 0, -ENODEV; a byte, -EINTR. Context: thread, one at a time; serial2_write() waits without sleeping.
 */
int serial2_open(void);
void serial2_close(void);
int serial2_getc(void);
void serial2_write(const u8 *s, size_t n);

/* Is there a port at all? */
bool serial_present(void);

/*
 * Last words, past the log and every lock: for boot_die() and double faults before the console works.
 * Context: any.
 */
void serial_write_raw(const char *s, size_t n);
