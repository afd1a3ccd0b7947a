/* SPDX-License-Identifier: MIT */
/*
 * The trace: rings that never lose silently, and lines as ftrace prints them. What each event records, and when it is
 * made: trace_events.c.
 */
#include "trace.h"
#include "shell_says.h"
#include <linux/bottom_half.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/nmi.h>
#include <linux/random.h>
#include <linux/timekeeping.h>
#include <trace/events/sched.h>
#include <asm/nmi.h>

#define SLOTS(n)	((n) * sizeof(struct trace_slot))

/* ---- the ring */

/* Runs fn on that CPU, until it waits for its end. */
static void run_there(int cpu, int (*fn)(void *), void *data, const char *name)
{
	struct task_struct *p = test_start(cpu, fn, data, name);

	BLAME_UNLESS(eventually(test_asleep(p, TEST_ANY_SLEEP)));
	test_join(p);
}

static int say_hundred(void *unused)
{
	for (int i = 0; i < 100; i++)
		trace_printk("number %d", i);
	return test_wait_for_stop();
}

TEST(trace_ring_keeps_the_newest_and_counts_what_it_loses)
{
	struct trace_count count;
	char want[32];

	TRY(trace_test_begin(SLOTS(64), "ftrace"));
	run_there(0, say_hundred, NULL, "hundred");
	tracing_off();
	trace_count(0, &count);
	EXPECT_EQ(count.written, 100);
	EXPECT_EQ(count.kept, 64);
	EXPECT_EQ(count.dropped, 0);
	trace_iter_begin(it);
	for (int i = 36; i < 100; i++) {
		EXPECT(trace_iter_next(it));
		EXPECT_EQ(it->lost, i == 36 ? 36 : 0);
		snprintf(want, sizeof(want), "number %d", i);
		EXPECT(!strcmp(it->text, want));
	}
	EXPECT(!trace_iter_next(it));
	trace_test_end();
	return NULL;
}

TEST(trace_off_records_nothing)
{
	struct trace_count before, after;

	TRY(trace_test_begin(SLOTS(64), "all"));
	tracing_off();
	trace_count(-1, &before);
	EXPECT_EQ(trace_printk("not to be seen"), 0);
	run_there(0, say_hundred, NULL, "hundred");
	trace_count(-1, &after);
	EXPECT_EQ(after.written, before.written);
	trace_test_end();
	return NULL;
}

TEST(trace_clear_forgets_and_goes_on)
{
	struct trace_count count;

	TRY(trace_test_begin(SLOTS(64), "ftrace"));
	trace_printk("old");
	trace_clear();
	trace_count(-1, &count);
	EXPECT_EQ(count.kept, 0);
	EXPECT_EQ(count.written, 0);
	trace_printk("new");
	trace_iter_begin(it);
	EXPECT(trace_iter_next(it) && !strcmp(it->text, "new") && !it->lost);
	EXPECT(!trace_iter_next(it));
	trace_test_end();
	return NULL;
}

/* All is cleared while this CPU writes an event; nobody comes in between. */
static void write_around_a_clear(const struct trace_event *event)
{
	struct trace_writer w;

	local_irq_disable();
	if (trace_begin(&w, event)) {
		trace_word(&w, 0x1234);
		trace_clear();
		trace_end(&w);
	}
	local_irq_enable();
}

TEST(trace_clear_leaves_what_is_being_written)
{
	const struct trace_event *event = trace_event_of("timer_cancel");

	TRY(trace_test_begin(SLOTS(64), "ftrace"));
	trace_printk("old");
	write_around_a_clear(event);
	trace_iter_begin(it);
	EXPECT(trace_iter_next(it) && &__trace_events_start[it->slot->event] == event && !it->lost);
	EXPECT(!trace_iter_next(it));
	trace_test_end();
	return NULL;
}

TEST(trace_clear_does_not_hide_what_follows_an_unwanted_event)
{
	struct trace_count count;

	TRY(trace_test_begin(SLOTS(64), "ftrace"));
	trace_printk("old");
	WRITE_ONCE(trace_filter_pid, current->pid + 1);
	write_around_a_clear(trace_event_of("timer_cancel"));
	WRITE_ONCE(trace_filter_pid, 0);
	trace_printk("new");
	trace_count(-1, &count);
	EXPECT_EQ(count.kept, 1);
	EXPECT_EQ(count.written, 1);
	trace_iter_begin(it);
	EXPECT(trace_iter_next(it) && !strcmp(it->text, "new") && !it->lost);
	EXPECT(!trace_iter_next(it));
	trace_test_end();
	return NULL;
}

/* A text of that many bytes, of which each tells its place. */
static void fill_text(char *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = 'a' + i % 26;
	buf[len] = '\0';
}

TEST(trace_text_of_any_length_comes_out_whole)
{
	static char text[TRACE_TEXT_MAX + 64];
	struct trace_event *print = trace_event_of("print");
	struct trace_count count;

	for (size_t len = 0; len <= TRACE_TEXT_MAX + 32; len += 1 + len / 16) {
		size_t whole = min_t(size_t, len, TRACE_TEXT_MAX);

		TRY(trace_test_begin(SLOTS(64), "ftrace"));
		fill_text(text, len);
		trace_text(print, _THIS_IP_, text, len);
		trace_printk("behind");
		trace_iter_begin(it);
		EXPECT(trace_iter_next(it));
		EXPECT_EQ(strlen(it->text), whole);
		EXPECT(!memcmp(it->text, text, whole));
		EXPECT(trace_iter_next(it) && !strcmp(it->text, "behind"));
		trace_count(-1, &count);
		EXPECT_EQ(count.kept, 2);
		EXPECT_EQ(count.written, 2);
		trace_test_end();
	}
	return NULL;
}

TEST(trace_printk_cuts_a_long_text_and_says_how_much_it_took)
{
	static char text[400];

	TRY(trace_test_begin(SLOTS(64), "ftrace"));
	fill_text(text, sizeof(text) - 1);
	EXPECT_EQ(trace_printk("%s", text), TRACE_PRINTK_MAX - 1);
	trace_iter_begin(it);
	EXPECT(trace_iter_next(it));
	EXPECT_EQ(strlen(it->text), TRACE_PRINTK_MAX - 1);
	trace_test_end();
	return NULL;
}

TEST(trace_printk_without_a_ring_says_what_comes_first, .says = "`trace on` comes first")
{
	EXPECT_EQ(trace_printk("nobody keeps this"), 0);
	return NULL;
}

/* ---- who comes in between */

#define NMIS	10

static atomic_t nmi_writer_is_ready, nmis_taken;

static void nmi_says(struct pt_regs *regs)
{
	trace_printk("from the NMI %d", smp_processor_id());
	atomic_inc(&nmis_taken);
}

/* Writes as fast as it can; what interrupts it writes, too. */
static int write_until_stopped(void *unused)
{
	int n = 0;

	while (!kthread_should_stop() && atomic_read(&nmis_taken) < NMIS) {
		trace_printk("thread %d", n++);
		atomic_set(&nmi_writer_is_ready, n);
	}
	test_wait_for_stop();
	return n;
}

/* Each record whole, in the order of time, and none missing but where it says so. Return: how many were by NMIs. */
static const char *check_nmi_records(int *seen)
{
	bool after_a_gap = false;
	int said, next = 0;
	u64 last = 0;

	trace_iter_begin(it);
	while (trace_iter_next(it)) {
		EXPECT(it->slot->time >= last);
		last = it->slot->time;
		after_a_gap |= it->lost;
		if (!strcmp(it->text, "from the NMI 1")) {
			EXPECT(it->slot->flags & TRACE_FLAG_NMI);
			++*seen;
			continue;
		}
		EXPECT_EQ(sscanf(it->text, "thread %d", &said), 1);
		EXPECT(after_a_gap || said == next);
		next = said + 1;
		after_a_gap = false;
	}
	return NULL;
}

TEST(trace_nmi_in_the_middle_of_a_record_writes_its_own, .cpus = 2)
{
	struct trace_count count;
	struct task_struct *p;
	int said, seen = 0;

	TRY(trace_test_begin(SLOTS(8192), "ftrace"));
	set_cpus_allowed_ptr(current, cpumask_of(0));
	atomic_set(&nmi_writer_is_ready, 0);
	atomic_set(&nmis_taken, 0);
	p = test_start(1, write_until_stopped, NULL, "writer");
	EXPECT(eventually(atomic_read(&nmi_writer_is_ready)));
	for (int i = 0; i < NMIS; i++) {
		EXPECT(nmi_call(1, nmi_says));
		while (!nmi_call_done(1))
			cpu_relax();
	}
	said = test_join(p);
	tracing_off();
	trace_count(1, &count);
	EXPECT_EQ(count.written, said + NMIS);
	EXPECT_EQ(count.dropped, 0);
	TRY(check_nmi_records(&seen));
	EXPECT_OP(seen, >=, 1);		/* the last one made the writer stop */
	test_note("%d records, %d NMIs in between, %d of them still in the ring", said, NMIS, seen);
	trace_test_end();
	return NULL;
}

/* Writer i counts; the text is its number so often that a torn one would show. */
static const char *write_whole_texts(struct crew *c, int i)
{
	int rounds = test_rounds(2000);

	for (int n = 0; n < rounds; n++)
		trace_printk("%d %d %d %d %d", i, n, n, n, n);
	return NULL;
}

static const char *read_once(int *last)
{
	int who, a, b, c, d;

	trace_iter_begin(it);
	while (trace_iter_next(it)) {
		EXPECT_EQ(sscanf(it->text, "%d %d %d %d %d", &who, &a, &b, &c, &d), 5);
		EXPECT(a == b && b == c && c == d);
		EXPECT(who >= 0 && who < NR_CPUS);
		EXPECT_OP(a, >, last[who]);
		last[who] = a;
	}
	return NULL;
}

static atomic_t reader_done;

static int read_until_stopped(void *unused)
{
	static int last[NR_CPUS];
	const char *why = NULL;

	while (!kthread_should_stop() && !why) {
		for (int i = 0; i < NR_CPUS; i++)
			last[i] = -1;
		why = read_once(last);
		if (why)
			test_blame("%s", why);
		cond_resched();
	}
	atomic_set(&reader_done, 1);
	return test_wait_for_stop();
}

TEST(trace_reader_never_sees_half_a_record, .cpus = 2)
{
	struct crew c = { .fn = write_whole_texts, .n = num_online_cpus(), .bound = true };
	struct trace_count count;
	struct task_struct *p;
	const char *why;

	TRY(trace_test_begin(SLOTS(256), "ftrace"));
	p = test_start(-1, read_until_stopped, NULL, "reader");
	why = crew_run(&c);
	test_join(p);
	TRY(why);
	trace_count(-1, &count);
	EXPECT_EQ(count.written, (u64)c.n * test_rounds(2000));
	EXPECT_EQ(count.dropped, 0);
	EXPECT_EQ(count.kept, c.n * min(test_rounds(2000), 256));
	trace_test_end();
	return NULL;
}

TEST(trace_rings_are_merged_by_time)
{
	struct crew c = { .fn = write_whole_texts, .n = num_online_cpus(), .bound = true };
	u64 last = 0, n = 0;

	TRY(trace_test_begin(SLOTS(4096), "ftrace"));
	TRY(crew_run(&c));
	tracing_off();
	trace_iter_begin(it);
	for (; trace_iter_next(it); n++) {
		EXPECT(it->slot->time >= last);
		last = it->slot->time;
	}
	EXPECT_EQ(n, (u64)c.n * test_rounds(2000));
	trace_test_end();
	return NULL;
}

TEST(trace_memory_can_be_taken_from_running_writers, .cpus = 2)
{
	struct task_struct *p;

	TRY(trace_test_begin(SLOTS(64), "ftrace"));
	atomic_set(&nmis_taken, 0);
	p = test_start(1, write_until_stopped, NULL, "writer");
	for (int i = 0; i < 4; i++) {
		EXPECT_EQ(trace_set_size(SLOTS(64 << i % 3)), 0);
		EXPECT(tracing_is_on());
		test_nap();
	}
	test_join(p);
	trace_test_end();
	EXPECT(!tracing_is_on());
	return NULL;
}

TEST(trace_size_0_forgets_the_numbers_too)
{
	struct trace_count count;

	TRY(trace_test_begin(SLOTS(64), "ftrace"));
	trace_printk("gone with the ring");
	trace_test_end();
	trace_count(-1, &count);
	EXPECT(!count.kept && !count.written && !count.dropped);
	return NULL;
}

TEST(trace_without_memory_says_so_and_leaves_nothing)
{
	EXPECT_EQ(trace_set_size(1UL << 40), -ENOMEM);
	EXPECT_EQ(trace_size(), 0);
	EXPECT(!tracing_is_on());
	return NULL;
}

/* ---- the line */

static const char *line_says(const char *flags, const char *text)
{
	char want[128];
	size_t len;

	EXPECT(trace_iter_next(it));
	len = trace_format(it, 6);
	EXPECT_EQ(len, strlen(it->line));
	snprintf(want, sizeof(want), "%16s-%-7d [%03d] %s %5llu.%06llu: print_in_all_contexts: %s\n", current->comm,
		 current->pid, it->cpu, flags, it->slot->time / 1000000000, it->slot->time / 1000 % 1000000, text);
	if (strcmp(it->line, want))
		return test_fail("\"%s\" instead of \"%s\"", it->line, want);
	return NULL;
}

/* The function's name is in the line. A wanted reschedule would be, too: an interrupt or two may ask for one. */
static noinline void print_in_all_contexts(void)
{
	unsigned long flags;

	trace_printk("a thread\n");
	preempt_disable();
	trace_printk("no preemption");
	local_bh_disable();
	trace_printk("no softirqs");
	local_irq_save(flags);
	trace_printk("nothing");
	local_irq_restore(flags);
	local_bh_enable();
	local_irq_save(flags);
	trace_printk("no interrupts");
	local_irq_restore(flags);
	preempt_enable();
}

static void forget_resched(void)
{
	trace_iter_begin(it);
	for (int cpu = 0; cpu < NR_CPUS; cpu++)
		for (u64 n = it->next[cpu] - 1; it->end[cpu] && n <= it->end[cpu]; n++)
			per_cpu_ptr(&trace_ring, cpu)->slots[n & per_cpu_ptr(&trace_ring, cpu)->mask].flags &=
				~(TRACE_FLAG_NEED_RESCHED | TRACE_FLAG_PREEMPT_RESCHED);
}

TEST(trace_line_is_ftraces)
{
	TRY(trace_test_begin(SLOTS(64), "ftrace"));
	print_in_all_contexts();
	tracing_off();
	forget_resched();
	trace_iter_begin(it);
	TRY(line_says(".....", "a thread"));
	TRY(line_says("...1.", "no preemption"));
	TRY(line_says("b..1.", "no softirqs"));
	TRY(line_says("D..1.", "nothing"));
	TRY(line_says("d..1.", "no interrupts"));
	trace_test_end();
	return NULL;
}

TEST(trace_line_with_nanoseconds_has_the_same_time)
{
	char want[32];

	TRY(trace_test_begin(SLOTS(64), "ftrace"));
	trace_printk("x");
	trace_iter_begin(it);
	EXPECT(trace_iter_next(it));
	trace_format(it, 9);
	snprintf(want, sizeof(want), " %5llu.%09llu: ", it->slot->time / 1000000000, it->slot->time % 1000000000);
	EXPECT(strstr(it->line, want));
	trace_test_end();
	return NULL;
}

TEST(trace_head_is_ftraces)
{
	static char head[800], want[64];

	TRY(trace_test_begin(SLOTS(64), "ftrace"));
	trace_printk("one");
	trace_format_head(head, sizeof(head));
	snprintf(want, sizeof(want), "# entries-in-buffer/entries-written: 1/1   #P:%d\n", num_online_cpus());
	EXPECT(!strncmp(head, "# tracer: nop\n#\n", 16));
	EXPECT(strstr(head, want));
	EXPECT(strstr(head, "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"));
	trace_test_end();
	return NULL;
}

/* ---- what is recorded */

TEST(trace_events_are_chosen_by_name_group_and_star)
{
	TRY(trace_test_begin(SLOTS(64), "sched_switch"));
	EXPECT(trace_event_of("sched_switch")->on && !trace_event_of("sched_waking")->on);
	EXPECT_EQ(trace_want("sched:sched_wak*", true), 0);
	EXPECT(trace_event_of("sched_waking")->on && trace_event_of("sched_wakeup_new")->on);
	EXPECT(!trace_event_of("sched_process_exit")->on);
	EXPECT_EQ(trace_want("sched", true), 0);
	EXPECT(trace_event_of("sched_process_exit")->on);
	EXPECT_EQ(trace_want("sched_swich", true), -ENOENT);
	EXPECT_EQ(trace_want("irq:sched_switch", true), -ENOENT);
	EXPECT_EQ(trace_want("", true), -ENOENT);
	tracing_off();
	EXPECT(!trace_event_of("sched_switch")->on);
	tracing_on();
	EXPECT(trace_event_of("sched_switch")->on);
	trace_test_end();
	return NULL;
}

static int say_once(void *text)
{
	trace_printk("%s", (const char *)text);
	return test_wait_for_stop();
}

TEST(trace_filter_of_a_thread_keeps_what_it_does_and_what_is_done_to_it)
{
	struct trace_count count;
	struct task_struct *p;
	int n = 0;

	TRY(trace_test_begin(SLOTS(1024), "sched"));
	p = kthread_create(say_once, "I am it", "filtered");
	EXPECT(!IS_ERR(p));
	get_task_struct(p);
	WRITE_ONCE(trace_filter_pid, p->pid);
	synchronize_rcu();	/* no event is under way that began without the filter */
	trace_clear();
	wake_up_process(p);
	EXPECT(eventually(test_asleep(p, TEST_ANY_SLEEP)));
	trace_printk("I am not");
	kthread_stop(p);
	tracing_off();
	trace_iter_begin(it);
	for (; trace_iter_next(it); n++) {
		trace_format(it, 6);
		if (!strstr(it->line, "filtered"))
			return test_fail("not of the thread: %s", it->line);
		EXPECT_EQ(it->lost, 0);
	}
	WRITE_ONCE(trace_filter_pid, 0);
	trace_count(-1, &count);
	EXPECT_EQ(count.kept, n);
	EXPECT_EQ(count.written, n);
	EXPECT_OP(n, >=, 6);	/* waking, wakeup, two switches, text, waking to stop, ... */
	put_task_struct(p);
	trace_test_end();
	return NULL;
}

TEST(trace_filter_of_cpus_keeps_what_happens_there, .cpus = 2)
{
	struct trace_count count;

	TRY(trace_test_begin(SLOTS(64), "ftrace"));
	cpumask_copy(&trace_filter_cpus, cpumask_of(1));
	run_there(0, say_once, "not here", "elsewhere");
	run_there(1, say_once, "here", "there");
	cpumask_setall(&trace_filter_cpus);
	trace_count(-1, &count);
	EXPECT_EQ(count.written, 1);
	trace_iter_begin(it);
	EXPECT(trace_iter_next(it) && it->cpu == 1 && !strcmp(it->text, "here"));
	trace_test_end();
	return NULL;
}

/* ---- scenarios */

TEST(scenario_each_plays_to_its_end_and_leaves_nothing)
{
	static const char *const lines[] = {
		"scenario pingpong 3", "scenario workers 2", "scenario locks 2", "scenario storm 2",
		"scenario timers 2", "scenario birth 2", "scenario crowd 1",
	};

	for (int i = 0; i < ARRAY_SIZE(lines); i++)
		SAYS(lines[i], "", 0);
	if (num_online_cpus() > 1)
		SAYS("scenario hotplug", "", 0);
	else
		SAYS_ALSO("scenario hotplug", "scenario hotplug: could not be played (-ENODEV)\n");
	return NULL;
}

/* ---- cost */

TEST(trace_event_costs_a_few_hundred_instructions_at_most, .cost = true)
{
	enum { ROUNDS = 1000 };
	unsigned long flags;
	u64 start, ns;

	TRY(trace_test_begin(SLOTS(64), "sched"));
	local_irq_save(flags);
	start = ktime_get_ns();
	for (int i = 0; i < ROUNDS; i++)
		trace_sched_waking(current);
	ns = ktime_get_ns() - start;
	local_irq_restore(flags);
	trace_test_end();
	if (test_real_time)
		return NULL;	/* time is the host's: nothing to judge */
	test_note("%llu instructions for an event that is recorded", ns / ROUNDS);
	EXPECT_OP(ns / ROUNDS, <, 400);
	return NULL;
}
