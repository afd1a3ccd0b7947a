/* SPDX-License-Identifier: MIT */
#pragma once
/* The registers of a 16550, as distances from the port's base. Private to the serial drivers. */

#define COM1		0x3f8
#define COM2		0x2f8

#define UART_DATA	0	/* read: a byte received; write: a byte to send */
#define UART_IRQ_ENABLE	1
#define UART_FIFO	2	/* write only */
#define UART_LINE	3	/* line control */
#define UART_MODEM	4
#define UART_STATUS	5	/* line status */
#define UART_SCRATCH	7
#define UART_DIVISOR	0	/* two bytes, while LINE_DIVISOR is set */

#define FIFO_ON_CLEAR	0x07	/* an interrupt for each byte */
#define FIFO_BURSTS	0xc7	/* for 14, or when no more come for a while */
#define FIFO_SIZE	16
#define LINE_8N1	0x03
#define LINE_DIVISOR	0x80
#define IRQ_RECEIVED	0x01
#define MODEM_DTR_RTS	0x03
#define MODEM_RTS	0x02
#define MODEM_OUT2	0x08	/* lets the interrupt through, on a PC */
#define STATUS_RECEIVED	0x01
#define STATUS_BREAK	0x10	/* the byte is none: the line was held down for longer than one takes */
#define STATUS_EMPTY	0x20	/* the whole FIFO is free */

#define DIVISOR_115200	1
