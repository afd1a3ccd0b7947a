/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Text files that are made when they are read: /proc. One writes a function that shows one thing, and the reader gets
 * its text in pieces of any size, however long it is.
 *
 * One thing: single_open(), or proc_create_single() which needs no open function at all (<linux/proc_fs.h>).
 * A list: struct seq_operations. For each piece start(pos) finds the entry number *pos, show() prints one, next() goes
 * on to another and counts *pos up, and stop() ends the piece: locks that start() takes are held for a piece, never
 * while the text is shown to somebody. An entry is printed wholly or not at all; one that does not fit into the
 * buffer is printed again into a larger one.
 * Semantics: Linux's Documentation/filesystems/seq_file.
 * Context of everything here: thread, may sleep, unless start() has taken a lock that forbids it.
 */
#include <linux/types.h>
#include <linux/bug.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/stdarg.h>
#include <linux/string.h>

struct seq_operations;

struct seq_file {
	char				*buf;
	size_t				size;
	size_t				from;		/* what of buf was handed out already */
	size_t				count;		/* what is in buf; size: it did not fit */
	size_t				pad_until;
	loff_t				index;		/* of the next entry */
	loff_t				read_pos;	/* in bytes, of the next read */
	struct mutex			lock;
	const struct seq_operations	*op;
	int				poll_event;
	const struct file		*file;
	void				*private;	/* the opener's */
};

struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);	/* NULL: there is no entry so far behind; or ERR_PTR */
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);	/* 0, SEQ_SKIP: forget what it printed, or an error */
};

#define SEQ_SKIP		1
#define SEQ_START_TOKEN		((void *)1)	/* for start(): the entry that is a headline */

/*
 * Opening, for one's own proc_open(). seq_open: a list; file->private_data is the struct seq_file from then on, whose
 * ->private is for the opener's use. The _private forms put zeroed memory there, which seq_release_private() frees.
 * single_open: show() prints all; data is in m->private. Return: 0, -ENOMEM; __seq_open_private: the memory, NULL.
 */
int seq_open(struct file *file, const struct seq_operations *op);
int seq_open_private(struct file *file, const struct seq_operations *ops, int psize);
void *__seq_open_private(struct file *file, const struct seq_operations *ops, int psize);
int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data);
int single_open_size(struct file *file, int (*show)(struct seq_file *m, void *v), void *data, size_t size);
int seq_release(struct inode *inode, struct file *file);
int seq_release_private(struct inode *inode, struct file *file);
int single_release(struct inode *inode, struct file *file);

/* For struct proc_ops. seq_read: the next bytes, 0 at the end. */
ssize_t seq_read(struct file *file, char __user *buf, size_t size, loff_t *ppos);
loff_t seq_lseek(struct file *file, loff_t offset, int whence);

/*
 * Printing, in show(). What does not fit is not lost: show() is called again with more room, so it needs not look.
 * seq_has_overflowed: it may look, to save itself work. seq_put_decimal_*: the number behind the delimiter (a string,
 * NULL for none), right-aligned in width. seq_setwidth, seq_pad: fill up to size characters from there, then c.
 */
__printf(2, 3) void seq_printf(struct seq_file *m, const char *fmt, ...);
__printf(2, 0) void seq_vprintf(struct seq_file *m, const char *fmt, va_list args);
void seq_putc(struct seq_file *m, char c);
void seq_puts(struct seq_file *m, const char *s);
int seq_write(struct seq_file *m, const void *data, size_t len);
void seq_put_decimal_ull_width(struct seq_file *m, const char *delimiter, unsigned long long num, unsigned int width);
void seq_put_decimal_ull(struct seq_file *m, const char *delimiter, unsigned long long num);
void seq_put_decimal_ll(struct seq_file *m, const char *delimiter, long long num);
void seq_put_hex_ll(struct seq_file *m, const char *delimiter, unsigned long long v, unsigned int width);
void seq_pad(struct seq_file *m, char c);
static inline void seq_setwidth(struct seq_file *m, size_t size)
{
	m->pad_until = m->count + size;
}
static inline bool seq_has_overflowed(struct seq_file *m)
{
	return m->count == m->size;
}

/* start() and next() for a list_head list, whose lock start() holds; with _head, the first entry is the head itself. */
struct list_head;
struct list_head *seq_list_start(struct list_head *head, loff_t pos);
struct list_head *seq_list_start_head(struct list_head *head, loff_t pos);
struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *ppos);

/* From NAME_show, or NAME_sops, make NAME_open and, for PROC, NAME_proc_ops. */
#define DEFINE_SHOW_ATTRIBUTE(__name)							\
static int __name ## _open(struct inode *inode, struct file *file)			\
{											\
	return single_open(file, __name ## _show, inode->i_private);			\
}											\
static const struct file_operations __maybe_unused __name ## _fops = {			\
	.open = __name ## _open, .read = seq_read, .llseek = seq_lseek, .release = single_release, \
}

#define DEFINE_SEQ_ATTRIBUTE(__name)							\
static int __name ## _open(struct inode *inode, struct file *file)			\
{											\
	int ret = seq_open(file, &__name ## _sops);					\
											\
	if (!ret && inode->i_private)							\
		((struct seq_file *)file->private_data)->private = inode->i_private;	\
	return ret;									\
}											\
static const struct file_operations __maybe_unused __name ## _fops = {			\
	.open = __name ## _open, .read = seq_read, .llseek = seq_lseek, .release = seq_release, \
}

#define DEFINE_PROC_SHOW_ATTRIBUTE(__name)						\
static int __name ## _open(struct inode *inode, struct file *file)			\
{											\
	return single_open(file, __name ## _show, pde_data(inode));			\
}											\
static const struct proc_ops __name ## _proc_ops = {					\
	.proc_open = __name ## _open, .proc_read = seq_read, .proc_lseek = seq_lseek,	\
	.proc_release = single_release,							\
}
