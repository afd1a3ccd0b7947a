/* SPDX-License-Identifier: MIT */
/*
 * Where events are written: one ring for each CPU, written by that CPU only.
 *
 *	number n:   slot n & mask           n+1                  n+2, n+3
 *	          | time pid event words | time pid event words | trace_printk text ..|.. longer text |
 *	                                                                               ^ head
 *
 * A writer draws the next number, fills the slot and publishes it. Nobody waits, for anything: the only rivals are
 * interrupts and NMIs on the same CPU, which come in the middle, draw a later number, and are done when we go on. So
 * head needs no locked instruction, only one that an interrupt can't split. It is exchanged against the value read
 * before the clock: should an interrupt have written in between, we look at the clock again. Numbers and times of a
 * ring therefore rise together, and readers merge rings by comparing their first times (output.c).
 *
 * A ring that is full goes on with its oldest slot. Nothing is counted there: how many were lost is the distance from
 * the oldest number still there. A slot's state says which number it holds and whether it is whole. Should an
 * interrupt write more than a whole ring, it finds our slot still being written, and drops its event; that is counted.
 *
 * Readers are on any CPU, take no lock and disturb nobody: they copy a slot, and throw the copy away if the state is
 * another afterwards.
 *
 * An event of a thread that the filter does not want is only known to be so when its fields are filled: PIDs are
 * fields. It gives its number back, if it is still the last, or else leaves a slot that is marked SLOT_NOTHING.
 *
 * Memory is control.c's. It takes the slots away only when all events have been off for an RCU grace period: writers
 * have preemption off.
 *
 * Rejected: records of different sizes, closely packed, as Linux has. They hold two to three times as much in the same
 * memory, and need pages, commits and a reader's page, which is the 4,000 lines of its ring buffer.
 * Read next: output.c; <linux/tracepoint.h> for who calls.
 */
#include "trace.h"
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <asm/percpu.h>
#include <asm/smp.h>

DEFINE_PER_CPU(struct trace_ring, trace_ring);

bool trace_running;
pid_t trace_filter_pid;
struct cpumask trace_filter_cpus = CPU_MASK_ALL;

/* What kind of code was it that came here? */
static u8 context_flags(int count)
{
	u8 flags = 0;

	if (irqs_disabled())
		flags |= TRACE_FLAG_IRQS_OFF;
	if (count & NMI_MASK)
		flags |= TRACE_FLAG_NMI;
	if (count & HARDIRQ_MASK)
		flags |= TRACE_FLAG_HARDIRQ;
	if (count & SOFTIRQ_OFFSET)
		flags |= TRACE_FLAG_SOFTIRQ;
	if ((count & SOFTIRQ_MASK) >> (SOFTIRQ_SHIFT + 1))
		flags |= TRACE_FLAG_BH_OFF;
	if (test_thread_flag(TIF_NEED_RESCHED))
		flags |= TRACE_FLAG_NEED_RESCHED;
	if (test_preempt_need_resched())
		flags |= TRACE_FLAG_PREEMPT_RESCHED;
	return flags;
}

/* `many` numbers in a row. Return: the first; its time is later than that of every lower number. */
static u64 draw(unsigned int many, u64 *time)
{
	u64 head = this_cpu_read(trace_ring.head), was;

	for (;;) {
		*time = printk_clock();
		was = this_cpu_cmpxchg(trace_ring.head, head, head + many);
		if (likely(was == head))
			return head + 1;
		head = was;
	}
}

/* Number n's slot, ours to write; NULL: somebody whom we interrupted is still in it, or has a later number there. */
static struct trace_slot *claim(struct trace_ring *ring, struct trace_slot *slots, u64 n)
{
	struct trace_slot *slot = &slots[n & ring->mask];
	s64 old = atomic64_read(&slot->state);

	do {
		if ((old & SLOT_WRITING) || (u64)old >> SLOT_SHIFT > n) {
			this_cpu_inc(trace_ring.dropped);
			return NULL;
		}
		/* ORDER(trace-slot): a full barrier; a reader that sees any of what follows finds the state changed. */
	} while (!atomic64_try_cmpxchg(&slot->state, &old, n << SLOT_SHIFT | SLOT_WRITING));
	return slot;
}

static void publish(struct trace_slot *slot, u64 n, u64 mark)
{
	/* ORDER(trace-slot): who reads this state sees the record. */
	atomic64_set_release(&slot->state, n << SLOT_SHIFT | mark);
}

/* This CPU's ring, if events of this CPU are wanted and there is one. Preemption is off. */
static struct trace_slot *this_ring(struct trace_ring **ring)
{
	if (!READ_ONCE(trace_running) || !cpumask_test_cpu(smp_processor_id(), &trace_filter_cpus))
		return NULL;
	*ring = this_cpu_ptr(&trace_ring);
	/* ORDER(trace-ring): the mask is as old as the slots, or newer. */
	return smp_load_acquire(&(*ring)->slots);
}

static void fill_head(struct trace_slot *slot, const struct trace_event *event, u64 time, int count)
{
	slot->time = time;
	__builtin_memcpy(slot->comm, current->comm, sizeof(slot->comm));
	slot->pid = current->pid;
	slot->event = event - __trace_events_start;
	slot->flags = context_flags(count);
	slot->preempt = min_t(unsigned int, count & PREEMPT_MASK, 15);
}

bool trace_begin(struct trace_writer *w, const struct trace_event *event)
{
	int count = preempt_count();
	struct trace_slot *slots;
	struct trace_ring *ring;
	u64 time;

	preempt_disable();
	slots = this_ring(&ring);
	if (!slots)
		goto nothing;
	w->number = draw(1, &time);
	w->slot = claim(ring, slots, w->number);
	if (!w->slot)
		goto nothing;
	fill_head(w->slot, event, time, count);
	w->words = w->slot->words;
	w->n = 0;
	w->filter = READ_ONCE(trace_filter_pid);
	w->wanted = !w->filter || w->filter == current->pid;
	return true;
nothing:
	preempt_enable();
	return false;
}

/* Not wanted after all: as if it had never been drawn, unless an interrupt has drawn since. */
static void give_back(struct trace_writer *w)
{
	publish(w->slot, w->number, SLOT_NOTHING);
	if (this_cpu_cmpxchg(trace_ring.head, w->number, w->number - 1) != w->number)
		this_cpu_inc(trace_ring.texts);
}

void trace_end(struct trace_writer *w)
{
	if (likely(w->wanted))
		publish(w->slot, w->number, 0);
	else
		give_back(w);
	preempt_enable();
}

void trace_pid(struct trace_writer *w, pid_t pid)
{
	trace_word(w, pid);
	w->wanted |= pid == w->filter;
}

/* In whole words, ended by a zero, cut to what is left. A driver may have given its handler no name. */
void trace_string(struct trace_writer *w, const char *s)
{
	size_t room = (TRACE_WORDS - w->n) * sizeof(u64), len = strnlen(s ?: "(null)", room - 1);
	unsigned int words = len / sizeof(u64) + 1;

	w->words[w->n + words - 1] = 0;
	memcpy(&w->words[w->n], s ?: "(null)", len);
	w->n += words;
}

/* One slot's share of a text. Return: how many bytes it took. */
static size_t fill_text(u64 *words, unsigned int first, const char *text, size_t len)
{
	size_t room = (TRACE_WORDS - first) * sizeof(u64), part = min(len, room);
	char *to = (char *)&words[first];

	memcpy(to, text, part);
	if (part < room)
		to[part] = '\0';
	return part;
}

/* Preemption is off. */
static void put_text(const struct trace_event *event, unsigned long ip, const char *text, size_t len, int count)
{
	unsigned int many = 1 + (len + sizeof(u64)) / (TRACE_WORDS * sizeof(u64)), i;
	struct trace_ring *ring;
	struct trace_slot *slots = this_ring(&ring), *slot;
	u64 time, n;

	pid_t filter = READ_ONCE(trace_filter_pid);

	if (!slots || (filter && filter != current->pid))
		return;
	n = draw(many, &time);
	this_cpu_add(trace_ring.texts, many - 1);
	for (i = 0; i < many && (slot = claim(ring, slots, n + i)) != NULL; i++) {
		size_t part;

		fill_head(slot, event, time, count);
		slot->words[0] = ip;
		if (i)
			slot->event = TRACE_TEXT;
		part = fill_text(slot->words, !i, text, len);
		text += part;
		len -= part;
		publish(slot, n + i, 0);
	}
}

void trace_text(const struct trace_event *event, unsigned long ip, const char *text, size_t len)
{
	int count = preempt_count();

	preempt_disable();
	put_text(event, ip, text, min_t(size_t, len, TRACE_TEXT_MAX), count);
	preempt_enable();
}

bool trace_being_written(int cpu, u64 n, bool newest)
{
	struct trace_ring *ring = per_cpu_ptr(&trace_ring, cpu);
	struct trace_slot *slots = READ_ONCE(ring->slots);
	u64 state = slots ? atomic64_read(&slots[n & ring->mask].state) : ~0ULL;

	return state >> SLOT_SHIFT == n || (newest && state >> SLOT_SHIFT < n);
}

bool trace_read(int cpu, u64 n, struct trace_slot *copy)
{
	struct trace_ring *ring = per_cpu_ptr(&trace_ring, cpu);
	struct trace_slot *slots = READ_ONCE(ring->slots), *slot;

	if (!slots || !n)
		return false;
	slot = &slots[n & ring->mask];
	/* ORDER(trace-slot): the reading end; the record is read after the state, and the state again after that. */
	if ((u64)atomic64_read_acquire(&slot->state) != n << SLOT_SHIFT)
		return false;
	memcpy(copy, slot, sizeof(*copy));
	smp_rmb();	/* ORDER(trace-slot): read before the state is read again */
	return (u64)atomic64_read(&slot->state) == n << SLOT_SHIFT;
}
