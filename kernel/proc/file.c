/* SPDX-License-Identifier: MIT */
/*
 * The reader's side of /proc: from a path to a place, and an open file at it.
 *
 *	/proc/loadavg		an entry of the tree (tree.c)
 *	/proc/12		a thread, by its PID; `self` is the caller's
 *	/proc/12/stat		one of the files that each thread has (pid.c)
 *
 * An open file is a struct on its opener's stack. Between two calls of its functions the entry may be removed, so each
 * call is counted (enter, leave): see the steps in tree.c. A thread's file holds a reference to the thread: when that
 * has ended meanwhile, it reads as -ESRCH, as on Linux.
 *
 * Locking: proc_lock to look up and to count; the functions themselves run without it.
 * Read next: pid.c, stat.c: what there is to see. cat.c: who reads.
 */
#include "proc.h"
#include "../error_text.h"
#include <linux/bug.h>
#include <linux/console.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

/* ---- paths ---- */

/* The next word of a path; *path moves behind it and the slashes. */
static size_t next_name(const char **path, const char **name)
{
	size_t len;

	*name = *path + strspn(*path, "/");
	len = strcspn(*name, "/");
	*path = *name + len;
	*path += strspn(*path, "/");
	return len;
}

static struct task_struct *find_thread(const char *name, size_t len)
{
	char text[12];
	int pid;

	if (len == 4 && !strncmp(name, "self", 4)) {
		get_task_struct(current);
		return current;
	}
	if (len >= sizeof(text))
		return NULL;
	strscpy(text, name, len + 1);
	if (*text < '1' || *text > '9' || kstrtoint(text, 10, &pid))
		return NULL;
	return find_get_task_by_vpid(pid);
}

static const struct proc_pid_file *find_pid_file(const char *name, size_t len)
{
	for (unsigned int i = 0; i < nr_proc_pid_files; i++)
		if (strlen(proc_pid_files[i].name) == len && !strncmp(proc_pid_files[i].name, name, len))
			return &proc_pid_files[i];
	return NULL;
}

static int find_in_thread(const char *path, struct proc_place *place)
{
	const char *name;
	size_t len = next_name(&path, &name);

	if (!len)
		return 0;
	place->pid_file = find_pid_file(name, len);
	if (place->pid_file && !*path)
		return 0;
	put_task_struct(place->task);
	return place->pid_file ? -ENOTDIR : -ENOENT;
}

static int find_in_tree(const char *path, struct proc_place *place)
{
	struct proc_dir_entry *de = &proc_root;
	const char *name;
	int err = 0;

	mutex_lock(&proc_lock);
	while (!err && *path) {
		size_t len = next_name(&path, &name);

		if (!len)
			break;
		if (!S_ISDIR(de->mode))
			err = -ENOTDIR;
		else if (!(de = proc_child(de, name, len)))
			err = -ENOENT;
	}
	if (!err) {
		de->references++;
		place->de = de;
	}
	mutex_unlock(&proc_lock);
	return err;
}

int proc_find(const char *path, struct proc_place *place)
{
	const char *name, *rest = path;
	size_t len = next_name(&rest, &name);

	*place = (struct proc_place){ .de = NULL };
	if (*path == '/' && !len)
		return -ENOENT;
	if (*path != '/' || len != 4 || strncmp(name, "proc", 4))
		return -ENOENT;
	path = rest;
	len = next_name(&rest, &name);
	place->task = find_thread(name, len);
	return place->task ? find_in_thread(rest, place) : find_in_tree(path, place);
}

void proc_leave(struct proc_place *place)
{
	if (place->task)
		put_task_struct(place->task);
	if (!place->de)
		return;
	mutex_lock(&proc_lock);
	proc_put(place->de);
	mutex_unlock(&proc_lock);
}

/* ---- a thread's file ---- */

static int show_pid_file(struct seq_file *m, void *v)
{
	struct proc_file *f = m->private;

	if (READ_ONCE(f->task->exit_state) == EXIT_DEAD)
		return -ESRCH;
	f->pid_file->show(m, f->task);
	return 0;
}

static int open_pid_file(struct proc_file *f)
{
	return single_open(&f->file, show_pid_file, f);
}

static ssize_t write_pid_file(struct proc_file *f, const char *buf, size_t size)
{
	char text[64];
	int err;

	if (!f->pid_file->write)
		return -EIO;
	if (size >= sizeof(text))
		return -EINVAL;
	memcpy(text, buf, size);
	text[size] = '\0';
	err = f->pid_file->write(f->task, strim(text));
	return err ?: (ssize_t)size;
}

/* ---- an entry's functions ---- */

/* The next call of its functions begins; false: it was removed. opens: this is the first, and from here on the removal
 * of the entry closes f, too. */
static bool enter(struct proc_file *f, bool opens)
{
	bool ok;

	mutex_lock(&proc_lock);
	ok = !f->closed && !f->de->gone;	/* a closed one has no de any more */
	if (ok) {
		f->de->users++;
		f->inside = current;
	}
	if (ok && opens) {
		f->de->references++;
		list_add_tail(&f->opener, &f->de->openers);
	}
	mutex_unlock(&proc_lock);
	return ok;
}

/* closes: that was the last call. */
static void leave(struct proc_file *f, bool closes)
{
	mutex_lock(&proc_lock);
	f->inside = NULL;
	f->de->users--;
	if (closes) {
		f->closed = true;
		list_del_init(&f->opener);
		proc_put(f->de);
	}
	mutex_unlock(&proc_lock);
	proc_wake_remover();
}

static int open_entry(struct proc_file *f)
{
	int err;

	if (!enter(f, true))
		return -ENOENT;
	err = f->de->ops->proc_open ? f->de->ops->proc_open(&f->inode, &f->file) : 0;
	leave(f, err);
	return err;
}

static void close_entry(struct proc_file *f)
{
	const struct proc_ops *ops;

	if (!enter(f, false)) {
		proc_wait_closed(f);	/* by who removes the entry */
		return;
	}
	ops = f->de->ops;
	if (ops->proc_release)
		ops->proc_release(&f->inode, &f->file);
	leave(f, true);
}

/* ---- open files ---- */

static void init_file(struct proc_file *f, struct proc_place *place, fmode_t mode)
{
	umode_t bits = place->task ? place->pid_file->mode | S_IFREG : place->de->mode;

	*f = (struct proc_file){ .de = place->de, .task = place->task, .pid_file = place->pid_file,
				 .inode.i_mode = bits, .file.f_mode = mode };
	f->file.f_inode = &f->inode;
	f->file.f_path.dentry = &f->dentry;
	f->dentry.d_name.name = (const unsigned char *)(place->task ? place->pid_file->name : place->de->name);
	f->dentry.d_name.len = strlen((const char *)f->dentry.d_name.name);
	f->file.f_flags = mode & FMODE_WRITE ? (mode & FMODE_READ ? O_RDWR : O_WRONLY) : O_RDONLY;
	INIT_LIST_HEAD(&f->opener);
}

int proc_open(struct proc_file *f, const char *path, fmode_t mode)
{
	struct proc_place place;
	int err = proc_find(path, &place);

	if (err)
		return err;
	if (proc_place_is_dir(&place)) {
		proc_leave(&place);
		return -EISDIR;
	}
	init_file(f, &place, mode);
	err = f->task ? open_pid_file(f) : open_entry(f);
	/* What is open has references of its own; a thread's is the place's. */
	if (err || !f->task)
		proc_leave(&place);
	return err;
}

ssize_t proc_read(struct proc_file *f, char *buf, size_t size)
{
	ssize_t n = -EIO;

	if (f->task)
		return seq_read(&f->file, buf, size, &f->file.f_pos);
	if (!enter(f, false))
		return -EIO;
	if (f->de->ops->proc_read)
		n = f->de->ops->proc_read(&f->file, buf, size, &f->file.f_pos);
	if (WARN_ONCE(n > (ssize_t)size, "the read function of /proc file '%s' returned %zd for a buffer of %zu bytes: "
		      "it wrote beyond it\n", f->de->name, n, size))
		n = -EIO;
	leave(f, false);
	return n;
}

ssize_t proc_write(struct proc_file *f, const char *buf, size_t size)
{
	ssize_t n = -EIO;

	if (f->task)
		return write_pid_file(f, buf, size);
	if (!enter(f, false))
		return -EIO;
	if (f->de->ops->proc_write)
		n = f->de->ops->proc_write(&f->file, buf, size, &f->file.f_pos);
	leave(f, false);
	return n;
}

void proc_close(struct proc_file *f)
{
	if (!f->task) {
		close_entry(f);
		return;
	}
	single_release(&f->inode, &f->file);
	put_task_struct(f->task);
}

/* ---- writing a text ---- */

int proc_complain(const char *who, const char *path, int err)
{
	const char *hint = err == -ENOENT && !strstarts(path, "/proc") ? "; all files are in /proc (ls /proc)" : "";

	console_printf("%s: %s: %s%s\n", who, path, error_text(err), hint);
	return err;
}

int proc_write_text(const char *who, const char *path, const char *text, size_t len)
{
	struct proc_file f;
	ssize_t n = proc_open(&f, path, FMODE_WRITE);

	if (n)
		return proc_complain(who, path, n);
	do {
		n = proc_write(&f, text, len);
		text += max(n, 0L);
		len -= max(n, 0L);
	} while (n > 0 && len);
	proc_close(&f);
	return n < 0 ? proc_complain(who, path, n) : 0;
}

/* ---- for files whose text is in memory ---- */

ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos, const void *from, size_t available)
{
	loff_t pos = *ppos;

	if (pos < 0)
		return -EINVAL;
	if (pos >= available || !count)
		return 0;
	count = min_t(size_t, count, available - pos);
	memcpy(to, from + pos, count);
	*ppos = pos + count;
	return count;
}
EXPORT_SYMBOL(simple_read_from_buffer);

ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos, const void __user *from, size_t count)
{
	loff_t pos = *ppos;

	if (pos < 0)
		return -EINVAL;
	if (pos >= available || !count)
		return 0;
	count = min_t(size_t, count, available - pos);
	memcpy(to + pos, from, count);
	*ppos = pos + count;
	return count;
}
EXPORT_SYMBOL(simple_write_to_buffer);

loff_t noop_llseek(struct file *file, loff_t offset, int whence)
{
	return file->f_pos;
}
EXPORT_SYMBOL(noop_llseek);

loff_t no_llseek(struct file *file, loff_t offset, int whence)
{
	return -ESPIPE;
}
EXPORT_SYMBOL(no_llseek);

loff_t default_llseek(struct file *file, loff_t offset, int whence)
{
	loff_t pos = whence == SEEK_CUR ? file->f_pos + offset : offset;

	if (whence == SEEK_END || pos < 0)
		return -EINVAL;
	return file->f_pos = pos;
}
EXPORT_SYMBOL(default_llseek);
