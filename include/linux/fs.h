/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An open file, as the functions of a file in /proc see it; for such files <linux/proc_fs.h>. There is no other file
 * system, and there are no devices to be opened.
 * Differs from Linux: struct file and struct inode have the members below and no others; file_operations is a type
 * that can be filled in, and that nobody takes.
 */
#include <linux/types.h>
#include <linux/stat.h>
#include <linux/uidgid.h>

struct module;

typedef unsigned int fmode_t;

#define FMODE_READ	0x1
#define FMODE_WRITE	0x2

#define O_RDONLY	00000000
#define O_WRONLY	00000001
#define O_RDWR		00000002

#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2

struct qstr {
	u32			len;
	const unsigned char	*name;
};

struct dentry {
	struct qstr	d_name;		/* without the folder */
};

struct path {
	struct dentry	*dentry;
};

struct inode {
	umode_t		i_mode;
	kuid_t		i_uid;
	kgid_t		i_gid;
	loff_t		i_size;
	void		*i_private;
};

struct file {
	struct path	f_path;
	fmode_t		f_mode;
	unsigned int	f_flags;
	loff_t		f_pos;
	struct inode	*f_inode;
	void		*private_data;	/* the opener's */
};

static inline struct dentry *file_dentry(const struct file *f)
{
	return f->f_path.dentry;
}

static inline struct inode *file_inode(const struct file *f)
{
	return f->f_inode;
}

struct file_operations {
	struct module	*owner;
	loff_t		(*llseek)(struct file *file, loff_t offset, int whence);
	ssize_t		(*read)(struct file *file, char __user *buf, size_t size, loff_t *pos);
	ssize_t		(*write)(struct file *file, const char __user *buf, size_t size, loff_t *pos);
	int		(*open)(struct inode *inode, struct file *file);
	int		(*release)(struct inode *inode, struct file *file);
};

/*
 * For a file whose text is in memory: of `available` bytes at `from`, the next up to count go to `to`, or the other
 * way; *ppos counts on. Return: how many; -EINVAL for a negative position. Context: thread.
 */
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos, const void *from, size_t available);
ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos, const void __user *from, size_t count);

/* noop_llseek: the position stays. no_llseek: -ESPIPE. default_llseek: as asked. Return: the position. */
loff_t noop_llseek(struct file *file, loff_t offset, int whence);
loff_t no_llseek(struct file *file, loff_t offset, int whence);
loff_t default_llseek(struct file *file, loff_t offset, int whence);
