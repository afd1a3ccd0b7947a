/* SPDX-License-Identifier: MIT */
/*
 * The example daemons (kernel/examples): what each promises, and that starting and stopping leaves nothing behind. The
 * journal has a file of its own.
 */
#include "test.h"

#include <linux/delay.h>
#include <linux/freezer.h>
#include <linux/fault-inject.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>

#include "../kernel/examples/deferred.h"
#include "../kernel/examples/examples.h"
#include "../kernel/examples/ramdisk.h"
#include "../kernel/examples/reclaim.h"
#include "../kernel/examples/writeback.h"
#include "../kernel/shell.h"

static const struct example *const all[] = {
	&writeback_example, &reclaim_example, &deferred_example, &journal_example,
};

/* ---- all of them ---- */

TEST(examples_start_and_stop_a_hundred_times)
{
	int rounds = test_real_time ? 20 : 100;

	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < ARRAY_SIZE(all); i++)
			EXPECT_EQ(all[i]->start(), 0);
		if (round % 10 == 0)
			msleep(20);
		for (int i = 0; i < ARRAY_SIZE(all); i++)
			EXPECT_EQ(all[i]->stop(), 0);
	}
	return NULL;
}

TEST(examples_are_started_and_stopped_by_name_and_all_at_once)
{
	unsigned int threads = nr_threads_now();

	shell_run("examples start deferred; examples start; examples status; examples start nosuch; examples start");
	EXPECT_EQ(nr_threads_now(), threads + 7);	/* the deferred one needs nobody to load it */
	shell_run("examples stop journal; examples stop; examples status; examples stop");
	shell_run("examples stop journal; examples; examples start all of them");
	EXPECT(eventually(nr_threads_now() == threads));
	return NULL;
}

TEST(examples_that_find_no_memory_leave_nothing_behind)
{
	for (int i = 0; i < ARRAY_SIZE(all); i++) {
		int n = 0, err;
		bool struck;

		do {
			fail_nth_arm(++n);
			err = all[i]->start();
			struck = fail_nth_disarm();
			EXPECT_EQ(err, struck ? -ENOMEM : 0);
		} while (struck);
		EXPECT_OP(n, >, i == 2 ? 1 : 2);
		EXPECT_EQ(all[i]->stop(), 0);
	}
	return NULL;
}

TEST(examples_crash_loses_no_money)
{
	EXPECT_EQ(journal_example.start(), 0);
	for (int i = 0; i < 10; i++) {
		EXPECT_EQ(journal_example.crash(), 0);
		msleep(20);
	}
	EXPECT_EQ(journal_example.stop(), 0);
	shell_run("examples crash; examples start; examples crash; examples crash writeback; examples stop");
	return NULL;
}

/* How many of the daemons are there, and how many of them are frozen? */
static int count_daemons(int *nr_frozen)
{
	struct task_struct *p = NULL;
	int count = 0;

	*nr_frozen = 0;
	while ((p = next_task_get(p)))
		for (int i = 0; i < ARRAY_SIZE(all); i++)
			if (strcmp(p->comm, all[i]->name) == 0) {
				count++;
				*nr_frozen += frozen(p);
			}
	return count;
}

TEST(examples_are_frozen_and_go_on)
{
	int nr_frozen;

	for (int i = 0; i < ARRAY_SIZE(all); i++)
		EXPECT_EQ(all[i]->start(), 0);
	for (int round = 0; round < 5; round++) {
		EXPECT_EQ(freeze_processes(), 0);
		EXPECT_EQ(freeze_kernel_threads(), 0);
		EXPECT_EQ(count_daemons(&nr_frozen), ARRAY_SIZE(all));
		EXPECT_EQ(nr_frozen, ARRAY_SIZE(all));
		msleep(30);
		thaw_processes();
		msleep(30);
	}
	count_daemons(&nr_frozen);
	EXPECT_EQ(nr_frozen, 0);
	for (int i = 0; i < ARRAY_SIZE(all); i++)
		EXPECT_EQ(all[i]->stop(), 0);
	return NULL;
}

/* ---- the disk ---- */

TEST(examples_disk_keeps_what_it_acknowledged_before_the_plug_was_out)
{
	struct ramdisk *disk = ramdisk_create(4, 512);
	static u8 a[512], b[512];

	EXPECT(disk);
	memset(a, 'a', sizeof(a));
	EXPECT_EQ(ramdisk_write(disk, 4, a), -EINVAL);
	ramdisk_unplug_after(disk, 1, true);
	EXPECT_EQ(ramdisk_write(disk, 0, a), 0);
	EXPECT_EQ(ramdisk_write(disk, 1, a), -EIO);
	EXPECT_EQ(ramdisk_write(disk, 2, a), -EIO);
	EXPECT_EQ(ramdisk_read(disk, 0, b), -EIO);
	ramdisk_plug_in(disk);
	EXPECT_EQ(ramdisk_read(disk, 0, b), 0);
	EXPECT(b[0] == 'a' && b[511] == 'a');
	EXPECT_EQ(ramdisk_read(disk, 1, b), 0);
	EXPECT(b[255] == 'a' && b[256] == 0);		/* torn */
	EXPECT_EQ(ramdisk_read(disk, 2, b), 0);
	EXPECT_EQ(b[0], 0);
	ramdisk_destroy(disk);
	return NULL;
}

/* ---- write-back ---- */

static struct writeback wb;

static const char *start_writeback(unsigned int nr_blocks)
{
	struct ramdisk *disk = ramdisk_create(nr_blocks, PAGE_SIZE);

	EXPECT(disk);
	EXPECT_EQ(writeback_start(&wb, disk), 0);
	return NULL;
}

static const char *write_number(u32 block, u32 number)
{
	EXPECT_EQ(writeback_write(&wb, block, 8 * (number % 8), &number, sizeof(number)), 0);
	return NULL;
}

static u32 number_on_disk(struct ramdisk *disk, u32 block, unsigned int offset)
{
	return *(u32 *)(disk->data + block * PAGE_SIZE + offset);
}

TEST(examples_writeback_writes_an_old_page_by_itself)
{
	unsigned long start = jiffies;

	TRY(start_writeback(8));
	TRY(write_number(3, 8));
	EXPECT(number_on_disk(wb.disk, 3, 0) == 0 || time_after_eq(jiffies, start + wb.max_age));
	EXPECT(eventually(number_on_disk(wb.disk, 3, 0) == 8));
	EXPECT(eventually(wb.written_old == 1));
	EXPECT_EQ(writeback_stop(&wb), 0);
	ramdisk_destroy(wb.disk);
	return NULL;
}

TEST(examples_writeback_does_not_wait_for_age_when_many_pages_are_dirty)
{
	TRY(start_writeback(16));
	wb.interval = wb.max_age = 1000000 * HZ;
	for (u32 i = 0; i < wb.background; i++)
		TRY(write_number(i, 8 * i + 8));
	EXPECT(eventually(wb.nr_dirty < wb.background));
	EXPECT(eventually(wb.written_many >= wb.background / 2));
	EXPECT_EQ(number_on_disk(wb.disk, 0, 0), 8);	/* the oldest first */
	EXPECT_EQ(writeback_stop(&wb), 0);
	ramdisk_destroy(wb.disk);
	return NULL;
}

static const char *write_much(struct crew *c, int who)
{
	u32 state = test_seed(who);

	for (int i = 0; i < test_rounds(300); i++) {
		TRY(write_number(test_random(&state) % wb.disk->nr_blocks, test_random(&state)));
		EXPECT_OP(READ_ONCE(wb.nr_dirty), <=, wb.limit);
	}
	return NULL;
}

TEST(examples_writeback_never_has_more_dirty_pages_than_the_limit)
{
	struct crew c = { .fn = write_much, .n = 4 };

	TRY(start_writeback(16));
	wb.disk->latency_us = 20;
	TRY(crew_run(&c));
	test_note("%lu waits", wb.waits);
	EXPECT_EQ(writeback_stop(&wb), 0);
	ramdisk_destroy(wb.disk);
	return NULL;
}

TEST(examples_writeback_sync_puts_on_the_disk_what_was_written_before)
{
	TRY(start_writeback(16));
	wb.interval = wb.max_age = 1000000 * HZ;
	for (u32 round = 1; round <= 20; round++) {
		for (u32 block = 0; block < 3; block++)
			TRY(write_number(block, 8 * round));
		EXPECT_EQ(writeback_sync(&wb), 0);
		for (u32 block = 0; block < 3; block++)
			EXPECT_EQ(number_on_disk(wb.disk, block, 0), 8 * round);
	}
	EXPECT_EQ(writeback_stop(&wb), 0);
	ramdisk_destroy(wb.disk);
	return NULL;
}

TEST(examples_writeback_stop_writes_what_is_dirty)
{
	TRY(start_writeback(16));
	wb.interval = wb.max_age = 1000000 * HZ;
	TRY(write_number(7, 16));
	EXPECT_EQ(writeback_stop(&wb), 0);
	EXPECT_EQ(number_on_disk(wb.disk, 7, 0), 16);
	ramdisk_destroy(wb.disk);
	return NULL;
}

/* On the thread, with the page's content already on its way: the same page is written to. */
static void write_once_more(struct ramdisk *disk, u32 block)
{
	u32 *rounds = disk->private, number = 8 * 99;

	if ((*rounds)++ == 0)
		BLAME_UNLESS(writeback_write(&wb, block, 0, &number, sizeof(number)) == 0);
}

TEST(examples_writeback_writes_a_page_again_that_changed_on_its_way)
{
	u32 rounds = 0, number;

	TRY(start_writeback(8));
	wb.disk->private = &rounds;
	wb.disk->before_write = write_once_more;
	TRY(write_number(2, 8));
	EXPECT(eventually(number_on_disk(wb.disk, 2, 0) == 8 * 99));
	EXPECT_EQ(writeback_read(&wb, 2, 0, &number, sizeof(number)), 0);
	EXPECT_EQ(number, 8 * 99);
	EXPECT_EQ(writeback_stop(&wb), 0);
	EXPECT_EQ(rounds, 2);
	ramdisk_destroy(wb.disk);
	return NULL;
}

TEST(examples_writeback_forgets_nothing_when_the_disk_fails)
{
	TRY(start_writeback(16));			/* two are not many ... */
	wb.interval = wb.max_age = 1000000 * HZ;	/* and nothing is old */
	TRY(write_number(1, 8));
	TRY(write_number(2, 16));
	ramdisk_unplug_after(wb.disk, 0, false);
	EXPECT_EQ(writeback_sync(&wb), -EIO);
	EXPECT_EQ(wb.nr_dirty, 2);
	EXPECT_EQ(writeback_write(&wb, 5, 0, "x", 1), -EIO);	/* not read yet, and cannot be */
	ramdisk_plug_in(wb.disk);
	EXPECT_EQ(writeback_sync(&wb), 0);
	EXPECT_EQ(number_on_disk(wb.disk, 1, 0), 8);
	EXPECT_EQ(number_on_disk(wb.disk, 2, 0), 16);
	EXPECT_EQ(writeback_write(&wb, 16, 0, "x", 1), -EINVAL);
	EXPECT_EQ(writeback_write(&wb, 0, PAGE_SIZE, "x", 1), -EINVAL);
	TRY(write_number(1, 24));
	ramdisk_unplug_after(wb.disk, 0, false);
	EXPECT_EQ(writeback_stop(&wb), -EIO);
	ramdisk_destroy(wb.disk);
	return NULL;
}

TEST(examples_writeback_sleeps_while_nothing_is_dirty)
{
	unsigned long switches;

	TRY(start_writeback(8));
	EXPECT(eventually(test_asleep(wb.thread, TASK_INTERRUPTIBLE)));
	switches = wb.thread->nvcsw;
	msleep(10 * jiffies_to_msecs(wb.interval));
	EXPECT_EQ(wb.thread->nvcsw, switches);
	EXPECT_EQ(writeback_stop(&wb), 0);
	ramdisk_destroy(wb.disk);
	return NULL;
}

/* ---- reclaim ---- */

static struct answers answers;
static struct reclaim reclaim;

TEST(examples_reclaim_wakes_below_the_low_mark_and_frees_up_to_the_high_one)
{
	unsigned long low = nr_free_pages() - 300;

	answers_init(&answers);
	EXPECT_EQ(reclaim_start(&reclaim, low, low + 100), 0);
	for (u64 i = 0; i < 2000 && !answers.shrunk; i++) {
		answers_get(&answers, i);
		EXPECT(nr_free_pages() >= low || eventually(nr_free_pages() >= low));
	}
	EXPECT_OP(answers.shrunk, >, 0);
	EXPECT(eventually(nr_free_pages() >= low));
	EXPECT(eventually(test_asleep(reclaim.thread, TASK_INTERRUPTIBLE)));
	EXPECT_OP(nr_free_pages(), >=, low);
	EXPECT_OP(answers.nr, >, 0);		/* it does not take more than it has to */
	reclaim_stop(&reclaim);
	answers_destroy(&answers);
	return NULL;
}

TEST(examples_reclaim_sleeps_while_memory_is_free)
{
	unsigned long low = nr_free_pages() / 2;

	EXPECT_EQ(reclaim_start(&reclaim, low, low + 64), 0);
	EXPECT(eventually(test_asleep(reclaim.thread, TASK_INTERRUPTIBLE)));
	answers_init(&answers);
	for (u64 i = 0; i < 500; i++)
		answers_get(&answers, i);
	EXPECT_EQ(answers.nr, 500);
	EXPECT_EQ(reclaim.runs, 0);
	reclaim_stop(&reclaim);
	answers_destroy(&answers);
	return NULL;
}

TEST(examples_reclaim_cache_forgets_first_what_nobody_asked_for)
{
	struct shrink_control sc = { .nr_to_scan = 50 };
	unsigned long misses;

	answers_init(&answers);
	for (u64 i = 0; i < 100; i++)
		answers_get(&answers, i);
	for (u64 i = 0; i < 50; i++)
		EXPECT_EQ(answers_get(&answers, i), answers_get(&answers, i));
	EXPECT_EQ(answers.shrinker.scan_objects(&answers.shrinker, &sc), 50);
	EXPECT_EQ(answers.nr, 50);
	misses = answers.misses;
	for (u64 i = 0; i < 50; i++)
		answers_get(&answers, i);
	EXPECT_EQ(answers.misses, misses);
	answers_destroy(&answers);
	return NULL;
}

TEST(examples_reclaim_cache_is_shrunk_by_whoever_finds_no_page_at_all)
{
	LIST_HEAD(pages);
	struct page *page, *next;

	answers_init(&answers);
	for (u64 i = 0; i < 100; i++)
		answers_get(&answers, i);
	while (!READ_ONCE(answers.shrunk) && (page = alloc_page(GFP_KERNEL | __GFP_NOWARN)))
		list_add(&page->lru, &pages);
	list_for_each_entry_safe(page, next, &pages, lru)
		__free_page(page);
	EXPECT_EQ(answers.shrunk, 100);
	answers_destroy(&answers);
	return NULL;
}

TEST(examples_reclaim_there_is_one_watcher_of_the_mark)
{
	static struct reclaim second;

	EXPECT_EQ(reclaim_start(&reclaim, 1, 1), 0);
	EXPECT_EQ(reclaim_start(&second, 1, 1), -EBUSY);
	reclaim_stop(&reclaim);
	EXPECT_EQ(reclaim_start(&second, 1, 1), 0);
	reclaim_stop(&second);
	return NULL;
}

static const char *ask_much(struct crew *c, int who)
{
	u32 state = test_seed(who);

	for (int i = 0; i < test_rounds(2000); i++) {
		u64 question = test_random(&state) % 1000;

		EXPECT_EQ(answers_get(&answers, question), answers_get(&answers, question));
	}
	return NULL;
}

TEST(examples_reclaim_while_many_ask)
{
	struct crew c = { .fn = ask_much, .n = 4 };
	unsigned long low = nr_free_pages() - 200;

	answers_init(&answers);
	EXPECT_EQ(reclaim_start(&reclaim, low, low + 50), 0);
	TRY(crew_run(&c));
	reclaim_stop(&reclaim);
	answers_destroy(&answers);
	EXPECT_EQ(answers.nr, 0);
	return NULL;
}

/* ---- deferred work ---- */

static struct deferred_queue queue;

struct note {
	struct deferred_action action;
	unsigned long due;
	int number;
};

static int order[64];
static atomic_t nr_called;

static void take_note(struct deferred_action *action)
{
	struct note *note = container_of(action, struct note, action);
	int i = atomic_inc_return(&nr_called) - 1;

	if (i < ARRAY_SIZE(order))
		order[i] = note->number;
	BLAME_UNLESS(!time_before(jiffies, note->due));
	BLAME_UNLESS(current == queue.thread);
}

static void defer_note(struct note *note, int number, unsigned long delay)
{
	deferred_init(&note->action, take_note);
	note->number = number;
	note->due = jiffies + delay;
	defer(&queue, &note->action, delay);
}

static const char *start_queue(void)
{
	atomic_set(&nr_called, 0);
	EXPECT_EQ(deferred_start(&queue), 0);
	return NULL;
}

TEST(examples_deferred_functions_are_called_in_order_of_their_times_and_never_early)
{
	static const int delays[] = { 40, 10, 30, 20, 50, 15, 0 }, wanted[] = { 6, 1, 5, 3, 2, 0, 4 };
	static struct note notes[ARRAY_SIZE(delays)];

	TRY(start_queue());
	for (int i = 0; i < ARRAY_SIZE(delays); i++)
		defer_note(&notes[i], i, 2 * delays[i]);
	EXPECT(eventually(atomic_read(&nr_called) == ARRAY_SIZE(delays)));
	if (!test_real_time && !test_shaken)	/* else some time may pass between the calls above */
		for (int i = 0; i < ARRAY_SIZE(delays); i++)
			EXPECT_EQ(order[i], wanted[i]);
	EXPECT_EQ(deferred_stop(&queue), 0);
	return NULL;
}

TEST(examples_deferred_functions_of_the_same_time_keep_their_order)
{
	static struct note notes[32];

	TRY(start_queue());
	/* If a tick comes meanwhile, those behind it are later, and stay behind. */
	for (int i = 0; i < ARRAY_SIZE(notes); i++)
		defer_note(&notes[i], i, HZ / 10);
	EXPECT(eventually(atomic_read(&nr_called) == ARRAY_SIZE(notes)));
	for (int i = 0; i < ARRAY_SIZE(notes); i++)
		EXPECT_EQ(order[i], i);
	EXPECT_EQ(deferred_stop(&queue), 0);
	return NULL;
}

TEST(examples_deferred_thread_wakes_for_one_that_comes_in_front)
{
	static struct note late, early;

	TRY(start_queue());
	defer_note(&late, 1, 1000000 * HZ);
	EXPECT(eventually(test_asleep(queue.thread, TASK_INTERRUPTIBLE)));
	defer_note(&early, 2, 1);
	EXPECT(eventually(atomic_read(&nr_called) == 1));
	EXPECT_EQ(order[0], 2);
	late.due = jiffies;
	EXPECT_EQ(defer(&queue, &late.action, 0), 1);	/* moved */
	EXPECT(eventually(atomic_read(&nr_called) == 2));
	EXPECT_EQ(deferred_stop(&queue), 0);
	return NULL;
}

static void free_itself(struct deferred_action *action)
{
	kfree(container_of(action, struct note, action));
	atomic_inc(&nr_called);
}

static void again_and_again(struct deferred_action *action)
{
	if (atomic_inc_return(&nr_called) < 20)
		defer(&queue, action, 0);
}

TEST(examples_deferred_function_may_free_or_defer_its_own_action)
{
	struct note *note = kmalloc(sizeof(*note), GFP_KERNEL);
	static struct note repeated;

	EXPECT(note);
	TRY(start_queue());
	deferred_init(&note->action, free_itself);
	EXPECT_EQ(defer(&queue, &note->action, 1), 0);
	EXPECT(eventually(atomic_read(&nr_called) == 1));
	deferred_init(&repeated.action, again_and_again);
	EXPECT_EQ(defer(&queue, &repeated.action, 1), 0);
	EXPECT(eventually(atomic_read(&nr_called) == 20));
	EXPECT_EQ(deferred_stop(&queue), 0);
	return NULL;
}

static void sleep_long(struct deferred_action *action)
{
	atomic_inc(&nr_called);
	msleep(50);
	atomic_inc(&nr_called);
	defer(&queue, action, 0);
}

TEST(examples_deferred_cancel_sync_waits_for_the_end_and_for_good)
{
	static struct note note;

	TRY(start_queue());
	deferred_init(&note.action, sleep_long);
	EXPECT(!deferred_cancel(&queue, &note.action));
	EXPECT_EQ(defer(&queue, &note.action, 1000000 * HZ), 0);
	EXPECT(deferred_cancel(&queue, &note.action));
	EXPECT_EQ(defer(&queue, &note.action, 0), 0);
	EXPECT(eventually(atomic_read(&nr_called) >= 1));
	deferred_cancel_sync(&queue, &note.action);
	EXPECT_EQ(atomic_read(&nr_called) % 2, 0);
	EXPECT_EQ(queue.nr_actions, 0);
	EXPECT_EQ(deferred_stop(&queue), 0);
	return NULL;
}

static void cancel_itself(struct deferred_action *action)
{
	deferred_cancel_sync(&queue, action);
	atomic_inc(&nr_called);
}

TEST(examples_deferred_cancel_sync_of_oneself_is_explained, .warns = "waits for that function's own end")
{
	static struct note note;

	TRY(start_queue());
	deferred_init(&note.action, cancel_itself);
	EXPECT_EQ(defer(&queue, &note.action, 0), 0);
	EXPECT(eventually(atomic_read(&nr_called) == 1));
	EXPECT_EQ(deferred_stop(&queue), 0);
	return NULL;
}

TEST(examples_deferred_stop_gives_back_what_still_waits)
{
	static struct note notes[3];

	TRY(start_queue());
	for (int i = 0; i < 3; i++)
		defer_note(&notes[i], i, 1000000 * HZ);
	EXPECT_EQ(deferred_stop(&queue), 3);
	EXPECT_EQ(atomic_read(&nr_called), 0);
	EXPECT_EQ(defer(&queue, &notes[0].action, 0), -ESHUTDOWN);
	return NULL;
}

static struct note from_timer_note;

static void defer_from_interrupt(struct timer_list *t)
{
	defer_note(&from_timer_note, 7, 1);
}

TEST(examples_deferred_may_be_asked_for_in_an_interrupt)
{
	static DEFINE_TIMER(timer, defer_from_interrupt);

	TRY(start_queue());
	mod_timer(&timer, jiffies + 1);
	EXPECT(eventually(atomic_read(&nr_called) == 1));
	EXPECT_EQ(order[0], 7);
	del_timer_sync(&timer);
	EXPECT_EQ(deferred_stop(&queue), 0);
	return NULL;
}
