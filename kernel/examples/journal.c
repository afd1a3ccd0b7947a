/* SPDX-License-Identifier: MIT */
/*
 * The journal thread: makes changes of several blocks happen as one, whenever the power fails.
 *
 * Who moves money from one account to another changes two blocks. A disk writes one, then the other; if the power fails
 * in between, the money is gone. So changes are collected in a transaction, and a thread first writes the whole
 * transaction into a log, closes it with a checksum, and only then writes the blocks where they belong. Ext4's jbd2 on
 * Linux is built this way, and most databases are.
 *
 *	users					the thread ("journal")
 *	-----					----------------------
 *	journal_update(): change the image,	sleeps until something has changed, then until `interval` has
 *	add to the running transaction		passed, or somebody waits, or the transaction is full
 *	                                        running = a new, empty transaction
 *	journal_commit(id): wait		log_write(the old one)
 *	                    <----- wake ------	committed = its id
 *
 * While a transaction is being written, users go on with the next: they wait for the disk only if they ask to. All
 * changes of one journal_update() are in the same transaction. Transactions are committed in the order of their ids.
 *
 * Stopped in the middle: kthread_stop() only sets a bit. The thread finishes the transaction that it writes and ends;
 * journal_close() commits what has come meanwhile and brings all blocks home. A crash (here: the plug of the disk is
 * pulled) leaves it with an error; nothing is committed any more, who waits gets -EIO, and the next journal_open()
 * finds every transaction that was committed, none in half. tests/examples.c pulls the plug at every single write and
 * looks.
 *
 * Locking: j->lock for the image and the running transaction. The log is the thread's own.
 * Read next: journal_log.c.
 */
#include "journal.h"
#include "examples.h"
#include <linux/console.h>
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

/* ---- the thread ---- */

static bool has_changes(struct journal *j)
{
	return READ_ONCE(j->running->nr) || kthread_should_stop();
}

static bool is_in_a_hurry(struct journal *j)
{
	return READ_ONCE(j->wanted) > j->committed || READ_ONCE(j->running->nr) == JOURNAL_MAX_UPDATES ||
	       kthread_should_stop();
}

/* Take the running transaction away and put the empty one in its place. NULL: nothing has changed, or it is lost. */
static struct transaction *close_transaction(struct journal *j)
{
	struct transaction *t = NULL;

	spin_lock(&j->lock);
	if (j->error) {
		j->running->nr = 0;
	} else if (j->running->nr) {
		t = j->running;
		j->running = j->spare;
		j->running->id = t->id + 1;
		j->spare = NULL;
	}
	spin_unlock(&j->lock);
	return t;
}

/* Without memory one that is in the log goes home, and its memory is free: it gets done in any case. */
static int make_spare(struct journal *j)
{
	int err = 0;

	while (!err && !(j->spare = kzalloc(sizeof(*j->spare), GFP_KERNEL)))
		err = list_empty(&j->in_log) ? -ENOMEM : log_write_oldest_home(j);
	return err;
}

static void commit(struct journal *j)
{
	struct transaction *t = close_transaction(j);
	int err;

	if (!t)
		return;
	err = log_write(j, t);
	spin_lock(&j->lock);
	if (!err)
		j->committed = t->id;
	spin_unlock(&j->lock);
	if (err)
		kfree(t);	/* it is not in the log */
	else
		err = make_spare(j);
	if (err) {
		spin_lock(&j->lock);
		j->error = err;
		spin_unlock(&j->lock);
	}
	wake_up_all(&j->progress);
}

static int write_all_home(struct journal *j)
{
	int err = j->error;

	while (!err && !list_empty(&j->in_log))
		err = log_write_oldest_home(j);
	return err;
}

static int commit_transactions(void *data)
{
	struct journal *j = data;

	set_freezable();
	while (!kthread_should_stop()) {
		wait_event_freezable(j->work, has_changes(j));
		wait_event_freezable_timeout(j->work, is_in_a_hurry(j), j->interval);
		commit(j);
	}
	return 0;
}

/* ---- for its users ---- */

/* What changes a block twice in one transaction is written once. */
static unsigned int slot_of(struct transaction *t, u32 block)
{
	unsigned int i = 0;

	while (i < t->nr && t->blocks[i] != block)
		i++;
	return i;
}

static bool has_room(struct transaction *t, const struct journal_change *changes, unsigned int n)
{
	unsigned int new = 0;

	for (unsigned int i = 0; i < n; i++)
		new += slot_of(t, changes[i].block) == t->nr;
	return t->nr + new <= JOURNAL_MAX_UPDATES;
}

static void change_locked(struct journal *j, const struct journal_change *change)
{
	struct transaction *t = j->running;
	unsigned int i = slot_of(t, change->block);

	lockdep_assert_held(&j->lock);
	t->blocks[i] = change->block;
	t->nr = max(t->nr, i + 1);
	memcpy(t->data[i], change->data, JOURNAL_BLOCK);
	memcpy(j->image + change->block * JOURNAL_BLOCK, change->data, JOURNAL_BLOCK);
}

/* All or nothing. Return: true if that is decided, with the id or an errno in *ret; false: there is no room. */
static bool try_update(struct journal *j, const struct journal_change *changes, unsigned int n, s64 *ret)
{
	bool room;

	spin_lock(&j->lock);
	*ret = j->error;
	room = !j->error && has_room(j->running, changes, n);
	if (room) {
		for (unsigned int i = 0; i < n; i++)
			change_locked(j, &changes[i]);
		*ret = j->running->id;
	} else {
		j->wanted = max(j->wanted, j->running->id);
	}
	spin_unlock(&j->lock);
	wake_up(&j->work);
	return room || *ret;
}

s64 journal_update(struct journal *j, const struct journal_change *changes, unsigned int n)
{
	s64 ret;

	if (!n || n > JOURNAL_MAX_UPDATES)
		return -EINVAL;
	for (unsigned int i = 0; i < n; i++)
		if (changes[i].block >= j->nr_blocks)
			return -EINVAL;
	wait_event(j->progress, try_update(j, changes, n, &ret));
	return ret;
}

/* Return: true when it is decided, with 0 or an errno in *ret. */
static bool is_committed(struct journal *j, u64 id, int *ret)
{
	bool safe;

	spin_lock(&j->lock);
	safe = j->committed >= id;
	*ret = safe ? 0 : j->error;
	spin_unlock(&j->lock);
	return safe || *ret;
}

int journal_commit(struct journal *j, u64 id)
{
	int ret;

	spin_lock(&j->lock);
	/* A transaction that nothing was put into yet will not be committed: then there is nothing to wait for. */
	id = min(id, j->running->nr ? j->running->id : j->running->id - 1);
	j->wanted = max(j->wanted, id);
	spin_unlock(&j->lock);
	wake_up(&j->work);
	wait_event(j->progress, is_committed(j, id, &ret));
	return ret;
}

int journal_read(struct journal *j, u32 first, u32 nr, void *data)
{
	if (first >= j->nr_blocks || nr > j->nr_blocks - first)
		return -EINVAL;
	spin_lock(&j->lock);
	memcpy(data, j->image + first * JOURNAL_BLOCK, nr * JOURNAL_BLOCK);
	spin_unlock(&j->lock);
	return 0;
}

/* ---- opening and closing ---- */

static void free_journal(struct journal *j)
{
	struct transaction *t, *next;

	list_for_each_entry_safe(t, next, &j->in_log, list)
		kfree(t);
	kfree(j->running);
	kfree(j->spare);
	kfree(j->buffer);
	vfree(j->image);
	kfree(j);
}

/* Recovery, then the image. */
static int bring_up(struct journal *j)
{
	int err = log_open(j);

	if (err)
		return err;
	j->nr_blocks = j->disk->nr_blocks - 2 - j->log_size;
	j->image = vmalloc((unsigned long)j->nr_blocks * JOURNAL_BLOCK);
	if (!j->image)
		return -ENOMEM;
	for (u32 i = 0; !err && i < j->nr_blocks; i++)
		err = log_read_home(j, i, j->image + i * JOURNAL_BLOCK);
	j->running->id = j->committed + 1;
	return err;
}

struct journal *journal_open(struct ramdisk *disk)
{
	struct journal *j = kzalloc(sizeof(*j), GFP_KERNEL);
	struct task_struct *p;
	int err = -ENOMEM;

	if (!j)
		return ERR_PTR(-ENOMEM);
	j->disk = disk;
	j->interval = HZ / 4;
	spin_lock_init(&j->lock);
	INIT_LIST_HEAD(&j->in_log);
	init_waitqueue_head(&j->work);
	init_waitqueue_head(&j->progress);
	j->running = kzalloc(sizeof(*j->running), GFP_KERNEL);
	j->spare = kzalloc(sizeof(*j->spare), GFP_KERNEL);
	j->buffer = kmalloc(JOURNAL_BLOCK, GFP_KERNEL);
	if (j->running && j->spare && j->buffer)
		err = disk->block_size == JOURNAL_BLOCK ? bring_up(j) : -EINVAL;
	if (!err) {
		p = kthread_run(commit_transactions, j, "journal");
		err = PTR_ERR_OR_ZERO(p);
	}
	if (err) {
		free_journal(j);
		return ERR_PTR(err);
	}
	j->thread = p;
	return j;
}

int journal_close(struct journal *j)
{
	int err;

	kthread_stop(j->thread);
	/* Not the thread's last deeds: who is stopped before he has ever run does not even begin. */
	commit(j);
	err = write_all_home(j);
	free_journal(j);
	return err;
}
