/* SPDX-License-Identifier: MIT */
/*
 * The second serial port, for bytes: whoever opens it gets what arrives, and may send. kernel/loadx.c is its user.
 *
 * The interrupt moves bytes from the port's FIFO into a ring; when the ring is full, the port is told not to interrupt,
 * and what is sent stays with the sender. Sending is polled. Locking: lock, interrupts off, for the ring and the port's
 * interrupt register.
 * Read next: serial_input.c, kernel/loadx.c.
 */
#include "uart.h"
#include <asm/io.h>
#include <asm/processor.h>
#include <asm/serial.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#define SERIAL2_IRQ	3
#define RING		4096
#define SEND_PATIENCE	100000

static DEFINE_SPINLOCK(lock);
static u8 ring[RING];			/* lock */
static unsigned int head, tail;		/* lock */
static DECLARE_WAIT_QUEUE_HEAD(arrived);

static void listen(bool on)
{
	outb((on ? MODEM_DTR_RTS : MODEM_DTR_RTS & ~MODEM_RTS) | MODEM_OUT2, COM2 + UART_MODEM);
	outb(on ? IRQ_RECEIVED : 0, COM2 + UART_IRQ_ENABLE);
}

static irqreturn_t serial2_interrupt(int irq, void *unused)
{
	spin_lock(&lock);
	while (head - tail < RING && (inb(COM2 + UART_STATUS) & STATUS_RECEIVED))
		ring[head++ % RING] = inb(COM2 + UART_DATA);
	if (head - tail == RING)
		listen(false);
	spin_unlock(&lock);
	wake_up(&arrived);
	return IRQ_HANDLED;
}

int serial2_open(void)
{
	int err;

	outb(0x5a, COM2 + UART_SCRATCH);
	if (inb(COM2 + UART_SCRATCH) != 0x5a)
		return -ENODEV;
	outb(0, COM2 + UART_IRQ_ENABLE);
	outb(LINE_8N1 | LINE_DIVISOR, COM2 + UART_LINE);
	outb(DIVISOR_115200, COM2 + UART_DIVISOR);
	outb(0, COM2 + UART_DIVISOR + 1);
	outb(LINE_8N1, COM2 + UART_LINE);
	outb(FIFO_BURSTS, COM2 + UART_FIFO);
	head = tail = 0;
	err = request_irq(SERIAL2_IRQ, serial2_interrupt, 0, "ttyS1", NULL);
	if (!err)
		listen(true);
	return err;
}

void serial2_close(void)
{
	listen(false);
	free_irq(SERIAL2_IRQ, NULL);
}

static int take_byte(void)
{
	int c = -EAGAIN;

	spin_lock_irq(&lock);
	if (head != tail) {
		if (head - tail == RING)
			listen(true);
		c = ring[tail++ % RING];
	}
	spin_unlock_irq(&lock);
	return c;
}

int serial2_getc(void)
{
	int c;

	while ((c = take_byte()) == -EAGAIN)
		if (wait_event_interruptible(arrived, READ_ONCE(head) != READ_ONCE(tail)))
			return -EINTR;
	return c;
}

void serial2_write(const u8 *s, size_t n)
{
	for (; n; n--) {
		for (int i = 0; i < SEND_PATIENCE && !(inb(COM2 + UART_STATUS) & STATUS_EMPTY); i++)
			cpu_relax();
		outb(*s++, COM2 + UART_DATA);
	}
}
