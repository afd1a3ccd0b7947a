/* SPDX-License-Identifier: MIT */
/*
 * The journal's example: a bank. Each account is a block, each transfer changes two of them, and whatever happens, the
 * sum of all accounts stays the same: whoever finds another sum has found a transfer that was done by half.
 *
 * Read next: journal.c, which keeps that promise.
 */
#include "journal.h"
#include "examples.h"
#include <linux/console.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/prandom.h>

#define NR_ACCOUNTS	12
#define START_MONEY	1000

union account {
	s64	money;
	u8	block[JOURNAL_BLOCK];
};

static struct ramdisk *disk;
static struct journal *journal;
static struct task_struct *clerk;
static unsigned long transfers;		/* the clerk's */

static int put_money_in(void)
{
	union account account = { .money = START_MONEY };
	struct journal_change changes[NR_ACCOUNTS];
	s64 id;

	for (u32 i = 0; i < NR_ACCOUNTS; i++)
		changes[i] = (struct journal_change){ .block = i, .data = &account };
	id = journal_update(journal, changes, NR_ACCOUNTS);
	return id < 0 ? id : journal_commit(journal, id);
}

static s64 transfer(u32 from, u32 to, s64 money)
{
	union account a, b;
	struct journal_change changes[] = { { from, &a }, { to, &b } };

	journal_read(journal, from, 1, &a);
	journal_read(journal, to, 1, &b);
	a.money -= money;
	b.money += money;
	return journal_update(journal, changes, ARRAY_SIZE(changes));
}

/* A customer a hundredth of a second; every tenth wants to see it in writing. */
static int serve_customers(void *unused)
{
	struct rnd_state random;

	prandom_seed_state(&random, 1);
	while (!kthread_should_stop()) {
		u32 from = prandom_u32_max_state(&random, NR_ACCOUNTS);
		u32 to = (from + 1 + prandom_u32_max_state(&random, NR_ACCOUNTS - 1)) % NR_ACCOUNTS;
		s64 id = transfer(from, to, prandom_u32_max_state(&random, 100));

		if (id > 0 && ++transfers % 10 == 0)
			journal_commit(journal, id);
		example_nap(10);
	}
	return 0;
}

static int close_bank(void)
{
	int err = journal_close(journal);

	ramdisk_destroy(disk);
	return err;
}

static int open_bank(void)
{
	int err;

	disk = ramdisk_create(2 + JOURNAL_MIN_LOG + NR_ACCOUNTS, JOURNAL_BLOCK);
	if (!disk)
		return -ENOMEM;
	err = journal_format(disk, JOURNAL_MIN_LOG);
	if (!err) {
		journal = journal_open(disk);
		err = PTR_ERR_OR_ZERO(journal);
	}
	if (err)
		ramdisk_destroy(disk);
	return err;
}

static int hire_clerk(void)
{
	clerk = kthread_run(serve_customers, NULL, "journal/load");
	return PTR_ERR_OR_ZERO(clerk);
}

static int start_example(void)
{
	int err = open_bank();

	if (err)
		return err;
	transfers = 0;
	disk->latency_us = 100;
	err = put_money_in() ?: hire_clerk();
	if (err)
		close_bank();
	return err;
}

static int stop_example(void)
{
	kthread_stop(clerk);
	return close_bank();
}

/* All accounts at the same moment, so that no transfer is seen by half. Context: under examples_lock. */
static s64 count_money(void)
{
	static union account accounts[NR_ACCOUNTS];
	s64 sum = 0;

	journal_read(journal, 0, NR_ACCOUNTS, accounts);
	for (int i = 0; i < NR_ACCOUNTS; i++)
		sum += accounts[i].money;
	return sum;
}

static void show_example(void)
{
	example_print_thread("journal", journal->thread);
	console_printf("%lu transfers in %llu transactions, %lu blocks written; all accounts hold %lld of %d\n",
		       READ_ONCE(transfers), READ_ONCE(journal->committed), READ_ONCE(disk->writes), count_money(),
		       NR_ACCOUNTS * START_MONEY);
}

/* Transfers until the plug is out, in the middle of a write; then all over again with what is on the disk. */
static int crash_example(void)
{
	s64 id;
	int err;

	kthread_stop(clerk);
	ramdisk_unplug_after(disk, 17, true);
	do
		id = transfer(0, 1, 1);
	while (id > 0 && !journal_commit(journal, id));
	journal_close(journal);
	ramdisk_plug_in(disk);
	journal = journal_open(disk);
	if (IS_ERR(journal)) {
		ramdisk_destroy(disk);
		return PTR_ERR(journal);
	}
	console_printf("  journal    crashed in the middle of a write; %lu transactions were whole in the log; all "
		       "accounts hold %lld of %d\n", journal->replayed, count_money(), NR_ACCOUNTS * START_MONEY);
	err = hire_clerk();
	if (err)
		close_bank();
	return err;
}

const struct example journal_example = {
	.name = "journal", .summary = "commits transfers between bank accounts, so that a crash loses none",
	.start = start_example, .stop = stop_example, .status = show_example, .crash = crash_example,
};
