/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Interrupts from CPU to CPU, and of the CPU's own timer. On x86 Linux names vectors (group irq_vectors), elsewhere it
 * says what the interrupt is for (group ipi): here both, and who sent it.
 */
#include <linux/tracepoint.h>
#include <linux/cpumask.h>

#define IPI_RESCHEDULE	"Rescheduling interrupts"
#define IPI_CALL	"Function call interrupts"
#define IPI_IRQ_WORK	"IRQ work interrupts"

/* The sender's; the mask as two words of 32 CPUs. */
TRACEPOINT(ipi, ipi_raise, (const struct cpumask *mask, const char *reason), (mask, reason),
	   "target_mask=%08x,%08x (%s)",
	   _int(cpumask_bits(mask)[0] >> 32), _int(cpumask_bits(mask)[0]), _str(reason))

#define TRACE_IPI(_name) \
	TRACEPOINT(ipi, _name, (const char *reason), (reason), "(%s)", _str(reason))
TRACE_IPI(ipi_entry)
TRACE_IPI(ipi_exit)

#define TRACE_VECTOR(_name) \
	TRACEPOINT(irq_vectors, _name, (int vector), (vector), "vector=%d", _int(vector))
TRACE_VECTOR(local_timer_entry)
TRACE_VECTOR(local_timer_exit)
TRACE_VECTOR(reschedule_entry)
TRACE_VECTOR(reschedule_exit)
TRACE_VECTOR(call_function_entry)
TRACE_VECTOR(call_function_exit)
TRACE_VECTOR(irq_work_entry)
TRACE_VECTOR(irq_work_exit)
