/* SPDX-License-Identifier: MIT */
/*
 * The log: what is written is found again, whole, in order, whoever writes at the same time.
 */
#include "test.h"

#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/kmsg.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/string.h>

static u64 end_of_log(void)
{
	static char text[LOG_LINE_MAX + 1];
	struct kmsg_record rec;
	u64 seq = kmsg_first();

	while (kmsg_read(&seq, &rec, text, sizeof(text)))
		;
	return seq;
}

TEST(printk_a_message_is_found_in_the_log_with_its_level_and_author)
{
	u64 seq = end_of_log();
	struct kmsg_record rec;
	char text[100];

	printk(KERN_DEBUG "test: %d and %s\n", 42, "words");
	EXPECT(kmsg_read(&seq, &rec, text, sizeof(text)));
	EXPECT(strcmp(text, "test: 42 and words") == 0);
	EXPECT_EQ(rec.level, 7);
	EXPECT_EQ(rec.caller, current->pid);
	EXPECT(!kmsg_read(&seq, &rec, text, sizeof(text)));
	return NULL;
}

TEST(printk_continued_lines_become_one)
{
	u64 seq = end_of_log();
	struct kmsg_record rec;
	char text[100];
	unsigned long flags;

	local_irq_save(flags);
	printk(KERN_DEBUG "test: one");
	pr_cont(" two");
	pr_cont(" three\n");
	local_irq_restore(flags);
	EXPECT(kmsg_read(&seq, &rec, text, sizeof(text)));
	EXPECT(strcmp(text, "test: one two three") == 0);
	return NULL;
}

TEST(printk_a_reader_of_an_overwritten_log_goes_on_and_says_what_was_lost)
{
	u64 seq = end_of_log();
	static char text[LOG_LINE_MAX + 1];
	struct kmsg_record rec;
	int i, read = 0, last = -1;
	u64 lost = 0;

	for (i = 0; i < 20000; i++)
		printk(KERN_DEBUG "test: filling the ring with line %d of many, to make it go round\n", i);
	while (kmsg_read(&seq, &rec, text, sizeof(text))) {
		const char *line = strstr(text, "with line ");
		int n = line ? simple_strtol(line + 10, NULL, 10) : last + 1;

		lost += rec.lost;
		if (n <= last)
			return test_fail("line %d after line %d", n, last);
		last = n;
		read++;
	}
	EXPECT_EQ(last, 19999);
	EXPECT_OP(read, >, 100);
	EXPECT(lost > 0 || read >= 20000);
	return NULL;
}

/* ---- many at once ---- */

#define LINES 400

static void from_interrupt(void *data)
{
	printk(KERN_DEBUG "test: writer 99 line 0 .......................... end\n");
}

static const char *write_lines(struct crew *c, int who)
{
	int i;

	for (i = 0; i < LINES; i++) {
		printk(KERN_DEBUG "test: writer %d line %d .......................... end\n", who, i);
		if (i % 50 == 0)
			on_each_cpu(from_interrupt, NULL, 1);
	}
	return NULL;
}

/* Every line that is there is whole, and each writer's lines stand in the order in which it wrote them. */
static const char *check_lines(u64 seq)
{
	static char text[LOG_LINE_MAX + 1];
	static int last[100];
	struct kmsg_record rec;
	int i;

	for (i = 0; i < 100; i++)
		last[i] = -1;
	while (kmsg_read(&seq, &rec, text, sizeof(text))) {
		const char *writer = strstr(text, "writer "), *line = strstr(text, "line ");
		int who, n;

		if (strncmp(text, "test: ", 6) != 0)
			continue;
		if (!writer || !line || !strstr(text, " .......................... end"))
			return test_fail("a line is not whole: %.60s", text);
		who = simple_strtol(writer + 7, NULL, 10);
		n = simple_strtol(line + 5, NULL, 10);
		if (who == 99)
			continue;
		if (n <= last[who])
			return test_fail("writer %d: line %d after %d", who, n, last[who]);
		last[who] = n;
	}
	for (i = 0; i < 4; i++)
		if (last[i] != LINES - 1)
			return test_fail("writer %d: the last line found is %d", i, last[i]);
	return NULL;
}

TEST(printk_lines_of_writers_on_all_cpus_and_interrupts_stay_whole)
{
	struct crew c = { .fn = write_lines, .n = 4, .bound = true };
	u64 seq = end_of_log();

	TRY(crew_run(&c));
	return check_lines(seq);
}

TEST(printk_a_very_long_message_is_cut_not_lost)
{
	static char longer[3000];
	static char text[LOG_LINE_MAX + 1];
	u64 seq = end_of_log();
	struct kmsg_record rec;

	memset(longer, 'x', sizeof(longer) - 1);
	printk(KERN_DEBUG "%s", longer);
	printk(KERN_DEBUG "test: after\n");
	EXPECT(kmsg_read(&seq, &rec, text, sizeof(text)));
	EXPECT_OP(rec.len, >=, 500);
	EXPECT(text[0] == 'x');
	EXPECT(kmsg_read(&seq, &rec, text, sizeof(text)));
	EXPECT(strcmp(text, "test: after") == 0);
	return NULL;
}

TEST(printk_warn_on_answers_its_condition_and_the_kernel_goes_on, .warns = "tests/printk.c")
{
	EXPECT(WARN_ON(1 + 1 == 2));
	EXPECT(!WARN_ON(1 + 1 == 3));
	EXPECT(WARN(true, "a sentence with a number %d", 7));
	return NULL;
}

static bool warn_in_a_loop(int i)
{
	return WARN_ON_ONCE(i >= 0);
}

TEST(printk_warn_on_once_says_it_once, .warns = "tests/printk.c")
{
	unsigned long before = warn_count;
	int i;

	for (i = 0; i < 5; i++)
		EXPECT(warn_in_a_loop(i));
	EXPECT_EQ(warn_count, before);
	return NULL;
}
