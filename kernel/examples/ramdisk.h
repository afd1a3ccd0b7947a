/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A disk made of memory, for the examples: blocks that are read and written whole, one request at a time. And a plug,
 * which tests pull out between two writes, or in the middle of one.
 */
#include <linux/mutex.h>
#include <linux/types.h>

struct ramdisk {
	/* Constant. */
	u32		nr_blocks, block_size;
	u8		*data;
	unsigned int	latency_us;	/* how long a write takes; may be set before the first */
	/* lock. */
	struct mutex	lock;
	unsigned long	reads, writes;	/* those that succeeded */
	long		writes_left;	/* until the plug comes out; negative: it stays in */
	bool		tears;		/* the write that meets it is half done */
	/* May be set before the first write: called before each, with the lock held. May sleep. */
	void		(*before_write)(struct ramdisk *disk, u32 block);
	void		*private;	/* whoever sets before_write */
};

/* ramdisk_create: zeroed blocks. Return: NULL without memory. ramdisk_destroy: NULL is ignored. Context: may sleep. */
struct ramdisk *ramdisk_create(u32 nr_blocks, u32 block_size);
void ramdisk_destroy(struct ramdisk *disk);

/*
 * One block to or from buf. When ramdisk_write() returns 0 the block is on the disk, and blocks get there in the order
 * of the calls. Return: 0, -EINVAL: there is no such block, -EIO: the plug is out. Context: may sleep.
 */
int ramdisk_read(struct ramdisk *disk, u32 block, void *buf);
int ramdisk_write(struct ramdisk *disk, u32 block, const void *buf);

/* n more writes succeed; the next fails, and with `tears` leaves half of its block; then nothing works until the plug
 * is in again. Context: may sleep. */
void ramdisk_unplug_after(struct ramdisk *disk, long n, bool tears);
void ramdisk_plug_in(struct ramdisk *disk);
