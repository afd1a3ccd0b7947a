/* SPDX-License-Identifier: MIT */
#pragma once
/* Handlers of devices' interrupts, and softirqs. */
#include <linux/tracepoint.h>
#include <linux/interrupt.h>

TRACEPOINT(irq, irq_handler_entry, (int irq, const char *name), (irq, name), "irq=%d name=%s", _int(irq), _str(name))
TRACEPOINT(irq, irq_handler_exit, (int irq, int ret), (irq, ret), "irq=%d ret=%s",
	   _int(irq), _str(ret ? "handled" : "unhandled"))

#define TRACE_SOFTIRQ(_name)									\
	TRACEPOINT(irq, _name, (unsigned int vec), (vec), "vec=%u [action=%s]",			\
		   _int(vec), _str(softirq_to_name[vec]))
TRACE_SOFTIRQ(softirq_raise)
TRACE_SOFTIRQ(softirq_entry)
TRACE_SOFTIRQ(softirq_exit)
