/* SPDX-License-Identifier: MIT */
/*
 * The journal's disk: what is written where, in which order, and what can be made of it after a crash.
 *
 *	block 0, 1	two copies of the head: where the log begins, and with which transaction
 *	block 2 ...	the log, a ring:  | begin 7 | data | data | end 7 | begin 8 | data | end 8 | ...
 *	the rest	the blocks themselves, at home
 *
 * A transaction is written into the log first. Its last block, the end, holds a checksum of the others; with it the
 * transaction is committed: a crash a moment before loses all of it, a crash a moment after loses nothing. Only then
 * may its blocks be written home, in any number of steps, for the log still knows them. When all are home, the head is
 * moved behind the transaction, and its place in the log is free again. So
 *
 *	in the log, whole  ->  home  ->  head moved  ->  place used again
 *
 * and after a crash in any of these steps, writing home once more what the log has is right: log_open() does that, from
 * the head on, until it meets something that is not a whole transaction with the next id. It moves the head only at its
 * end, so a crash while it works does no harm either.
 *
 * A write that meets the crash may leave half a block. In the log the checksum finds that; at home the log mends it;
 * for the head there are two copies, written in turn: the older one is still true.
 *
 * Locking: none; all of this is the thread's, or runs before there is one. Read next: journal.c.
 */
#include "journal.h"
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define FIRST_LOG_BLOCK	2
#define MAGIC		0x626f6262696e4a6cULL

enum kind { KIND_HEAD = 1, KIND_BEGIN, KIND_END };

/* The blocks that are ours: all the same, each kind uses what it needs. */
struct log_block {
	u64	magic;
	u32	kind;
	u32	checksum;	/* head: of itself, end: of begin and data. Computed with 0 here */
	u64	id;		/* of the transaction; head: of the first in the log */
	u64	number;		/* head: the copy with the larger number is true */
	u32	log_size;	/* head */
	u32	tail;		/* head: where in the log the first begins */
	u32	nr;		/* begin */
	u32	blocks[JOURNAL_MAX_UPDATES];
	u8	rest[JOURNAL_BLOCK - 44 - 4 * JOURNAL_MAX_UPDATES];
};

static u32 log_block_nr(struct journal *j, u64 pos)
{
	return FIRST_LOG_BLOCK + pos % j->log_size;
}

static u32 home_block_nr(struct journal *j, u32 block)
{
	return FIRST_LOG_BLOCK + j->log_size + block;
}

static u32 sum_up(u32 sum, const void *block)
{
	return jhash(block, JOURNAL_BLOCK, sum);
}

static struct log_block *fill(struct journal *j, enum kind kind, u64 id)
{
	struct log_block *b = (struct log_block *)j->buffer;

	BUILD_BUG_ON(sizeof(*b) != JOURNAL_BLOCK);
	*b = (struct log_block){ .magic = MAGIC, .kind = kind, .id = id };
	return b;
}

static bool is_a(const struct log_block *b, enum kind kind)
{
	return b->magic == MAGIC && b->kind == kind;
}

/* ---- the head ---- */

static int write_head(struct journal *j, u64 first_id)
{
	struct log_block *b = fill(j, KIND_HEAD, first_id);

	b->number = ++j->super_number;
	b->log_size = j->log_size;
	b->tail = j->tail % j->log_size;
	b->checksum = sum_up(0, b);
	return ramdisk_write(j->disk, b->number % FIRST_LOG_BLOCK, b);
}

static bool head_is_whole(struct log_block *b)
{
	u32 checksum = b->checksum;

	b->checksum = 0;
	return is_a(b, KIND_HEAD) && sum_up(0, b) == checksum;
}

/* The newer of the two copies. Return: the id of the first transaction in the log through *first_id. */
static int read_head(struct journal *j, u64 *first_id)
{
	struct log_block *b = (struct log_block *)j->buffer;
	bool found = false;

	for (u32 copy = 0; copy < FIRST_LOG_BLOCK; copy++) {
		int err = ramdisk_read(j->disk, copy, b);

		if (err)
			return err;
		if (!head_is_whole(b) || (found && b->number < j->super_number))
			continue;
		found = true;
		j->super_number = b->number;
		j->log_size = b->log_size;
		j->head = j->tail = b->tail;
		*first_id = b->id;
	}
	return found ? 0 : -EINVAL;
}

int journal_format(struct ramdisk *disk, u32 log_size)
{
	struct journal j = { .disk = disk, .log_size = log_size };
	int err = -ENOMEM;

	if (disk->block_size != JOURNAL_BLOCK || log_size < JOURNAL_MIN_LOG ||
	    disk->nr_blocks <= FIRST_LOG_BLOCK + log_size)
		return -EINVAL;
	j.buffer = kzalloc(JOURNAL_BLOCK, GFP_KERNEL);
	if (j.buffer)
		err = write_head(&j, 1) ?: write_head(&j, 1);
	kfree(j.buffer);
	return err;
}

/* ---- committing ---- */

static u64 log_room(struct journal *j)
{
	return j->log_size - (j->head - j->tail);
}

int log_read_home(struct journal *j, u32 block, void *data)
{
	return ramdisk_read(j->disk, home_block_nr(j, block), data);
}

static int write_blocks_home(struct journal *j, const struct transaction *t)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < t->nr; i++)
		err = ramdisk_write(j->disk, home_block_nr(j, t->blocks[i]), t->data[i]);
	return err;
}

/* The oldest transaction of the log goes home, and its place is free. */
int log_write_oldest_home(struct journal *j)
{
	struct transaction *t = list_first_entry(&j->in_log, struct transaction, list);
	int err = write_blocks_home(j, t);

	if (err)
		return err;
	j->tail = t->log_pos + t->nr + 2;
	err = write_head(j, t->id + 1);
	list_del(&t->list);
	kfree(t);
	return err;
}

int log_write(struct journal *j, struct transaction *t)
{
	struct log_block *b;
	u64 pos = j->head;
	int err = 0;
	u32 sum;

	while (!err && log_room(j) < t->nr + 2)
		err = log_write_oldest_home(j);
	if (err)
		return err;
	b = fill(j, KIND_BEGIN, t->id);
	b->nr = t->nr;
	memcpy(b->blocks, t->blocks, sizeof(b->blocks));
	sum = sum_up(0, b);
	err = ramdisk_write(j->disk, log_block_nr(j, pos++), b);
	for (unsigned int i = 0; !err && i < t->nr; i++) {
		sum = sum_up(sum, t->data[i]);
		err = ramdisk_write(j->disk, log_block_nr(j, pos++), t->data[i]);
	}
	if (err)
		return err;
	b = fill(j, KIND_END, t->id);
	b->checksum = sum;
	err = ramdisk_write(j->disk, log_block_nr(j, pos++), b);
	if (err)
		return err;
	t->log_pos = j->head;
	j->head = pos;
	list_add_tail(&t->list, &j->in_log);
	return 0;
}

/* ---- after a crash, or before the first time ---- */

/* Read the transaction at the head. Return: 1, 0: there is no whole one with that id, or a negative errno. */
static int read_transaction(struct journal *j, u64 id, struct transaction *t)
{
	const struct log_block *b = (struct log_block *)j->buffer;
	u64 pos = j->head;
	u32 sum;
	int err = ramdisk_read(j->disk, log_block_nr(j, pos++), j->buffer);

	if (err || !is_a(b, KIND_BEGIN) || b->id != id || b->nr > JOURNAL_MAX_UPDATES)
		return err;
	sum = sum_up(0, b);
	*t = (struct transaction){ .id = id, .nr = b->nr };
	memcpy(t->blocks, b->blocks, sizeof(t->blocks));
	for (unsigned int i = 0; !err && i < t->nr; i++) {
		err = ramdisk_read(j->disk, log_block_nr(j, pos++), t->data[i]);
		sum = sum_up(sum, t->data[i]);
	}
	if (!err)
		err = ramdisk_read(j->disk, log_block_nr(j, pos), j->buffer);
	if (err)
		return err;
	return is_a(b, KIND_END) && b->id == id && b->checksum == sum;
}

int log_open(struct journal *j)
{
	struct transaction *t = kmalloc(sizeof(*t), GFP_KERNEL);
	u64 id = 1;
	int ret;

	if (!t)
		return -ENOMEM;
	ret = read_head(j, &id);
	if (ret >= 0)
		while ((ret = read_transaction(j, id, t)) > 0) {
			ret = write_blocks_home(j, t);
			if (ret)
				break;
			j->head += t->nr + 2;
			j->replayed++;
			id++;
		}
	if (!ret && j->replayed) {
		j->tail = j->head;
		ret = write_head(j, id);
	}
	j->committed = id - 1;
	kfree(t);
	return ret;
}
