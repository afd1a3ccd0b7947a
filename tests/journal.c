/* SPDX-License-Identifier: MIT */
/*
 * The journal of kernel/examples: whatever is stopped, and wherever, nothing that was committed is lost, and nothing is
 * there by half.
 *
 * The model: update k (1, 2, ...) writes the number k into one to four of the blocks, which ones follows from k alone.
 * So what all blocks hold after the first k updates can be computed. A run does the updates in order, commits some,
 * and notes the last that it was told is safe; then comes the crash. Afterwards the blocks must hold what they held
 * after exactly k updates, for some k, and k must not be less than the one noted.
 */
#include "test.h"

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/string.h>

#include "../kernel/examples/journal.h"

#define NR_BLOCKS	8
#define NR_UPDATES	24
#define LOG		JOURNAL_MIN_LOG		/* so small that it wraps in each run */
#define DISK_BLOCKS	(2 + LOG + NR_BLOCKS)

static u32 blocks_of_update(u32 k, u32 *blocks)
{
	u32 n = 1 + k % 4;

	for (u32 i = 0; i < n; i++)
		blocks[i] = (k * 3 + i) % NR_BLOCKS;
	return n;
}

static s64 do_update(struct journal *j, u32 k)
{
	struct journal_change changes[4];
	u32 data[JOURNAL_BLOCK / 4], blocks[4], n = blocks_of_update(k, blocks);

	for (int i = 0; i < ARRAY_SIZE(data); i++)
		data[i] = k;
	for (u32 i = 0; i < n; i++)
		changes[i] = (struct journal_change){ .block = blocks[i], .data = data };
	return journal_update(j, changes, n);
}

/* Updates first.., some of them waited for. Return: the last one that is known to be safe. */
static u32 run_updates(struct journal *j, u32 first)
{
	u32 safe = first - 1;

	for (u32 k = first; k < first + NR_UPDATES; k++) {
		s64 id = do_update(j, k);

		if (id < 0)
			break;
		if (k % 3 == 0 && !journal_commit(j, id))
			safe = k;
	}
	return safe;
}

/* After how many updates did the blocks hold what they hold now? *k: that many. */
static const char *find_state(struct journal *j, u32 last, u32 *k)
{
	static u32 now[NR_BLOCKS][JOURNAL_BLOCK / 4];
	u32 model[NR_BLOCKS] = { 0 }, blocks[4], newest = 0;

	EXPECT_EQ(journal_read(j, 0, NR_BLOCKS, now), 0);
	for (int b = 0; b < NR_BLOCKS; b++) {
		for (int i = 1; i < JOURNAL_BLOCK / 4; i++)
			EXPECT_EQ(now[b][i], now[b][0]);	/* no block is torn */
		newest = max(newest, now[b][0]);
	}
	EXPECT_OP(newest, <=, last);
	for (u32 u = 1; u <= newest; u++)
		for (u32 n = blocks_of_update(u, blocks), i = 0; i < n; i++)
			model[blocks[i]] = u;
	for (int b = 0; b < NR_BLOCKS; b++)
		EXPECT_EQ(now[b][0], model[b]);
	*k = newest;
	return NULL;
}

static const char *new_disk(struct ramdisk **disk)
{
	*disk = ramdisk_create(DISK_BLOCKS, JOURNAL_BLOCK);
	EXPECT(*disk);
	EXPECT_EQ(journal_format(*disk, LOG), 0);
	return NULL;
}

/* Open what a crash has left: everything safe is there. */
static const char *recover_and_look(struct ramdisk *disk, u32 safe, u32 last, u32 *k)
{
	struct journal *j;

	ramdisk_plug_in(disk);
	j = journal_open(disk);
	EXPECT(!IS_ERR(j));
	TRY(find_state(j, last, k));
	EXPECT_OP(*k, >=, safe);
	EXPECT_EQ(journal_close(j), 0);
	return NULL;
}

/* ---- without a crash ---- */

TEST(journal_what_was_updated_is_there_after_closing)
{
	struct ramdisk *disk;
	struct journal *j;
	u32 k;

	TRY(new_disk(&disk));
	for (u32 round = 0; round < 5; round++) {
		j = journal_open(disk);
		EXPECT(!IS_ERR(j));
		EXPECT_EQ(j->replayed, 0);	/* it was closed: everything is home */
		run_updates(j, round * NR_UPDATES + 1);
		TRY(find_state(j, ~0U, &k));
		EXPECT_EQ(k, (round + 1) * NR_UPDATES);
		EXPECT_EQ(journal_close(j), 0);
	}
	TRY(recover_and_look(disk, k, k, &k));
	ramdisk_destroy(disk);
	return NULL;
}

TEST(journal_commits_by_itself_after_a_while)
{
	struct ramdisk *disk;
	struct journal *j;
	s64 id;

	TRY(new_disk(&disk));
	j = journal_open(disk);
	EXPECT(!IS_ERR(j));
	id = do_update(j, 1);
	EXPECT_EQ(id, 1);
	EXPECT(eventually(READ_ONCE(j->committed) == 1));
	EXPECT_EQ(do_update(j, 2), 2);		/* the next transaction */
	EXPECT_EQ(journal_commit(j, 2), 0);
	EXPECT_EQ(journal_commit(j, 99), 0);	/* nothing more to wait for */
	EXPECT_EQ(journal_close(j), 0);
	ramdisk_destroy(disk);
	return NULL;
}

TEST(journal_refuses_what_it_cannot_do)
{
	struct journal_change change = { .block = NR_BLOCKS, .data = "" };
	struct ramdisk *disk = ramdisk_create(DISK_BLOCKS, JOURNAL_BLOCK);
	struct journal *j;

	EXPECT(disk);
	EXPECT_EQ(PTR_ERR(journal_open(disk)), -EINVAL);	/* not formatted */
	EXPECT_EQ(journal_format(disk, JOURNAL_MIN_LOG - 1), -EINVAL);
	EXPECT_EQ(journal_format(disk, DISK_BLOCKS), -EINVAL);
	EXPECT_EQ(journal_format(disk, LOG), 0);
	j = journal_open(disk);
	EXPECT(!IS_ERR(j));
	EXPECT_EQ(journal_update(j, &change, 1), -EINVAL);
	EXPECT_EQ(journal_update(j, &change, 0), -EINVAL);
	EXPECT_EQ(journal_update(j, &change, JOURNAL_MAX_UPDATES + 1), -EINVAL);
	EXPECT_EQ(journal_read(j, NR_BLOCKS - 1, 2, NULL), -EINVAL);
	EXPECT_EQ(journal_close(j), 0);
	ramdisk_destroy(disk);
	return NULL;
}

/* Each of a crew adds to a block of its own, and to one that all share: no addition is lost, ids never go back. */
static const char *update_own_blocks(struct crew *c, int who)
{
	struct journal *j = c->data;
	u32 data[JOURNAL_BLOCK / 4] = { 0 };
	struct journal_change change = { .block = who, .data = data };
	s64 id, last = 0;

	for (u32 i = 1; i <= test_rounds(200); i++) {
		data[0] = i;
		id = journal_update(j, &change, 1);
		EXPECT_OP(id, >=, last);
		if (i % 16 == 0)
			EXPECT_EQ(journal_commit(j, id), 0);
		last = id;
	}
	return NULL;
}

TEST(journal_serves_many_at_once)
{
	u32 data[JOURNAL_BLOCK / 4];
	struct crew c = { .fn = update_own_blocks, .n = 4 };
	struct ramdisk *disk;

	TRY(new_disk(&disk));
	c.data = journal_open(disk);
	EXPECT(!IS_ERR(c.data));
	TRY(crew_run(&c));
	EXPECT_EQ(journal_close(c.data), 0);
	for (u32 who = 0; who < 4; who++) {
		EXPECT_EQ(ramdisk_read(disk, 2 + LOG + who, data), 0);
		EXPECT_EQ(data[0], test_rounds(200));
	}
	ramdisk_destroy(disk);
	return NULL;
}

/* ---- crashes ---- */

/* One run with the plug pulled after n writes. *crashed: it came to that. */
static const char *crash_after(struct ramdisk *disk, long n, bool tears, u32 *safe, bool *crashed)
{
	struct journal *j = journal_open(disk);
	int err;

	EXPECT(!IS_ERR(j));
	j->interval = 1;
	ramdisk_unplug_after(disk, n, tears);
	*safe = run_updates(j, 1);
	err = journal_close(j);
	EXPECT(!err || err == -EIO);
	*crashed = err;
	return NULL;
}

static const char *crash_everywhere(bool tears)
{
	u64 start = ktime_get_ns();
	struct ramdisk *disk;
	bool crashed = true;
	u32 safe, k;
	long n;

	for (n = 0; crashed && !test_took_long(start); n++) {
		TRY(new_disk(&disk));
		TRY(crash_after(disk, n, tears, &safe, &crashed));
		TRY(recover_and_look(disk, safe, NR_UPDATES, &k));
		if (!crashed)
			EXPECT_EQ(k, NR_UPDATES);
		ramdisk_destroy(disk);
	}
	test_note("%ld places to crash at", n - 1);
	EXPECT(!crashed || test_real_time);
	return NULL;
}

TEST(journal_loses_nothing_committed_wherever_the_power_fails)
{
	return crash_everywhere(false);
}

TEST(journal_loses_nothing_committed_wherever_a_write_is_torn)
{
	return crash_everywhere(true);
}

/* Recovery crashes after m writes, and is begun again: it comes to the same end. */
static const char *crash_in_recovery(struct ramdisk *disk, const void *saved, u32 safe, u32 wanted, bool tears)
{
	bool crashed = true;
	struct journal *j;
	u32 k;

	for (long m = 0; crashed; m++) {
		memcpy(disk->data, saved, DISK_BLOCKS * JOURNAL_BLOCK);
		ramdisk_plug_in(disk);
		ramdisk_unplug_after(disk, m, tears);
		j = journal_open(disk);
		crashed = IS_ERR(j);
		if (!crashed)
			journal_close(j);
		TRY(recover_and_look(disk, safe, NR_UPDATES, &k));
		EXPECT_EQ(k, wanted);
	}
	return NULL;
}

TEST(journal_recovery_may_itself_be_interrupted_anywhere)
{
	static u8 saved[DISK_BLOCKS * JOURNAL_BLOCK];
	u64 start = ktime_get_ns();
	struct ramdisk *disk;
	bool crashed = true;
	u32 safe, k;

	for (long n = 5; crashed && !test_took_long(start); n += 17) {
		TRY(new_disk(&disk));
		TRY(crash_after(disk, n, n % 2, &safe, &crashed));
		memcpy(saved, disk->data, sizeof(saved));
		TRY(recover_and_look(disk, safe, NR_UPDATES, &k));
		TRY(crash_in_recovery(disk, saved, safe, k, n % 2));
		ramdisk_destroy(disk);
	}
	return NULL;
}

/* ---- stopping ---- */

struct stopper {
	struct journal *j;
	long at;			/* hold this write until the thread is being stopped */
	struct completion reached, closed;
	int err;
};

static void hold_write(struct ramdisk *disk, u32 block)
{
	struct stopper *s = disk->private;

	if (current != s->j->thread || s->at-- != 0)
		return;
	complete(&s->reached);
	BLAME_UNLESS(eventually(kthread_should_stop()));
}

static int close_it(void *data)
{
	struct stopper *s = data;

	wait_for_completion(&s->reached);
	s->err = journal_close(s->j);
	complete(&s->closed);
	return test_wait_for_stop();
}

/* kthread_stop() comes while the thread is in its n-th write. */
static const char *stop_at(long n, bool *reached)
{
	struct stopper s = { .at = n };
	struct ramdisk *disk;
	struct task_struct *p;
	u32 k;

	TRY(new_disk(&disk));
	init_completion(&s.reached);
	init_completion(&s.closed);
	s.j = journal_open(disk);
	EXPECT(!IS_ERR(s.j));
	s.j->interval = 1;
	disk->private = &s;
	disk->before_write = hold_write;
	for (u32 u = 1; u <= 4; u++)		/* few enough that nobody waits for the thread that is held */
		EXPECT_OP(do_update(s.j, u), >, 0);
	p = test_start(-1, close_it, &s, "test/closer");
	*reached = eventually(completion_done(&s.reached) || s.at < 0 || READ_ONCE(s.j->committed) >= 1);
	complete(&s.reached);
	wait_for_completion(&s.closed);
	test_join(p);
	EXPECT_EQ(s.err, 0);
	*reached = s.at < 0;
	disk->before_write = NULL;
	TRY(recover_and_look(disk, 4, 4, &k));
	ramdisk_destroy(disk);
	return NULL;
}

TEST(journal_stopped_in_any_write_commits_and_loses_nothing)
{
	u64 start = ktime_get_ns();
	bool reached = true;
	long n;

	for (n = 0; reached && !test_took_long(start); n++)
		TRY(stop_at(n, &reached));
	EXPECT_OP(n, >, 8);
	return NULL;
}
