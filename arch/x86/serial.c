/* SPDX-License-Identifier: MIT */
/*
 * The first serial port, a 16550: the first console that works and the last that fails. Sending is polled: no interrupt
 * and no lock, so it can be used from anywhere; kernel/console.c lets one CPU at a time in, and is why this stands on
 * floor 2: the driver registers itself there. What arrives is taken by an interrupt: serial_input.c.
 */
#include "uart.h"
#include <asm/serial.h>
#include <asm/io.h>
#include <asm/processor.h>
#include <linux/atomic.h>
#include <linux/console.h>

/* How often to ask for room: at about a microsecond each, many times what 16 bytes need at 115200 baud. */
#define SEND_PATIENCE	100000

static bool present;
static bool stuck;	/* the last wait was in vain: ask only once from now on, until it moves again */

static void uart_out(int reg, u8 value)
{
	outb(value, COM1 + reg);
}

static u8 uart_in(int reg)
{
	return inb(COM1 + reg);
}

/*
 * A BREAK is a zero in the FIFO and a bit in the status, which reading the status clears, whoever reads it: the one who
 * sends, too, and just then it is wanted most. So it is remembered until the zero is taken.
 */
static bool saw_break;

static u8 uart_status(void)
{
	u8 status = uart_in(UART_STATUS);

	if (status & STATUS_BREAK)
		WRITE_ONCE(saw_break, true);
	return status;
}

/* Does the scratch register keep what is written? Where no port is, every read gives the same. */
static bool uart_answers(void)
{
	uart_out(UART_SCRATCH, 0x5a);
	if (uart_in(UART_SCRATCH) != 0x5a)
		return false;
	uart_out(UART_SCRATCH, 0xa5);
	return uart_in(UART_SCRATCH) == 0xa5 && uart_in(UART_STATUS) != 0xff;
}

static bool uart_wait_empty(void)
{
	int i, tries = stuck ? 1 : SEND_PATIENCE;

	for (i = 0; i < tries; i++) {
		if (uart_status() & STATUS_EMPTY) {
			stuck = false;
			return true;
		}
		cpu_relax();
	}
	stuck = true;
	return false;
}

/* An empty FIFO takes 16 bytes at once: one look at the status for all of them. */
static void uart_send(u8 c, int *room)
{
	if (*room == 0) {
		if (!uart_wait_empty())
			return;
		*room = FIFO_SIZE;
	}
	uart_out(UART_DATA, c);
	--*room;
}

void serial_write_raw(const char *s, size_t n)
{
	int room = 0;

	if (!present)
		return;
	for (; n; n--, s++) {
		if (*s == '\n')
			uart_send('\r', &room);
		uart_send(*s, &room);
	}
}

static void serial_console_write(struct console *con, const char *s, unsigned int n)
{
	serial_write_raw(s, n);
}

static struct console serial_console = {
	.name = "ttyS0",
	.write = serial_console_write,
	.flags = CON_PRINTBUFFER,
};

void serial_init(void)
{
	if (!uart_answers())
		return;
	uart_out(UART_IRQ_ENABLE, 0);
	uart_out(UART_LINE, LINE_8N1 | LINE_DIVISOR);
	uart_out(UART_DIVISOR, DIVISOR_115200);
	uart_out(UART_DIVISOR + 1, 0);
	uart_out(UART_LINE, LINE_8N1);
	uart_out(UART_FIFO, FIFO_ON_CLEAR);
	uart_out(UART_MODEM, MODEM_DTR_RTS);
	present = true;
	register_console(&serial_console);
}

bool serial_present(void)
{
	return present;
}

void serial_listen(bool on)
{
	if (!present)
		return;
	uart_out(UART_MODEM, (on ? MODEM_DTR_RTS : MODEM_DTR_RTS & ~MODEM_RTS) | MODEM_OUT2);
	uart_out(UART_IRQ_ENABLE, on ? IRQ_RECEIVED : 0);
}

int serial_getc(void)
{
	int c;

	if (!present || !(uart_status() & STATUS_RECEIVED))
		return -1;
	c = uart_in(UART_DATA);
	return !c && xchg(&saw_break, false) ? SERIAL_BREAK : c;
}
