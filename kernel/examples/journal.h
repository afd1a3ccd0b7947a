/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Blocks on a RAM disk that change several at a time, all or none, whenever the power fails: journal.c tells the story,
 * journal_log.c what is on the disk.
 */
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include "ramdisk.h"

#define JOURNAL_BLOCK		512	/* bytes */
#define JOURNAL_MAX_UPDATES	16	/* blocks of one transaction */
#define JOURNAL_MIN_LOG		(2 * (JOURNAL_MAX_UPDATES + 2))

/* Changes that stand or fall together. */
struct transaction {
	u64			id;		/* 1, 2, 3, ... without a gap */
	struct list_head	list;		/* thread: committed, not home yet */
	u64			log_pos;	/* thread: its first block in the log */
	/* journal's lock while it is the running one; then the thread's. */
	unsigned int		nr;
	u32			blocks[JOURNAL_MAX_UPDATES];
	u8			data[JOURNAL_MAX_UPDATES][JOURNAL_BLOCK];
};

struct journal {
	/* Constant. */
	struct ramdisk		*disk;
	struct task_struct	*thread;
	u32			log_size, nr_blocks;	/* nr_blocks: those that users see */
	unsigned long		interval;	/* jiffies: what was changed is committed this much later at most */

	/* lock. */
	spinlock_t		lock;
	u8			*image;		/* all blocks as they are now */
	struct transaction	*running;	/* takes changes */
	u64			committed, wanted;	/* ids: the last that is safe, that somebody waits for */
	int			error;		/* the disk failed: nothing is committed any more */

	/* The thread's. */
	struct list_head	in_log;		/* committed transactions, oldest first */
	struct transaction	*spare;		/* the next running one; never NULL while the disk works */
	u64			head, tail;	/* in the log: where the next goes, the oldest begins */
	u64			super_number;
	u8			*buffer;	/* a block */

	wait_queue_head_t	work;		/* the thread waits here */
	wait_queue_head_t	progress;	/* ... and who waits for a commit, or for room in a transaction */
	unsigned long		replayed;	/* transactions found in the log by journal_open() */
};

/*
 * journal_format: an empty journal with a log of log_size blocks; what remains of the disk is for users.
 * journal_open: bring the disk to the state after the last committed transaction, then start the thread. Also after a
 * crash, also after one during journal_open(). Return: the journal or ERR_PTR: -EINVAL (not formatted), -EIO, -ENOMEM.
 * journal_close: commits what is there, ends the thread. Return: 0, or -EIO: the disk failed before that.
 * Context: may sleep; nobody uses the journal before or after.
 */
int journal_format(struct ramdisk *disk, u32 log_size);
struct journal *journal_open(struct ramdisk *disk);
int journal_close(struct journal *j);

/*
 * journal_update: n blocks change together. Seen by journal_read() at once, safe after journal_commit(id).
 * Return: the id (positive), -EINVAL: no such block or too many, -EIO.
 * journal_commit: wait until that transaction is safe. Return: 0 or -EIO: it may be safe or not.
 * journal_read: nr blocks from the first on, as they are at one moment. Return: 0, -EINVAL.
 * Context: may sleep.
 */
struct journal_change {
	u32		block;
	const void	*data;	/* JOURNAL_BLOCK bytes */
};
s64 journal_update(struct journal *j, const struct journal_change *changes, unsigned int n);
int journal_commit(struct journal *j, u64 id);
int journal_read(struct journal *j, u32 first, u32 nr, void *data);

/* journal_log.c, for journal.c: the thread's, or before there is one. Return: 0, -EIO, and log_open() -EINVAL. */
int log_open(struct journal *j);
int log_write(struct journal *j, struct transaction *t);
int log_write_oldest_home(struct journal *j);
int log_read_home(struct journal *j, u32 block, void *data);
