/* SPDX-License-Identifier: MIT */
/*
 * The disk of the examples. It keeps what a real disk promises, and no more: a block that was acknowledged is there
 * after a power cut, one that was being written may be old, new, or half of each.
 *
 * Locking: disk->lock for everything that changes; it is held while a request takes its time, so requests queue.
 * Read next: writeback.c, journal.c.
 */
#include "ramdisk.h"
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

struct ramdisk *ramdisk_create(u32 nr_blocks, u32 block_size)
{
	struct ramdisk *disk = kzalloc(sizeof(*disk), GFP_KERNEL);

	if (!disk)
		return NULL;
	disk->data = vzalloc((unsigned long)nr_blocks * block_size);
	if (!disk->data) {
		kfree(disk);
		return NULL;
	}
	disk->nr_blocks = nr_blocks;
	disk->block_size = block_size;
	disk->writes_left = -1;
	mutex_init(&disk->lock);
	return disk;
}

void ramdisk_destroy(struct ramdisk *disk)
{
	if (!disk)
		return;
	vfree(disk->data);
	kfree(disk);
}

static u8 *block_data(struct ramdisk *disk, u32 block)
{
	return disk->data + (unsigned long)block * disk->block_size;
}

int ramdisk_read(struct ramdisk *disk, u32 block, void *buf)
{
	int err = 0;

	if (block >= disk->nr_blocks)
		return -EINVAL;
	mutex_lock(&disk->lock);
	if (disk->writes_left == 0) {
		err = -EIO;
	} else {
		memcpy(buf, block_data(disk, block), disk->block_size);
		disk->reads++;
	}
	mutex_unlock(&disk->lock);
	return err;
}

/* The plug comes out during this write, the first that does not succeed. */
static void lose_power(struct ramdisk *disk, u32 block, const void *buf)
{
	if (disk->tears)
		memcpy(block_data(disk, block), buf, disk->block_size / 2);
	disk->tears = false;
}

int ramdisk_write(struct ramdisk *disk, u32 block, const void *buf)
{
	int err = 0;

	if (block >= disk->nr_blocks)
		return -EINVAL;
	if (disk->before_write)
		disk->before_write(disk, block);
	mutex_lock(&disk->lock);
	if (disk->latency_us)
		usleep_range(disk->latency_us, 2 * disk->latency_us);
	if (disk->writes_left == 0) {
		lose_power(disk, block, buf);
		err = -EIO;
	} else {
		memcpy(block_data(disk, block), buf, disk->block_size);
		disk->writes++;
		disk->writes_left -= disk->writes_left > 0;
	}
	mutex_unlock(&disk->lock);
	return err;
}

void ramdisk_unplug_after(struct ramdisk *disk, long n, bool tears)
{
	mutex_lock(&disk->lock);
	disk->writes_left = n;
	disk->tears = tears;
	mutex_unlock(&disk->lock);
}

void ramdisk_plug_in(struct ramdisk *disk)
{
	ramdisk_unplug_after(disk, -1, false);
}
