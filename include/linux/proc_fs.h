/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Files in /proc, for `cat` and `echo > `: what a module shows of itself, and what one may tell it.
 *
 * The simplest: proc_create_single("name", 0444, NULL, show), where show(m, NULL) prints by <linux/seq_file.h>; a list
 * by proc_create_seq(). With functions of one's own for everything: struct proc_ops and proc_create().
 * What a module has made, its exit function removes: proc_remove() waits until nobody is in the file's functions.
 * Differs from Linux: only /proc, /proc/sys/kernel and one's own directories can be looked into; no namespaces, no
 * ioctl, poll or mmap. An unloaded module's forgotten files are removed with a warning, where Linux keeps pointers
 * into memory that is gone; remove_proc_entry() of a directory that is not empty takes what is inside along.
 * Semantics: Linux's Documentation/filesystems/proc. Context of everything here: thread, may sleep.
 */
#include <linux/types.h>
#include <linux/fs.h>
#include <linux/seq_file.h>

struct proc_dir_entry;

/* Each is optional; read without one: -EIO. buf is the caller's memory: <linux/uaccess.h>. write: how much it took. */
struct proc_ops {
	unsigned int	proc_flags;
	int		(*proc_open)(struct inode *inode, struct file *file);
	ssize_t		(*proc_read)(struct file *file, char __user *buf, size_t size, loff_t *pos);
	ssize_t		(*proc_write)(struct file *file, const char __user *buf, size_t size, loff_t *pos);
	loff_t		(*proc_lseek)(struct file *file, loff_t offset, int whence);
	int		(*proc_release)(struct inode *inode, struct file *file);
};

/* Flags for proc_flags. Accepted: entries are not removed unless somebody does. */
#define PROC_ENTRY_PERMANENT	1u

/*
 * Make a file; mode 0 is 0444. The name may be a path below parent ("driver/me"), which must exist; parent NULL: /proc.
 * Return: the entry; NULL without memory, or after a WARN: no such directory, the name is taken, empty or too long.
 * data is what pde_data() of its inode returns, and what show() of a single or a list finds in m->private (proc_create_
 * seq_private: state_size bytes of memory there instead).
 */
struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
				   const struct proc_ops *proc_ops);
struct proc_dir_entry *proc_create_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
					const struct proc_ops *proc_ops, void *data);
struct proc_dir_entry *proc_create_single_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
					       int (*show)(struct seq_file *m, void *v), void *data);
struct proc_dir_entry *proc_create_seq_private(const char *name, umode_t mode, struct proc_dir_entry *parent,
					       const struct seq_operations *ops, unsigned int state_size, void *data);
#define proc_create_single(name, mode, parent, show)	proc_create_single_data(name, mode, parent, show, NULL)
#define proc_create_seq_data(name, mode, parent, ops, data) proc_create_seq_private(name, mode, parent, ops, 0, data)
#define proc_create_seq(name, mode, parent, ops)	proc_create_seq_private(name, mode, parent, ops, 0, NULL)

struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent);
struct proc_dir_entry *proc_mkdir_data(const char *name, umode_t mode, struct proc_dir_entry *parent, void *data);
struct proc_dir_entry *proc_mkdir_mode(const char *name, umode_t mode, struct proc_dir_entry *parent);

/*
 * Remove a file, or a directory with what is in it; NULL: nothing. Waits for those who are in its functions, and closes
 * it for those who have it open: they read an error from then on. By name: WARNs if there is none.
 */
void proc_remove(struct proc_dir_entry *de);
void remove_proc_entry(const char *name, struct proc_dir_entry *parent);
int remove_proc_subtree(const char *name, struct proc_dir_entry *parent);

/* What ls -l shows. */
void proc_set_size(struct proc_dir_entry *de, loff_t size);
void proc_set_user(struct proc_dir_entry *de, kuid_t uid, kgid_t gid);

/* The data of the entry that is open. proc_get_parent_data: that of its directory. Context: in its functions. */
void *pde_data(const struct inode *inode);
void *proc_get_parent_data(const struct inode *inode);
