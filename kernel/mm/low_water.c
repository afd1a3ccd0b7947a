/* SPDX-License-Identifier: MIT */
/*
 * The low-water mark: an allocation that takes the free pages below it wakes whoever watches.
 *
 * In Linux the watcher is kswapd, and each zone has a mark. Here nobody watches until somebody wants to: the page
 * allocator then compares two numbers each time it takes from the buddy lists, which is once in 16 single pages.
 *
 * Locking: low_water_lock for the pointer, held while wake() runs, so that unwatch_low_water() can promise that it
 * does not. Below it are only the locks of waking. Read next: kernel/examples/reclaim.c.
 */
#include <linux/mm.h>
#include <linux/errno.h>
#include <linux/spinlock.h>

#include "mm.h"

static DEFINE_RAW_SPINLOCK(low_water_lock);
static struct low_water *watcher;	/* low_water_lock */
unsigned long low_water_pages;		/* low_water_lock to write; a glance at it needs none. 0: nobody watches */

int watch_low_water(struct low_water *lw)
{
	unsigned long flags;
	int err = -EBUSY;

	raw_spin_lock_irqsave(&low_water_lock, flags);
	if (!watcher) {
		watcher = lw;
		WRITE_ONCE(low_water_pages, lw->pages);
		err = 0;
	}
	raw_spin_unlock_irqrestore(&low_water_lock, flags);
	return err;
}

void unwatch_low_water(struct low_water *lw)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&low_water_lock, flags);
	if (watcher == lw) {
		watcher = NULL;
		WRITE_ONCE(low_water_pages, 0);
	}
	raw_spin_unlock_irqrestore(&low_water_lock, flags);
}

void low_water_reached(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&low_water_lock, flags);
	if (watcher)
		watcher->wake(watcher);
	raw_spin_unlock_irqrestore(&low_water_lock, flags);
}
