/* SPDX-License-Identifier: MIT */
/*
 * From rings to lines: merged by time, as ftrace prints them.
 *
 *	          <idle>-0       [001] d..2.     0.123456: sched_switch: prev_comm=swapper/1 prev_pid=0 ...
 *	            TASK-PID     CPU#  |||||  TIMESTAMP    FUNCTION
 *
 * An iterator holds the next event of each CPU; the one with the lowest time is printed, and its CPU's next one takes
 * its place. Each ring is in order by itself (ring.c). It ends at what was written when it began, so that reading a
 * running trace comes to an end, even though it makes events itself.
 *
 * The line behind the name is printed by walking the event's format: each % takes the next word of the record, %s as
 * many words as the text has. The same format and record are read by GDB, without us (tools/gdb/bobbin/trace.py).
 *
 * Never silent: what was overwritten counts, and is told in front of the CPU's next event, as
 * "CPU:2 [LOST 345 EVENTS]". What is just being written does not: it is not there yet.
 *
 * Locking: none; RCU keeps the slots. Read next: control.c.
 */
#include "trace.h"
#include <linux/cpumask.h>
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <asm/percpu.h>

/* ---- merging ---- */

static u64 oldest_of(const struct trace_ring *ring, u64 head)
{
	u64 size = ring->mask + 1, cleared = READ_ONCE(ring->cleared);

	return max(head > size ? head - size : 0, cleared) + 1;
}

static bool read_slot(int cpu, u64 n, struct trace_slot *copy)
{
	bool ok;

	rcu_read_lock();
	ok = trace_read(cpu, n, copy);
	rcu_read_unlock();
	return ok;
}

/* Could not be read because it is no more, and not because it is not there yet? */
static bool is_lost(int cpu, u64 n, bool newest)
{
	bool lost;

	rcu_read_lock();
	lost = !trace_being_written(cpu, n, newest);
	rcu_read_unlock();
	return lost;
}

/* Put that CPU's next event at the head of its line, or none: end = 0. */
static void fetch(struct trace_iter *it, int cpu)
{
	struct trace_slot *slot = &it->heads[cpu];

	for (; it->next[cpu] <= it->end[cpu]; it->next[cpu]++) {
		if (!read_slot(cpu, it->next[cpu], slot)) {
			it->gone[cpu] += is_lost(cpu, it->next[cpu],
						 it->next[cpu] + TRACE_TEXT_SLOTS > it->end[cpu]);
			continue;
		}
		if (slot->event == TRACE_TEXT)
			continue;
		it->next[cpu]++;
		return;
	}
	it->end[cpu] = 0;
}

void trace_iter_begin(struct trace_iter *it)
{
	int cpu;

	memset(it->end, 0, sizeof(it->end));
	memset(it->gone, 0, sizeof(it->gone));
	for_each_possible_cpu(cpu) {
		struct trace_ring *ring = per_cpu_ptr(&trace_ring, cpu);

		it->end[cpu] = READ_ONCE(ring->slots) ? READ_ONCE(ring->head) : 0;
		it->next[cpu] = oldest_of(ring, it->end[cpu]);
		if (it->end[cpu]) {
			u64 cleared = READ_ONCE(ring->cleared);

			it->gone[cpu] = it->next[cpu] > cleared ? it->next[cpu] - 1 - cleared : 0;
			fetch(it, cpu);
		}
	}
}

/* The text of the slots behind a first one, of which `n` is the next. */
static void collect_text(struct trace_iter *it, int cpu, u64 n)
{
	size_t room = sizeof(it->found.words), len = room - sizeof(u64);
	struct trace_slot more;

	memcpy(it->text, &it->found.words[1], len);
	it->text[len] = '\0';
	while (strlen(it->text) == len && len < TRACE_TEXT_MAX && read_slot(cpu, n++, &more) &&
	       more.event == TRACE_TEXT) {
		memcpy(it->text + len, more.words, room);
		len += room;
		it->text[len] = '\0';
	}
}

static bool is_text(const struct trace_event *event)
{
	return !event->format[0];
}

bool trace_iter_next(struct trace_iter *it)
{
	int cpu, best = -1;

	for_each_possible_cpu(cpu)
		if (it->end[cpu] && (best < 0 || it->heads[cpu].time < it->heads[best].time))
			best = cpu;
	if (best < 0)
		return false;
	it->cpu = best;
	it->found = it->heads[best];
	it->slot = &it->found;
	it->lost = it->gone[best];
	it->gone[best] = 0;
	if (is_text(&__trace_events_start[it->found.event]))
		collect_text(it, best, it->next[best]);
	fetch(it, best);
	return true;
}

/* ---- a line ---- */

/* One conversion: `spec` is "%...", `end` behind it. Return: the word behind the last that was taken. */
static const u64 *format_field(char *buf, size_t size, size_t *len, const char *spec, const char *end, const u64 *word)
{
	char one[16];
	size_t n = min_t(size_t, end - spec, sizeof(one) - 1), room = size - *len;

	memcpy(one, spec, n);
	one[n] = '\0';
	if (end[-1] == 's' && end[-2] != 'p') {
		*len += scnprintf(buf + *len, room, one, (const char *)word);
		return word + strlen((const char *)word) / sizeof(u64) + 1;
	}
	if (strchr(one, 'p'))
		*len += scnprintf(buf + *len, room, one, (void *)*word);
	else if (strchr(one, 'l'))
		*len += scnprintf(buf + *len, room, one, *word);
	else
		*len += scnprintf(buf + *len, room, one, (unsigned int)*word);
	return word + 1;
}

static size_t format_fields(char *buf, size_t size, const char *format, const struct trace_slot *slot)
{
	const u64 *word = slot->words;
	size_t len = 0;

	while (*format && len + 1 < size) {
		const char *end = format + 1;

		if (*format != '%') {
			buf[len++] = *format++;
			continue;
		}
		while (*end && !isalpha(*end))
			end++;
		while (*end == 'l')
			end++;
		end += *end == 'p' && end[1] == 's' ? 2 : 1;
		word = format_field(buf, size, &len, format, end, word);
		format = end;
	}
	buf[len] = '\0';
	return len;
}

static void format_flags(char *to, const struct trace_slot *slot)
{
	u8 flags = slot->flags;
	bool hard = flags & TRACE_FLAG_HARDIRQ, bh = flags & TRACE_FLAG_BH_OFF;

	to[0] = flags & TRACE_FLAG_IRQS_OFF ? bh ? 'D' : 'd' : bh ? 'b' : '.';
	to[1] = !(flags & (TRACE_FLAG_NEED_RESCHED | TRACE_FLAG_PREEMPT_RESCHED)) ? '.' :
		!(flags & TRACE_FLAG_PREEMPT_RESCHED) ? 'n' : !(flags & TRACE_FLAG_NEED_RESCHED) ? 'p' : 'N';
	to[2] = flags & TRACE_FLAG_NMI ? hard ? 'Z' : 'z' :
		flags & TRACE_FLAG_SOFTIRQ ? hard ? 'H' : 's' : hard ? 'h' : '.';
	to[3] = slot->preempt ? "0123456789abcdef"[slot->preempt & 0xf] : '.';
	to[4] = '.';
	to[5] = '\0';
}

size_t trace_format(struct trace_iter *it, unsigned int digits)
{
	const struct trace_slot *slot = it->slot;
	const struct trace_event *event = &__trace_events_start[slot->event];
	u64 second = slot->time / 1000000000, rest = slot->time % 1000000000;
	size_t size = sizeof(it->line) - 1, len;
	char flags[8];

	format_flags(flags, slot);
	len = scnprintf(it->line, size, "%16.16s-%-7d [%03d] %s %5llu.%0*llu: ", slot->pid ? slot->comm : "<idle>",
			slot->pid, it->cpu, flags, second, digits, digits == 9 ? rest : rest / 1000);
	if (!is_text(event)) {
		len += scnprintf(it->line + len, size - len, "%s: ", event->name);
		len += format_fields(it->line + len, size - len, event->format, slot);
	} else if (slot->words[0]) {
		len += scnprintf(it->line + len, size - len, "%ps: %s", (void *)slot->words[0], it->text);
	} else {
		len += scnprintf(it->line + len, size - len, "%s: %s", event->name, it->text);
	}
	while (len && it->line[len - 1] == '\n')
		len--;
	it->line[len++] = '\n';
	it->line[len] = '\0';
	return len;
}

size_t trace_format_lost(struct trace_iter *it)
{
	return scnprintf(it->line, sizeof(it->line), "CPU:%d [LOST %llu EVENTS]\n", it->cpu, it->lost);
}

/* ---- counting ---- */

static void count_ring(int cpu, struct trace_count *count)
{
	struct trace_ring *ring = per_cpu_ptr(&trace_ring, cpu);
	u64 head = READ_ONCE(ring->head), n = oldest_of(ring, head), cleared = READ_ONCE(ring->cleared);
	struct trace_slot *at;
	s64 written;

	rcu_read_lock();
	at = READ_ONCE(ring->slots);
	for (; at && n <= head; n++) {
		const struct trace_slot *slot = &at[n & ring->mask];

		if ((u64)atomic64_read(&slot->state) != n << SLOT_SHIFT || slot->event == TRACE_TEXT)
			continue;
		if (!count->oldest || slot->time < count->oldest)
			count->oldest = slot->time;
		count->kept++;
	}
	rcu_read_unlock();
	written = head - cleared - (READ_ONCE(ring->texts) - READ_ONCE(ring->cleared_texts));
	if (written > 0)	/* it may have been cleared since head was read */
		count->written += written;
	count->dropped += READ_ONCE(ring->dropped);
}

void trace_count(int cpu, struct trace_count *count)
{
	int each;

	*count = (struct trace_count){};
	for_each_possible_cpu(each)
		if (cpu < 0 || each == cpu)
			count_ring(each, count);
}

void trace_format_head(char *buf, size_t size)
{
	struct trace_count count;

	trace_count(-1, &count);
	scnprintf(buf, size,
		  "# tracer: nop\n"
		  "#\n"
		  "# entries-in-buffer/entries-written: %llu/%llu   #P:%d\n"
		  "#\n"
		  "#                                _-----=> irqs-off/BH-disabled\n"
		  "#                               / _----=> need-resched\n"
		  "#                              | / _---=> hardirq/softirq\n"
		  "#                              || / _--=> preempt-depth\n"
		  "#                              ||| / _-=> migrate-disable\n"
		  "#                              |||| /     delay\n"
		  "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
		  "#              | |         |   |||||     |         |\n",
		  count.kept, count.written, num_online_cpus());
}
