/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What an interrupt handler answers. IRQ_NONE: not from my device; honest answers let a stuck line be noticed.
 */
enum irqreturn {
	IRQ_NONE	= 0,
	IRQ_HANDLED	= 1 << 0,
	IRQ_WAKE_THREAD	= 1 << 1,
};
typedef enum irqreturn irqreturn_t;

#define IRQ_RETVAL(x)	((x) ? IRQ_HANDLED : IRQ_NONE)
