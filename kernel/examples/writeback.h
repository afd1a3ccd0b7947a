/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A page cache over a RAM disk with a write-back thread: writeback.c tells the story.
 */
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include "ramdisk.h"

struct cached_page;

struct writeback {
	/* Constant while the thread runs. Pages are counted, times are in jiffies. */
	struct ramdisk		*disk;		/* blocks of PAGE_SIZE */
	struct task_struct	*thread;
	unsigned int		background;	/* so many dirty pages wake the thread */
	unsigned int		limit;		/* so many make writers wait */
	unsigned long		interval;	/* how often it looks for old pages */
	unsigned long		max_age;	/* how long a page may stay dirty */

	struct mutex		load_lock;	/* pages[]: filled in under it, for good */
	struct cached_page	**pages;	/* one for each block; NULL: not read yet */

	/* lock. */
	spinlock_t		lock;
	struct list_head	dirty;		/* the one dirtied first is first */
	unsigned int		nr_dirty;
	unsigned long		sync_asked, sync_done;	/* requests are numbered */
	int			error;		/* of the disk, since the last sync */

	wait_queue_head_t	work;		/* the thread waits here */
	wait_queue_head_t	cleaned;	/* writers over the limit, and those who sync */

	/* Written by the thread only, but for the last; whoever reads them takes what he finds. */
	unsigned long		written_old, written_many, written_sync;
	void			*copy;		/* a page's content on its way */
	unsigned long		waits;		/* lock: how often a writer had to wait */
};

/*
 * writeback_start: a cache over the disk and its thread. Return: 0, -ENOMEM, -EINVAL: blocks are not pages.
 * writeback_stop: writes what is dirty, ends the thread, forgets the pages. The caller sees to it that nobody uses the
 * cache any more. Return: 0, or -EIO: some pages could not be written. Context: may sleep.
 */
int writeback_start(struct writeback *wb, struct ramdisk *disk);
int writeback_stop(struct writeback *wb);

/*
 * len bytes at an offset of a block, into the cache or out of it. Writing waits while too many pages are dirty.
 * writeback_sync: what was written before is on the disk when it returns.
 * Return: 0, -EINVAL, -ENOMEM, -EIO. Context: may sleep.
 */
int writeback_write(struct writeback *wb, u32 block, unsigned int offset, const void *buf, unsigned int len);
int writeback_read(struct writeback *wb, u32 block, unsigned int offset, void *buf, unsigned int len);
int writeback_sync(struct writeback *wb);
