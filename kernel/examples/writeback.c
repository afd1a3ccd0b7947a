/* SPDX-License-Identifier: MIT */
/*
 * The write-back thread: what writes to files in memory to the disk, later.
 *
 * A program that writes does not wait for a disk. Its data goes into a page in memory, the page is marked dirty, and a
 * thread writes it out some time later; a page that is written to ten times meanwhile goes to the disk once.
 *
 *	writers				the thread				the disk
 *	-------				----------				--------
 *	copy into the page
 *	mark it dirty, list it
 *	enough dirty? wake --------->	take the first off the list, copy it
 *	far too many? wait		write the copy ----------------------->	slow
 *		<-------- wake ------	next
 *
 * When is a page written? When it has been dirty for max_age; sooner if `background` pages are dirty; at once if
 * somebody asks for it (sync) or the thread is stopped. And if writers are faster than the disk, at `limit` pages they
 * wait, or memory would fill up with dirt. Linux does the same with other numbers (5 s, 30 s, 10 % and 20 % of
 * memory).
 *
 * A page may be written to while it is on its way to the disk. So its mark comes off before its data is copied, both
 * under the lock: a later write marks it again, and it will be written again. The other way round, a write between copy
 * and mark would be forgotten.
 *
 * The thread sleeps without a time limit while nothing is dirty; then until the next look. kthread_stop() wakes it in
 * either sleep, because both conditions ask kthread_should_stop().
 *
 * Locking: wb->lock for dirty list and contents of pages, never held while waiting for the disk. load_lock for filling
 * wb->pages[]; held over a read. Read next: reclaim.c, deferred.c, journal.c.
 */
#include "writeback.h"
#include "examples.h"
#include <linux/console.h>
#include <linux/freezer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/string.h>

struct cached_page {
	u32			block;
	struct list_head	dirty;		/* wb->lock; empty: clean */
	unsigned long		dirtied;	/* wb->lock; jiffies */
	u8			*data;		/* wb->lock; PAGE_SIZE bytes */
};

/* ---- the thread ---- */

/* Take the page that has been dirty for the longest, if it is so since `before` at least. Return: NULL: none is. */
static struct cached_page *take_dirty_page(struct writeback *wb, unsigned long before, void *copy)
{
	struct cached_page *page;

	spin_lock(&wb->lock);
	page = list_first_entry_or_null(&wb->dirty, struct cached_page, dirty);
	if (page && time_after(page->dirtied, before))
		page = NULL;
	if (page) {
		list_del_init(&page->dirty);
		wb->nr_dirty--;
		memcpy(copy, page->data, PAGE_SIZE);
	}
	spin_unlock(&wb->lock);
	return page;
}

static void mark_dirty_locked(struct writeback *wb, struct cached_page *page)
{
	lockdep_assert_held(&wb->lock);
	if (!list_empty(&page->dirty))
		return;
	page->dirtied = jiffies;
	list_add_tail(&page->dirty, &wb->dirty);
	wb->nr_dirty++;
}

/* The disk did not take it: it is as dirty as before. */
static void remember_failure(struct writeback *wb, struct cached_page *page, int err)
{
	spin_lock(&wb->lock);
	mark_dirty_locked(wb, page);
	wb->error = err;
	spin_unlock(&wb->lock);
}

/* Write up to nr pages that are dirty since `before`. Return: how many. */
static unsigned long write_pages(struct writeback *wb, unsigned long nr, unsigned long before)
{
	unsigned long written = 0;
	struct cached_page *page;

	while (nr-- && (page = take_dirty_page(wb, before, wb->copy))) {
		int err = ramdisk_write(wb->disk, page->block, wb->copy);

		if (err)
			remember_failure(wb, page, err);
		else
			written++;
		wake_up(&wb->cleaned);
	}
	return written;
}

static void write_for_sync(struct writeback *wb)
{
	unsigned long asked, nr;

	spin_lock(&wb->lock);
	asked = wb->sync_asked;
	nr = wb->nr_dirty;	/* those that are dirtied from now on stand behind them and are not our business */
	spin_unlock(&wb->lock);
	wb->written_sync += write_pages(wb, nr, jiffies);
	spin_lock(&wb->lock);
	wb->sync_done = asked;
	spin_unlock(&wb->lock);
	wake_up_all(&wb->cleaned);
}

/* Is there somebody who does not want to wait for age or number? */
static bool is_asked(struct writeback *wb)
{
	return READ_ONCE(wb->sync_asked) != wb->sync_done || kthread_should_stop();
}

static bool are_many_dirty(struct writeback *wb)
{
	return READ_ONCE(wb->nr_dirty) >= wb->background;
}

static int write_back(void *data)
{
	struct writeback *wb = data;

	set_freezable();
	while (!kthread_should_stop()) {
		wait_event_freezable(wb->work, READ_ONCE(wb->nr_dirty) || is_asked(wb));
		wait_event_freezable_timeout(wb->work, are_many_dirty(wb) || is_asked(wb), wb->interval);
		if (is_asked(wb))
			write_for_sync(wb);
		else if (are_many_dirty(wb))
			wb->written_many += write_pages(wb, wb->nr_dirty - wb->background / 2, jiffies);
		else
			wb->written_old += write_pages(wb, wb->nr_dirty, jiffies - wb->max_age);
		/* What a broken disk has refused is dirty again: do not try without a pause. */
		if (READ_ONCE(wb->error))
			wait_event_freezable_timeout(wb->work, is_asked(wb), wb->interval);
	}
	return 0;
}

/* ---- reading and writing ---- */

static struct cached_page *load_page(struct writeback *wb, u32 block)
{
	struct cached_page *page = kzalloc(sizeof(*page), GFP_KERNEL);
	int err = -ENOMEM;

	if (!page)
		return ERR_PTR(-ENOMEM);
	page->block = block;
	INIT_LIST_HEAD(&page->dirty);
	page->data = (u8 *)__get_free_page(GFP_KERNEL);
	if (page->data)
		err = ramdisk_read(wb->disk, block, page->data);
	if (err) {
		free_page((unsigned long)page->data);
		kfree(page);
		return ERR_PTR(err);
	}
	wb->pages[block] = page;
	return page;
}

static struct cached_page *find_page(struct writeback *wb, u32 block, unsigned int offset, unsigned int len)
{
	struct cached_page *page;

	if (block >= wb->disk->nr_blocks || offset > PAGE_SIZE || len > PAGE_SIZE - offset)
		return ERR_PTR(-EINVAL);
	mutex_lock(&wb->load_lock);
	page = wb->pages[block];
	if (!page)
		page = load_page(wb, block);
	mutex_unlock(&wb->load_lock);
	return page;
}

/*
 * False: as many pages are dirty as may be, and this is not one of them. *wake: the thread sleeps while nothing is
 * dirty, or until its next look; either may be over now.
 */
static bool try_write(struct writeback *wb, struct cached_page *page, unsigned int offset, const void *buf,
		      unsigned int len, bool *wake)
{
	bool may;

	spin_lock(&wb->lock);
	may = wb->nr_dirty < wb->limit || !list_empty(&page->dirty);
	if (may) {
		memcpy(page->data + offset, buf, len);
		mark_dirty_locked(wb, page);
	}
	*wake = wb->nr_dirty == 1 || are_many_dirty(wb);
	spin_unlock(&wb->lock);
	return may;
}

static void wait_and_write(struct writeback *wb, struct cached_page *page, unsigned int offset, const void *buf,
			   unsigned int len)
{
	bool wake;

	spin_lock(&wb->lock);
	wb->waits++;
	spin_unlock(&wb->lock);
	wait_event(wb->cleaned, try_write(wb, page, offset, buf, len, &wake));
}

int writeback_write(struct writeback *wb, u32 block, unsigned int offset, const void *buf, unsigned int len)
{
	struct cached_page *page = find_page(wb, block, offset, len);
	bool wake;

	if (IS_ERR(page))
		return PTR_ERR(page);
	if (!try_write(wb, page, offset, buf, len, &wake))
		wait_and_write(wb, page, offset, buf, len);
	if (wake)
		wake_up(&wb->work);
	return 0;
}

int writeback_read(struct writeback *wb, u32 block, unsigned int offset, void *buf, unsigned int len)
{
	struct cached_page *page = find_page(wb, block, offset, len);

	if (IS_ERR(page))
		return PTR_ERR(page);
	spin_lock(&wb->lock);
	memcpy(buf, page->data + offset, len);
	spin_unlock(&wb->lock);
	return 0;
}

int writeback_sync(struct writeback *wb)
{
	unsigned long mine;
	int err;

	spin_lock(&wb->lock);
	mine = ++wb->sync_asked;
	spin_unlock(&wb->lock);
	wake_up(&wb->work);
	wait_event(wb->cleaned, (long)(READ_ONCE(wb->sync_done) - mine) >= 0);
	spin_lock(&wb->lock);
	err = wb->error;
	wb->error = 0;
	spin_unlock(&wb->lock);
	return err;
}

/* ---- starting and stopping ---- */

static void free_pages_and_copy(struct writeback *wb)
{
	for (u32 i = 0; wb->pages && i < wb->disk->nr_blocks; i++)
		if (wb->pages[i]) {
			free_page((unsigned long)wb->pages[i]->data);
			kfree(wb->pages[i]);
		}
	kfree(wb->pages);
	kfree(wb->copy);
}

int writeback_start(struct writeback *wb, struct ramdisk *disk)
{
	struct task_struct *p = ERR_PTR(-ENOMEM);

	if (disk->block_size != PAGE_SIZE)
		return -EINVAL;
	*wb = (struct writeback){ .disk = disk, .interval = HZ / 5, .max_age = HZ / 2,
				  .background = disk->nr_blocks / 4, .limit = disk->nr_blocks / 2 };
	mutex_init(&wb->load_lock);
	spin_lock_init(&wb->lock);
	INIT_LIST_HEAD(&wb->dirty);
	init_waitqueue_head(&wb->work);
	init_waitqueue_head(&wb->cleaned);
	wb->pages = kcalloc(disk->nr_blocks, sizeof(*wb->pages), GFP_KERNEL);
	wb->copy = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (wb->pages && wb->copy)
		p = kthread_run(write_back, wb, "writeback");
	if (IS_ERR(p)) {
		free_pages_and_copy(wb);
		return PTR_ERR(p);
	}
	wb->thread = p;
	return 0;
}

int writeback_stop(struct writeback *wb)
{
	int err;

	kthread_stop(wb->thread);
	/* Not the thread's last deed: who is stopped before he has ever run does not even begin. */
	write_for_sync(wb);
	err = wb->nr_dirty ? wb->error : 0;
	free_pages_and_copy(wb);
	return err;
}

/* ---- the example: somebody writes a little all the time, and much now and then ---- */

#define NR_BLOCKS	64

static struct writeback example;
static struct task_struct *writer;
static unsigned long records;	/* the writer's */

static int write_records(void *unused)
{
	struct rnd_state random;
	u64 record[4] = { 0 };

	prandom_seed_state(&random, 1);
	for (unsigned int turn = 0; !kthread_should_stop(); turn++) {
		unsigned int burst = turn % 50 == 49 ? NR_BLOCKS : 1;

		while (burst--) {
			record[0] = records++;
			writeback_write(&example, prandom_u32_max_state(&random, NR_BLOCKS), 0, record, sizeof(record));
		}
		if (turn % 30 == 29)
			writeback_sync(&example);
		example_nap(40);
	}
	return 0;
}

static int start_example(void)
{
	struct ramdisk *disk = ramdisk_create(NR_BLOCKS, PAGE_SIZE);
	int err;

	if (!disk)
		return -ENOMEM;
	disk->latency_us = 200;
	err = writeback_start(&example, disk);
	if (err) {
		ramdisk_destroy(disk);
		return err;
	}
	records = 0;
	writer = kthread_run(write_records, NULL, "writeback/load");
	if (!IS_ERR(writer))
		return 0;
	writeback_stop(&example);
	ramdisk_destroy(disk);
	return PTR_ERR(writer);
}

/* The writer first: after it nobody uses the cache. */
static int stop_example(void)
{
	int err;

	kthread_stop(writer);
	err = writeback_stop(&example);
	ramdisk_destroy(example.disk);
	return err;
}

static void show_example(void)
{
	struct writeback *wb = &example;

	example_print_thread("writeback", wb->thread);
	console_printf("%lu records written; pages to disk: %lu old, %lu of too many, %lu for sync; %u dirty\n",
		       READ_ONCE(records), wb->written_old, wb->written_many, wb->written_sync,
		       READ_ONCE(wb->nr_dirty));
}

const struct example writeback_example = {
	.name = "writeback", .summary = "writes dirty pages of a cache to a RAM disk, when old or many",
	.start = start_example, .stop = stop_example, .status = show_example,
};
