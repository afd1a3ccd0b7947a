/* SPDX-License-Identifier: MIT */
/*
 * seq_file: text that is made while it is read, a piece at a time.
 *
 *	reader             seq_read()                        the file's own functions
 *	  4096 bytes ->      start(index)                    takes its lock, finds the entry
 *	                     show, next, show, next ...      each prints one entry into m->buf
 *	                     stop                            drops the lock
 *	  <- 3990 bytes      index: of the entry that did not fit
 *	  4096 bytes ->      start(index) ...
 *
 * So no lock is held while the reader does something with the text (the console is slow), the buffer is a page however
 * long the file is, and no entry is torn: who reads sees each one as it was at one moment. Between two pieces the list
 * may change. An entry that alone is larger than the buffer is printed again into one of twice the size.
 *
 * A printer that finds no room sets count to size and drops its text; seq_read() sees that, so printers can go on
 * without looking.
 *
 * Locking: m->lock, held for a piece; a file that two threads read serves them one after the other.
 * Read next: proc.c, whose files these are.
 */
#include <linux/seq_file.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>

/* ---- printing ---- */

static void set_overflow(struct seq_file *m)
{
	m->count = m->size;
}

void seq_vprintf(struct seq_file *m, const char *fmt, va_list args)
{
	size_t room = m->size - m->count, len;

	if (!room)
		return;
	len = vsnprintf(m->buf + m->count, room, fmt, args);
	if (len < room)
		m->count += len;
	else
		set_overflow(m);
}
EXPORT_SYMBOL(seq_vprintf);

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(m, fmt, args);
	va_end(args);
}
EXPORT_SYMBOL(seq_printf);

int seq_write(struct seq_file *m, const void *data, size_t len)
{
	if (len >= m->size - m->count) {
		set_overflow(m);
		return -1;
	}
	memcpy(m->buf + m->count, data, len);
	m->count += len;
	return 0;
}
EXPORT_SYMBOL(seq_write);

void seq_putc(struct seq_file *m, char c)
{
	seq_write(m, &c, 1);
}
EXPORT_SYMBOL(seq_putc);

void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}
EXPORT_SYMBOL(seq_puts);

void seq_put_decimal_ull_width(struct seq_file *m, const char *delimiter, unsigned long long num, unsigned int width)
{
	seq_printf(m, "%s%*llu", delimiter ?: "", (int)width, num);
}
EXPORT_SYMBOL(seq_put_decimal_ull_width);

void seq_put_decimal_ull(struct seq_file *m, const char *delimiter, unsigned long long num)
{
	seq_put_decimal_ull_width(m, delimiter, num, 0);
}
EXPORT_SYMBOL(seq_put_decimal_ull);

void seq_put_decimal_ll(struct seq_file *m, const char *delimiter, long long num)
{
	seq_printf(m, "%s%lld", delimiter ?: "", num);
}
EXPORT_SYMBOL(seq_put_decimal_ll);

void seq_put_hex_ll(struct seq_file *m, const char *delimiter, unsigned long long v, unsigned int width)
{
	seq_printf(m, "%s%0*llx", delimiter ?: "", (int)width, v);
}
EXPORT_SYMBOL(seq_put_hex_ll);

void seq_pad(struct seq_file *m, char c)
{
	while (m->count < m->pad_until && !seq_has_overflowed(m))
		seq_putc(m, ' ');
	if (c)
		seq_putc(m, c);
}
EXPORT_SYMBOL(seq_pad);

/* ---- lists ---- */

struct list_head *seq_list_start(struct list_head *head, loff_t pos)
{
	struct list_head *at;

	list_for_each(at, head)
		if (pos-- == 0)
			return at;
	return NULL;
}
EXPORT_SYMBOL(seq_list_start);

struct list_head *seq_list_start_head(struct list_head *head, loff_t pos)
{
	return pos ? seq_list_start(head, pos - 1) : head;
}
EXPORT_SYMBOL(seq_list_start_head);

struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *ppos)
{
	struct list_head *next = ((struct list_head *)v)->next;

	++*ppos;
	return next == head ? NULL : next;
}
EXPORT_SYMBOL(seq_list_next);

/* ---- reading ---- */

/* Room for an entry that did not fit; what was printed of it is dropped. */
static int set_room(struct seq_file *m, size_t size)
{
	kvfree(m->buf);
	m->from = m->count = 0;
	m->buf = kvmalloc(size, GFP_KERNEL);
	m->size = m->buf ? size : 0;
	return m->buf ? 0 : -ENOMEM;
}

/* The entry behind v. A next() that does not count would have the same entry printed for ever. */
static void *next_entry(struct seq_file *m, void *v)
{
	loff_t before = m->index;
	void *next = m->op->next(m, v, &m->index);

	if (m->index == before) {
		pr_info_ratelimited("buggy .next function %ps did not update position index\n", m->op->next);
		m->index++;
	}
	return next;
}

/*
 * Print entries from m->index on, until there are `wanted` bytes or one does not fit, which is left for the next piece.
 * Return: 0, an error of start() or show(), or -E2BIG: the first one that printed something was too large.
 */
static int fill_once(struct seq_file *m, size_t wanted)
{
	void *v = m->op->start(m, &m->index);
	int err = 0;

	m->from = m->count = 0;
	while (v && !IS_ERR(v) && m->count < wanted) {
		size_t before = m->count;

		err = m->op->show(m, v);
		if (err || seq_has_overflowed(m)) {
			bool overflow = !err;

			m->count = before;
			if (err < 0 || overflow) {
				err = overflow ? (before ? 0 : -E2BIG) : err;
				break;
			}
			err = 0;
		}
		v = next_entry(m, v);
	}
	m->op->stop(m, v);
	return IS_ERR(v) ? PTR_ERR(v) : err;
}

static int fill(struct seq_file *m, size_t wanted)
{
	int err = m->buf ? 0 : set_room(m, PAGE_SIZE);

	while (!err) {
		err = fill_once(m, wanted);
		if (err != -E2BIG)
			break;
		err = set_room(m, m->size * 2);
	}
	return m->count ? 0 : err;
}

static size_t hand_out(struct seq_file *m, char *buf, size_t size)
{
	size_t n = min(size, m->count - m->from);

	if (buf)
		memcpy(buf, m->buf + m->from, n);
	m->from += n;
	m->read_pos += n;
	return n;
}

/* Go to byte `pos`: from the beginning, by printing what is in front of it. */
static int go_to(struct seq_file *m, loff_t pos)
{
	int err = 0;

	m->index = m->read_pos = 0;
	m->from = m->count = 0;
	while (m->read_pos < pos && !err) {
		err = fill(m, PAGE_SIZE);
		if (!err && !hand_out(m, NULL, pos - m->read_pos))
			break;		/* it ends before that */
	}
	m->read_pos = pos;
	return err;
}

ssize_t seq_read(struct file *file, char __user *buf, size_t size, loff_t *ppos)
{
	struct seq_file *m = file->private_data;
	size_t copied = 0;
	int err = 0;

	mutex_lock(&m->lock);
	if (*ppos == 0 || *ppos != m->read_pos)
		err = go_to(m, *ppos);
	if (!err && size) {
		copied = hand_out(m, buf, size);
		if (copied < size) {
			err = fill(m, size - copied);
			if (!err)
				copied += hand_out(m, buf + copied, size - copied);
		}
	}
	*ppos += copied;
	mutex_unlock(&m->lock);
	return copied ?: err;
}
EXPORT_SYMBOL(seq_read);

loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	struct seq_file *m = file->private_data;
	loff_t pos = whence == SEEK_CUR ? file->f_pos + offset : offset;
	int err;

	if (whence == SEEK_END || pos < 0)
		return -EINVAL;
	mutex_lock(&m->lock);
	err = go_to(m, pos);
	if (!err)
		file->f_pos = pos;
	mutex_unlock(&m->lock);
	return err ?: pos;
}
EXPORT_SYMBOL(seq_lseek);

/* ---- opening ---- */

int seq_open(struct file *file, const struct seq_operations *op)
{
	struct seq_file *m;

	WARN_ONCE(file->private_data, "seq_open() of a file that has private_data already: it would be forgotten\n");
	m = kzalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOMEM;
	mutex_init(&m->lock);
	m->op = op;
	m->file = file;
	file->private_data = m;
	return 0;
}
EXPORT_SYMBOL(seq_open);

void *__seq_open_private(struct file *file, const struct seq_operations *ops, int psize)
{
	void *private = kzalloc(psize, GFP_KERNEL);

	if (!private)
		return NULL;
	if (seq_open(file, ops)) {
		kfree(private);
		return NULL;
	}
	((struct seq_file *)file->private_data)->private = private;
	return private;
}
EXPORT_SYMBOL(__seq_open_private);

int seq_open_private(struct file *file, const struct seq_operations *ops, int psize)
{
	return __seq_open_private(file, ops, psize) ? 0 : -ENOMEM;
}
EXPORT_SYMBOL(seq_open_private);

int seq_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	kvfree(m->buf);
	kfree(m);
	file->private_data = NULL;
	return 0;
}
EXPORT_SYMBOL(seq_release);

int seq_release_private(struct inode *inode, struct file *file)
{
	kfree(((struct seq_file *)file->private_data)->private);
	return seq_release(inode, file);
}
EXPORT_SYMBOL(seq_release_private);

/* ---- one entry ---- */

/* Each such file has its own seq_operations, freed with it: show differs. */
static void *single_start(struct seq_file *m, loff_t *pos)
{
	return *pos ? NULL : SEQ_START_TOKEN;
}

static void *single_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void single_stop(struct seq_file *m, void *v)
{
}

int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data)
{
	struct seq_operations *op = kmalloc(sizeof(*op), GFP_KERNEL);
	int err;

	if (!op)
		return -ENOMEM;
	*op = (struct seq_operations){ single_start, single_stop, single_next, show };
	err = seq_open(file, op);
	if (err)
		kfree(op);
	else
		((struct seq_file *)file->private_data)->private = data;
	return err;
}
EXPORT_SYMBOL(single_open);

int single_open_size(struct file *file, int (*show)(struct seq_file *m, void *v), void *data, size_t size)
{
	int err = single_open(file, show, data);

	if (!err && set_room(file->private_data, max_t(size_t, size, 1))) {
		single_release(file_inode(file), file);
		err = -ENOMEM;
	}
	return err;
}
EXPORT_SYMBOL(single_open_size);

int single_release(struct inode *inode, struct file *file)
{
	const struct seq_operations *op = ((struct seq_file *)file->private_data)->op;

	seq_release(inode, file);
	kfree(op);
	return 0;
}
EXPORT_SYMBOL(single_release);
